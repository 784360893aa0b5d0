"""A common effect pooled from counts, with its tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from .. import wording
from ..engine.inference import Interval, critical, two_sided_p

LOG_MEASURES = {"RR": "risk ratio", "OR": "odds ratio", "IRR": "rate ratio"}


class ChiSquare(NamedTuple):
    """A chi-square test."""

    statistic: float
    df: int
    p_value: float


def chi_square(statistic: float, df: int) -> ChiSquare:
    """The test of a statistic; p is 1 without degrees of freedom."""
    return ChiSquare(statistic, df, float(chdtrc(df, statistic)) if df > 0 else 1.0)


@dataclass(frozen=True, repr=False, eq=False)
class CountsPooled:
    """An effect assumed to be the same in all trials, pooled from their counts.

    Attributes
    ----------
    name : str, of the method; measure : str
    estimate, se : float
        Log risk, odds or rate ratio, or risk difference, of group 1 against group 2.
    ci : Interval; statistic, p_value : float, normal test
    q, q_df, q_p : float, homogeneity of the trials' own effects (0.5 added to the cells of a trial with a zero)
    i2, h2 : float, percent, and Q / df
    k, k_informative : int, trials, and trials with an effect of their own
    tests : dict of ChiSquare, further tests by name
    level : float
    """

    name: str
    measure: str
    estimate: float
    se: float
    ci: Interval
    statistic: float
    p_value: float
    q: float
    q_df: int
    q_p: float
    i2: float
    h2: float
    k: int
    k_informative: int
    tests: dict[str, ChiSquare]
    level: float

    @property
    def ratio(self) -> tuple[float, Interval] | None:
        """Estimate and interval as a ratio; None for a difference."""
        if self.measure not in LOG_MEASURES:
            return None
        return math.exp(self.estimate), Interval(*map(math.exp, self.ci))

    def to_frame(self) -> pd.DataFrame:
        """One row with the columns k, estimate, se, ci_low, ci_high, statistic, p_value, q, q_df, q_p, i2, h2."""
        names = ("k", "estimate", "se", "statistic", "p_value", "q", "q_df", "q_p", "i2", "h2")
        row = {name: getattr(self, name) for name in names} | {"ci_low": self.ci.low, "ci_high": self.ci.high}
        order = ["k", "estimate", "se", "ci_low", "ci_high", *names[3:]]
        return pd.DataFrame([row])[order]

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        n = wording.number
        level = wording.percent(self.level)
        scale = f"log {self.measure}" if self.ratio else self.measure
        lines = [
            f"{self.name} (k = {self.k}, {self.k_informative} with an effect of their own)",
            f"{scale} {n(self.estimate, 4)} (SE {n(self.se, 4)}), z = {n(self.statistic)}, "
            f"p {wording.p_value(self.p_value)}, {level} CI {wording.interval(self.ci, 4)}",
        ]
        if self.ratio:
            lines.append(f"{self.measure} {n(self.ratio[0])}, {level} CI {wording.interval(self.ratio[1])}")
        lines.append(f"Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}, I² = {n(self.i2)}%")
        lines += [
            f"{name}: χ²({test.df}) = {n(test.statistic)}, p {wording.p_value(test.p_value)}"
            for name, test in self.tests.items()
        ]
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        n = wording.number
        level = wording.percent(self.level)
        if self.ratio:
            value, bounds = self.ratio
            what = LOG_MEASURES[self.measure]
        else:
            value, bounds, what = self.estimate, self.ci, "risk difference"
        found = f"{n(value)} ({level} confidence interval {wording.interval(bounds)})"
        return (
            f"One trial found a {what} of {found}."
            if self.k == 1
            else (f"Across {self.k} trials the pooled {what} is {found}.")
        )

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        lines = self.summary().split("\n")
        return wording.html_report(lines[0], lines[1:])


def counts_pooled(
    name: str,
    measure: str,
    estimate: float,
    variance: float,
    effects: pd.DataFrame,
    k: int,
    tests: dict[str, ChiSquare],
    level: float,
) -> CountsPooled:
    """Intervals and homogeneity for an estimate and the trials' own ``effects`` (yi, vi; NaN where none)."""
    se = math.sqrt(variance)
    own = effects.dropna()
    q = float((((own["yi"] - estimate) ** 2) / own["vi"]).sum())
    df = max(len(own) - 1, 0)
    homogeneity = chi_square(q, df)
    half = float(critical(level, np.array([np.inf]))[0]) * se
    return CountsPooled(
        name=name,
        measure=measure,
        estimate=estimate,
        se=se,
        ci=Interval(estimate - half, estimate + half),
        statistic=estimate / se,
        p_value=float(two_sided_p(np.array(estimate / se), np.array(np.inf))),
        q=q,
        q_df=df,
        q_p=homogeneity.p_value,
        i2=100 * max(0.0, (q - df) / q) if q > 0 else 0.0,
        h2=q / df if df else 1.0,
        k=k,
        k_informative=len(own),
        tests=tests,
        level=level,
    )
