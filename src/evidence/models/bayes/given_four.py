"""Mean effects of cells, rows and columns given the four standard deviations, at the nodes of their posterior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .canonical import Canonical
from .four_spreads import Crossed, Grid
from .mixture import Mixture
from .quadrature import Floats

# nodes that together hold less than this are left out of mixtures
_NEGLIGIBLE = 1e-8
# nodes at a time: few enough that their numbers stay in a processor's cache
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class GivenFour:
    """What is normal given the standard deviations, at J nodes.

    Attributes
    ----------
    weights : (J,) array
        Sums to 1.
    mean : (R + 1, C + 1, J) array
        Of the overall mean with the effects of a row and a column; the last of each stands for none.
    variance : (R + 1, C + 1, J) array
        Likewise.
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
        mean, variance = (np.concatenate([a[-1:, -1], a[:-1, -1], a[-1, :-1]]) for a in (self.mean, self.variance))
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
        mean, variance = self.mean[at], self.variance[at]
        if g is not None:
            b = self.own_weight(g)
            mean = b * self.m[g] + (1 - b) * mean
            variance = b * self.s2[g] + (1 - b) ** 2 * variance
        else:
            cells, rows, columns = self.spread2
            variance = variance + cells + (row is None) * rows + (column is None) * columns
        return Mixture(self.weights[None], mean[None], np.sqrt(variance)[None])


def given_four(crossed: Crossed, grid: Grid, given: Canonical, origin: float) -> GivenFour:
    """The normal distributions at the nodes of a grid that hold all but a hundred-millionth of the posterior.

    Parameters
    ----------
    crossed : Crossed
        The studies.
    grid : Grid
        What `integrate` found for them.
    given : Canonical
        What is known at the nodes of its first three lines.
    origin : float
        What was taken from their effects: means are told with it.

    Notes
    -----
    Only nodes whose numbers along the four axes add up to an even one: without their neighbours the grid's errors are
    those at frequencies (1/2, 1/2, 1/2, 1/2) of a node, as far out as those at (1, 0, 0, 0) that it has with them, so
    that half of the nodes say the same (Conway & Sloane 1999, Sphere Packings, Lattices and Groups, section 4.7: D4).
    """
    even = sum(np.indices(grid.weights.shape, sparse=True)) % 2 == 0
    flat = np.where(even, grid.weights, 0.0).ravel()
    flat /= flat.sum()
    there = np.flatnonzero(flat)
    order = there[np.argsort(flat[there], kind="stable")]
    kept = np.sort(order[np.cumsum(flat[order]) > _NEGLIGIBLE])
    at = np.unravel_index(kept, grid.weights.shape)
    _, m, s2 = crossed.own(grid.sd[0])
    spread2 = np.array([sd[i] ** 2 for sd, i in zip(grid.sd[1:], at[1:], strict=True)])
    mean, variance = np.empty((2, crossed.in_row.shape[1] + 1, crossed.in_column.shape[1] + 1, len(kept)))
    for start in range(0, len(kept), _BLOCK):
        part = slice(start, start + _BLOCK)
        mean[..., part], variance[..., part] = _sums(given, [i[part] for i in at[:3]], spread2[2, part])
    mean += origin
    weights = flat[kept] / flat[kept].sum()
    return GivenFour(weights, mean, variance, m.T[:, at[0]] + origin, s2.T[:, at[0]], spread2)


def _sums(given: Canonical, at: Sequence[NDArray[np.intp]], columns2: Floats) -> tuple[Floats, Floats]:
    """Means and variances of the overall mean with the effects of a row, or none, and of a column, or none.

    Parameters
    ----------
    given : Canonical
        On the grid of the other standard deviations.
    at : three (J,) arrays
        Nodes of that grid.
    columns2 : (J,) array
        Variance of columns.

    Notes
    -----
    A row's effect is ``share (row_score - cross b)`` given b, the overall mean with each column's effect, and so every
    sum is linear in b and the overall mean. In the basis of the eigenvectors b has variance K = c^2 / (1 + c^2 value)
    and mean K score, given the overall mean, whose weights in b are ``ones / (1 + c^2 value)``.
    """
    there, node = np.unique(np.ravel_multi_index(tuple(at), given.share.shape[:3]), return_inverse=True)
    at = np.unravel_index(there, given.share.shape[:3])
    share, vectors = given.share[at], given.vectors[at]
    lost = (share[..., None] * given.cross[at[:2]]) @ vectors
    parts = _with_none(vectors, 1).T[:, None] - _with_none(lost, 1).T[:, :, None]
    mean = _with_none((share * given.row_score[at[:2]]).T)[:, None, node].repeat(parts.shape[2], axis=1)
    variance = _with_none(share.T)[:, None, node].repeat(parts.shape[2], axis=1)
    lead = np.zeros_like(mean)
    lead[:, -1] = 1.0
    information, precision = np.zeros((2, len(node)))
    for part, *about in zip(parts, given.values[at].T, given.score[at].T, vectors.sum(axis=1).T, strict=True):
        value, score, one = (a[node] for a in about)
        grown, each = 1 + columns2 * value, part[..., node]
        information += one * score / grown
        precision += one**2 * value / grown
        lead += one / grown * each
        mean += columns2 / grown * score * each
        each *= each
        variance += columns2 / grown * each
    mean += information / precision * lead
    variance += lead**2 / precision
    return mean, variance


def _with_none(values: Floats, axis: int = 0) -> Floats:
    """With zeros at the end of an axis, for a row or column that there is none of."""
    return np.concatenate([values, np.zeros_like(values.take([0], axis))], axis)
