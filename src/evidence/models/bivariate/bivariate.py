"""Bivariate random-effects meta-analysis: two outcomes of the same studies, and how their effects go together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri, ndtr, ndtri

from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..engine.inference import Interval
from ..values import check_values, numbers
from .likelihood import Fit, Floats, Pairs, Shape, fit, fixed_correlation, fixed_slope, unstructured

# a between-study standard deviation below this share of the typical sampling one counts as none
_NONE = 1e-4


@dataclass(frozen=True, repr=False, eq=False)
class Bivariate:
    """Two pooled effects and the association of their true values across studies.

    Attributes
    ----------
    estimates : frame with rows y1 and y2: estimate, se, statistic (z), p_value, ci_low, ci_high, tau2, k
    rho : float, correlation of the two true effects across studies; None when one of them does not vary
    rho_ci : Interval, profile likelihood; -1 and 1 are bounds that the data do not exclude
    rho_p : float, likelihood-ratio test of no correlation
    slope : float, change of the second true effect for one unit more of the first; None as for ``rho``
    slope_ci : Interval, profile likelihood; a bound may be infinite
    between : (2, 2) array, covariance of the true effects; vcov : (2, 2) array, that of the estimates
    log_likelihood : float, restricted for REML; k : int, studies; k_both : int, those with both outcomes
    method : "REML" or "ML"; level : float
    """

    estimates: pd.DataFrame
    rho: float | None
    rho_ci: Interval
    rho_p: float
    slope: float | None
    slope_ci: Interval
    between: Floats
    vcov: Floats
    log_likelihood: float
    k: int
    k_both: int
    method: str
    level: float

    def to_frame(self) -> pd.DataFrame:
        """The table `estimates`."""
        return self.estimates

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        n, level = wording.number, wording.percent(self.level)
        lines = [f"{_TITLE}, {self.method} (k = {self.k}, {self.k_both} with both outcomes)"]
        for name, row in self.estimates.iterrows():
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(f"{name}: {n(row['estimate'], 4)}, {level} CI {bounds}, tau² = {n(row['tau2'], 4)}")
        if self.rho is None or self.slope is None:
            lines.append("correlation between studies: not estimable, one of the effects does not vary")
        else:
            lines.append(f"correlation between studies {n(self.rho)}, {level} CI {wording.interval(self.rho_ci)}")
            lines.append(f"likelihood ratio test of no correlation: p {wording.p_value(self.rho_p)}")
            lines.append(f"slope of y2 on y1 {n(self.slope)}, {level} CI {wording.interval(self.slope_ci)}")
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        n, level = wording.number, wording.percent(self.level)
        studies = f"Across {self.k_both} studies with both outcomes"
        if self.rho is None:
            return f"{studies}, one of the two true effects does not vary, so how they go together cannot be said."
        return (
            f"{studies}, the true effects on the two outcomes correlate at {n(self.rho)} ({level} confidence interval "
            f"{wording.interval(self.rho_ci)}); this compares studies, not the people in them."
        )

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return wording.html_report(_TITLE, self.summary().split("\n")[1:], self.estimates)


def bivariate(
    y1: ArrayLike,
    v1: ArrayLike,
    y2: ArrayLike,
    v2: ArrayLike,
    rho_within: float | ArrayLike,
    method: Literal["REML", "ML"] = "REML",
    level: float = 0.95,
) -> Bivariate:
    """Fit a bivariate random-effects model.

    Parameters
    ----------
    y1, y2 : (k,) array-likes, effect sizes of the two outcomes; NaN where a study lacks one
    v1, v2 : (k,) array-likes of their sampling variances
    rho_within : correlation of the two sampling errors of a study, one for all or (k,); seldom reported, so
        an assumption to be stated and varied
    method : "REML" or "ML"
    level : float, coverage of the intervals

    Returns
    -------
    Bivariate

    Raises
    ------
    InvalidInput
        Shapes differ, a variance is not positive, a correlation is not inside -1 to 1.
    NotEstimable
        Fewer than three studies have both outcomes.

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
    >>> from evidence.models.bivariate.bivariate import bivariate
    >>> y1, y2 = [0.1, 0.4, 0.5, 0.9], [0.2, 0.3, 0.6, 0.8]
    >>> link = bivariate(y1, [0.02] * 4, y2, [0.03] * 4, rho_within=0.5)
    >>> round(link.rho, 2), round(link.slope, 2)
    (1.0, 0.8)
    """
    if method not in ("REML", "ML"):
        raise InvalidInput(f"method is {method!r}; it has to be 'REML' or 'ML'")
    if not 0 < level < 1:
        raise InvalidInput(f"level is {level}; it has to lie between 0 and 1, such as 0.95")
    pairs, unit = _read(y1, v1, y2, v2, rho_within, method)
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


_TITLE = "Bivariate random-effects model"


def _read(
    y1: ArrayLike, v1: ArrayLike, y2: ArrayLike, v2: ArrayLike, rho_within: float | ArrayLike, method: str
) -> tuple[Pairs, Floats]:
    # Effects in units of their typical sampling standard deviation, so that one tolerance fits all scales.
    columns = [numbers(values, name) for values, name in ((y1, "y1"), (v1, "v1"), (y2, "y2"), (v2, "v2"))]
    sizes = [len(column) for column in columns]
    if len(set(sizes)) > 1:
        raise InvalidInput(f"y1, v1, y2 and v2 have {sizes} values; each study needs one of all four")
    y, v = np.column_stack(columns[::2]), np.column_stack(columns[1::2])
    rho = np.broadcast_to(np.asarray(rho_within, dtype=float), (len(y),)) if np.ndim(rho_within) == 0 else None
    rho = numbers(rho_within, "rho_within") if rho is None else rho
    if len(rho) != len(y):
        raise InvalidInput(f"rho_within has {len(rho)} values for {len(y)} studies; give one, or one a study")
    for j in (0, 1):
        check_values(y[:, j], v[:, j], [f"{i + 1} (outcome {j + 1})" for i in range(len(y))])
    seen = ~(np.isnan(y) | np.isnan(v))
    if (v[seen] == 0).any():
        raise InvalidInput("a sampling variance is 0; this model needs each study's, above 0")
    both = seen[:, 0] & seen[:, 1]
    if not (np.abs(rho[both]) < 1).all():
        raise InvalidInput("rho_within has to lie inside -1 to 1 for each study with both outcomes")
    if both.sum() < 3:
        raise NotEstimable(
            f"{int(both.sum())} studies have both outcomes; how their effects go together takes at least three"
        )
    some = seen[:, 0] | seen[:, 1]
    y, v, rho, seen, both = y[some], v[some], rho[some], seen[some], both[some]
    unit = np.array([math.sqrt(float(np.median(v[seen[:, j], j]))) for j in (0, 1)])
    y, v = np.where(seen, y / unit, 0.0), np.where(seen, v / unit**2, 1.0)
    covariance = np.where(both, np.where(both, rho, 0.0) * np.sqrt(v.prod(axis=1)), 0.0)
    return Pairs(y, v, covariance, seen, method == "REML"), unit


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
