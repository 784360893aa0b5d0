"""A common mean as a regression with nothing but an intercept, and how well it fits."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from ...errors import NotEstimable
from ..bayes.questions import require_bounds
from ..engine.engine import Floats
from ..engine.inference import Interval
from ..information import Information, information
from .fitted import FittedModel
from .prediction import Mean, Prediction, prediction_interval, prediction_probability


class CommonMean(FittedModel):
    """What `Pooled` shares with a regression: design, coefficients, likelihood."""

    estimate: float
    se: float
    ci: Interval
    df: float
    prediction: Prediction

    @cached_property
    def prediction_interval(self) -> Interval | None:
        """For the true effect of a new study; None when k = 1, under "EE", where "riley" has two studies only or
        "nagashima" one without sampling error."""
        return self._prediction(self.level)

    def _prediction(self, level: float) -> Interval | None:
        if not self.settings.random:
            return None
        return prediction_interval(self.prediction, level, self._mean)

    @property
    def _mean(self) -> Mean:
        return Mean(self.estimate, self.se, self.df, self.tau2, self.yi, self.vi)

    def probability(self, lower: float = -math.inf, upper: float = math.inf) -> float:
        """Probability that the true effect of a new study lies between two values.

        Parameters
        ----------
        lower : float
            Lower value in the units of ``yi``; none by default.
        upper : float
            Upper value, likewise.

        Returns
        -------
        float
            Between 0 and 1, by the distribution of which ``prediction_interval`` holds the middle.

        Raises
        ------
        NotEstimable
            There is no prediction: one study, equal effects, or "riley" for two studies.

        Examples
        --------
        >>> import evidence as ev
        >>> fit = ev.pool([0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01], test="z")
        >>> round(fit.probability(lower=0), 2)
        0.94
        """
        require_bounds(lower, upper)
        found = None
        if self.settings.random:
            found = prediction_probability(self.prediction, self._mean, float(lower), float(upper))
        if found is None:
            raise NotEstimable("this fit has no prediction for a new study: it needs random effects and enough studies")
        return found

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
