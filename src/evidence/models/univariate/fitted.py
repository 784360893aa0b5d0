"""What a pooled mean and a regression have in common once they are fitted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import ArrayLike

from .. import wording
from ..dependence.blocks import BlockDiagonal, partition
from ..dependence.robust import Robust, robust
from ..dependence.sandwich import Kind
from ..dependence.working_model import WorkingModel
from ..engine.engine import Settings
from ..engine.estimators import Method, Test
from ..weights import used_weights
from .deletion import design_matrix

if TYPE_CHECKING:
    from .deletion import Fit


class FittedModel:
    """Words, lines of text and robust tests that `Pooled` and `Regression` share."""

    settings: Settings
    tau2: float
    tau2_se: float | None
    k: int
    dropped: int

    @property
    def method(self) -> Method:
        return self.settings.method

    @property
    def test(self) -> Test:
        return self.settings.test

    @property
    def level(self) -> float:
        return self.settings.level

    def robust(self, cluster: ArrayLike | None = None, kind: Kind = "CR2") -> Robust:
        """The coefficients tested with cluster-robust standard errors; see `evidence.robust`."""
        return robust(self, cluster, kind)

    def working_model(self) -> WorkingModel:
        """Rows that are independent, each with its own variance: what `evidence.robust` starts from."""
        fit = cast("Fit", self)
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

    def _heading(self, title: str) -> str:
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"{title} (k = {self.k}{missing})"

    def _tau2_line(self) -> str:
        n = wording.number
        se = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
        return f"tau² = {n(self.tau2, 4)}{se}, tau = {n(math.sqrt(self.tau2), 4)}"
