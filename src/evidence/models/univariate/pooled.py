"""The pooled mean, with all that is said about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...languages import _, pointed
from .. import wording
from ..bayes.tau_prior import TauPrior
from ..engine.engine import Floats, Settings
from ..engine.inference import Interval, critical
from ..engine.tau2_se import tau2_se
from ..information import Information, information
from ..result import inference_line
from .combine_results import combine_results
from .fitted import FittedModel
from .prediction import Prediction, prediction_interval

if TYPE_CHECKING:
    from statsmodels.stats.meta_analysis import CombineResults


@dataclass(frozen=True, repr=False, eq=False)
class Pooled(FittedModel):
    """A pooled effect and how much studies differ.

    Attributes
    ----------
    estimate : float
        Pooled effect in the units of ``yi``.
    se : float
        Its standard error.
    ci : Interval
        Confidence interval (low, high).
    statistic : float
        Test against zero.
    df : float
        Its degrees of freedom; infinite for a normal test.
    p_value : float
    tau2 : float
        Between-study variance.
    tau2_se : float or None
        Its standard error; None when tau2 was not estimated.
    i2 : float
        Percent of the total variance that lies between studies.
    h2 : float
    q : float
        Cochran's test of homogeneity.
    q_df : int
    q_p : float
    k : int
        Studies pooled.
    dropped : int
        Studies left out for a missing yi or vi.
    log_likelihood : float
        Restricted for REML, full for every other method.
    aic : float
    bic : float
    aicc : float
    weights : (k,) array
        Percent, sums to 100.
    prediction : str or TauPrior
        How the interval for a new study is made.
    prediction_interval : Interval or None
        For the true effect of a new study; None when k = 1, under "EE", and with "riley" for two studies.
    yi : (k,) array
    vi : (k,) array
    slab : tuple of k str
        Labels of the studies.
    frame : DataFrame or None
        Rows pooled; None when the studies did not come in a frame.
    method : str
        Estimator of tau2.
    test : str
    level : float
        Coverage of the intervals.
    settings : Settings
        All that decided the fit.
    custom_weights : (k,) array or None
        The user's.
    x : None
        No design matrix: a common mean.
    names : tuple of str
        Name of the one coefficient.
    beta : (1,) array
        The estimate, as a regression has it.
    cov : (1, 1) array
        Its variance.

    See Also
    --------
    pool : Makes it.
    regress : What moves the effect.
    leave_one_out : How it hangs on single studies.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01], method="DL", test="z")
    >>> round(fit.estimate, 3), round(fit.ci.high, 3), fit.k
    (0.374, 0.648, 4)
    """

    _figure = "forest"

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
    prediction: Prediction
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    dropped: int
    frame: pd.DataFrame | None
    settings: Settings
    custom_weights: Floats | None
    _columns: dict[str, float]

    @cached_property
    def tau2_se(self) -> float | None:  # type: ignore[override]  # computed when asked for, kept from then on
        """Standard error of tau2; None when tau2 was not estimated."""
        return tau2_se(self.settings, self.yi, self.vi, self.tau2, None, self.custom_weights)

    @cached_property
    def prediction_interval(self) -> Interval | None:
        """For the true effect of a new study; None when k = 1, under "EE", and with "riley" for two studies."""
        return self._prediction(self.level)

    def _prediction(self, level: float) -> Interval | None:
        if not self.settings.random:
            return None
        mean = self.estimate, self.se, self.df
        return prediction_interval(self.prediction, level, mean, self.tau2, self.yi, self.vi)

    @cached_property
    def _information(self) -> Information:
        return information(self.settings, self.yi, self.vi, np.ones((self.k, 1)), self.beta, self.tau2)

    @property
    def log_likelihood(self) -> float:
        """Restricted for REML, full for every other method."""
        return self._information.log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return self._information.aic

    @property
    def bic(self) -> float:
        """The Bayesian criterion."""
        return self._information.bic

    @property
    def aicc(self) -> float:
        """Akaike's criterion for small samples."""
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
        """The estimate, (1,)."""
        return np.array([self.estimate])

    @property
    def cov(self) -> Floats:
        """Its variance, (1, 1)."""
        return np.array([[self.se**2]])

    def predict(self, level: float | None = None) -> pd.DataFrame:
        """The mean with its confidence interval and the interval for a new study's true effect.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            One row; columns estimate, se, ci_low, ci_high, pi_low, pi_high.
        """
        level = self._coverage(level)
        half = float(critical(level, np.array([self.df]))[0]) * self.se
        low, high = self._prediction(level) or (math.nan, math.nan)
        return pd.DataFrame(
            {
                "estimate": [self.estimate],
                "se": [self.se],
                "ci_low": [self.estimate - half],
                "ci_high": [self.estimate + half],
                "pi_low": [low],
                "pi_high": [high],
            }
        )

    def to_statsmodels(self) -> CombineResults:
        """The same studies pooled by statsmodels, with what it offers about them.

        Returns
        -------
        statsmodels.stats.meta_analysis.CombineResults
            Of `combine_effects`, its tau2 by DerSimonian-Laird for "DL", else by Paule-Mandel; its own estimate stands
            beside ours, not in its place.
        """
        return combine_results(self)

    def sentence(self) -> str:
        level = f"{100 * self.level:g}"
        found = _("{effect} ({level}% confidence interval {low} to {high})", level=level, **self._said(self.ci))
        if self.k == 1:
            return _("One study found an effect of {effect}.", effect=found)
        if not self.prediction_interval:
            return _("Across {k} studies the average effect is {effect}.", k=self.k, effect=found)
        return _(
            "Across {k} studies the average effect is {effect}, and in a new study it is expected between {low} and "
            "{high} ({level}% prediction interval).",
            k=self.k,
            level=level,
            **self._said(self.prediction_interval) | {"effect": found},
        )

    def _said(self, bounds: Interval) -> dict[str, str]:
        values = {"effect": self.estimate, "low": bounds.low, "high": bounds.high}
        return {name: pointed(wording.number(value)) for name, value in values.items()}

    def _title(self) -> str:
        return self._heading(wording.MODEL_WORDS[self.settings.random])

    def _lines(self) -> list[str]:
        n = wording.number
        lines = [self._tau2_line()] if self.settings.random else []
        lines.append(f"I² = {n(self.i2)}%, H² = {n(self.h2)}")
        lines.append(f"Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}")
        test = (self.statistic, self.df, self.p_value)
        lines.append(inference_line("estimate", self.estimate, self.se, *test, self.ci, self.level))
        lines.append(f"test: {wording.TEST_WORDS[self.test]}")
        if self.prediction_interval:
            interval = wording.interval(self.prediction_interval, 4)
            prior = f" (tau ~ {self.prediction})" if isinstance(self.prediction, TauPrior) else ""
            lines.append(f"{wording.percent(self.level)} prediction interval {interval}{prior}")
        return lines

    def _row(self) -> dict[str, object]:
        low, high = self.prediction_interval or (math.nan, math.nan)
        return {**self._columns, "pi_low": low, "pi_high": high}

    def _table(self) -> pd.DataFrame:
        return pd.DataFrame({"study": self.slab, "yi": self.yi, "vi": self.vi, "weight (%)": self.weights})
