"""Network meta-analysis: many treatments, compared directly and through each other."""

from __future__ import annotations

import warnings
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from ...effects.arguments import require_choice, require_level
from ...errors import InvalidInput, SmallSample
from ..dependence.blocks import BlockDiagonal
from ..studies import Column, Effects
from .contrasts import Trials, read_trials
from .effect_table import effect_table
from .gls import Gls, NetworkMethod, estimate_tau2, gls, treatment_design
from .result import Network, NetworkTest


def network(
    effects: Effects,
    treatment1: Column = "treatment1",
    treatment2: Column = "treatment2",
    study: Column = "study",
    reference: str = "sham",
    method: NetworkMethod = "REML",
    test: NetworkTest = "hksj-adhoc",
    level: float = 0.95,
    V: BlockDiagonal | ArrayLike | None = None,
    *,
    vi: ArrayLike | None = None,
) -> Network:
    """Compare many treatments through all the trials that connect them.

    Parameters
    ----------
    effects : (k,) array-like, or DataFrame
        Treatment 1 minus treatment 2 (logs for ratios), one row a contrast; or a frame with columns ``yi`` and ``vi``.
        A trial with m arms has all m (m - 1) / 2 contrasts, in any order and direction; or, with ``V``, m - 1 that
        connect its arms.
    treatment1 : str or (k,) array-like
        The first treatment of each contrast: the name of a column of the frame, or one value a row.
    treatment2 : str or (k,) array-like
        The second, likewise.
    study : str or (k,) array-like
        Its trial, likewise.
    reference : str
        The treatment the others are compared with.
    method : {"REML", "ML", "DL", "EE"}
        Restricted or full maximum likelihood, moments, or equal effects: the trials of a pair share one effect.
    test : {"z", "hksj", "hksj-adhoc"}
        As for `pool`: Knapp-Hartung scales all variances by y'Py / df and uses t.
    level : float
        Coverage of the intervals.
    V : BlockDiagonal or (k, k) array, optional
        Sampling covariance of the rows, as of `sampling_covariance`. Read only for trials that give m - 1 contrasts of
        more than two arms.
    vi : (k,) array-like, optional
        Sampling variances; None when they come in the frame.

    Returns
    -------
    Network
        Every treatment against the reference, with league table, ranking and tests of consistency.

    Raises
    ------
    InvalidInput
        A column is missing, the reference unknown, a variance not positive, the network in pieces (each is named), or
        a trial of several arms lacks a contrast, repeats one, or has contrasts that do not add up.

    Warns
    -----
    SmallSample
        As many contrasts as treatments less one: tau2 is taken as 0, for no trial repeats what others say.

    See Also
    --------
    pool : Two treatments.
    bayes_compare : Groups of trials that no trial connects.
    sampling_covariance : What ``V`` may be.

    Notes
    -----
    A trial of m arms gives m - 1 independent contrasts, y_s = X_s d + e, e ~ N(0, V_s + tau2 H), with 1 on the
    diagonal of H and 1/2 off it. V_s follows from the variances of all pairs: with C the centring matrix, the arm
    effects less their mean have covariance -C [v_ij] C / 2, hence cov(A-B, A-C) = (v_AB + v_AC - v_BC) / 2 (Rücker &
    Schwarzer 2014). Fewer pairs do not say it, so a trial that lacks one is refused unless ``V`` does. Contrasts that
    miss adding up by rounding (less than a tenth of a standard error) are averaged. All pairs share one tau2, and
    consistency (d_AC = d_AB + d_BC) is assumed: see `inconsistency`. I2 = tau2 / (tau2 + df / tr(PH)), P at
    tau2 = 0; under "EE" (Q - df) / Q.

    References
    ----------
    Rücker & Schwarzer (2014), Statistics in Medicine 33:4353, 10.1002/sim.6236.
    Higgins & Whitehead (1996), Statistics in Medicine 15:2733.
    Jackson, White & Riley (2012), Statistics in Medicine 31:3805.

    Examples
    --------
    >>> import pandas as pd, evidence as ev
    >>> rows = [("t1", "needle", "sham", 0.4), ("t2", "needle", "sham", 0.2), ("t3", "needle", "drug", 0.1),
    ...         ("t4", "sham", "drug", -0.3), ("t5", "drug", "sham", 0.1)]
    >>> frame = pd.DataFrame(rows, columns=["study", "treatment1", "treatment2", "yi"]).assign(vi=0.02)
    >>> net = ev.network(frame)
    >>> net.estimates["estimate"].round(3).to_dict()
    {'drug': 0.2, 'needle': 0.3}
    """
    require_choice("method", method, get_args(NetworkMethod))
    require_choice("test", test, get_args(NetworkTest))
    require_level(level)
    trials = read_trials(effects, vi, treatment1, treatment2, study, V)
    reference = str(reference)
    if reference not in trials.treatments:
        raise InvalidInput(
            f"reference {reference!r} is no treatment here; choose one of {', '.join(trials.treatments)}"
        )
    at = trials.treatments.index(reference)
    x = treatment_design(trials, at)
    fixed = gls(trials, x, 0.0)
    if fixed.df == 0 and method != "EE":
        warnings.warn("no contrast is measured in two ways: tau2 is taken as 0", SmallSample, stacklevel=2)
    tau2 = estimate_tau2(trials, x, method)
    fit = gls(trials, x, tau2)
    scale = 1.0 if test == "z" or fit.df == 0 else fit.rss / fit.df
    if test == "hksj-adhoc":
        scale = max(scale, 1.0)
    df = float("inf") if test == "z" or fit.df == 0 else float(fit.df)
    others = np.delete(np.arange(len(trials.treatments)), at)
    effects, covariance = np.zeros(len(others) + 1), np.zeros((len(others) + 1, len(others) + 1))
    effects[others] = fit.beta
    covariance[np.ix_(others, others)] = scale * fit.covariance
    estimates = effect_table(fit.beta, scale * fit.covariance, df, level, None if method == "EE" else tau2)
    estimates.index = pd.Index([trials.treatments[i] for i in others])
    q = fixed.rss if fixed.df else 0.0
    return Network(
        estimates=estimates,
        comparisons=_comparisons(trials),
        trials=pd.Series(trials.sizes(), index=pd.Index(trials.treatments, name="treatment"), name="trials"),
        treatments=trials.treatments,
        reference=reference,
        tau2=tau2,
        i2=_i2(fixed, tau2, method),
        q=q,
        q_df=fixed.df,
        q_p=float(chdtrc(fixed.df, q)) if fixed.df else 1.0,
        k=len(trials.slab),
        dropped=trials.dropped,
        method=method,
        test=test,
        level=level,
        effects=effects,
        covariance=covariance,
        df=df,
        _network=trials,
        _scale=scale,
    )


def _i2(fixed: Gls, tau2: float, method: NetworkMethod) -> float:
    if fixed.df == 0:
        return 0.0
    if method == "EE":
        return 100 * max(fixed.rss - fixed.df, 0.0) / fixed.rss if fixed.rss else 0.0
    return 100 * tau2 / (tau2 + fixed.df / fixed.trace)


def _comparisons(trials: Trials) -> pd.DataFrame:
    pairs = trials.pairs().groupby(["one", "two"]).size()
    names = np.array(trials.treatments, dtype=object)
    one, two = (pairs.index.get_level_values(side).to_numpy() for side in ("one", "two"))
    return pd.DataFrame({"treatment1": names[one], "treatment2": names[two], "k": pairs.to_numpy()})
