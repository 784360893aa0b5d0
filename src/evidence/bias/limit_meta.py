"""Limit meta-analysis: studies shrunken to what they would show without sampling error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr

from ..errors import NotEstimable
from ..languages import _, pointed
from ..models import wording
from ..models.engine.engine import Floats
from ..models.engine.inference import Interval, critical
from ..models.result import Adjusted
from ..models.univariate.pooled import Pooled
from .regression import with_intercept
from .source import Effects, read_source


@dataclass(frozen=True, repr=False, eq=False)
class LimitMeta(Adjusted):
    """A limit meta-analysis.

    Attributes
    ----------
    estimate : float
        Adjusted effect.
    se : float
        Its standard error.
    ci : Interval
        Its confidence interval.
    statistic : float
        Its t or z against zero.
    df : float
        Degrees of freedom, infinite for a normal test.
    p_value : float
        Two-sided.
    bias : float
        alpha, the small-study effect: slope of the effect on its total standard deviation.
    q_small : float
        Part of Cochran's Q due to small-study effects, 1 df.
    q_small_p : float
        Its p value.
    q_residual : float
        The rest of Q.
    q_residual_df : int
        Its degrees of freedom.
    q_residual_p : float
        Its p value.
    g2 : float
        Percent of the variance of the shrunken studies that small-study effects leave unexplained.
    studies : DataFrame
        slab, yi, vi, limit: each study as observed and as shrunken.
    naive : Pooled
        The fit as it was.

    See Also
    --------
    limit_meta : Makes it.
    pet_peese : A line on the standard error instead.
    plots.funnel : Draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> ev.limit_meta(yi, [s**2 for s in sei]).studies["limit"].round(2).tolist()[:3]
    [-0.21, -0.22, 0.1]
    """

    _figure = "funnel"

    bias: float
    q_small: float
    q_small_p: float
    q_residual: float
    q_residual_df: int
    q_residual_p: float
    g2: float
    studies: pd.DataFrame
    naive: Pooled

    def sentence(self) -> str:
        return _(
            "Allowing for effects that grow as studies shrink, the average effect is {effect}, against {observed} as "
            "observed.",
            effect=wording.with_interval(self.estimate, self.ci, self.naive.level),
            observed=pointed(wording.number(self.naive.estimate)),
        )

    def _title(self) -> str:
        return f"Limit meta-analysis (k = {self.naive.k}, tau² {self.naive.method})"

    def _lines(self) -> list[str]:
        n, p = wording.number, wording.p_value
        level = self.naive.level
        return [
            self._estimate_line(level),
            f"small-study effects: Q(1) = {n(self.q_small)}, p {p(self.q_small_p)}",
            f"remaining heterogeneity: Q({self.q_residual_df}) = {n(self.q_residual)}, p {p(self.q_residual_p)}; "
            f"G² = {n(self.g2)}%",
        ]

    def _row(self) -> dict[str, object]:
        return {
            "k": self.naive.k,
            **self._estimate_columns(),
            "bias": self.bias,
            "q_small": self.q_small,
            "q_small_p": self.q_small_p,
            "q_residual": self.q_residual,
            "q_residual_p": self.q_residual_p,
            "g2": self.g2,
        }

    def _table(self) -> pd.DataFrame:
        return self.studies


def limit_meta(effects: Effects, vi: ArrayLike | None = None) -> LimitMeta:
    """Limit meta-analysis of Rücker and others.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.

    Returns
    -------
    LimitMeta
        The adjusted effect, and each study as shrunken.

    Raises
    ------
    NotEstimable
        Fewer than three studies, all of one size, or a fit that has no tau2 ("EE").

    See Also
    --------
    pet_peese : A line on the standard error instead.
    egger : The test of that line.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    Random effects that grow with the total standard deviation: yi = b + sqrt(vi + tau2) (alpha + error), with
    tau2 from the fit and b, alpha by least squares in the generalised radial plot. As vi goes to zero study i
    goes to b + sqrt(tau2 / (vi + tau2)) (yi - b), and the mean to b + alpha tau, the estimate. Its standard error
    is that of the slope of the radial plot under the sampling variances alone, 1 / sqrt(sum (1/sei - mean)^2):
    tau2 is taken as known, so the interval is on the narrow side.

    References
    ----------
    Rücker, Schwarzer, Carpenter, Binder & Schumacher (2011), Biostatistics 12:122, 10.1093/biostatistics/kxq046.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> adjusted = ev.limit_meta(yi, [s**2 for s in sei])
    >>> adjusted.estimate < adjusted.naive.estimate
    True
    """
    naive = read_source(effects, vi, 3, "limit meta-analysis").fit
    if not naive.settings.random:
        raise NotEstimable('limit meta-analysis rests on tau2; fit a random-effects model, not "EE"')
    yi, sei = naive.yi, np.sqrt(naive.vi)
    total = np.sqrt(naive.vi + naive.tau2)
    precision = with_intercept(1 / sei, "standard error")
    bias, slope = _radial(yi, total)
    estimate = float(slope + bias * math.sqrt(naive.tau2))
    se = float(1 / np.sqrt(np.sum((precision[:, 1] - precision[:, 1].mean()) ** 2)))
    limit = slope + math.sqrt(naive.tau2) / total * (yi - slope)
    q_residual = _residual(yi, sei)
    df = naive.k - 2
    half = float(critical(naive.level, np.array([np.inf]))[0]) * se
    return LimitMeta(
        estimate=estimate,
        se=se,
        ci=Interval(estimate - half, estimate + half),
        statistic=estimate / se,
        df=math.inf,
        p_value=float(2 * ndtr(-abs(estimate / se))),
        bias=float(bias),
        q_small=max(0.0, naive.q - q_residual),
        q_small_p=float(chdtrc(1, max(0.0, naive.q - q_residual))),
        q_residual=q_residual,
        q_residual_df=df,
        q_residual_p=float(chdtrc(df, q_residual)),
        g2=_unexplained(limit, sei),
        studies=pd.DataFrame({"slab": naive.slab, "yi": yi, "vi": naive.vi, "limit": limit}),
        naive=naive,
    )


def _radial(y: Floats, s: Floats) -> tuple[float, float]:
    """Intercept and slope of y / s on 1 / s."""
    x = 1 / s
    centred = x - x.mean()
    if not centred.any():
        raise NotEstimable("all studies have the same standard error, so effects cannot be regressed on it")
    slope = float(np.sum(centred * y / s) / np.sum(centred**2))
    return float((y / s).mean() - slope * x.mean()), slope


def _residual(y: Floats, s: Floats) -> float:
    intercept, slope = _radial(y, s)
    return float(np.sum((y / s - intercept - slope / s) ** 2))


def _unexplained(y: Floats, s: Floats) -> float:
    """100 (1 - R2) of the radial plot; 0 where nothing varies."""
    if not np.ptp(y / s):
        return 0.0
    y = y / np.abs(y).max()  # a share knows no unit, and squares of the smallest numbers are 0
    z = y / s
    return float(100 * _residual(y, s) / np.sum((z - z.mean()) ** 2))
