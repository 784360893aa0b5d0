"""The result of a regression test for small-study effects."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import pandas as pd

from ..errors import SmallSample
from ..languages import N_, _, pointed
from ..models import wording
from ..models.engine.inference import Interval
from ..models.result import Result, inference_line
from .regression import Line

# Sterne et al. (2011), BMJ 343:d4002: below ten studies chance cannot be told from asymmetry.
LEAST_STUDIES = 10
#: What the tests are called; a result keeps the name in English.
_NAMES = (
    *(N_("Egger's test"), N_("Egger's test with random effects"), N_("Thompson and Sharp's test")),
    *(N_("Harbord's test"), N_("Peters' test"), N_("Macaskill's test")),
)


@dataclass(frozen=True, repr=False, eq=False)
class SmallStudyTest(Result):
    """A regression test for effects that change with the size of a study.

    Attributes
    ----------
    test : str
        Whose test it is.
    predictor : str
        What effects were regressed on.
    intercept : float
        Coefficient of asymmetry: the slope on the predictor, which for a predictor "sei" is the intercept of Egger's
        own form (yi / sei on 1 / sei).
    se : float
        Its standard error.
    ci : Interval
        Its confidence interval.
    statistic : float
        t or z of no asymmetry.
    df : float
        Its degrees of freedom, infinite for a normal test.
    p_value : float
        Two-sided, of no asymmetry.
    limit_estimate : float or None
        Effect where the predictor is zero (a study without sampling error); None where the predictor does not vanish
        with growing size.
    limit_se : float or None
        Its standard error.
    limit_ci : Interval or None
        Its confidence interval.
    tau2 : float or None
        Variance around the line; None for the multiplicative model.
    dispersion : float or None
        Factor on the sampling variances; None for the additive model.
    coefficients : DataFrame
        Both coefficients: estimate, se, statistic, df, p_value, ci_low, ci_high.
    k : int
        Studies.
    level : float
        Coverage of the intervals.

    See Also
    --------
    egger : Its test, with a choice of predictors and error models.
    thompson_sharp : With a variance between studies by the method of moments.
    harbord : For two-by-two tables, as `peters` and `macaskill`.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> test = ev.egger(yi, [s**2 for s in sei])
    >>> round(test.intercept, 2), round(test.limit_estimate, 2)
    (4.97, -0.46)
    """

    test: str
    predictor: str
    intercept: float
    se: float
    ci: Interval
    statistic: float
    df: float
    p_value: float
    limit_estimate: float | None
    limit_se: float | None
    limit_ci: Interval | None
    tau2: float | None
    dispersion: float | None
    coefficients: pd.DataFrame
    k: int
    level: float

    def sentence(self) -> str:
        told = in_brackets(_(self.test), self.p_value, self.k)
        if self.p_value >= 1 - self.level:
            return _("Small and large studies do not differ more than chance allows {test}.", test=told)
        shrinks_with_size = self.limit_estimate is not None
        if (self.intercept > 0) == shrinks_with_size:
            return _("Small studies show higher effects than large ones {test}.", test=told)
        return _("Small studies show lower effects than large ones {test}.", test=told)

    def _title(self) -> str:
        return f"{self.test}, predictor {self.predictor} (k = {self.k})"

    def _lines(self) -> list[str]:
        test = (self.statistic, self.df, self.p_value)
        lines = [inference_line("asymmetry", self.intercept, self.se, *test, self.ci, self.level)]
        if self.limit_estimate is not None and self.limit_ci is not None:
            lines.append(
                f"limit estimate {wording.number(self.limit_estimate, 4)}, {wording.percent(self.level)} CI "
                f"{wording.interval(self.limit_ci, 4)}"
            )
        if self.tau2 is not None:
            lines.append(f"tau² = {wording.number(self.tau2, 4)}")
        if self.dispersion is not None:
            lines.append(f"dispersion = {wording.number(self.dispersion, 4)}")
        return lines

    def _row(self) -> dict[str, object]:
        limit = self.limit_ci or Interval(float("nan"), float("nan"))
        return {
            "test": self.test,
            "predictor": self.predictor,
            "k": self.k,
            "intercept": self.intercept,
            "se": self.se,
            "ci_low": self.ci.low,
            "ci_high": self.ci.high,
            "statistic": self.statistic,
            "df": self.df,
            "p_value": self.p_value,
            "limit_estimate": float("nan") if self.limit_estimate is None else self.limit_estimate,
            "limit_ci_low": limit.low,
            "limit_ci_high": limit.high,
        }

    def _table(self) -> pd.DataFrame:
        return self.coefficients


def in_brackets(test: str, p: float, k: int) -> str:
    """A test and its p value, with a caution where there are few studies."""
    said = {"test": test, "p": pointed(wording.p_value(p))}
    if k < LEAST_STUDIES:
        return _("({test}, p {p}; {k} studies are too few to tell)", k=k, **said)
    return _("({test}, p {p})", **said)


def small_study_test(test: str, predictor: str, line: Line, k: int, level: float, limit: bool) -> SmallStudyTest:
    """The test that a fitted line amounts to; warns `SmallSample` below ten studies."""
    if k < LEAST_STUDIES:
        warnings.warn(
            f"{k} studies are too few for a test of asymmetry; use at least {LEAST_STUDIES}", SmallSample, stacklevel=3
        )
    return SmallStudyTest(
        test=test,
        predictor=predictor,
        intercept=float(line.beta[1]),
        se=float(line.se[1]),
        ci=line.ci(1),
        statistic=float(line.statistic[1]),
        df=line.df,
        p_value=float(line.p_value[1]),
        limit_estimate=float(line.beta[0]) if limit else None,
        limit_se=float(line.se[0]) if limit else None,
        limit_ci=line.ci(0) if limit else None,
        tau2=line.tau2,
        dispersion=line.dispersion,
        coefficients=line.frame(["limit" if limit else "constant", predictor]),
        k=k,
        level=level,
    )
