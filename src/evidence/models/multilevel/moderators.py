"""The joint test of the moderators of a fit with nested random effects."""

from __future__ import annotations

import math
from abc import abstractmethod

import numpy as np
import pandas as pd

from ...errors import NotEstimable
from .. import wording
from ..dependence.result import Robust
from ..design import Design
from ..engine.engine import Floats
from ..wald import joint_test, tested_coefficients


class Moderators:
    """Whether all coefficients but the intercept are zero."""

    robust_fit: Robust | None
    model_coefficients: pd.DataFrame
    _design: Design

    @property
    def qm(self) -> float:
        """Joint test of all coefficients but the intercept: F (HTZ when robust), or chi-square for test "z"."""
        return self._omnibus()[0]

    @property
    def qm_df(self) -> tuple[int, float]:
        """Its degrees of freedom, of numerator and denominator (infinite for chi-square)."""
        return self._omnibus()[1:3]

    @property
    def qm_p(self) -> float:
        """Its p value."""
        return self._omnibus()[3]

    @abstractmethod
    def _beta(self) -> Floats:
        """(p,) coefficients."""

    @abstractmethod
    def _covariance(self) -> Floats:
        """(p, p) covariance of the coefficients by the model."""

    def _omnibus(self) -> tuple[float, int, float, float]:
        if (self._design.x == 1).all():
            raise NotEstimable("this fit has no moderators to test")
        if self.robust_fit is not None:
            wald = self.robust_fit.wald()
            return wald.statistic, wald.df1, wald.df2, wald.p_value
        tested = tested_coefficients(self._design.x)
        df = float(self.model_coefficients["df"].iloc[tested].min())
        test = joint_test(self._beta()[tested], self._covariance()[np.ix_(tested, tested)], df)
        return test.statistic, *test.df, test.p_value

    def _omnibus_line(self) -> str:
        try:
            statistic, df1, df2, p = self._omnibus()
        except NotEstimable as reason:
            return f"all moderators: {reason}"
        letter = f"χ²({df1})" if math.isinf(df2) else f"F({df1}, {df2:.4g})"
        return f"all moderators: {letter} = {wording.number(statistic)}, p {wording.p_value(p)}"
