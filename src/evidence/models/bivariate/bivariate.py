"""Bivariate random-effects meta-analysis: two outcomes of the same studies, and how their effects go together."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri, ndtr, ndtri

from ...effects.arguments import require_choice, require_level
from ..engine.inference import Interval
from ..studies import Column
from .likelihood import Fit, Floats, Pairs, Shape, fit, fixed_correlation, fixed_slope, unstructured
from .read_pairs import read_pairs
from .result import Bivariate, BivariateMethod

# a between-study standard deviation below this share of the typical sampling one counts as none
_NONE = 1e-4


def bivariate(
    y1: ArrayLike | pd.DataFrame,
    v1: ArrayLike | None = None,
    y2: ArrayLike | None = None,
    v2: ArrayLike | None = None,
    rho_within: Column | None = None,
    method: BivariateMethod = "REML",
    level: float = 0.95,
) -> Bivariate:
    """Fit a bivariate random-effects model.

    Parameters
    ----------
    y1 : (k,) array-like, or DataFrame
        Effect sizes of the first outcome, NaN where a study lacks it; or a frame with columns y1, v1, y2 and v2.
        Series are paired by their labels.
    v1 : (k,) array-like, optional
        Sampling variances of ``y1``.
    y2 : (k,) array-like, optional
        Effect sizes of the second outcome, NaN where a study lacks it.
    v2 : (k,) array-like, optional
        Sampling variances of ``y2``.
    rho_within : float, (k,) array-like or str
        Correlation of the two sampling errors of a study: one for all, one a study, or the name of a column. It is
        seldom reported, so an assumption to be stated and varied.
    method : {"REML", "ML"}
        Restricted or full maximum likelihood.
    level : float
        Coverage of the intervals.

    Returns
    -------
    Bivariate
        Both pooled effects, and correlation and slope of the true effects across studies.

    Raises
    ------
    InvalidInput
        Shapes or labels differ, a variance is not positive, a correlation is not inside -1 to 1.
    NotEstimable
        Fewer than three studies have both outcomes.

    See Also
    --------
    pool : One outcome.
    multilevel : Several outcomes as levels of one model.
    regress : A moderator that is known without error.

    Notes
    -----
    (y1, y2)_i ~ N((mu1, mu2), S_i + T) with S_i the sampling covariance of study i and T the unstructured
    covariance between studies (metafor: rma.mv with struct="UN"). Estimates have normal (Wald) intervals;
    the correlation and the slope T12 / T11 have profile likelihood intervals, for which all else is
    maximised again. A study with one outcome informs that outcome, and through T the other.

    References
    ----------
    van Houwelingen, Arends & Stijnen (2002), Statistics in Medicine 21:589, 10.1002/sim.1040.
    Riley (2009), Journal of the Royal Statistical Society A 172:789.

    Examples
    --------
    >>> import evidence as ev
    >>> y1, y2 = [0.1, 0.4, 0.5, 0.9], [0.2, 0.3, 0.6, 0.8]
    >>> link = ev.bivariate(y1, [0.02] * 4, y2, [0.03] * 4, rho_within=0.5)
    >>> round(link.rho, 2), round(link.slope, 2)
    (1.0, 0.8)
    """
    require_choice("method", method, get_args(BivariateMethod))
    require_level(level)
    pairs, unit = read_pairs(y1, v1, y2, v2, rho_within, method == "REML")
    starts = _starts(pairs)
    best = _maximum(pairs, starts)
    limit = best.log_likelihood - 0.5 * float(chdtri(1, 1 - level))
    varies = bool((np.diag(best.between) > _NONE**2).all())

    def along(shape: Shape, second: float) -> float:
        near = np.sqrt([best.between[0, 0], second]) + 1e-3
        return fit(pairs, shape, [starts[0], near]).log_likelihood

    rho, rho_ci, rho_p, slope, slope_ci = None, Interval(-1.0, 1.0), 1.0, None, Interval(-math.inf, math.inf)
    if varies:
        rho = float(np.clip(best.between[0, 1] / math.sqrt(best.between[0, 0] * best.between[1, 1]), -1, 1))
        spread = float(best.between[1, 1])
        rho_ci = _rho_interval(lambda value: along(fixed_correlation(value), spread) - limit, rho)
        ratio = 2 * (best.log_likelihood - along(fixed_correlation(0.0), spread))
        rho_p = float(chdtrc(1, max(ratio, 0.0)))
        scaled = float(best.between[0, 1] / best.between[0, 0])
        around = max(spread - scaled * float(best.between[0, 1]), 0.0)
        flat = along(_no_spread_of_first, spread) - limit
        bounds = _slope_interval(lambda value: along(fixed_slope(value), around) - limit, scaled, flat)
        ratio_of_units = float(unit[1] / unit[0])
        slope = scaled * ratio_of_units
        slope_ci = Interval(*(bound * ratio_of_units for bound in bounds))
    square = np.outer(unit, unit)
    count = pairs.seen.sum(axis=0)
    # the density of y is that of y / unit over unit; the restricted one has lost a mean of each outcome
    jacobian = float(((count - (method == "REML")) * np.log(unit)).sum())
    return Bivariate(
        estimates=_estimates(best.mean * unit, best.vcov * square, best.between * square, count, level),
        rho=rho,
        rho_ci=rho_ci,
        rho_p=rho_p,
        slope=slope,
        slope_ci=slope_ci,
        between=best.between * square,
        vcov=best.vcov * square,
        log_likelihood=best.log_likelihood - jacobian,
        k=len(pairs.y),
        k_both=int(pairs.seen.all(axis=1).sum()),
        method=method,
        level=level,
    )


def _starts(pairs: Pairs) -> list[Floats]:
    variances = [np.var(pairs.y[pairs.seen[:, j], j]) for j in (0, 1)]
    return [np.sqrt(np.array(variances)) * share + 0.05 for share in (1.0, 0.3)]


def _maximum(pairs: Pairs, starts: list[Floats]) -> Fit:
    # Near a correlation of -1 or 1 the likelihood is a ridge, so these edges are climbed by themselves.
    inner = fit(pairs, unstructured, [_cholesky(sd, rho) for sd in starts for rho in (0.0, 0.8, -0.8)], positive=False)
    edges = [fit(pairs, fixed_correlation(rho), starts) for rho in (-1.0, 1.0)]
    edge = max(edges, key=lambda found: found.log_likelihood)
    return edge if edge.log_likelihood >= inner.log_likelihood - 1e-9 else inner


def _cholesky(sd: Floats, rho: float) -> Floats:
    return np.array([sd[0], rho * sd[1], math.sqrt(1 - rho**2) * sd[1]])


def _no_spread_of_first(sd: Floats) -> tuple[Floats, Floats]:
    # What a slope without bound tends to: only the second effect varies.
    return np.diag([0.0, sd[1] ** 2]), np.array([np.zeros((2, 2)), np.diag([0.0, 2 * sd[1]])])


def _rho_interval(excess: Callable[[float], float], rho: float) -> Interval:
    ends = []
    for end in (-1.0, 1.0):
        inside = abs(rho - end) < 1e-9 or excess(end) >= 0
        ends.append(end if inside else float(brentq(excess, rho, end, xtol=1e-9)))
    return Interval(*ends)


def _slope_interval(excess: Callable[[float], float], slope: float, flat: float) -> tuple[float, float]:
    ends = []
    for sign in (-1.0, 1.0):
        if flat >= 0:
            ends.append(sign * math.inf)
            continue
        inside, step = slope, 0.5 + abs(slope)
        while excess(slope + sign * step) >= 0:
            inside, step = slope + sign * step, 2 * step
        ends.append(float(brentq(excess, inside, slope + sign * step, xtol=1e-9)))
    return ends[0], ends[1]


def _estimates(mean: Floats, vcov: Floats, between: Floats, count: Floats, level: float) -> pd.DataFrame:
    se = np.sqrt(np.diag(vcov))
    half = float(ndtri(0.5 + level / 2)) * se
    table = {
        "estimate": mean,
        "se": se,
        "statistic": mean / se,
        "p_value": 2 * ndtr(-np.abs(mean / se)),
        "ci_low": mean - half,
        "ci_high": mean + half,
        "tau2": np.diag(between),
        "k": count,
    }
    return pd.DataFrame(table, index=["y1", "y2"])
