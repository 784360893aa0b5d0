"""The mean effect of a fit with nested random effects, and how effects spread around it."""

from __future__ import annotations

import math
from abc import abstractmethod

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from ..engine.engine import Floats
from ..engine.inference import Interval, critical
from ..one_mean import OneMean
from ..wald import Coefficients
from .level_inference import sampling_error
from .problem import Problem


class Cochran:
    """Cochran's Q of the rows."""

    k: int
    _problem: Problem

    @property
    def q(self) -> float:
        """Cochran's Q with the full V."""
        return sampling_error(self._problem).q

    @property
    def q_df(self) -> int:
        """Degrees of freedom of Q."""
        return self.k - self._problem.p

    @property
    def q_p(self) -> float:
        """P value of Q."""
        return float(chdtrc(self.q_df, self.q))


class Spread(Cochran):
    """Variances of the true effects by level, against the sampling error of the rows."""

    sigma2: dict[str, float]

    @property
    def tau2(self) -> float:
        """All between-effect variance: the sum of ``sigma2``."""
        return float(sum(self.sigma2.values()))

    @property
    def i2(self) -> float:
        """Percent of the total variance that is not sampling error."""
        return self.i2_levels["total"]

    @property
    def i2_levels(self) -> dict[str, float]:
        """Percent of the total variance that lies at each level, and "total" for all of them.

        sigma2_l / (sum sigma2 + s2), s2 = (k - p) / tr P the typical sampling variance (P at sigma2 = 0, full V).
        """
        whole = self.tau2 + sampling_error(self._problem).typical_variance
        shares = {name: 100 * value / whole for name, value in self.sigma2.items()}
        return shares | {"total": 100 * self.tau2 / whole}


class Mean(OneMean, Coefficients):
    """The same with what true effects differ by."""

    def _prediction(self, between: float) -> Interval:
        half = float(critical(self.level, np.array([self.df]))[0]) * math.sqrt(self.se**2 + between)
        return Interval(self.estimate - half, self.estimate + half)

    @abstractmethod
    def _between(self, new: pd.DataFrame | None) -> Floats:
        """Variance of the true effects of rows like these around what is expected."""
