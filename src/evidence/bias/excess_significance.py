"""Test of excess significance: more significant studies than their power would produce."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import bdtrc, ndtr, ndtri

from ..effects.arguments import require_between, require_choice
from ..errors import NotEstimable
from ..languages import _, pointed
from ..models import wording
from ..models.engine.engine import Floats
from ..models.result import Result
from ..models.univariate.pooled import Pooled
from .significant_p import Alternative
from .source import Effects, read_source

CountTest = Literal["exact", "binomial", "chi2"]


@dataclass(frozen=True, repr=False, eq=False)
class ExcessSignificance(Result):
    """Observed against expected numbers of significant studies.

    Attributes
    ----------
    observed : int
        Significant studies.
    expected : float
        How many their power would give.
    ratio : float
        Observed over expected.
    p_value : float
        One-sided: as many significant studies or more.
    test : str
        "exact", "binomial" or "chi2".
    power : (k,) array
        Chance of each study to be significant given the pooled effect.
    theta : float
        The effect that power was computed for.
    tau2 : float
        The heterogeneity that power was computed for.
    limit_estimate : float or None
        The effect at which the p value would be ``limit_alpha``; None when it is above that even without any effect.
    limit_alpha : float
        As given.
    studies : DataFrame
        slab, yi, vi, p_value, significant, power.
    naive : Pooled
        The fit as it was.

    See Also
    --------
    excess_significance : Makes it.
    p_curve : What the significant p values alone say.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.excess_significance([0.5, 0.55, 0.6, 0.52], [0.06, 0.06, 0.07, 0.06])
    >>> found.observed, round(found.expected, 1)
    (4, 2.3)
    """

    observed: int
    expected: float
    ratio: float
    p_value: float
    test: CountTest
    power: Floats
    theta: float
    tau2: float
    limit_estimate: float | None
    limit_alpha: float
    studies: pd.DataFrame
    naive: Pooled

    def sentence(self) -> str:
        return _(
            "{observed} of {k} studies were significant where {expected} were to be expected from their power (p {p}).",
            observed=self.observed,
            k=self.naive.k,
            expected=pointed(wording.number(self.expected, 1)),
            p=pointed(wording.p_value(self.p_value)),
        )

    def _title(self) -> str:
        return f"Test of excess significance, {self.test} (k = {self.naive.k})"

    def _lines(self) -> list[str]:
        n = wording.number
        lines = [
            f"observed {self.observed}, expected {n(self.expected)}, ratio {n(self.ratio)}, "
            f"p {wording.p_value(self.p_value)}",
            f"power for an effect of {n(self.theta, 4)} with tau² = {n(self.tau2, 4)}: {n(self.power.min())} to "
            f"{n(self.power.max())}",
        ]
        if self.limit_estimate is not None:
            lines.append(f"limit estimate {n(self.limit_estimate, 4)} (where p = {self.limit_alpha:g})")
        return lines

    def _row(self) -> dict[str, object]:
        limit = float("nan") if self.limit_estimate is None else self.limit_estimate
        return {
            "k": self.naive.k,
            "observed": self.observed,
            "expected": self.expected,
            "ratio": self.ratio,
            "p_value": self.p_value,
            "test": self.test,
            "limit_estimate": limit,
        }

    def _table(self) -> pd.DataFrame:
        return self.studies


def excess_significance(
    effects: Effects,
    vi: ArrayLike | None = None,
    *,
    alternative: Alternative = "two-sided",
    alpha: float = 0.05,
    test: CountTest = "exact",
    limit_alpha: float = 0.1,
) -> ExcessSignificance:
    """Ioannidis and Trikalinos's test of excess significance.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    alternative : str
        The test that each study made of its effect: "two-sided", "greater" or "less".
    alpha : float
        Its level.
    test : str
        "exact" (the default), Poisson binomial with each study's own power; "binomial" and "chi2" give all studies the
        average power.
    limit_alpha : float
        p value that defines the limit estimate.

    Returns
    -------
    ExcessSignificance
        Observed and expected numbers of significant studies, with the test of the difference.

    Raises
    ------
    InvalidInput
        An unknown test or alternative, or an alpha that is no level.
    NotEstimable
        A study without sampling error.

    See Also
    --------
    p_curve : What the significant p values alone say.
    selection_model : The effect before selection by p value.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    A study is significant when yi / sei passes the normal quantile. Its power is that for an effect drawn from
    N(theta, tau2), both from the fit: with c the quantile, 1 - Phi((c sei - theta) / sqrt(vi + tau2)) for one
    side. metafor integrates the same quantity numerically, and lists the exact distribution instead of building it
    study by study, so that it falls back on "chi2" when studies are many.

    References
    ----------
    Ioannidis & Trikalinos (2007), Clinical Trials 4:245, 10.1177/1740774507079441.
    Francis (2013), Journal of Mathematical Psychology 57:153, 10.1016/j.jmp.2013.02.003.

    Examples
    --------
    >>> import evidence as ev
    >>> print(ev.excess_significance([0.5, 0.55, 0.6, 0.52], [0.06, 0.06, 0.07, 0.06]).sentence())
    4 of 4 studies were significant where 2.3 were to be expected from their power (p = 0.114).
    """
    require_choice("alternative", alternative, get_args(Alternative))
    require_choice("test", test, COUNT_TESTS)
    require_between("alpha", alpha, 1e-12, 0.5)
    require_between("limit_alpha", limit_alpha, 0, 1)
    naive = read_source(effects, vi, 1, "the test of excess significance").fit
    p_values = _p_values(naive.yi / np.sqrt(naive.vi), alternative)
    significant = p_values <= alpha
    observed = int(significant.sum())

    def p_at(theta: float) -> float:
        return COUNT_TESTS[test](observed, _power(theta, naive, alternative, alpha))

    power = _power(naive.estimate, naive, alternative, alpha)
    if not power.sum() > 0:
        raise NotEstimable("no study has any power: significant results can be neither expected nor in excess")
    return ExcessSignificance(
        observed=observed,
        expected=float(power.sum()),
        ratio=observed / float(power.sum()),
        p_value=p_at(naive.estimate),
        test=test,
        power=power,
        theta=naive.estimate,
        tau2=naive.tau2,
        limit_estimate=_limit(p_at, naive, limit_alpha, alternative),
        limit_alpha=limit_alpha,
        studies=pd.DataFrame(
            {
                "slab": naive.slab,
                "yi": naive.yi,
                "vi": naive.vi,
                "p_value": p_values,
                "significant": significant,
                "power": power,
            }
        ),
        naive=naive,
    )


def _p_values(z: Floats, alternative: Alternative) -> Floats:
    if alternative == "two-sided":
        return 2 * ndtr(-np.abs(z))
    return ndtr(-z) if alternative == "greater" else ndtr(z)


def _power(theta: float, fit: Pooled, alternative: Alternative, alpha: float) -> Floats:
    crit = float(ndtri(1 - alpha / (2 if alternative == "two-sided" else 1))) * np.sqrt(fit.vi)
    spread = np.sqrt(fit.vi + fit.tau2)
    above, below = ndtr((theta - crit) / spread), ndtr((-theta - crit) / spread)
    if alternative == "two-sided":
        return above + below
    return above if alternative == "greater" else below


def _exact(observed: int, power: Floats) -> float:
    chance = np.ones(1)
    for p in power:
        chance = np.convolve(chance, [1 - p, p])
    return min(1.0, float(chance[observed:].sum())) if observed else 1.0


def _binomial(observed: int, power: Floats) -> float:
    return float(bdtrc(observed - 1, len(power), power.mean())) if observed else 1.0


def _chi2(observed: int, power: Floats) -> float:
    k, mean = len(power), float(power.mean())
    spread = math.sqrt(k * mean * (1 - mean))
    return float(ndtr((k * mean - observed) / spread)) if spread > 0 else 0.5


#: Chance of as many significant studies or more, from their number and the power of each.
COUNT_TESTS: dict[CountTest, Callable[[int, Floats], float]] = {
    "exact": _exact,
    "binomial": _binomial,
    "chi2": _chi2,
}


def _limit(p_at: Callable[[float], float], fit: Pooled, limit_alpha: float, alternative: Alternative) -> float | None:
    """Effect at which the p value is ``limit_alpha``, sought from zero outwards, where it rises."""
    if p_at(0.0) >= limit_alpha:
        return None
    sign = {"greater": 1.0, "less": -1.0, "two-sided": math.copysign(1.0, fit.estimate)}[alternative]
    far = float(np.median(np.sqrt(fit.vi)))
    for _turn in range(60):
        if p_at(sign * far) >= limit_alpha:
            return float(brentq(lambda theta: p_at(sign * theta) - limit_alpha, 0.0, far, xtol=1e-12)) * sign
        far *= 2
    return None
