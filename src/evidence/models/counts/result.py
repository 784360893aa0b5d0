"""A common effect pooled from counts, with its tests."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from ...effects.measures.measures import MEASURES
from .. import wording
from ..engine.engine import Floats
from ..engine.inference import Interval, critical, two_sided_p
from ..result import Result, inference_line
from ..studies import Studies


class ChiSquare(NamedTuple):
    """A chi-square test."""

    statistic: float
    df: int
    p_value: float


def chi_square(statistic: float, df: int) -> ChiSquare:
    """The test of a statistic; p is 1 without degrees of freedom."""
    return ChiSquare(statistic, df, float(chdtrc(df, statistic)) if df > 0 else 1.0)


class Combined(NamedTuple):
    """What a method makes of counts: the effect, its variance, (k,) weights of the trials, and further tests."""

    estimate: float
    variance: float
    weights: Floats
    tests: Mapping[str, ChiSquare]


_LARGEST_LOG = math.log(sys.float_info.max)


@dataclass(frozen=True, repr=False, eq=False)
class CountsPooled(Result):
    """An effect assumed to be the same in all trials, pooled from their counts.

    Attributes
    ----------
    name : str
        The method.
    measure : str
        "OR", "RR", "RD" or "IRR".
    estimate : float
        Log risk, odds or rate ratio, or risk difference, of group 1 against group 2.
    se : float
        Its standard error.
    ci : Interval
        Confidence interval (low, high).
    statistic : float
        Normal test against zero.
    p_value : float
        Of that test.
    q : float
        Homogeneity of the trials' own effects (0.5 added to the cells of a trial with a zero).
    q_df : int
        Its degrees of freedom.
    q_p : float
        Its p value.
    i2 : float
        Percent of the variance of the trials' own effects that lies between them.
    h2 : float
        Q / df.
    k : int
        Trials.
    k_informative : int
        Trials with an effect of their own.
    tests : dict of ChiSquare
        Further tests by name.
    level : float
        Coverage of the interval.
    yi : (k_informative,) array
        The trials' own effects.
    vi : (k_informative,) array
        Their sampling variances.
    slab : tuple of str
        Their labels.
    weights : (k_informative,) array
        Percent that each has in the estimate.
    frame : DataFrame or None
        Their rows, with ``yi`` and ``vi``; None when the counts did not come in a frame.
    ratio : (float, Interval) or None
        Estimate and interval as a ratio; None for a difference.

    See Also
    --------
    mantel_haenszel : Makes it.
    peto : Makes it, too.
    glmm : Odds ratios that differ between trials.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.mantel_haenszel([4, 6, 3], [119, 300, 228], [11, 29, 11], [128, 274, 209], "RR")
    >>> print(fit.sentence())
    Across 3 trials the pooled risk ratio is 0.26 (95% confidence interval 0.14 to 0.47).
    """

    _figure = "forest"

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
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    weights: Floats
    frame: pd.DataFrame | None

    @property
    def ratio(self) -> tuple[float, Interval] | None:
        if not MEASURES[self.measure].ratio:
            return None
        return antilog(self.estimate), Interval(*map(antilog, self.ci))

    def sentence(self) -> str:
        value, bounds = self.ratio or (self.estimate, self.ci)
        interval = f"({wording.percent(self.level)} confidence interval {wording.interval(bounds)})"
        found = f"{MEASURES[self.measure].label} {{}} {wording.number(value)} {interval}."
        if self.k == 1:
            return "One trial found a " + found.format("of")
        return f"Across {self.k} trials the pooled " + found.format("is")

    def _title(self) -> str:
        return f"{self.name} (k = {self.k}, {self.k_informative} with an effect of their own)"

    def _lines(self) -> list[str]:
        n, p = wording.number, wording.p_value
        scale = f"log {self.measure}" if self.ratio else self.measure
        test = (self.statistic, math.inf, self.p_value, self.ci, self.level)
        lines = [inference_line(scale, self.estimate, self.se, *test)]
        if self.ratio:
            value, bounds = self.ratio
            lines.append(f"{self.measure} {n(value)}, {wording.percent(self.level)} CI {wording.interval(bounds)}")
        lines.append(f"Q({self.q_df}) = {n(self.q)}, p {p(self.q_p)}, I² = {n(self.i2)}%")
        lines += [f"{name}: χ²({t.df}) = {n(t.statistic)}, p {p(t.p_value)}" for name, t in self.tests.items()]
        return lines

    def _row(self) -> dict[str, object]:
        bounds = {"ci_low": self.ci.low, "ci_high": self.ci.high}
        names = ("statistic", "p_value", "q", "q_df", "q_p", "i2", "h2")
        first = {"k": self.k, "estimate": self.estimate, "se": self.se}
        return first | bounds | {name: getattr(self, name) for name in names}


def counts_pooled(name: str, measure: str, combined: Combined, own: Studies, k: int, level: float) -> CountsPooled:
    """Intervals and homogeneity for an estimate from ``k`` trials, ``own`` those with an effect of their own."""
    estimate, se = combined.estimate, math.sqrt(combined.variance)
    q = float(((own.yi - estimate) ** 2 / own.vi).sum())
    df = own.k - 1
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
        q_p=chi_square(q, df).p_value,
        i2=100 * max(0.0, (q - df) / q) if q > 0 else 0.0,
        h2=q / df if df else 1.0,
        k=k,
        k_informative=own.k,
        tests=dict(combined.tests),
        level=level,
        yi=own.yi,
        vi=own.vi,
        slab=own.slab,
        weights=(100 * combined.weights / combined.weights.sum())[own.complete],
        frame=own.frame,
    )


def antilog(log: float) -> float:
    """exp, infinite where floating point ends."""
    return math.exp(log) if log < _LARGEST_LOG else math.inf
