"""What a pooled mean and a regression have in common once they are fitted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, cast

from numpy.typing import ArrayLike

from . import wording
from .engine import Method, Settings, Test

if TYPE_CHECKING:
    from .deletion import Fit
    from .robust import Robust


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

    def robust(self, cluster: ArrayLike | None = None, kind: Literal["CR0", "CR1", "CR2"] = "CR2") -> Robust:
        """The coefficients tested with cluster-robust standard errors; see `evidence.models.robust.robust`."""
        from .robust import robust

        return robust(cast("Fit", self), cluster, kind)

    def _heading(self, title: str) -> str:
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"{title} (k = {self.k}{missing})"

    def _tau2_line(self) -> str:
        n = wording.number
        se = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
        return f"tau² = {n(self.tau2, 4)}{se}, tau = {n(math.sqrt(self.tau2), 4)}"
