"""Quadrature over four standard deviations: between studies, rows, columns, and cells beyond their row and column.

Given all four everything is normal. The integrand is an even analytic function of each of them under half-normal
priors, so that on the line x of s = scale * sinh(x) the trapezoidal rule converges geometrically (Trefethen & Weideman
2014, SIAM Review 56:385, 10.1137/130932132, Theorem 5.1): a dozen nodes each take the place of hundreds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import sici

from .canonical import Canonical, canonical
from .mixture import increasing_root
from .quadrature import Floats, MuPrior, conditional, warn_coarse

#: The standard deviations in the order of the axes.
AXES = ("tau", "cells", "rows", "columns")
# exp(-22) = 3e-10 of the peak is where the integrand is cut off
_REACH = 22.0
# where a half-normal density has fallen as far, in scales
_FARTHEST = 6.6
_COUNTS = (12, 14, 16, 20, 24, 28, 32, 40, 48, 64)
_AGREEMENT = 3e-4
# intervals along each axis where the integrand is sought
_SEEKING = 8
# scale of sinh over how far the integrand is smooth: any is exact, this takes few nodes
_STRETCH = 3.0
# Gauss-Legendre nodes for the mean of a standard deviation
_MEAN_NODES = 200


@dataclass(frozen=True, slots=True)
class Crossed:
    """Studies in the cells of rows and columns, with the scales of the half-normal priors.

    Attributes
    ----------
    yi : (G, k) array
        A row a cell with studies; those with fewer are filled up with 0.
    vi : (G, k) array
        Filled up with infinity.
    row : (G,) array
        Code of each cell's row.
    column : (G,) array
        Code of each cell's column.
    scales : (4,) array
        Of the priors, in the order of `AXES`.
    """

    yi: Floats
    vi: Floats
    row: NDArray[np.integer]
    column: NDArray[np.integer]
    scales: Floats

    @property
    def in_row(self) -> Floats:
        """Which row a cell is in, (G, R)."""
        found: Floats = np.eye(int(self.row.max()) + 1)[self.row]
        return found

    @property
    def in_column(self) -> Floats:
        """Which column a cell is in, (G, C)."""
        found: Floats = np.eye(int(self.column.max()) + 1)[self.column]
        return found

    def own(self, tau: Floats) -> tuple[Floats, Floats, Floats]:
        """Each cell by itself under a flat prior: log likelihood, mean, variance, (n, G) each, at tau (n,)."""
        found = conditional(self.yi, self.vi, np.broadcast_to(tau, (len(self.yi), len(tau))), MuPrior())
        return found.log_likelihood.T, found.mean.T, found.variance.T

    def canonical(self, tau: Floats, cells: Floats, rows: Floats) -> Canonical:
        """What the studies say of the columns' effects, an axis for each of three standard deviations (see `AXES`)."""
        return canonical(self.own(tau), self.in_row, self.in_column, cells, rows)

    def log_prior(self, spreads: Sequence[Floats]) -> Floats:
        """Of the standard deviations, one axis for each."""
        logs = [
            -0.5 * (sd / scale) ** 2 - math.log(scale * math.sqrt(math.pi / 2))
            for sd, scale in zip(spreads, self.scales, strict=True)
        ]
        tau, cells, rows, columns = np.ix_(*logs)
        found: Floats = tau + cells + rows + columns
        return found

    def least(self) -> Floats:
        """The smallest standard error that a study, a cell, a row and a column can have by themselves, (4,).

        So far from zero along the imaginary axis the integrand is smooth.
        """
        precision = np.where(np.isfinite(self.vi), 1 / self.vi, 0.0)
        cells = precision.sum(axis=1)
        tops = precision.max(), cells.max(), (cells @ self.in_row).max(), (cells @ self.in_column).max()
        found: Floats = 1 / np.sqrt(np.array(tops))
        return found


@dataclass(frozen=True, slots=True)
class Grid:
    """Product grid on four lines.

    Attributes
    ----------
    x : tuple of 4 arrays
        Equidistant nodes on the lines.
    scale : (4,) array
        The standard deviations are ``scale * sinh(x)``.
    weights : array of 4 axes
        Sums to 1.
    """

    x: tuple[Floats, ...]
    scale: Floats
    weights: Floats

    @property
    def sd(self) -> list[Floats]:
        """The standard deviations at the nodes of each line."""
        return [c * np.sinh(values) for c, values in zip(self.scale, self.x, strict=True)]


