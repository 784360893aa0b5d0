"""The pooled effect of a fit without moderators, by the names that it has in a fit of `pool`."""

from __future__ import annotations

import pandas as pd

from ..errors import NotEstimable
from .engine.inference import Interval


class OneMean:
    """The pooled effect of a fit without moderators: what a fit with ``coefficients`` takes up."""

    coefficients: pd.DataFrame

    @property
    def estimate(self) -> float:
        """The pooled effect of a fit without moderators."""
        return self._only("estimate")

    @property
    def se(self) -> float:
        """Standard error of ``estimate``."""
        return self._only("se")

    @property
    def ci(self) -> Interval:
        """Confidence interval of ``estimate``."""
        return Interval(self._only("ci_low"), self._only("ci_high"))

    @property
    def statistic(self) -> float:
        """Test of ``estimate`` against zero."""
        return self._only("statistic")

    @property
    def df(self) -> float:
        """Degrees of freedom of that test."""
        return self._only("df")

    @property
    def p_value(self) -> float:
        """Its p value."""
        return self._only("p_value")

    def _only(self, column: str) -> float:
        if len(self.coefficients) != 1:
            raise NotEstimable("this fit has several coefficients, see .coefficients (and .predict for a mean)")
        return float(self.coefficients[column].iloc[0])
