"""Confidence intervals for tau2 of a network: Q-profile and profile likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri

from ...effects.arguments import require_choice, require_level
from ...errors import NotEstimable
from ..engine.engine import Floats
from ..engine.inference import Interval
from ..univariate.heterogeneity import HeterogeneityIntervals, Kind
from .contrasts import Trials
from .gls import NetworkMethod, gls, treatment_design


def tau2_interval(
    trials: Trials, method: NetworkMethod, tau2: float, level: float, kind: str
) -> HeterogeneityIntervals:
    """Intervals for the between-trial variance of a network and what derives from it.

    Parameters
    ----------
    trials : Trials
    method : {"REML", "ML", "DL", "EE"}
    tau2 : float
        The estimate.
    level : float
    kind : {"QP", "PL"}
        As for ``pool(...).tau2_ci``: the values at which y'Py lies between its chi-square quantiles, exact whatever
        the estimator; or those whose profile (restricted) log-likelihood is within half a quantile of the maximum.

    Raises
    ------
    NotEstimable
        No contrast is measured in two ways, equal effects, or "PL" where no likelihood was maximised.

    References
    ----------
    Viechtbauer (2007), Statistics in Medicine 26:37, 10.1002/sim.2514. Jackson & White (2014), Biometrical Journal
    56:904: the Q-profile of several contrasts a trial.
    """
    chosen = kind.upper() if isinstance(kind, str) else kind
    require_choice("kind", chosen, ("QP", "PL"))
    require_level(level)
    x = treatment_design(trials, 0)
    fixed = gls(trials, x, 0.0)
    if method == "EE" or fixed.df == 0:
        why = "equal effects estimate none" if method == "EE" else "no contrast is measured in two ways"
        raise NotEstimable(f"no interval for tau2: {why}")
    if chosen == "QP":
        bounds = _q_profile(trials, x, level)
    elif method == "DL":
        raise NotEstimable('a profile likelihood interval needs a network with method="REML" or "ML"')
    else:
        bounds = _profile_likelihood(trials, x, tau2, level, method == "REML")
    h2 = Interval(*(1 + bound * fixed.trace / fixed.df for bound in bounds))
    return HeterogeneityIntervals(
        tau2=bounds,
        tau=Interval(*map(math.sqrt, bounds)),
        i2=Interval(*(100 * (1 - 1 / bound) for bound in h2)),
        h2=h2,
        level=level,
        kind=_kind(chosen),
    )


def _kind(name: str) -> Kind:
    return "QP" if name == "QP" else "PL"


def _q_profile(trials: Trials, x: list[Floats], level: float) -> Interval:
    df = gls(trials, x, 0.0).df

    def bound(tail: float) -> float:
        target = float(chdtri(df, tail))
        return _root(lambda tau2: target - gls(trials, x, tau2).rss, 0.0, _typical(trials))

    return Interval(bound(0.5 - level / 2), bound(0.5 + level / 2))


def _profile_likelihood(trials: Trials, x: list[Floats], tau2: float, level: float, restricted: bool) -> Interval:
    lowest = _log_likelihood(trials, x, tau2, restricted) - float(chdtri(1, 1 - level)) / 2

    def missing(value: float) -> float:
        return lowest - _log_likelihood(trials, x, value, restricted)

    low = 0.0 if missing(0.0) <= 0 else float(brentq(missing, 0.0, tau2, xtol=1e-300, rtol=1e-13))
    return Interval(low, _root(missing, tau2, _typical(trials)))


def _root(f: Callable[[float], float], start: float, step: float) -> float:
    """Where an increasing f leaves the negative numbers, right of ``start``; ``start`` if it is positive there."""
    if f(start) >= 0:
        return start
    high = start + step
    while f(high) < 0:
        high *= 2
    return float(brentq(f, start, high, xtol=1e-300, rtol=1e-13))


def _typical(trials: Trials) -> float:
    return float(np.mean(np.concatenate([np.diagonal(s.v, axis1=1, axis2=2).ravel() for s in trials.stacks])))


def _log_likelihood(trials: Trials, x: list[Floats], tau2: float, restricted: bool) -> float:
    fit = gls(trials, x, tau2)
    logs = sum(float(np.linalg.slogdet(s.v + tau2 * s.heterogeneity)[1].sum()) for s in trials.stacks)
    if restricted:
        logs -= float(np.linalg.slogdet(fit.covariance)[1])
    return -0.5 * (logs + fit.rss)
