"""Mixed models of counts: random-effects odds ratios, proportions and rates without zero-cell corrections."""

from __future__ import annotations

import math
import warnings
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_choice, require_level
from ...effects.measures.names import measure_name
from ...errors import InvalidInput, NotConverged, NotEstimable
from ..engine.engine import Floats
from ..engine.inference import Interval, critical, two_sided_p
from ..information import criteria
from ..studies import Column, Studies
from .glmm_result import Glmm
from .likelihood import Likelihood
from .likelihoods import MODELS, GlmmModel
from .one_group import read_groups
from .random_odds_ratios import RandomOddsRatios, maximise
from .result import chi_square
from .two_by_two import Tables, read_tables

GlmmMethod = Literal["ML", "EE"]
#: Measures of one group, and what their model is called.
ONE_GROUP = {"PLO": "logistic", "IRLN": "Poisson"}
_MEASURES = ("OR", *ONE_GROUP)


def glmm(
    ai: ArrayLike | pd.DataFrame | None = None,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    model: GlmmModel = "UM.FS",
    method: GlmmMethod = "ML",
    *,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    measure: str = "OR",
    xi: ArrayLike | None = None,
    mi: ArrayLike | None = None,
    ni: ArrayLike | None = None,
    ti: ArrayLike | None = None,
    level: float = 0.95,
    slab: Column | None = None,
) -> Glmm:
    """Pool odds ratios, or the proportions or rates of single groups, by a mixed model of the counts.

    Parameters
    ----------
    ai : (k,) array-like, or DataFrame
        People of group 1 with the event; or a frame with all counts in columns of these names. Zero cells stay as
        they are; trials with no event, or nothing but events, carry no information and are left out. Series are
        paired by their labels.
    bi : (k,) array-like, optional
        People of group 1 without the event.
    ci : (k,) array-like, optional
        People of group 2 with it.
    di : (k,) array-like, optional
        People of group 2 without it.
    model : {"UM.FS", "CM.EL", "CM.AL"}
        "UM.FS": both groups binomial, a baseline for each trial. "CM.EL": noncentral hypergeometric, the number of
        events of a trial fixed; better than UM.FS for many small trials, whose baselines are then not estimated.
        "CM.AL": its binomial approximation for rare events.
    method : {"ML", "EE"}
        Maximum likelihood of odds ratios that differ, or one common odds ratio.
    n1 : (k,) array-like, optional
        People in group 1, in place of ``bi``.
    n2 : (k,) array-like, optional
        People in group 2, in place of ``di``.
    measure : {"OR", "PLO", "IRLN"}
        "OR": log odds ratio of two groups. "PLO": logit of the proportion of one group, from ``xi`` and ``ni``
        (binomial). "IRLN": log of the rate of one group, from ``xi`` and ``ti`` (Poisson).
    xi : (k,) array-like, optional
        People of the one group with the event, or its events.
    mi : (k,) array-like, optional
        People without it.
    ni : (k,) array-like, optional
        People in all, in place of ``mi``.
    ti : (k,) array-like, optional
        Person-time.
    level : float
        Coverage of the intervals.
    slab : str or (k,) array-like, optional
        Labels of the trials, or the name of a column of the frame; by default as for `pool`.

    Returns
    -------
    Glmm
        Mean log odds ratio, logit or log rate, its variance between trials, and tests.

    Raises
    ------
    InvalidInput
        Counts are missing, negative or do not fit together.
    NotEstimable
        No trial is informative, or the odds ratio (proportion, rate) is zero or infinite in all of them.

    Warns
    -----
    NotConverged
        The likelihood was still rising when the search ended.

    See Also
    --------
    mantel_haenszel : One odds, risk or rate ratio for all trials.
    peto : For rare events and groups of like size.
    effect_size : Each trial's own odds ratio, for `pool`.

    Notes
    -----
    The random log odds ratios are integrated out by adaptive Gauss-Hermite quadrature with 31 nodes, which is exact
    for practical purposes; metafor's ``rma.glmm`` takes 7 by default (lme4) and agrees with ours when given 25.

    References
    ----------
    Stijnen, Hamza & Ozdemir (2010), Statistics in Medicine 29:3046, 10.1002/sim.4040.
    Jackson et al. (2018), Statistics in Medicine 37:1059, 10.1002/sim.7588.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.glmm([1, 0, 6, 18], [49, 60, 97, 40], [9, 2, 9, 10], [46, 58, 91, 38], model="CM.EL")
    >>> round(fit.estimate, 4), round(fit.tau2, 4)
    (-0.7499, 0.8489)
    >>> print(ev.glmm(measure="PLO", xi=[0, 3, 11, 4], ni=[18, 41, 60, 22]).sentence())
    Across 4 trials the average proportion is 0.12 (95% confidence interval 0.06 to 0.22).
    """
    measure = measure_name(measure, _MEASURES)
    require_choice("model", model, MODELS)
    require_choice("method", method, get_args(GlmmMethod))
    require_level(level)
    if measure == "OR":
        if any(value is not None for value in (xi, mi, ni, ti)):
            raise InvalidInput("OR takes ai, bi, ci, di; xi, mi, ni and ti are for PLO and IRLN")
        read = read_tables(ai, bi, ci, di, n1, n2)
        tables = read.only_informative()
        _refuse_undetermined(tables)
        own = read.studies("OR", slab)
        return _fitted("OR", model, MODELS[model].likelihood(tables), own, method, level, dropped=read.k - tables.k)
    if any(value is not None for value in (bi, ci, di, n1, n2)):
        raise InvalidInput(f"{measure} is of one group: it takes xi with ni, mi or ti, and no counts of a second group")
    groups = read_groups(measure, ai, {"xi": xi, "mi": mi, "ni": ni, "ti": ti})
    own = groups.studies(measure, slab)
    return _fitted(measure, ONE_GROUP[measure], groups, own, method, level, origin=groups.origin)


