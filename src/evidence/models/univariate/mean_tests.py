"""Tests and intervals of a pooled mean that stand beside those of the fit: Kenward-Roger, Henmi-Copas."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc, stdtr

from ...errors import NotEstimable
from ..engine.engine import Floats
from ..engine.inference import Interval, critical
from ..result import Adjusted
from .common_mean import CommonMean


@dataclass(frozen=True, repr=False, eq=False)
class MeanTest(Adjusted):
    """A pooled mean with another test and interval than its fit has.

    Attributes
    ----------
    estimate : float
        Mean effect in the units of ``yi``.
    se : float
        Its standard error.
    ci : Interval
        Confidence interval.
    statistic : float
        Test against zero.
    df : float
        Its degrees of freedom; infinite where the test has none.
    p_value : float
        Of the test against zero.
    name : str
        The method.
    k : int
        Studies.
    level : float
        Coverage of the interval.

    See Also
    --------
    pool : Its fits make it: ``.kenward_roger()`` and ``.henmi_copas()``.
    permutation_test : Without assumptions on the distribution.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01])
    >>> print(fit.kenward_roger())
    Kenward-Roger (k = 4)
    estimate 0.3772 (SE 0.1363), t(2.8) = 2.77, p = 0.077, 95% CI −0.0792 to 0.8336
    """

    name: str
    k: int
    level: float

    def sentence(self) -> str:
        return f"{self.name}: {self._estimate_line(self.level)}."

    def _title(self) -> str:
        return f"{self.name} (k = {self.k})"

    def _lines(self) -> list[str]:
        return [self._estimate_line(self.level)]

    def _row(self) -> dict[str, object]:
        return {"method": self.name, "k": self.k, **self._estimate_columns(), "df": self.df}


def kenward_roger(fit: CommonMean, level: float) -> MeanTest:
    """The mean of a REML fit with Kenward and Roger's variance and degrees of freedom.

    Raises
    ------
    NotEstimable
        Another estimator than REML, a known tau2, weights of the user's, or one study.

    Notes
    -----
    With w = 1 / (vi + tau2), V = 1 / sum w and var(tau2) from the expected restricted information, the variance is
    V + 2 V^2 var(tau2) (sum w^3 - (sum w^2)^2 / sum w), the degrees of freedom 2 / (var(tau2) (sum w^2 / sum w)^2).

    References
    ----------
    Kenward & Roger (1997), Biometrics 53:983. Partlett & Riley (2017), Statistics in Medicine 36:301, 10.1002/sim.7140.
    """
    settings = fit.settings
    if settings.method != "REML" or settings.fixed_tau2 or not settings.weighted or fit.k < 2:
        raise NotEstimable('Kenward-Roger needs a weighted fit of two studies or more with method="REML"')
    w = 1 / (fit.vi + fit.tau2)
    first, second, third = (float((w**power).sum()) for power in (1, 2, 3))
    information = 0.5 * (second - 2 * third / first + (second / first) ** 2)
    variance = 1 / first + 2 / first**2 / information * (third - second**2 / first)
    df, se = 2 * information * (first / second) ** 2, math.sqrt(variance)
    half = float(critical(level, np.array([df]))[0]) * se
    statistic = fit.estimate / se
    return MeanTest(
        estimate=fit.estimate,
        se=se,
        ci=Interval(fit.estimate - half, fit.estimate + half),
        statistic=statistic,
        df=df,
        p_value=float(2 * stdtr(df, -abs(statistic))),
        name="Kenward-Roger",
        k=fit.k,
        level=level,
    )


def henmi_copas(fit: CommonMean, level: float) -> MeanTest:
    """The equal-effects mean, which small trials move less, with an interval that allows for tau2 and its uncertainty.

    Raises
    ------
    NotEstimable
        One study, or a study without sampling error.

    References
    ----------
    Henmi & Copas (2010), Statistics in Medicine 29:2969, 10.1002/sim.4029.
    """
    if fit.k < 2 or not (fit.vi > 0).all():
        raise NotEstimable("Henmi-Copas needs two studies or more, all with sampling error")
    pivot = _Pivot(fit.yi, fit.vi)
    half = pivot.deviate(0.5 - level / 2) * pivot.se
    statistic = pivot.mean / pivot.se
    return MeanTest(
        estimate=pivot.mean,
        se=pivot.se,
        ci=Interval(pivot.mean - half, pivot.mean + half),
        statistic=statistic,
        df=math.inf,
        p_value=min(1.0, 2 * pivot.tail(abs(statistic))),
        name="Henmi-Copas",
        k=fit.k,
        level=level,
    )


class _Pivot:
    """Henmi and Copas' pivot: the mean over its standard error at DerSimonian and Laird's tau2.

    Given the mean's own deviate, Q is taken for gamma with its first two moments.
    """

    def __init__(self, yi: Floats, vi: Floats) -> None:
        w = 1 / vi
        self._w1 = float(w.sum())
        self._w2, self._w3, self._w4 = (float((w**power).sum()) / self._w1 for power in (2, 3, 4))
        self._df = len(yi) - 1
        self.mean = float(w @ yi) / self._w1
        q = float(w @ (yi - self.mean) ** 2)
        self._tau2 = max(0.0, (q - self._df) / (self._w1 - self._w2))
        self._inflation = 1 + self._tau2 * self._w2
        self.se = math.sqrt(self._inflation / self._w1)

    def tail(self, deviate: float) -> float:
        """P(pivot > deviate)."""
        from scipy.integrate import quad
        from scipy.stats import norm

        if deviate <= 0:
            return 0.5
        least = deviate / math.sqrt(self._inflation)
        value = quad(lambda r: self._q_below(r, r / least) * norm.pdf(r), least, np.inf, epsabs=1e-13, epsrel=1e-11)
        return float(value[0])

    def deviate(self, tail: float) -> float:
        """The deviate with so much of the distribution above it."""
        from scipy.optimize import brentq

        high = 2.0
        while self.tail(high) > tail:
            high *= 2
        return float(brentq(lambda u: self.tail(u) - tail, 1e-9, high, xtol=1e-12, rtol=1e-12))

    def _q_below(self, r: float, ratio: float) -> float:
        """P(Q small enough that the pivot exceeds), given that the mean lies ``r`` standard errors out."""
        w1, w2, w3, w4, t, v = self._w1, self._w2, self._w3, self._w4, self._tau2, self._inflation
        gap = r**2 / v - 1 / v  # (r sqrt(v))^2 / v^2 - 1 / v
        mean = self._df + t * (w1 - w2) + t**2 * gap * (w3 - w2**2)
        variance = 2 * self._df + 4 * t * (w1 - w2) + 2 * t**2 * (w1 * w2 - 2 * w3 + w2**2)
        variance += 4 * t**2 * gap * (w3 - w2**2) + 4 * t**3 * gap * (w4 - 2 * w2 * w3 + w2**3)
        variance += 2 * t**4 * (1 / v**2 - 2 * r**2 / v**2) * (w3 - w2**2) ** 2
        bound = (w1 / w2 - 1) * (ratio**2 - 1) + self._df
        return float(gammainc(mean**2 / variance, bound * mean / variance))
