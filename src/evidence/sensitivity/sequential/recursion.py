"""Group-sequential boundaries by recursive integration: how a statistic spreads that was not stopped before.

With information I the statistic z is normal with mean drift sqrt(I) and variance 1, and sqrt(I) z has independent
increments (Armitage, McPherson & Rowe 1969; Jennison & Turnbull 2000, ch. 19). What is carried from look to look is the
density of z where no boundary has been crossed, on Gauss-Legendre nodes as dense as the increments ask for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri_exp

from ...models.engine.engine import Floats

#: Tail probabilities of higher z are below what a double holds (1e-300).
FARTHEST = 37.0
#: Paths so far from their mean (in standard deviations) count for less than 1e-18.
_REACH = 9.0
_ROOT_2_PI = math.sqrt(2 * math.pi)
_NODES, _WEIGHTS = leggauss(12)


def alpha_boundaries(information: Floats, spent: Floats, sided: int) -> Floats:
    """Upper boundaries, (looks,), that no effect crosses with given probabilities.

    Parameters
    ----------
    information : (looks,) array
        Increasing, in any unit.
    spent : (looks,) array
        Probability to have crossed the upper boundary up to each look.
    sided : int
        2 stops at the mirror image below as well, 1 never stops below.
    """
    bounds = np.empty(len(information))
    path: _Path | None = None
    for look, increment in enumerate(np.diff(spent, prepend=0.0).tolist()):
        if path is None:
            bounds[look] = min(-float(ndtri_exp(math.log(increment))), FARTHEST) if increment > 0 else FARTHEST
        else:
            bounds[look] = _upper(path.above(information[look]), increment)
        low = -bounds[look] if sided == 2 else -_REACH
        path = _step(path, information, look, 0.0, low, bounds[look])
    return bounds


def futility_boundaries(information: Floats, upper: Floats, spent: Floats, drift: float) -> Floats:
    """Boundaries, (looks,), at or below which an effect of the size sought falls with given probabilities.

    Parameters
    ----------
    information : (looks,) array
        Increasing; a fraction of that at which z has the mean ``drift``.
    upper : (looks,) array
        Where the trial stops for benefit; no boundary lies above it.
    spent : (looks,) array
        Probability to have fallen to the boundary or below it up to each look, under ``drift``.
    drift : float
    """
    bounds = np.empty(len(information))
    path: _Path | None = None
    for look, increment in enumerate(np.diff(spent, prepend=0.0).tolist()):
        mean = drift * math.sqrt(information[look])
        below = _first_below(mean) if path is None else path.below(information[look])
        bounds[look] = _lower(below, increment, mean - _REACH, float(upper[look]))
        path = _step(path, information, look, drift, bounds[look], float(upper[look]))
    return bounds


@dataclass(frozen=True, slots=True)
class _Path:
    """Nodes of z, their weights times the density of paths not stopped, the information, and the drift."""

    z: Floats
    mass: Floats
    information: float
    drift: float

    def _standardised(self, z: Floats | float, information: float) -> Floats:
        """How far a value at the next look is from what each node expects, in sds of the increment."""
        gain = information - self.information
        start = self.z * math.sqrt(self.information)
        at = np.asarray(z)[..., None] * math.sqrt(information)
        return np.asarray((at - start - self.drift * gain) / math.sqrt(gain))

    def density(self, z: Floats, information: float) -> Floats:
        u = self._standardised(z, information)
        scale = math.sqrt(information / (information - self.information)) / _ROOT_2_PI
        return np.asarray(scale * (np.exp(-0.5 * u * u) @ self.mass))

    def above(self, information: float) -> Callable[[float], float]:
        return lambda z: float(ndtr(-self._standardised(z, information)) @ self.mass)

    def below(self, information: float) -> Callable[[float], float]:
        return lambda z: float(ndtr(self._standardised(z, information)) @ self.mass)


def _first_below(mean: float) -> Callable[[float], float]:
    return lambda z: float(ndtr(z - mean))


def _step(path: _Path | None, information: Floats, look: int, drift: float, low: float, high: float) -> _Path:
    """Paths that go on after a look: those between ``low`` and ``high``."""
    now = float(information[look])
    # the density is as smooth as the increment that made it, and met by a kernel as narrow as the next increment
    gains = np.diff(information[max(look - 1, 0) : look + 2]) if len(information) > 1 else np.array([now])
    narrow = min(1.0, math.sqrt(float(gains.min()) / now))
    z, weights = _nodes(low, high, 4 + math.ceil(0.15 * (high - low) / narrow))
    start = np.exp(-0.5 * (z - drift * math.sqrt(now)) ** 2) / _ROOT_2_PI
    density = start if path is None else path.density(z, now)
    return _Path(z, weights * density, now, drift)


def _nodes(low: float, high: float, panels: int) -> tuple[Floats, Floats]:
    """Nodes and weights of a Gauss-Legendre rule on equal panels."""
    half = (high - low) / panels / 2
    centres = low + half * (2 * np.arange(panels) + 1)
    return (centres[:, None] + half * _NODES).ravel(), np.tile(half * _WEIGHTS, panels)


def _upper(above: Callable[[float], float], probability: float) -> float:
    """The z above which paths go with a probability, sought where its logarithm bends little."""
    if probability <= above(FARTHEST) or probability <= 0:
        return FARTHEST
    aim = math.log(probability)
    low = 0.0
    while above(low) < probability:
        low -= 2.0
    return float(brentq(lambda z: math.log(max(above(z), 1e-320)) - aim, low, FARTHEST, xtol=1e-12))


def _lower(below: Callable[[float], float], probability: float, lowest: float, highest: float) -> float:
    """The z below which paths go with a probability, between two bounds."""
    if probability <= below(lowest):
        return min(lowest, highest)
    if probability >= below(highest):
        return highest
    return float(brentq(lambda z: below(z) - probability, lowest, highest, xtol=1e-12))