def _fitted(
    measure: str,
    model: str,
    likelihood: Likelihood,
    own: Studies,
    method: GlmmMethod,
    level: float,
    *,
    dropped: int = 0,
    origin: float = 0.0,
) -> Glmm:
    """The maximum of a likelihood, whose effects count from ``origin``, with the trials' own effects."""
    k = own.k
    common = maximise(likelihood, k, random=False)
    found = maximise(likelihood, k, random=True) if method == "ML" and k > 1 else common
    if not found.converged:
        warnings.warn(
            f"the likelihood was still rising at theta {found.theta:g}, tau {found.tau:g}", NotConverged, stacklevel=3
        )
    tau2, sampling = found.tau**2, _typical_variance(own.vi)
    estimate = found.theta + origin
    se, tau2_se = _standard_errors(found)
    free, wald = _saturated(likelihood, k)
    half = float(critical(level, np.array([np.inf]))[0]) * se
    parameters = 1 + (method == "ML") + (k if likelihood.nuisance else 0)
    return Glmm(
        measure=measure,
        estimate=estimate,
        se=se,
        ci=Interval(estimate - half, estimate + half),
        statistic=estimate / se,
        p_value=float(two_sided_p(np.array(estimate / se), np.array(np.inf))),
        tau2=tau2,
        tau2_se=tau2_se,
        i2=100 * tau2 / (tau2 + sampling),
        h2=1 + tau2 / sampling,
        likelihood_ratio=chi_square(max(2 * (free - common.log_likelihood), 0.0), k - 1),
        wald=chi_square(wald, k - 1),
        **criteria(found.log_likelihood, parameters, 2 * k if likelihood.nuisance else k)._asdict(),
        k=k,
        dropped=dropped,
        model=model,
        method=method,
        level=level,
        yi=own.yi,
        vi=own.vi,
        slab=own.slab,
        frame=own.frame,
    )


def _standard_errors(found: RandomOddsRatios) -> tuple[float, float | None]:
    """Of the mean and of tau2, which has none at zero."""
    if found.tau > 0:
        covariance = np.linalg.inv(found.information)
        return math.sqrt(covariance[0, 0]), 2 * found.tau * math.sqrt(covariance[1, 1])
    return 1 / math.sqrt(found.information[0, 0]), None


def _refuse_undetermined(t: Tables) -> None:
    if not t.k:
        raise NotEstimable("no trial has both people with and people without the event")
    low, high = np.maximum(0, t.events - t.n2), np.minimum(t.n1, t.events)
    for bound, word in ((low, "zero"), (high, "infinite")):
        if (t.ai == bound).all():
            raise NotEstimable(f"the odds ratio is {word} in every trial, and so is its pooled estimate")


def _saturated(likelihood: Likelihood, k: int) -> tuple[float, float]:
    # Log-likelihood with an odds ratio for each trial, and the Wald test that these are equal. Where a cell is zero
    # the steps run to infinity: the likelihood settles and the weight vanishes.
    alpha, delta = np.zeros(k), np.zeros(k)
    for _ in range(60):
        d = likelihood.derivatives(alpha, delta)
        ratio = d.alpha_delta / d.alpha_alpha if likelihood.nuisance else np.zeros(k)
        weight = np.maximum(ratio * d.alpha_delta - d.delta_delta, 1e-300)
        step = np.clip((d.delta - ratio * d.alpha) / weight, -1.0, 1.0)
        if likelihood.nuisance:
            alpha = alpha - np.clip((d.alpha + d.alpha_delta * step) / np.minimum(d.alpha_alpha, -1e-300), -1.0, 1.0)
        delta = delta + step
    weight = np.where(np.abs(step) < 1e-6, weight, 0.0)
    mean = (weight * delta).sum() / max(weight.sum(), 1e-300)
    return float(d.value.sum()), float((weight * (delta - mean) ** 2).sum())


def _typical_variance(vi: Floats) -> float:
    w = 1 / vi
    return float((len(w) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())) if len(w) > 1 else float(1 / w[0])
