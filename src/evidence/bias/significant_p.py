"""How the p values of significant studies are distributed, given their power: what a p-curve is compared with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from ..models.engine.engine import Floats
from ..models.engine.inference import Interval

Alternative = Literal["two-sided", "greater", "less"]
"""Which results studies, or their editors, took for significant."""

FULL, HALF = 0.05, 0.025
# The power that stands for "too little to be worth studying" (Simonsohn et al. 2014).
LOW_POWER = 1 / 3
_POWER_RANGE = (0.05 + 1e-9, 0.99)
# pp values are kept this far from 0 and 1, as in the authors' program, where doubles would round them off.
_EDGE = 2.2e-16


class PTest(NamedTuple):
    """Stouffer's z and one-sided p value of a p-curve."""

    z: float
    p_value: float


def stouffer(pp: Floats) -> PTest:
    """Stouffer's test that p values among significant ones, (k,), are smaller than uniform."""
    z = float(np.sum(ndtri(np.clip(pp, _EDGE, 1 - _EDGE))) / np.sqrt(len(pp)))
    return PTest(z, float(ndtr(z)))


def critical_z(alpha: float) -> float:
    """abs(z) of a two-sided p value."""
    return float(ndtri(1 - alpha / 2))


def above(z: Floats | float, delta: float) -> Floats:
    """P(|Z| > z) for Z normal about delta."""
    return np.asarray(ndtr(delta - z) + ndtr(-delta - z))


def smaller(z: Floats, delta: float, alpha: float) -> Floats:
    """P(|Z| < z) among those significant at alpha, for Z normal about delta."""
    share = above(critical_z(alpha), delta)
    return (share - above(z, delta)) / share


def noncentrality(power: float) -> float:
    """delta with P(|Z| > 1.96) = power."""
    return float(brentq(lambda delta: float(above(critical_z(FULL), delta)) - power, 0.0, 10.0, xtol=1e-14))


def average_power(z: Floats) -> tuple[float, Interval]:
    """Average power of the significant studies with its 90% interval."""

    def power_at(shift: float) -> float:
        return _root(lambda power: stouffer(smaller(z, noncentrality(power), FULL)).z - shift)

    half = float(ndtri(0.95))
    return power_at(0.0), Interval(power_at(half), power_at(-half))


def _root(function: Callable[[float], float]) -> float:
    """Power where a falling function is zero; the nearer end of the range when it is nowhere."""
    low, high = _POWER_RANGE
    if function(low) <= 0:
        return low
    if function(high) >= 0:
        return high
    return float(brentq(function, low, high, xtol=1e-10))