def integrate(crossed: Crossed) -> tuple[Grid, Canonical]:
    """Nodes and weights of the joint posterior of the four standard deviations, and what the first three tell.

    Leaving out every second node along an axis changes the integral by less than 3e-4 of it; with all nodes the error
    is about the square of that.

    Warns
    -----
    NotConverged
        The finest grid allowed still changes when nodes are left out.
    """
    scale = _STRETCH * crossed.least()
    ends = np.column_stack([np.zeros(4), np.arcsinh(_FARTHEST * crossed.scales / scale)])
    for _ in range(3):
        x = [np.linspace(low, high, _SEEKING + 1) for low, high in ends]
        log_mass, _ = _log_mass(crossed, scale, x)
        seen, before = log_mass > log_mass.max() - _REACH, ends.copy()
        for axis in range(4):
            inside = np.flatnonzero(_collapsed(seen, axis, np.any))
            ends[axis] = x[axis][max(int(inside[0]) - 1, 0)], x[axis][min(int(inside[-1]) + 1, _SEEKING)]
        if np.array_equal(ends, before):  # so it would be again
            break
    at = [0] * 4
    while True:
        x = [np.linspace(low, high, _COUNTS[n] + 1) for (low, high), n in zip(ends, at, strict=True)]
        log_mass, given = _log_mass(crossed, scale, x)
        mass = np.exp(log_mass - log_mass.max())
        along = [_collapsed(mass, axis, np.sum) for axis in range(4)]
        changes = [abs(2 * sums[::2].sum() / sums.sum() - 1) for sums in along]
        finer = [_finer(n, change) for n, change in zip(at, changes, strict=True)]
        if finer == at:
            break
        at = finer
    if max(changes) > _AGREEMENT:
        warn_coarse()
    return Grid(tuple(x), scale, mass / mass.sum()), given


def _finer(at: int, change: float) -> int:
    """Which of `_COUNTS` comes next on a line where half of the nodes change the integral by so much of it.

    At the ends the integrand falls as a normal density does, so that the change falls as exp(-a n^2) in n intervals:
    that says the count to go to at once, rather too small than too large.
    """
    if change <= _AGREEMENT:
        return at
    enough = _COUNTS[at] * math.sqrt(math.log(_AGREEMENT) / math.log(min(change, 0.5)))
    return min(max(at + 1, bisect_right(_COUNTS, enough) - 1), len(_COUNTS) - 1)


def _collapsed(values: NDArray[Any], axis: int, by: Callable[..., NDArray[Any]]) -> NDArray[Any]:
    return by(values, axis=tuple(at for at in range(4) if at != axis))


def _log_mass(crossed: Crossed, scale: Floats, x: Sequence[Floats]) -> tuple[Floats, Canonical]:
    """Log of priors times likelihood on four lines, and what is known at the nodes of the first three."""
    spreads = [c * np.sinh(values) for c, values in zip(scale, x, strict=True)]
    given = crossed.canonical(*spreads[:3])
    log_mass = given.log_likelihood(spreads[3])
    log_mass += crossed.log_prior(spreads)
    for axis, values in enumerate(x):
        slope = np.log(np.cosh(values))
        if values[0] == 0:
            slope[0] -= math.log(2)  # the other half of the even integrand lies at -x; both share the node at zero
        log_mass += slope.reshape([-1 if at == axis else 1 for at in range(4)])
    return log_mass, given


def spread_summary(crossed: Crossed, grid: Grid, axis: int, level: float) -> list[float]:
    """Mean, sd, median and the two ends of the interval of one standard deviation.

    Notes
    -----
    From twice as many nodes along its axis, whose sinc interpolant is the density on the line (Stenger 1981, SIAM
    Review 23:165, 10.1137/1023037). The mean is not an integral of an even function: it is taken of the interpolant.
    """
    x = np.linspace(grid.x[axis][0], grid.x[axis][-1], 2 * len(grid.x[axis]) - 1)
    log_mass, _ = _log_mass(crossed, grid.scale, [x if at == axis else nodes for at, nodes in enumerate(grid.x)])
    weights = _collapsed(np.exp(log_mass - log_mass.max()), axis, np.sum)
    weights /= weights.sum()
    step, both, twice = x[1] - x[0], np.concatenate([x, -x]), np.concatenate([weights, weights])
    target = np.array([0.5, 0.5 - level / 2, 0.5 + level / 2])

    def density(at: Floats) -> Floats:
        found: Floats = np.sinc((at[:, None] - both) / step) @ twice / step
        return found

    def gap(at: Floats, some: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        below = sici(np.pi * (at[:, None] - both) / step)[0] @ twice / np.pi
        return below - target[some], density(at)

    node, weight = np.polynomial.legendre.leggauss(_MEAN_NODES)
    at = x[-1] * (1 + node) / 2
    scale = grid.scale[axis]
    mean = float(scale * np.sinh(at) * density(at) @ weight * x[-1] / 2)
    square = float(weights @ (scale * np.sinh(x)) ** 2)
    start = x[np.minimum(np.searchsorted(np.cumsum(weights), target), len(x) - 1)]
    quantiles = increasing_root(gap, start, np.zeros(3), np.full(3, x[-1]), np.full(3, 1.0))
    return [mean, math.sqrt(max(square - mean**2, 0.0)), *(scale * np.sinh(quantiles)).tolist()]
