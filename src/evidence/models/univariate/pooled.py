"""The pooled mean, with all that is said about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...effects.measures.back import AUTO
from ...effects.measures.back_transform import frame_read
from .. import wording
from ..bayes.tau_prior import TauPrior
from ..engine.engine import Floats, Settings
from ..engine.inference import Interval, critical
from ..engine.tau2_se import tau2_se
from ..result import inference_line
from .combine_results import combine_results
from .common_mean import CommonMean
from .mean_tests import MeanTest, henmi_copas, kenward_roger
from .pooled_words import pooled_sentence, read_lines
from .prediction import Prediction

if TYPE_CHECKING:
    from statsmodels.stats.meta_analysis import CombineResults


@dataclass(frozen=True, repr=False, eq=False)
class Pooled(CommonMean):
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
        Of that test, two-sided.
    tau2 : float
        Between-study variance.
    tau2_se : float or None
        Its standard error; None when tau2 was not estimated.
    i2 : float
        Percent of the total variance that lies between studies.
    h2 : float
        Total variance over sampling variance.
    q : float
        Cochran's test of homogeneity.
    q_df : int
        Its degrees of freedom.
    q_p : float
        Its p value.
    k : int
        Studies pooled.
    dropped : int
        Studies left out for a missing yi or vi.
    log_likelihood : float
        Restricted for REML, full for every other method.
    aic : float
        Akaike's information criterion.
    bic : float
        The Bayesian (Schwarz's) one.
    aicc : float
        Akaike's, corrected for few studies.
    weights : (k,) array
        Percent, sums to 100.
    prediction : str or TauPrior
        How the interval for a new study is made.
    prediction_interval : Interval or None
        For the true effect of a new study; None when k = 1, under "EE", and with "riley" for two studies.
    yi : (k,) array
        Effect sizes.
    vi : (k,) array
        Their sampling variances.
    slab : tuple of k str
        Labels of the studies.
    measure : str
        What the effects are, "" where their frame does not tell.
    frame : DataFrame or None
        Rows pooled; None when the studies did not come in a frame.
    method : str
        Estimator of tau2.
    test : str
        Test and interval of the mean, as for `pool`.
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

    def predict(self, level: float | None = None, transform: str | None = None) -> pd.DataFrame:
        """The mean with its confidence interval and the interval for a new study's true effect.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.
        transform : str, optional
            Read the effects back: a function or a measure as for `back_transform`, or "auto" for the trials' own
            measure. By default they stay on the scale of the fit.

        Returns
        -------
        DataFrame
            One row; columns estimate, se (not with ``transform``), ci_low, ci_high, pi_low, pi_high.

        Examples
        --------
        >>> import evidence as ev
        >>> fit = ev.pool([-0.4, -0.2, -0.6], [0.02, 0.03, 0.05], test="z")
        >>> fit.predict(transform="exp").loc[0, ["estimate", "ci_low", "ci_high"]].round(2).tolist()
        [0.69, 0.57, 0.83]
        """
        level = self._coverage(level)
        half = float(critical(level, np.array([self.df]))[0]) * self.se
        low, high = self._prediction(level) or (math.nan, math.nan)
        ends = {"ci_low": self.estimate - half, "ci_high": self.estimate + half, "pi_low": low, "pi_high": high}
        return frame_read(pd.DataFrame([{"estimate": self.estimate, "se": self.se} | ends]), self._back(transform))

    def to_frame(self, transform: str | None = None) -> pd.DataFrame:
        """The result as a new frame of one row.

        Parameters
        ----------
        transform : str, optional
            Read estimate and intervals back, as for `predict`.

        Returns
        -------
        DataFrame
            k, estimate, se (not with ``transform``), ci_low, ci_high, statistic, df, p_value, tau2, i2, h2, q, q_df,
            q_p, pi_low, pi_high.
        """
        return frame_read(super().to_frame(), self._back(transform))

    def summary(self, transform: str | None = AUTO) -> str:
        """What a paper reports, as text of a few lines.

        Parameters
        ----------
        transform : str or None
            How the effect is read back: by default as the trials' own measure has it (a ratio from its log, a
            proportion from its logit), where their frame tells it; or a function or a measure as for `back_transform`;
            None for the scale of the fit alone.

        Returns
        -------
        str
            It is also how the result prints itself. What is read back stands first, and says what it is; the lines of
            the model say on which scale it was fitted.

        Examples
        --------
        >>> import evidence as ev
        >>> trials = ev.effect_size("RR", ai=[12, 8, 5], n1=[40, 38, 30], ci=[20, 9, 14], n2=[41, 39, 31])
        >>> print(ev.pool(trials, method="EE", test="z").summary())
        Equal-effects model (k = 3)
        risk ratio 0.61, 95% CI 0.40 to 0.92
        model on the log scale:
        I² = 5.04%, H² = 1.05
        Q(2) = 2.11, p = 0.349
        estimate −0.5014 (SE 0.2122), z = −2.36, p = 0.018, 95% CI −0.9174 to −0.0855
        test: normal
        """
        return "\n".join([self._title(), *read_lines(self, self._back(transform)), *self._model_lines()])

    def kenward_roger(self, level: float | None = None) -> MeanTest:
        """The mean of a REML fit with Kenward and Roger's standard error and degrees of freedom.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        MeanTest
            See `evidence.models.univariate.mean_tests.kenward_roger`.
        """
        return kenward_roger(self, self._coverage(level))

    def henmi_copas(self, level: float | None = None) -> MeanTest:
        """The equal-effects mean with Henmi and Copas' interval, which allows for differences between studies.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        MeanTest
            See `evidence.models.univariate.mean_tests.henmi_copas`.
        """
        return henmi_copas(self, self._coverage(level))

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
        return pooled_sentence(self, self._back(AUTO))

    def _title(self) -> str:
        return self._heading(wording.MODEL_WORDS[self.settings.random])

    def _lines(self) -> list[str]:
        return [*read_lines(self, self._back(AUTO)), *self._model_lines()]

    def _model_lines(self) -> list[str]:
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
