"""A common mean as a regression with nothing but an intercept, and how well it fits."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..engine.engine import Floats
from ..engine.inference import Interval
from ..information import Information, information
from .fitted import FittedModel
from .prediction import Prediction, prediction_interval


class CommonMean(FittedModel):
    """What `Pooled` shares with a regression: design, coefficients, likelihood."""

    estimate: float
    se: float
    ci: Interval
    df: float
    prediction: Prediction

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
