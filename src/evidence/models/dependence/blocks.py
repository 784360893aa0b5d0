"""Block-diagonal matrices whose blocks are clusters of rows, kept as stacks of equal size.

A meta-analysis with many rows a trial never needs a k x k matrix: rows of different trials are independent.
Clusters of the same size lie in one array, so that one numpy call works on all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..engine.engine import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BlockDiagonal:
    """A symmetric k x k matrix that is zero between clusters.

    Attributes
    ----------
    rows : tuple of (n, m) int arrays
        One a cluster size m: the rows of n clusters.
    values : tuple of (n, m, m) arrays
        The blocks of these clusters.
    k : int
        Number of rows.
    """

    rows: tuple[Ints, ...]
    values: tuple[Floats, ...]
    k: int

    @classmethod
    def diagonal(cls, values: Floats, rows: tuple[Ints, ...]) -> BlockDiagonal:
        """The diagonal matrix of ``values`` (k,) in the blocks of ``rows``."""
        return cls(rows, tuple(values[r][..., None] * np.eye(r.shape[1]) for r in rows), len(values))

    def codes(self) -> Ints:
        """Cluster of each row, (k,), numbered from 0."""
        codes = np.empty(self.k, dtype=np.int64)
        start = 0
        for rows in self.rows:
            codes[rows] = np.arange(start, start + len(rows))[:, None]
            start += len(rows)
        return codes

    def diagonals(self) -> Floats:
        """The diagonal, (k,)."""
        diagonal = np.empty(self.k)
        for rows, values in zip(self.rows, self.values, strict=True):
            diagonal[rows] = np.diagonal(values, axis1=1, axis2=2)
        return diagonal

    def toarray(self) -> Floats:
        """The full (k, k) matrix."""
        full = np.zeros((self.k, self.k))
        for rows, values in zip(self.rows, self.values, strict=True):
            full[rows[:, :, None], rows[:, None, :]] = values
        return full

    def within(self, rows: tuple[Ints, ...]) -> BlockDiagonal:
        """The same matrix in the blocks of a coarser partition."""
        if _same(rows, self.rows):
            return self
        return self.from_entries(*self.entries(), rows, self.k)

    def entries(self) -> tuple[Ints, Ints, Floats]:
        """Row, column and value of every entry inside a block."""
        left, right, values = [], [], []
        for rows, block in zip(self.rows, self.values, strict=True):
            left.append(np.broadcast_to(rows[:, :, None], block.shape).ravel())
            right.append(np.broadcast_to(rows[:, None, :], block.shape).ravel())
            values.append(block.ravel())
        return np.concatenate(left), np.concatenate(right), np.concatenate(values)

    @classmethod
    def from_entries(
        cls, left: NDArray[np.integer], right: NDArray[np.integer], entries: Floats, rows: tuple[Ints, ...], k: int
    ) -> BlockDiagonal:
        """The matrix with these entries (rows ``left``, columns ``right``), all inside the blocks of ``rows``."""
        place = np.empty(k, dtype=np.int64)  # of a row inside its cluster
        cluster = np.empty(k, dtype=np.int64)  # position of that cluster in its stack
        stack = np.empty(k, dtype=np.int64)
        for number, new in enumerate(rows):
            place[new] = np.arange(new.shape[1])
            cluster[new] = np.arange(len(new))[:, None]
            stack[new] = number
        values = []
        for number, new in enumerate(rows):
            here = stack[left] == number
            block = np.zeros((len(new), new.shape[1], new.shape[1]))
            block[cluster[left[here]], place[left[here]], place[right[here]]] = entries[here]
            values.append(block)
        return cls(rows, tuple(values), k)


def partition(codes: NDArray[np.integer]) -> tuple[Ints, ...]:
    """Rows of each cluster, clusters of one size stacked.

    Parameters
    ----------
    codes : (k,) int array
        Cluster of each row, numbered from 0 without gaps.

    Returns
    -------
    tuple of (n, m) int arrays
        By ascending m; clusters in order of their number, rows in order of appearance.
    """
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    starts = np.cumsum(sizes) - sizes
    return tuple(
        order[starts[sizes == size][:, None] + np.arange(size)].astype(np.int64) for size in np.unique(sizes[sizes > 0])
    )


def is_nested(fine: NDArray[np.integer], coarse: NDArray[np.integer]) -> bool:
    """Whether every group of ``fine`` (k,) lies inside one group of ``coarse`` (k,)."""
    pairs = np.unique(np.stack([fine, coarse]), axis=1).shape[1]
    return bool(pairs == len(np.unique(fine)))


def _same(left: Sequence[Ints], right: Sequence[Ints]) -> bool:
    return left is right or (
        len(left) == len(right) and all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))
    )
