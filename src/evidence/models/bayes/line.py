"""The line on which the quadrature over a standard deviation runs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """The map from the real line to tau: exp(x), or upper / (1 + exp(-x)) when tau has an upper limit."""

    upper: float

    def tau(self, x: Floats) -> Floats:
        if math.isinf(self.upper):
            return np.exp(x)
        return self.upper * np.exp(-np.logaddexp(0.0, -x))

    def log_slope(self, x: Floats) -> Floats:
        """log d tau / d x."""
        if math.isinf(self.upper):
            return x
        return math.log(self.upper) - np.logaddexp(0.0, -x) - np.logaddexp(0.0, x)

    def x(self, tau: Floats) -> Floats:
        if math.isinf(self.upper):
            return np.log(tau)
        return np.log(tau / self.upper) - np.log1p(-tau / self.upper)
