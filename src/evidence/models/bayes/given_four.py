"""What rows, columns and cells have in common given the four standard deviations, at the nodes of their posterior."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .four_spreads import Crossed, Grid
from .mixture import Mixture
from .quadrature import Floats

# nodes that together hold less than this are left out of mixtures
_NEGLIGIBLE = 1e-8
# nodes whose matrices are inverted at a time: few enough that they stay in a processor's cache
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class GivenFour:
    """What is normal given the standard deviations, at J nodes.

    Attributes
    ----------
    weights : (J,) array
        Sums to 1.
    mean : (1 + R + C + 1, J) array
        Of the overall mean, the rows' effects and the columns' effects; the last, 0, stands for none.
    variance : (R + 1, C + 1, J) array
        Of the overall mean with the effects of a row and a column; the last of each stands for none.
    m : (G, J) array
        Means of the cells with studies by their own studies.
    s2 : (G, J) array
        Variances of these.
    spread2 : (3, J) array
        Variances of cells, rows and columns.
    """

    weights: Floats
    mean: Floats
    variance: Floats
    m: Floats
    s2: Floats
    spread2: Floats

    def own_weight(self, g: int) -> Floats:
        """Weight of a cell's own studies against what its row and column say, (J,)."""
        found: Floats = self.spread2[0] / (self.spread2[0] + self.s2[g])
        return found

    def common(self) -> Mixture:
        """Posterior of the overall mean, of each row's mean and of each column's mean, 1 + R + C mixtures."""
        mean = np.concatenate([self.mean[:1], self.mean[0] + self.mean[1:-1]])
        variance = np.concatenate([self.variance[-1:, -1], self.variance[:-1, -1], self.variance[-1, :-1]])
        return Mixture(np.broadcast_to(self.weights, mean.shape), mean, np.sqrt(variance))

    def cell(self, row: int | None, column: int | None, g: int | None) -> Mixture:
        """Posterior of the mean effect in one cell; of a new row or column where they are None.

        Parameters
        ----------
        row : int or None
            Code of its row.
        column : int or None
            Code of its column.
        g : int or None
            Which of the cells with studies it is; None when it has none.
        """
        at = -1 if row is None else row, -1 if column is None else column
        ours, theirs = -1 if row is None else 1 + row, -1 if column is None else len(self.variance) + column
        mean, variance = self.mean[0] + self.mean[ours] + self.mean[theirs], self.variance[at]
        if g is not None:
            b = self.own_weight(g)
            mean = b * self.m[g] + (1 - b) * mean
            variance = b * self.s2[g] + (1 - b) ** 2 * variance
        else:
            cells, rows, columns = self.spread2
            variance = variance + cells + (row is None) * rows + (column is None) * columns
        return Mixture(self.weights[None], mean[None], np.sqrt(variance)[None])


def given_four(crossed: Crossed, grid: Grid, origin: float) -> GivenFour:
    """The normal distributions at the nodes of a grid that hold all but a hundred-millionth of the posterior.

    Parameters
    ----------
    crossed : Crossed
        The studies.
    grid : Grid
        What `integrate` found for them.
    origin : float
        What was taken from their effects: means are told with it.

    Notes
    -----
    The state is the overall mean with rows' and columns' effects in their standard deviations, whose precision is the
    studies' plus one, also where a standard deviation is zero.

    Only nodes whose numbers along the four axes add up to an even one: without their neighbours the grid's errors are
    those at frequencies (1/2, 1/2, 1/2, 1/2) of a node, as far out as those at (1, 0, 0, 0) that it has with them, so
    that half of the nodes say the same (Conway & Sloane 1999, Sphere Packings, Lattices and Groups, section 4.7: D4).
    """
    even = sum(np.indices(grid.weights.shape, sparse=True)) % 2 == 0
    flat = np.where(even, grid.weights, 0.0).ravel()
    flat /= flat.sum()
    there = np.flatnonzero(flat)
    order = there[np.argsort(flat[there])]
    kept = np.sort(order[np.cumsum(flat[order]) > _NEGLIGIBLE])
    at = np.unravel_index(kept, grid.weights.shape)
    _, m, s2 = crossed.own(grid.sd[0])
    n_rows, n_columns = crossed.in_row.shape[1], crossed.in_column.shape[1]
    mean = np.zeros((n_rows + n_columns + 2, len(kept)))
    variance = np.empty((n_rows + 1, n_columns + 1, len(kept)))
    for part, state, cov in _states(crossed, grid, at, m, s2):
        mean[:-1, part], variance[..., part] = state, _of_sums(cov, n_rows)
    mean[0] += origin
    weights = flat[kept] / flat[kept].sum()
    spread2 = np.array([sd[i] ** 2 for sd, i in zip(grid.sd[1:], at[1:], strict=True)])
    return GivenFour(weights, mean, variance, m.T[:, at[0]] + origin, s2.T[:, at[0]], spread2)


def _states(
    crossed: Crossed, grid: Grid, at: tuple[NDArray[np.intp], ...], m: Floats, s2: Floats
) -> Iterator[tuple[slice, Floats, Floats]]:
    """Block by block, nodes last: means of the overall mean, the rows' effects and the columns', and their covariance,
    with a last row and column of zeros."""
    r, c = crossed.in_row, crossed.in_column
    design = np.column_stack([np.ones(len(r)), r, c])
    w = 1 / (s2[:, None] + grid.sd[1][:, None] ** 2)
    info = (design.T * w[..., None, :]) @ design
    score = (w * m[:, None]) @ design
    size = design.shape[1]
    prior = np.diag([0.0] + [1.0] * (size - 1))
    cov = np.zeros((size + 1, size + 1, _BLOCK))
    for first in range(0, len(at[0]), _BLOCK):
        part = slice(first, first + _BLOCK)
        tau, cells, rows, columns = (i[part] for i in at)
        sd = np.column_stack([np.ones(len(tau)), grid.sd[2][rows], grid.sd[3][columns]])
        scale = np.repeat(sd, (1, r.shape[1], c.shape[1]), axis=1)
        precision = info[tau, cells]
        precision *= scale[:, :, None]
        precision *= scale[:, None, :]
        precision += prior
        inverse = np.linalg.inv(precision)
        inverse *= scale[:, :, None]
        inverse *= scale[:, None, :]
        cov[:-1, :-1, : len(tau)] = inverse.transpose(1, 2, 0)
        yield part, (inverse @ score[tau, cells][..., None])[..., 0].T, cov[..., : len(tau)]


def _of_sums(cov: Floats, n_rows: int) -> Floats:
    """Variance of the overall mean with the effects of each row, or none, and of each column, or none."""
    none = len(cov) - 1
    row, column = np.array([*range(1, n_rows + 1), none])[:, None], np.array([*range(n_rows + 1, none), none])
    parts = 0, row, column
    found: Floats = sum(cov[i, j] for i in parts for j in parts)
    return found
