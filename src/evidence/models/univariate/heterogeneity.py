"""Confidence intervals for heterogeneity, one way a kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import pandas as pd
from scipy.special import chdtri

from ...effects.arguments import require_choice, require_level
from ...errors import NotEstimable
from .. import wording
from ..engine.engine import Floats, Settings, workspace
from ..engine.estimators import ESTIMATORS
from ..engine.inference import Interval, critical
from ..engine.moments import moments
from ..engine.tau2 import log_likelihood, q_root
from ..result import Result
from .generalised_q import generalised_q_interval

Kind = Literal["QP", "PL", "J", "BJ", "BT", "W", "HT"]
_KINDS: Mapping[Kind, str] = {
    "QP": "Q-profile",
    "PL": "profile likelihood",
    "J": "Jackson's generalised Q",
    "BJ": "Biggerstaff-Jackson",
    "BT": "Biggerstaff-Tweedie",
    "W": "Wald",
    "HT": "Higgins-Thompson, from Q",
}


@dataclass(frozen=True, repr=False, eq=False)
class HeterogeneityIntervals(Result):
    """Intervals for tau2, tau, I2 and H2 that say the same thing on four scales.

    Attributes
    ----------
    tau2 : Interval
        For the between-study variance, in squared units of the measure.
    tau : Interval
        For its root, the standard deviation of true effects.
    i2 : Interval
        In percent.
    h2 : Interval
        Total variance over sampling variance.
    level : float
        Coverage.
    kind : str
        How they were found, as for ``tau2_ci``.

    See Also
    --------
    pool : Its result gives these by ``.tau2_ci()``.
    regress : The same for residual heterogeneity.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01])
    >>> fit.tau2_ci()
    95% intervals for heterogeneity, Q-profile
    tau² 0.0000 to 0.6999
    tau 0.0000 to 0.8366
    I² 0.00% to 96.52%
    H² 1.00 to 28.78
    """

    tau2: Interval
    tau: Interval
    i2: Interval
    h2: Interval
    level: float
    kind: Kind

    @property
    def low(self) -> float:
        """Lower bound of tau2."""
        return self.tau2.low

    @property
    def high(self) -> float:
        """Upper bound of tau2."""
        return self.tau2.high

    def sentence(self) -> str:
        return (
            f"The standard deviation of true effects between studies lies between {wording.number(self.tau.low)} and "
            f"{wording.number(self.tau.high)} ({wording.percent(self.level)} interval)."
        )

    def _title(self) -> str:
        return f"{wording.percent(self.level)} intervals for heterogeneity, {_KINDS[self.kind]}"

    def _lines(self) -> list[str]:
        i2 = f"I² {wording.number(self.i2.low)}% to {wording.number(self.i2.high)}%"
        tau2, tau = wording.interval(self.tau2, 4), wording.interval(self.tau, 4)
        return [f"tau² {tau2}", f"tau {tau}", i2, f"H² {wording.interval(self.h2)}"]

    def _rows(self) -> pd.DataFrame:
        rows = {name: getattr(self, name) for name in ("tau2", "tau", "i2", "h2")}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["ci_low", "ci_high"]).rename_axis("quantity")


def heterogeneity_intervals(
    settings: Settings,
    yi: Floats,
    vi: Floats,
    tau2: float,
    level: float,
    kind: str,
    x: Floats | None = None,
    tau2_se: float | None = None,
) -> HeterogeneityIntervals:
    """Intervals for the between-study variance and what derives from it.

    Parameters
    ----------
    settings : Settings
        Of the fit.
    yi : (k,) array
    vi : (k,) array
    tau2 : float
        The estimate.
    level : float
    kind : {"QP", "PL", "J", "BJ", "BT", "W", "HT"}
        "QP": the values of tau2 at which the generalised Q statistic lies between its chi-square quantiles, exact
        whatever the estimator. "PL": the values whose profile (restricted) log-likelihood is within half a chi-square
        quantile of the maximum, for ML and REML fits. "J": those under which Q with weights 1 / sqrt(vi) is no outlier,
        exact and short where heterogeneity is moderate. "BJ": the same with 1 / vi, Cochran's Q. "BT": that with a
        gamma distribution in place of the exact one. "W": estimate and standard error, cut at 0. "HT": of H by the
        normal distribution of its log, from Q alone, the usual interval of I2.
    x : (k, p) array or None
        Design matrix, None for a common mean.
    tau2_se : float or None
        Standard error of the estimate, for "W".

    Returns
    -------
    HeterogeneityIntervals
        Both bounds are 0 when even tau2 = 0 makes the studies look too much alike (an empty Q-profile set).

    Raises
    ------
    NotEstimable
        One study, no between-study variance to estimate, "PL" for a method that maximises no likelihood, "W" without a
        standard error, "HT" for two studies, or a study without sampling error where the weights need one.

    References
    ----------
    Viechtbauer (2007), Statistics in Medicine 26:37, 10.1002/sim.2514. Hardy & Thompson (1996), Statistics
    in Medicine 15:619. Jackson (2013), Research Synthesis Methods 4:220, 10.1002/jrsm.1081. Biggerstaff & Jackson
    (2008), Statistics in Medicine 27:6093, 10.1002/sim.3428. Biggerstaff & Tweedie (1997), Statistics in Medicine
    16:753. Higgins & Thompson (2002), Statistics in Medicine 21:1539, 10.1002/sim.1186.
    """
    chosen = kind.upper() if isinstance(kind, str) else kind
    require_choice("kind", chosen, _KINDS)
    require_level(level)
    df = _df(yi, x)
    if df <= 0 or settings.fixed_tau2:
        why = "there are no more studies than coefficients" if df <= 0 else "this model does not estimate tau2"
        raise NotEstimable(f"no interval for tau2: {why}")
    data, work = workspace(yi, vi, x)
    q, _, _, trace, *_ = moments(data, 0.0, work)
    if chosen == "W":
        bounds = _wald(tau2, tau2_se, level)
    elif chosen == "HT":
        bounds = Interval(*((h2 - 1) * df / trace for h2 in _test_based(q, df, level)))
    elif chosen in ("J", "BJ", "BT"):
        if not (vi > 0).all():
            raise NotEstimable(f'kind "{chosen}" needs studies with sampling error; one has vi = 0')
        weights = 1 / np.sqrt(vi) if chosen == "J" else 1 / vi
        bounds = generalised_q_interval(yi, vi, x, weights, level, gamma=chosen == "BT")
    else:
        find = _q_profile if chosen == "QP" else _profile_likelihood
        bounds = find(settings, yi, vi, x, tau2, level)
    h2 = Interval(*(1 + bound * trace / df for bound in bounds))
    return HeterogeneityIntervals(
        tau2=bounds,
        tau=Interval(*map(math.sqrt, bounds)),
        i2=Interval(*(100 * (1 - 1 / bound) for bound in h2)),
        h2=h2,
        level=level,
        kind=cast("Kind", chosen),
    )


def _wald(tau2: float, tau2_se: float | None, level: float) -> Interval:
    if tau2_se is None:
        raise NotEstimable('kind "W" needs a standard error of tau2, and this fit has none')
    half = float(critical(level, np.array([math.inf]))[0]) * tau2_se
    return Interval(max(tau2 - half, 0.0), max(tau2 + half, 0.0))


def _test_based(q: float, df: int, level: float) -> Interval:
    """H2 from Q: the log of H is normal; Higgins & Thompson (2002), section 3."""
    if df < 2:
        raise NotEstimable('kind "HT" needs three studies or more')
    if q > df + 1:
        se = 0.5 * (math.log(q) - math.log(df)) / (math.sqrt(2 * q) - math.sqrt(2 * df - 1))
    else:
        se = math.sqrt(1 / (2 * (df - 1)) * (1 - 1 / (3 * (df - 1) ** 2)))
    half = float(critical(level, np.array([math.inf]))[0]) * se
    centre = 0.5 * math.log(max(q / df, 1.0))
    return Interval(*(max(1.0, math.exp(2 * (centre + sign * half))) for sign in (-1, 1)))


def _q_profile(settings: Settings, yi: Floats, vi: Floats, x: Floats | None, tau2: float, level: float) -> Interval:
    data, work = workspace(yi, vi, x)
    q0, e0, _, _, _, _, _ = moments(data, 0.0, work)
    targets = (float(chdtri(_df(yi, x), tail)) for tail in (0.5 - level / 2, 0.5 + level / 2))
    return Interval(*(q_root(data, target, q0, e0, work)[0] for target in targets))


def _profile_likelihood(
    settings: Settings, yi: Floats, vi: Floats, x: Floats | None, tau2: float, level: float
) -> Interval:
    if not settings.estimator.likelihood or not settings.weighted:
        known = " or ".join(f'"{name}"' for name, each in ESTIMATORS.items() if each.likelihood)
        raise NotEstimable(f"a profile likelihood interval needs a weighted fit with method={known}")
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
