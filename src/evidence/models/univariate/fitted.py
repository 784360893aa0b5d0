"""What a pooled mean and a regression have in common once they are fitted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from ...effects.measures.back import Back, chosen_back
from .. import wording
from ..dependence.blocks import BlockDiagonal, partition
from ..dependence.result import Robust
from ..dependence.robust import robust
from ..dependence.sandwich import Kind
from ..dependence.working_model import WorkingModel
from ..engine.coefficient_tests import Test
from ..engine.engine import Floats, Settings
from ..engine.estimators import Method
from ..measure import measure_in
from ..result import Covered
from ..studies import Column
from ..weights import used_weights
from .blup import blup_table
from .deletion import design_matrix
from .heterogeneity import HeterogeneityIntervals, heterogeneity_intervals
from .heterogeneity import Kind as IntervalKind
from .residuals import hat_matrix, residual_table

if TYPE_CHECKING:
    from .deletion import Fit


class FittedModel(Covered):
    """What `Pooled` and `Regression` share: how they were fitted, robust tests, lines of text."""

    settings: Settings
    tau2: float
    tau2_se: float | None
    k: int
    dropped: int
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame | None

    @property
    def method(self) -> Method:
        """Estimator of tau2."""
        return self.settings.method

    @property
    def test(self) -> Test:
        """Test of the coefficients."""
        return self.settings.test

    @property
    def level(self) -> float:
        """Coverage of the intervals."""
        return self.settings.level

    @property
    def measure(self) -> str:
        """What the effects are, "" where their frame does not tell."""
        return measure_in(self.frame)

    def robust(self, cluster: Column | None = None, kind: Kind = "CR2") -> Robust:
        """The coefficients tested with cluster-robust standard errors.

        Parameters
        ----------
        cluster : column name, or (k,) array-like of labels
            Studies that may depend on each other; by default each study is alone.
        kind : {"CR0", "CR1", "CR2"}

        Returns
        -------
        Robust
            As `evidence.robust` gives it.
        """
        return robust(self, cluster, kind)

    def tau2_ci(self, level: float | None = None, kind: IntervalKind = "QP") -> HeterogeneityIntervals:
        """Confidence intervals for the (residual) tau2, tau, I2 and H2.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.
        kind : {"QP", "PL", "J", "BJ", "BT", "W", "HT"}
            "QP" (Q-profile), exact whatever the estimator; "PL" (profile likelihood), for ML and REML; "J" (Jackson's
            generalised Q); "BJ" (Biggerstaff-Jackson) and "BT" (Biggerstaff-Tweedie, a gamma distribution), from
            Cochran's Q; "W" (Wald); "HT" (Higgins-Thompson), the usual interval of I2, from Q alone.

        Returns
        -------
        HeterogeneityIntervals
            ``.low`` and ``.high`` bound tau2.
        """
        fit = self._fit
        coverage = self._coverage(level)
        tau2_se = self.tau2_se if isinstance(kind, str) and kind.upper() == "W" else None
        return heterogeneity_intervals(fit.settings, fit.yi, fit.vi, fit.tau2, coverage, kind, fit.x, tau2_se)

    def blup(self, level: float | None = None) -> pd.DataFrame:
        """Each study's own true effect, shrunken towards what the model expects.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            Index the studies; columns estimate, se, pi_low, pi_high.
        """
        fit = self._fit
        x = design_matrix(fit)
        variance = np.einsum("ij,jl,il->i", x, fit.cov, x)
        return blup_table(
            fit.settings, fit.yi, fit.vi, fit.slab, fit.tau2, x @ fit.beta, variance, fit.df, self._coverage(level)
        )

    def residuals(self) -> pd.DataFrame:
        """Raw, standardised and studentised residuals.

        Returns
        -------
        DataFrame
            Index the studies; columns residual, se, standardised, studentised.
        """
        return residual_table(self._fit)

    def hat(self) -> pd.Series:
        """Leverage of each study.

        Returns
        -------
        Series
            Index the studies; diagonal of the hat matrix, sums to the number of coefficients.
        """
        return pd.Series(np.diag(hat_matrix(self._fit)), index=pd.Index(self._fit.slab, name="study"), name="hat")

    def working_model(self) -> WorkingModel:
        """Rows that are independent, each with its own variance: what `evidence.robust` starts from.

        Returns
        -------
        WorkingModel
            Design, residuals, weights and covariance of the rows.
        """
        fit = self._fit
        x, alone = design_matrix(fit), partition(np.arange(fit.k))
        weights = used_weights(fit.settings, fit.vi, fit.tau2, fit.custom_weights)
        return WorkingModel(
            names=fit.names,
            beta=fit.beta,
            x=x,
            residual=fit.yi - x @ fit.beta,
            weights=BlockDiagonal.diagonal(weights, alone),
            covariance=BlockDiagonal.diagonal(fit.vi + fit.tau2, alone),
            level=self.level,
        )

    @property
    def _fit(self) -> Fit:
        return cast("Fit", self)

    def _back(self, transform: str | None) -> Back | None:
        return chosen_back(transform, self.measure, self.vi)

    def _heading(self, model: str) -> str:
        estimator = f", {self.method}" if self.settings.random else ""
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"{model}{estimator} (k = {self.k}{missing})"

    def _tau2_line(self) -> str:
        n = wording.number
        se = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
        return f"tau² = {n(self.tau2, 4)}{se}, tau = {n(math.sqrt(self.tau2), 4)}"
