"""The shortest interval that holds a given share of a distribution with one peak."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .quadrature import Floats

_TRIED = 33


def shortest_interval(
    quantile: Callable[[Floats], Floats], density: Callable[[Floats], Floats], level: float, floor: float | None = None
) -> tuple[float, float]:
    """Bounds of the shortest interval with probability ``level``: the density is the same at both.

    Parameters
    ----------
    quantile : of probabilities (m,) in (0, 1), to (m,)
    density : of values (m,), to (m,)
    level : float
    floor : float, optional
        Where the distribution begins: the lower bound when the density only falls from there.
    """
    from scipy.optimize import brentq  # slow to import

    tail = 1 - level
    below = np.concatenate([[1e-9], np.linspace(0, 1, _TRIED)[1:-1], [1 - 1e-9]]) * tail
    bounds = quantile(np.concatenate([below, below + level])).reshape(2, -1)
    best = int(np.argmin(bounds[1] - bounds[0]))
    low, high = below[max(best - 1, 0)], below[min(best + 1, len(below) - 1)]

    def uneven(p: float) -> float:
        # below zero where a step to the right makes the interval shorter
        ends = density(quantile(np.array([p, p + level])))
        return float(ends[0] - ends[1])

    if floor is not None and best == 0 and uneven(low) >= 0:
        return floor, float(quantile(np.array([level]))[0])
    if uneven(low) < 0 < uneven(high):
        p = float(brentq(uneven, low, high, xtol=1e-13, rtol=1e-12))
        ends = quantile(np.array([p, p + level]))
    else:
        ends = bounds[:, best]
    return float(ends[0]), float(ends[1])
