"""Effects of rows, columns and cells given the four standard deviations, at the nodes that hold their posterior."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .four_spreads import Crossed, Grid
from .mixture import Mixture
from .quadrature import Floats

# nodes that together hold less than this are left out of mixtures
_NEGLIGIBLE = 1e-8


@dataclass(frozen=True, slots=True)
class GivenFour:
    """What is normal given the standard deviations, at J nodes.

    Attributes
    ----------
    weights : (J,) array
        Sums to 1.
    mean : (J, 1 + R + C) array
        Of the overall mean, the rows' effects and the columns' effects.
    cov : (1 + R + C, 1 + R + C, J) array
        Their covariance; nodes last, for the variance of a cell is a sum of a few entries at all of them.
    m : (J, G) array
        Means of the cells with studies by their own studies.
    s2 : (J, G) array
        Variances of these.
    spread : (3, J) array
        Standard deviations of cells, rows and columns.
    n_rows : int
        R.
    """

    weights: Floats
    mean: Floats
    cov: Floats
    m: Floats
    s2: Floats
    spread: Floats
    n_rows: int

    def moved(self, by: float) -> GivenFour:
        """The same of effects that are all larger by a number."""
        mean = self.mean.copy()
        mean[:, 0] += by
        return replace(self, mean=mean, m=self.m + by)

    def own_weight(self, g: int) -> Floats:
        """Weight of a cell's own studies against what its row and column say, (J,)."""
        found: Floats = self.spread[0] ** 2 / (self.spread[0] ** 2 + self.s2[:, g])
        return found

    def common(self) -> Mixture:
        """Posterior of the overall mean, of each row's mean and of each column's mean, 1 + R + C mixtures."""
        mean = self.mean + self.mean[:, :1] * (np.arange(self.mean.shape[1]) > 0)
        own = np.diagonal(self.cov).T
        variance = own + (self.cov[0] * 2 + self.cov[0, 0]) * (np.arange(len(own)) > 0)[:, None]
        return Mixture(np.broadcast_to(self.weights, mean.T.shape), mean.T, np.sqrt(variance))

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
        at = [0, *([] if row is None else [1 + row]), *([] if column is None else [1 + self.n_rows + column])]
        mean = self.mean[:, at].sum(axis=1)
        variance = np.sum([self.cov[i, j] for i in at for j in at], axis=0)
        cells, rows, columns = self.spread**2
        if g is not None:
            b = self.own_weight(g)
            mean = b * self.m[:, g] + (1 - b) * mean
            variance = b * self.s2[:, g] + (1 - b) ** 2 * variance
        else:
            variance = variance + cells + (row is None) * rows + (column is None) * columns
        return Mixture(self.weights[None], mean[None], np.sqrt(variance)[None])


def given_four(crossed: Crossed, grid: Grid) -> GivenFour:
    """The normal distributions at the nodes of a grid that hold all but a hundred-millionth of the posterior.

    Notes
    -----
    The state is the overall mean with rows' and columns' effects in their standard deviations, whose precision is the
    studies' plus one, also where a standard deviation is zero.

    Only nodes whose numbers along the four axes add up to an even one: without their neighbours the grid's errors are
    those at frequencies (1/2, 1/2, 1/2, 1/2) of a node, as far out as those at (1, 0, 0, 0) that it has with them, so
    that half of the nodes say the same (Conway & Sloane 1999, Sphere Packings, Lattices and Groups, section 4.7: D4).
    """
    even = np.indices(grid.weights.shape).sum(axis=0) % 2 == 0
    flat = np.where(even, grid.weights, 0.0).ravel()
    flat /= flat.sum()
    order = np.argsort(flat)
    kept = np.sort(order[np.cumsum(flat[order]) > _NEGLIGIBLE])
    at = np.unravel_index(kept, grid.weights.shape)
    cells, rows, columns = (sd[i] for sd, i in zip(grid.sd[1:], at[1:], strict=True))
    _, m, s2 = crossed.own(grid.sd[0])
    r, c = crossed.in_row, crossed.in_column
    design = np.column_stack([np.ones(len(r)), r, c])
    w = 1 / (s2[:, None] + grid.sd[1][:, None] ** 2)
    info = (design.T * w[..., None, :]) @ design
    score = (w * m[:, None]) @ design
    sizes = 1, r.shape[1], c.shape[1]
    scale = np.repeat(np.column_stack([np.ones(len(kept)), rows, columns]), sizes, axis=1)
    precision = info[at[0], at[1]]  # the largest array here: changed in place
    precision *= scale[:, :, None]
    precision *= scale[:, None, :]
    precision += np.diag([0.0] + [1.0] * (design.shape[1] - 1))
    cov: Floats = np.asarray(np.linalg.inv(precision), dtype=float)
    cov *= scale[:, :, None]
    cov *= scale[:, None, :]
    mean = (cov @ score[at[0], at[1]][..., None])[..., 0]
    weights = flat[kept] / flat[kept].sum()
    by_entry = np.ascontiguousarray(cov.transpose(1, 2, 0))
    return GivenFour(weights, mean, by_entry, m[at[0]], s2[at[0]], np.array([cells, rows, columns]), r.shape[1])
