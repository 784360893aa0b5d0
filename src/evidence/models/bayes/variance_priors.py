"""Priors of a standard deviation between studies that are made from the sampling variances of the data at hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...errors import InvalidInput
from .tau_prior import Floats, TauPrior, require_positive


@dataclass(frozen=True)
class DuMouchel(TauPrior):
    """scale / (scale + tau)^2: ``scale`` is the median of tau.

    By default its square is the harmonic mean of the sampling variances of the data at hand
    (DuMouchel & Normand 2000): studies differ as much as they are imprecise.

    Parameters
    ----------
    scale : float, optional
        Median of tau, above 0.

    See Also
    --------
    Jeffreys : Made from the sampling variances, too.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.DuMouchel().density(0.2, vi=[0.04, 0.09])), 3)
    1.242
    """

    scale: float | None = None
    tail = 2.0

    def __post_init__(self) -> None:
        if self.scale is not None:
            require_positive(self, "scale")

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

    See Also
    --------
    DuMouchel : Proper, and made from the sampling variances, too.
    bayes : What takes it.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.Jeffreys().density(0.2, vi=[0.04, 0.09, 0.02])), 3)
    4.442
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
