"""The pooled mean, with all that is said about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from .. import wording
from ..engine.engine import Floats, Settings
from ..engine.inference import Interval, critical
from ..engine.tau2_se import tau2_se
from ..information import Information, information
from .blup import blup_table
from .fitted import FittedModel
from .heterogeneity import HeterogeneityIntervals, heterogeneity_intervals
from .residuals import residual_table


@dataclass(frozen=True, repr=False, eq=False)
class Pooled(FittedModel):
    """A pooled effect and how much studies differ.

    Attributes
    ----------
    estimate, se : float, pooled effect in the units of ``yi``, and its standard error
    ci : Interval, confidence interval (low, high)
    statistic, df, p_value : float, test against zero; ``df`` is infinite for a normal test
    tau2, tau2_se : float, between-study variance; ``tau2_se`` is None when tau2 was not estimated
    i2, h2 : float, I2 in percent and H2
    q, q_df, q_p : float, Cochran's test of homogeneity
    k : int, studies pooled; dropped : int, studies left out for a missing yi or vi
    log_likelihood, aic, bic, aicc : float, restricted for REML, full for every other method
    weights : (k,) array, percent, sums to 100
    prediction_interval : Interval for the true effect of a new study; None when k = 1 and under "EE"
    yi, vi : (k,) arrays; slab : tuple of str; method, test : str; level : float
    frame : DataFrame of the rows pooled, or None when the studies did not come in a frame
    settings : Settings, all that decided the fit
    custom_weights : (k,) array of the user's, or None
    """

    estimate: float
    se: float
    ci: Interval
    statistic: float
    df: float
    p_value: float
    tau2: float
    i2: float
    h2: float
    q: float
    q_df: int
    q_p: float
    k: int
    weights: Floats
    prediction_interval: Interval | None
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    dropped: int
    frame: pd.DataFrame | None
    settings: Settings
    custom_weights: Floats | None
    _row: dict[str, float]

    @cached_property
    def tau2_se(self) -> float | None:  # type: ignore[override]  # computed when asked for, kept from then on
        """Standard error of tau2; None when tau2 was not estimated."""
        return tau2_se(self.settings, self.yi, self.vi, self.tau2, None, self.custom_weights)

    @cached_property
    def _information(self) -> Information:
        return information(self.settings, self.yi, self.vi, np.ones((self.k, 1)), self.beta, self.tau2)

    @property
    def log_likelihood(self) -> float:
        return self._information.log_likelihood

    @property
    def aic(self) -> float:
        return self._information.aic

    @property
    def bic(self) -> float:
        return self._information.bic

    @property
    def aicc(self) -> float:
        return self._information.aicc

    @property
    def x(self) -> None:
        """No design matrix: a common mean."""

    @property
    def names(self) -> tuple[str, ...]:
        """Name of the one coefficient."""
        return ("estimate",)

    @property
    def beta(self) -> Floats:
        return np.array([self.estimate])

    @property
    def cov(self) -> Floats:
        return np.array([[self.se**2]])

    def tau2_ci(self, level: float | None = None, kind: Literal["QP", "PL"] = "QP") -> HeterogeneityIntervals:
        """Confidence intervals for tau2, tau, I2 and H2; see `heterogeneity_intervals`."""
        return heterogeneity_intervals(
            self.settings, self.yi, self.vi, self.tau2, self.level if level is None else level, kind
        )

    def blup(self, level: float | None = None) -> pd.DataFrame:
        """Each study's own true effect, shrunken towards the mean; see `blup_table`."""
        mean, variance = np.full(self.k, self.estimate), np.full(self.k, self.se**2)
        return blup_table(self.settings, self.yi, self.vi, self.slab, self.tau2, mean, variance, self.df, level)

    def residuals(self) -> pd.DataFrame:
        """Raw, standardised and studentised residuals; see `residual_table`."""
        return residual_table(self)

    def predict(self, level: float | None = None) -> pd.DataFrame:
        """The mean with its confidence interval and the interval for a new study's true effect, one row."""
        half = self._half_width(self.level if level is None else level)
        spread = half * math.sqrt(self.se**2 + self.tau2) if self.prediction_interval else math.nan
        return pd.DataFrame(
            {
                "estimate": [self.estimate],
                "se": [self.se],
                "ci_low": [self.estimate - half * self.se],
                "ci_high": [self.estimate + half * self.se],
                "pi_low": [self.estimate - spread],
                "pi_high": [self.estimate + spread],
            }
        )

    def to_frame(self) -> pd.DataFrame:
        """One row with the columns of the grouped form of `pool`."""
        return pd.DataFrame(self._row, index=[0])

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        n = wording.number
        level = wording.percent(self.level)
        lines = [self._heading(self._title())]
        if self.settings.random:
            lines.append(self._tau2_line())
        lines.append(f"I² = {n(self.i2)}%, H² = {n(self.h2)}")
        lines.append(f"Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}")
        letter = "z" if math.isinf(self.df) else f"t({self.df:g})"
        lines.append(
            f"estimate {n(self.estimate, 4)} (SE {n(self.se, 4)}), {letter} = {n(self.statistic)}, "
            f"p {wording.p_value(self.p_value)}, {level} CI {wording.interval(self.ci, 4)}"
        )
        lines.append(f"test: {wording.TEST_WORDS[self.test]}")
        if self.prediction_interval:
            lines.append(f"{level} prediction interval {wording.interval(self.prediction_interval, 4)}")
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        n, level = wording.number, wording.percent(self.level)
        found = f"{n(self.estimate)} ({level} confidence interval {wording.interval(self.ci)})"
        if self.k == 1:
            return f"One study found an effect of {found}."
        text = f"Across {self.k} studies the average effect is {found}"
        if self.prediction_interval:
            text += f", and in a new study it is expected between {n(self.prediction_interval.low)} and "
            text += f"{n(self.prediction_interval.high)} ({level} prediction interval)"
        return text + "."

    def _repr_html_(self) -> str:
        table = pd.DataFrame({"study": self.slab, "yi": self.yi, "vi": self.vi, "weight (%)": self.weights})
        return wording.html_report(self._title(), self.summary().split("\n")[1:], table)

    def _title(self) -> str:
        return wording.MODEL_WORDS[self.settings.random] + (f", {self.method}" if self.settings.random else "")

    def _half_width(self, level: float) -> float:
        return float(critical(level, np.array([self.df]))[0])
