"""Prior distributions of a standard deviation between studies, tau >= 0.

Each is a frozen dataclass whose parameters have the units of tau (the scale of the effect sizes), never of
tau2. What the quadrature needs to know beside the density is how far it reaches: where it ends, how fast
it falls, and between which values its shape changes.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

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
        """Log density at tau (B, n), given the sampling variances (B, k), infinite where there is no study."""

    @abstractmethod
    def log_landmarks(self, vi: Floats) -> list[float]:
        """Logs of tau between which the shape of the density changes."""

    def density(self, tau: ArrayLike, vi: ArrayLike = (1.0,)) -> Floats:
        """Density at tau, same shape; ``vi``, the sampling variances, matters to DuMouchel and Jeffreys only."""
        values = np.asarray(tau, dtype=float)
        inside = (values > 0) & (values <= self.upper)
        flat = np.where(inside, values, 1.0).reshape(1, -1)
        density = np.exp(self.log_density(flat, np.asarray(vi, dtype=float).reshape(1, -1)))
        return np.where(inside, density.reshape(values.shape), 0.0)


@dataclass(frozen=True)
class _Parametric(TauPrior):
    def __post_init__(self) -> None:
        for field in fields(self):
            _positive(self, field.name)


@dataclass(frozen=True)
class HalfNormal(_Parametric):
    """Normal with standard deviation ``scale``, folded at zero.

    For standardised mean differences and log odds ratios, 0.5 says that a tau above 1 is unlikely (5%) and
    that smaller values are all plausible (Roever et al. 2021, Research Synthesis Methods 12:448).
    """

    scale: float

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        return math.log(2 / math.pi) / 2 - math.log(self.scale) - 0.5 * np.minimum(tau / self.scale, 1e150) ** 2

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale)]


@dataclass(frozen=True)
class HalfT(_Parametric):
    """Student's t with ``df`` degrees of freedom, times ``scale``, folded at zero (Gelman 2006)."""

    df: float
    scale: float

    @property
    def tail(self) -> float:
        return self.df + 1

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        df = self.df
        constant = (
            math.log(2 / self.scale) + float(gammaln((df + 1) / 2) - gammaln(df / 2)) - 0.5 * math.log(df * math.pi)
        )
        # log(1 + z^2 / df) without overflow of the square
        return constant - 0.5 * (df + 1) * np.logaddexp(0.0, 2 * np.log(tau / self.scale) - math.log(df))

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale), math.log(self.scale) + 0.5 * math.log(self.df)]


@dataclass(frozen=True)
class HalfCauchy(_Parametric):
    """Cauchy with scale ``scale`` (its median), folded at zero (Gelman 2006)."""

    scale: float
    tail = 2.0

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        density: Floats = math.log(2 / (math.pi * self.scale)) - np.logaddexp(0.0, 2 * np.log(tau / self.scale))
        return density

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale)]


@dataclass(frozen=True)
class Exponential(_Parametric):
    """Exponential with mean ``scale`` (rate 1 / scale)."""

    scale: float

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        return -math.log(self.scale) - tau / self.scale

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.scale)]


@dataclass(frozen=True)
class Uniform(TauPrior):
    """Uniform between 0 and ``high``; with the default, improper and uniform over all tau."""

    high: float = math.inf

    def __post_init__(self) -> None:
        if self.high != math.inf:
            _positive(self, "high")

    @property
    def upper(self) -> float:
        return self.high

    @property
    def tail(self) -> float:
        return math.inf if self.proper else 0.0

    @property
    def proper(self) -> bool:
        return math.isfinite(self.high)

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        return np.full(tau.shape, -math.log(self.high) if self.proper else 0.0)

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [math.log(self.high)] if self.proper else []


@dataclass(frozen=True)
class LogNormal(TauPrior):
    """log tau is normal with mean ``mu`` and standard deviation ``sigma``.

    The priors of Turner et al. (2015) and Rhodes et al. (2015) are for tau2: halve both of their
    parameters to use them here.
    """

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.mu):
            raise InvalidInput(f"mu of LogNormal is {self.mu}; it has to be a finite number")
        _positive(self, "sigma")

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        log_tau = np.log(tau)
        z = (log_tau - self.mu) / self.sigma
        return -0.5 * z * z - log_tau - math.log(self.sigma) - 0.5 * math.log(2 * math.pi)

    def log_landmarks(self, vi: Floats) -> list[float]:
        return [self.mu - 9 * self.sigma, self.mu, self.mu + 9 * self.sigma]


@dataclass(frozen=True)
class InverseGamma(_Parametric):
    """1 / tau is gamma with ``shape`` and rate ``scale``: on tau, not on tau2. It keeps tau away from zero."""

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


@dataclass(frozen=True)
class DuMouchel(TauPrior):
    """scale / (scale + tau)^2: ``scale`` is the median of tau.

    By default its square is the harmonic mean of the sampling variances of the data at hand
    (DuMouchel & Normand 2000): studies differ as much as they are imprecise.
    """

    scale: float | None = None
    tail = 2.0

    def __post_init__(self) -> None:
        if self.scale is not None:
            _positive(self, "scale")

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        scale = self._scale(vi)
        density: Floats = np.log(scale) - 2 * np.log(scale + tau)
        return density

    def log_landmarks(self, vi: Floats) -> list[float]:
        scale = np.log(self._scale(vi))
        return [float(scale.min()), float(scale.max())]

    def _scale(self, vi: Floats) -> Floats:
        if self.scale is not None:
            return np.full((len(vi), 1), self.scale)
        if (vi == 0).any():
            raise InvalidInput("a study with vi = 0 leaves DuMouchel's prior no scale; give one: DuMouchel(scale=...)")
        harmonic: Floats = np.isfinite(vi).sum(axis=1, keepdims=True) / np.sum(1 / vi, axis=1, keepdims=True)
        return np.sqrt(harmonic)


@dataclass(frozen=True)
class Jeffreys(TauPrior):
    """Square root of the Fisher information on tau, sqrt(sum (tau / (vi + tau^2))^2); improper.

    Two studies are too few for it.
    """

    tail = 1.0
    proper = False

    def log_density(self, tau: Floats, vi: Floats) -> Floats:
        total = np.zeros(tau.shape)
        for column in vi.T:  # one study at a time keeps memory at (B, n)
            total += (tau / (column[:, None] + tau**2)) ** 2
        return 0.5 * np.log(total)

    def log_landmarks(self, vi: Floats) -> list[float]:
        return []


def _positive(prior: Any, name: str) -> None:
    value = getattr(prior, name)
    if not (isinstance(value, int | float | np.integer | np.floating) and 0 < value < math.inf):
        raise InvalidInput(f"{name} of {type(prior).__name__} is {value!r}; it has to be a positive number")
