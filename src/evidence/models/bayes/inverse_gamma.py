"""A prior that keeps the standard deviation between studies away from zero."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from .tau_prior import Floats, Parametric


@dataclass(frozen=True)
class InverseGamma(Parametric):
    """1 / tau is gamma with ``shape`` and rate ``scale``: on tau, not on tau2. It keeps tau away from zero.

    Parameters
    ----------
    shape : float
        Above 0.
    scale : float
        Above 0.

    See Also
    --------
    LogNormal : Away from zero, too.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.InverseGamma(shape=2.0, scale=0.3).density(0.2)), 3)
    2.51
    """

    shape: float
    scale: float

    @property
    def tail(self) -> float:
        return self.shape + 1

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        constant = self.shape * math.log(self.scale) - float(gammaln(self.shape))
        return constant - (self.shape + 1) * np.log(tau) - self.scale / np.maximum(tau, self.scale * 1e-300)

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale), math.log(self.scale / (self.shape + 1))]
