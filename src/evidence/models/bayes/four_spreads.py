"""Quadrature over four standard deviations: between studies, rows, columns, and cells beyond their row and column.

Given all four everything is normal. The integrand is an even analytic function of each of them under half-normal
priors, so that on the line x of s = scale * sinh(x) the trapezoidal rule converges geometrically (Trefethen & Weideman
2014, SIAM Review 56:385, 10.1137/130932132, Theorem 5.1): a dozen nodes each take the place of hundreds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import sici

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

    def log_joint(self, tau: Floats, cells: Floats, rows: Floats, columns: Floats) -> Floats:
        """Log of priors times likelihood, one axis for each standard deviation.

        Notes
        -----
        Cell means m have variance D = s2 + cells^2. Taking the rows out by Woodbury's formula leaves for the columns
        H = Z' V^-1 Z and g = Z' V^-1 m with V = D + rows^2 (rows of Z). In the basis of H's eigenvectors every value of
        the last standard deviation is a sum over columns, for log det, the quadratic form and the flat mean alike.
        """
        log_own, m, s2 = self.own(tau)
        w = 1 / (s2[:, None] + cells[:, None] ** 2)  # (tau, cells, G)
        r, z = self.in_row, self.in_column
        wm = w * m[:, None]
        in_rows, rows_m = w @ r, wm @ r  # (tau, cells, R)
        share = rows[:, None] ** 2 / (1 + rows[:, None] ** 2 * in_rows[:, :, None])  # (tau, cells, rows, R)
        cross = (w[..., None] * z).swapaxes(-1, -2) @ r  # (tau, cells, C, R)
        plain = (w @ z)[..., None] * np.eye(z.shape[1])
        h = plain[:, :, None] - (cross[:, :, None] * share[..., None, :]) @ cross[:, :, None].swapaxes(-1, -2)
        g = (wm @ z)[:, :, None] - (cross[:, :, None] @ (share * rows_m[:, :, None])[..., None])[..., 0]
        quadratic = (wm * m[:, None]).sum(axis=-1)[:, :, None] - (share * rows_m[:, :, None] ** 2).sum(axis=-1)
        log_det = np.log1p(rows[:, None] ** 2 * in_rows[:, :, None]).sum(axis=-1) - np.log(w).sum(axis=-1)[:, :, None]
        values, vectors = np.linalg.eigh(h)
        values = np.maximum(values, 0.0)
        turned = (vectors.swapaxes(-1, -2) @ g[..., None])[..., 0]
        ones = vectors.sum(axis=-2)
        information, precision, log_more, moved = np.zeros((4, *h.shape[:3], len(columns)))
        for k in range(z.shape[1]):
            value, y, one = (a[..., k, None] for a in (values, turned, ones))
            grown = 1 + columns**2 * value
            log_more += np.log(grown)
            moved += columns**2 * y**2 / grown
            precision += one**2 * value / grown
            information += one * y / grown
        rest = quadratic[..., None] - moved - information**2 / precision
        joint: Floats = -0.5 * (log_det[..., None] + log_more + np.log(precision) + rest)
        joint -= 0.5 * (len(m[0]) - 1) * math.log(2 * math.pi)
        joint += log_own.sum(axis=1)[:, None, None, None]
        for axis, values in enumerate((tau, cells, rows, columns)):
            prior = -0.5 * (values / self.scales[axis]) ** 2 - math.log(self.scales[axis] * math.sqrt(math.pi / 2))
            joint += prior.reshape([-1 if at == axis else 1 for at in range(4)])
        return joint

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


def integrate(crossed: Crossed) -> Grid:
    """Nodes and weights of the joint posterior of the four standard deviations.

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
        log_mass = _log_mass(crossed, scale, x)
        seen, before = log_mass > log_mass.max() - _REACH, ends.copy()
        for axis in range(4):
            inside = np.flatnonzero(_collapsed(seen, axis, np.any))
            ends[axis] = x[axis][max(int(inside[0]) - 1, 0)], x[axis][min(int(inside[-1]) + 1, _SEEKING)]
        if np.array_equal(ends, before):  # so it would be again
            break
    at = [0] * 4
    while True:
        x = [np.linspace(low, high, _COUNTS[n] + 1) for (low, high), n in zip(ends, at, strict=True)]
        log_mass = _log_mass(crossed, scale, x)
        mass = np.exp(log_mass - log_mass.max())
        along = [_collapsed(mass, axis, np.sum) for axis in range(4)]
        rough = [abs(2 * sums[::2].sum() - sums.sum()) > _AGREEMENT * sums.sum() for sums in along]
        if not any(rough):
            break
        if max(at) == len(_COUNTS) - 1:
            warn_coarse()
            break
        at = [n + more for n, more in zip(at, rough, strict=True)]
    return Grid(tuple(x), scale, mass / mass.sum())


def _collapsed(values: NDArray[Any], axis: int, by: Callable[..., NDArray[Any]]) -> NDArray[Any]:
    return by(values, axis=tuple(at for at in range(4) if at != axis))


def _log_mass(crossed: Crossed, scale: Floats, x: Sequence[Floats]) -> Floats:
    log_mass = crossed.log_joint(*(c * np.sinh(values) for c, values in zip(scale, x, strict=True)))
    for axis, values in enumerate(x):
        slope = np.log(np.cosh(values))
        if values[0] == 0:
            slope[0] -= math.log(2)  # the other half of the even integrand lies at -x; both share the node at zero
        log_mass += slope.reshape([-1 if at == axis else 1 for at in range(4)])
    return log_mass


def spread_summary(crossed: Crossed, grid: Grid, axis: int, level: float) -> list[float]:
    """Mean, sd, median and the two ends of the interval of one standard deviation.

    Notes
    -----
    From twice as many nodes along its axis, whose sinc interpolant is the density on the line (Stenger 1981, SIAM
    Review 23:165, 10.1137/1023037). The mean is not an integral of an even function: it is taken of the interpolant.
    """
    x = np.linspace(grid.x[axis][0], grid.x[axis][-1], 2 * len(grid.x[axis]) - 1)
    log_mass = _log_mass(crossed, grid.scale, [x if at == axis else nodes for at, nodes in enumerate(grid.x)])
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
