"""Component network meta-analysis: combined treatments as sums of what they are made of."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from ...effects.arguments import require_choice, require_level, shown
from ...errors import InvalidInput, NotEstimable
from ..dependence.blocks import BlockDiagonal
from ..engine.engine import Floats
from ..studies import Column, Effects
from .component_result import ComponentNetwork
from .contrasts import Trials, in_one_piece, read_trials
from .effect_table import effect_table
from .gls import NetworkMethod, estimate_tau2, gls, treatment_design


def component_network(
    effects: Effects,
    treatment1: Column = "treatment1",
    treatment2: Column = "treatment2",
    study: Column = "study",
    inactive: str | None = None,
    method: NetworkMethod = "DL",
    level: float = 0.95,
    V: BlockDiagonal | ArrayLike | None = None,
    *,
    vi: ArrayLike | None = None,
    sep: str = "+",
    interactions: tuple[str, ...] = (),
) -> ComponentNetwork:
    """Effects of the components of combined treatments, under the assumption that these add up.

    Parameters
    ----------
    effects : (k,) array-like, or DataFrame
        Treatment 1 minus treatment 2, one row a contrast, as for `network`. The network may fall into pieces, if they
        share components enough.
    treatment1 : str or (k,) array-like
        The first treatment of each contrast, its components joined by ``sep``.
    treatment2 : str or (k,) array-like
        The second, likewise.
    study : str or (k,) array-like
        Its trial.
    inactive : str, optional
        A treatment that counts as nothing, such as waiting: its effect is zero.
    method : {"DL", "REML", "ML", "EE"}
        As for `network`; moments by default, as Rücker et al. have it.
    level : float
        Coverage of the intervals.
    V : BlockDiagonal or (k, k) array, optional
        As for `network`.
    vi : (k,) array-like, optional
        Sampling variances; None when they come in the frame.
    sep : str
        What joins the components in the names of treatments.
    interactions : tuple of str
        Pairs "A + B" (joined by ``sep``) with an effect of their own beyond the sum, wherever both are given.

    Returns
    -------
    ComponentNetwork
        Each component, each treatment, and the test of additivity.

    Raises
    ------
    InvalidInput
        As for `network`; ``inactive`` or an interaction is in no treatment.
    NotEstimable
        The trials do not tell some components apart; they are named.

    See Also
    --------
    network : Every combination a treatment of its own.

    Notes
    -----
    y = X C b + e, with X as in `network` and C saying which components a treatment holds; least squares with the
    weights of the network. Additivity is tested under equal effects: Q of this model less Q of the network, chi-square
    with as many degrees of freedom as coefficients saved; in a network in pieces each has its own treatments.

    References
    ----------
    Rücker, Petropoulou & Schwarzer (2020), Biometrical Journal 62:808, 10.1002/bimj.201800167.
    Welton et al. (2009), American Journal of Epidemiology 169:1158, 10.1093/aje/kwp014.

    Examples
    --------
    >>> import pandas as pd, evidence as ev
    >>> rows = [("t1", "needle", "none", 0.4), ("t2", "drug", "none", 0.2), ("t3", "needle + drug", "none", 0.7),
    ...         ("t4", "needle + drug", "drug", 0.5)]
    >>> frame = pd.DataFrame(rows, columns=["study", "treatment1", "treatment2", "yi"]).assign(vi=0.02)
    >>> net = ev.component_network(frame, inactive="none")
    >>> net.components["estimate"].round(3).to_dict()
    {'drug': 0.22, 'needle': 0.46}
    """
    require_choice("method", method, get_args(NetworkMethod))
    require_level(level)
    trials = read_trials(effects, vi, treatment1, treatment2, study, V, connected=False)
    names, holds = _components(trials, inactive, sep, interactions)
    x = [stack.design(len(trials.treatments)) @ holds for stack in trials.stacks]
    _refuse_mixed_up(x, names)
    fixed, tau2 = gls(trials, x, 0.0), estimate_tau2(trials, x, method)
    fit = gls(trials, x, tau2)
    spread = None if method == "EE" else tau2
    components = effect_table(fit.beta, fit.covariance, np.inf, level, spread).drop(columns=["pi_low", "pi_high"])
    components.index = pd.Index(names, name="component")
    treated = [i for i, name in enumerate(trials.treatments) if name != inactive]
    table = effect_table(
        (holds @ fit.beta)[treated], (holds @ fit.covariance @ holds.T)[np.ix_(treated, treated)], np.inf, level, spread
    )
    table.index = pd.Index([trials.treatments[i] for i in treated], name="treatment")
    apart, df = _network_q(trials)
    rest = fixed.df - df
    difference = max(fixed.rss - apart, 0.0) if rest else 0.0
    return ComponentNetwork(
        components=components,
        treatments=table,
        inactive=inactive,
        tau2=tau2,
        q=fixed.rss if fixed.df else 0.0,
        q_df=fixed.df,
        q_p=float(chdtrc(fixed.df, fixed.rss)) if fixed.df else 1.0,
        q_additivity=difference,
        q_additivity_df=rest,
        q_additivity_p=float(chdtrc(rest, difference)) if rest else 1.0,
        connected=in_one_piece(trials),
        k=len(trials.slab),
        dropped=trials.dropped,
        method=method,
        level=level,
        covariance=fit.covariance,
        trials=pd.Series(
            sum((holds[stack.arms] > 0).any(axis=1).sum(axis=0) for stack in trials.stacks),
            index=pd.Index(names, name="component"),
            name="trials",
        ),
    )


def _components(
    trials: Trials, inactive: str | None, sep: str, interactions: tuple[str, ...]
) -> tuple[tuple[str, ...], Floats]:
    """Names of the coefficients, and which of them each treatment holds, (T, C)."""
    if not isinstance(sep, str) or not sep:
        raise InvalidInput(f"sep is {shown(sep)}; give the text that joins components, such as '+'")
    if inactive is not None and str(inactive) not in trials.treatments:
        raise InvalidInput(f"inactive {inactive!r} is no treatment here; choose one of {', '.join(trials.treatments)}")
    parts = [
        frozenset() if name == inactive else frozenset(part.strip() for part in name.split(sep))
        for name in trials.treatments
    ]
    for name, part in zip(trials.treatments, parts, strict=True):
        if "" in part:
            raise InvalidInput(f"treatment {name!r} has an empty component; {sep!r} joins the names of two")
    single = sorted(frozenset().union(*parts) - {inactive})
    pairs = [frozenset(part.strip() for part in pair.split(sep)) for pair in interactions]
    for words, pair in zip(interactions, pairs, strict=True):
        if len(pair) < 2 or not any(pair <= part for part in parts):
            raise InvalidInput(f"interaction {words!r} is in no treatment; name components that are given together")
    names = (*single, *(f" {sep} ".join(sorted(pair)) for pair in pairs))
    wanted = [frozenset({name}) for name in single] + pairs
    return names, np.array([[float(each <= part) for each in wanted] for part in parts])


def _refuse_mixed_up(x: list[Floats], names: tuple[str, ...]) -> None:
    flat = np.concatenate([each.reshape(-1, each.shape[2]) for each in x])
    _, size, axes = np.linalg.svd(flat, full_matrices=True)
    rank = int((size > 1e-9 * size.max()).sum())
    lost = np.abs(axes[rank:]).max(axis=0) > 1e-9 if rank < len(names) else np.zeros(len(names), bool)
    if lost.any():
        words = ", ".join(name for name, bad in zip(names, lost, strict=True) if bad)
        raise NotEstimable(
            f"the trials do not tell these components apart: {words}; name one treatment as inactive, or join them"
        )


def _network_q(trials: Trials) -> tuple[float, int]:
    """Q and its degrees of freedom with a treatment effect for every treatment, in each piece of the network."""
    x = treatment_design(trials, 0)
    flat = np.concatenate([each.reshape(-1, each.shape[2]) for each in x])
    # In pieces, some differences are not measured: the columns that are, are enough for the fit.
    _, size, axes = np.linalg.svd(flat, full_matrices=False)
    kept = axes[size > 1e-9 * size.max()].T
    fit = gls(trials, [each @ kept for each in x], 0.0)
    return fit.rss, fit.df
