"""A prior of the standard deviation between studies whose logarithm is Student's t."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from ...effects.arguments import is_number
from ...errors import InvalidInput
from .tau_prior import Floats, TauPrior, require_positive

_REACH = 1e-9  # of the probability is cut off at either end, where tau is no number of any use
_WIDEST = 130.0  # half the stretch of log tau on which the quadrature has to find its nodes


@dataclass(frozen=True)
class LogT(TauPrior):
    """log tau is Student's t with ``df`` degrees of freedom, around ``mu``, times ``sigma``.

    Its tails are heavier than any power of tau, in both directions, so that a billionth of it at either end is cut off.

    Parameters
    ----------
    mu : float
        Centre of log tau.
    sigma : float
        Scale of log tau, above 0.
    df : float
        Degrees of freedom, at least 3.

    See Also
    --------
    rhodes_prior : Published ones.
    LogNormal : Its limit for many degrees of freedom.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.LogT(-1.5, 1.1, 5).density(0.2)), 3)
    1.715
    """

    mu: float
    sigma: float
    df: float

    # within the stretch that is not cut off, the density falls like 1 / tau and a power of log tau
    tail = 1.0

    def __post_init__(self) -> None:
        if not is_number(self.mu):
            raise InvalidInput(f"mu of LogT is {self.mu}; it has to be a finite number")
        require_positive(self, "sigma")
        require_positive(self, "df")
        if self.df < 3:
            raise InvalidInput(f"df of LogT is {self.df}; below 3 its tails leave every number behind")

    @property
    def _half(self) -> float:
        """How far log tau goes from its centre."""
        tail = float(np.exp((math.log(_REACH) - self._constant() - 0.5 * (self.df - 1) * math.log(self.df)) / -self.df))
        return min(self.sigma * tail, _WIDEST)

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        log_tau = np.log(tau)
        z = (log_tau - self.mu) / self.sigma
        inside = self._constant() - 0.5 * (self.df + 1) * np.log1p(z * z / self.df) - math.log(self.sigma) - log_tau
        return np.where(np.abs(log_tau - self.mu) <= self._half, inside, -np.inf)

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [self.mu - self._half, self.mu, self.mu + self._half]

    def _constant(self) -> float:
        return float(gammaln((self.df + 1) / 2) - gammaln(self.df / 2)) - 0.5 * math.log(self.df * math.pi)
