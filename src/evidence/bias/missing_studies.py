"""How many studies are missing on one side: the estimators of trim and fill, one registry."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from ..errors import NotEstimable
from ..models.engine.engine import Floats

Estimator = Literal["L0", "R0", "Q0"]


def _l0(rank: Floats, distance: Floats) -> tuple[float, float]:
    k = len(rank)
    raw = (4 * rank[distance > 0].sum() - k * (k + 1)) / (2 * k - 1)
    return raw, 16 * _variance(k, raw) / (2 * k - 1) ** 2


def _r0(rank: Floats, distance: Floats) -> tuple[float, float]:
    raw = len(rank) - rank[distance < 0].max(initial=0) - 1
    return raw, 2 * max(0.0, raw) + 2


def _q0(rank: Floats, distance: Floats) -> tuple[float, float]:
    k = len(rank)
    root = 2 * k**2 - 4 * rank[distance > 0].sum() + 0.25
    if root < 0:
        raise NotEstimable('estimator "Q0" has no value: too many studies lie on one side; use "L0" or "R0"')
    raw = k - 0.5 - math.sqrt(root)
    return raw, 4 * _variance(k, raw) / ((k - 0.5) ** 2 - raw * (2 * k - raw - 1))


#: From the ranks of distances and the signed distances, (k,) each, to the number missing and its squared error.
ESTIMATORS: dict[Estimator, Callable[[Floats, Floats], tuple[float, float]]] = {"L0": _l0, "R0": _r0, "Q0": _q0}


def _variance(k: int, k0: float) -> float:
    """Variance of T with k0 studies missing (Duval & Tweedie 2000, JASA, eq. 5)."""
    return (
        k * (k + 1) * (2 * k + 1) + 10 * k0**3 + 27 * k0**2 + 17 * k0 - 18 * k * k0**2 - 18 * k * k0 + 6 * k**2 * k0
    ) / 24
