"""Confidence intervals for heterogeneity: Q-profile and profile likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import chdtri

from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats, Settings, workspace
from ..engine.inference import Interval
from ..engine.moments import moments
from ..engine.tau2 import log_likelihood, q_root


@dataclass(frozen=True, slots=True)
class HeterogeneityIntervals:
    """Intervals for tau2, tau, I2 (percent) and H2 that say the same thing on four scales."""

    tau2: Interval
    tau: Interval
    i2: Interval
    h2: Interval
    level: float
    kind: Literal["QP", "PL"]

    @property
    def low(self) -> float:
        """Lower bound of tau2."""
        return self.tau2.low

    @property
    def high(self) -> float:
        """Upper bound of tau2."""
        return self.tau2.high

    def to_frame(self) -> pd.DataFrame:
        """Rows tau2, tau, i2, h2; columns ci_low, ci_high."""
        rows = {name: getattr(self, name) for name in ("tau2", "tau", "i2", "h2")}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["ci_low", "ci_high"])


def heterogeneity_intervals(
    settings: Settings, yi: Floats, vi: Floats, tau2: float, level: float, kind: str, x: Floats | None = None
) -> HeterogeneityIntervals:
    """Intervals for the between-study variance and what derives from it.

    Parameters
    ----------
    settings : Settings of the fit
    yi, vi : (k,) arrays; tau2 : float, the estimate; x : (k, p) design matrix, None for a common mean
    level : float
    kind : "QP", the values of tau2 at which the generalised Q statistic lies between its chi-square
        quantiles, exact whatever the estimator; or "PL", the values whose profile (restricted)
        log-likelihood is within half a chi-square quantile of the maximum, for ML and REML fits

    Returns
    -------
    HeterogeneityIntervals
        Both bounds are 0 when even tau2 = 0 makes the studies look too much alike (an empty Q-profile set).

    Raises
    ------
    NotEstimable
        One study, no between-study variance to estimate, or "PL" for a method that maximises no likelihood.

    References
    ----------
    Viechtbauer (2007), Statistics in Medicine 26:37, 10.1002/sim.2514. Hardy & Thompson (1996), Statistics
    in Medicine 15:619.
    """
    kind = kind.upper()
    if kind not in ("QP", "PL"):
        raise InvalidInput(f'kind {kind!r} is unknown; choose "QP" (Q-profile) or "PL" (profile likelihood)')
    if not 0 < level < 1:
        raise InvalidInput(f"level {level} is not between 0 and 1; 0.95 means 95%")
    df = _df(yi, x)
    if df <= 0 or settings.fixed_tau2:
        why = "there are no more studies than coefficients" if df <= 0 else "this model does not estimate tau2"
        raise NotEstimable(f"no interval for tau2: {why}")
    find = _q_profile if kind == "QP" else _profile_likelihood
    bounds = find(settings, yi, vi, x, tau2, level)
    data, work = workspace(yi, vi, x)
    ratio = moments(data, 0.0, work)[3] / df
    h2 = Interval(*(1 + bound * ratio for bound in bounds))
    return HeterogeneityIntervals(
        tau2=bounds,
        tau=Interval(*map(math.sqrt, bounds)),
        i2=Interval(*(100 * (1 - 1 / bound) for bound in h2)),
        h2=h2,
        level=level,
        kind="QP" if kind == "QP" else "PL",
    )


def _q_profile(settings: Settings, yi: Floats, vi: Floats, x: Floats | None, tau2: float, level: float) -> Interval:
    data, work = workspace(yi, vi, x)
    q0, e0, _, _, _, _, _ = moments(data, 0.0, work)
    targets = (float(chdtri(_df(yi, x), tail)) for tail in (0.5 - level / 2, 0.5 + level / 2))
    return Interval(*(q_root(data, target, q0, e0, work)[0] for target in targets))


def _profile_likelihood(
    settings: Settings, yi: Floats, vi: Floats, x: Floats | None, tau2: float, level: float
) -> Interval:
    if settings.method not in ("ML", "REML") or not settings.weighted:
        raise NotEstimable('a profile likelihood interval needs a weighted fit with method="ML" or "REML"')
    data, work = workspace(yi, vi, x)
    restricted = settings.method == "REML"
    lowest = log_likelihood(restricted, data, tau2, work) - float(chdtri(1, 1 - level)) / 2

    def excess(t: float) -> float:
        return log_likelihood(restricted, data, t, work) - lowest

    low = 0.0 if excess(0.0) >= 0 else _crossing(excess, 0.0, tau2)
    high = 2 * tau2 + float(np.min(vi)) + 1e-300
    while excess(high) > 0:
        high *= 2
    return Interval(low, _crossing(excess, high, tau2))


def _crossing(excess: Callable[[float], float], outside: float, inside: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(excess, outside, inside, xtol=1e-300, rtol=1e-14, maxiter=500))


def _df(yi: Floats, x: Floats | None) -> int:
    return len(yi) - (1 if x is None else x.shape[1])
