"""What a prior of the standard deviation between studies has to say.

What the quadrature needs to know beside the density is how far it reaches: where it ends, how fast it falls, and
between which values its shape changes.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...effects.arguments import is_number
from ...effects.inputs import FINITE, NOT_NEGATIVE, read
from ...errors import InvalidInput

Floats = NDArray[np.float64]


class TauPrior(ABC):
    """A prior density of tau; derive from it to use one that is not here."""

    @property
    def upper(self) -> float:
        """Largest tau with a positive density."""
        return math.inf

    @property
    def tail(self) -> float:
        """The density falls like tau^-tail; infinite when it falls faster than any power, or ends."""
        return math.inf

    @property
    def proper(self) -> bool:
        """Whether the density integrates to one; otherwise only its shape counts."""
        return True

    @abstractmethod
    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        """Log of the density.

        Parameters
        ----------
        tau : (B, n) array
            Where, above zero.
        vi : (B, k) array
            Sampling variances, infinite where there is no study.

        Returns
        -------
        (B, n) array
        """

    @abstractmethod
    def log_landmarks(self, vi: Floats) -> list[float]:
        """Where the shape of the density changes.

        Parameters
        ----------
        vi : (B, k) array
            Sampling variances.

        Returns
        -------
        list of float
            Logs of the tau between which it does.
        """

    def density(self, tau: ArrayLike, vi: ArrayLike = (1.0,)) -> Floats:
        """Density of the prior; where it is improper, its shape.

        Parameters
        ----------
        tau : array-like
            Where.
        vi : (k,) array-like
            Sampling variances; they matter to `DuMouchel` and `Jeffreys` only.

        Returns
        -------
        array
            As many as there are tau.
        """
        (values,) = read(tau=(tau, FINITE))
        (variances,) = read(vi=(vi, NOT_NEGATIVE))
        inside = (values > 0) & (values <= self.upper)
        flat = np.where(inside, values, 1.0).reshape(1, -1)
        density = np.exp(self.log_density(flat, variances.reshape(1, -1)))
        return np.where(inside, density.reshape(values.shape), 0.0)


@dataclass(frozen=True)
class Parametric(TauPrior):
    """A prior whose parameters are all positive numbers."""

    def __post_init__(self) -> None:
        for field in fields(self):
            require_positive(self, field.name)


def require_positive(prior: Any, name: str) -> None:
    """Raise `InvalidInput` unless a parameter of a prior is a positive number."""
    value = getattr(prior, name)
    if not is_number(value) or value <= 0:
        raise InvalidInput(f"{name} of {type(prior).__name__} is {value!r}; it has to be a positive number")
