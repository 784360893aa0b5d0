"""Block-diagonal matrices whose blocks are clusters of rows, kept as stacks of equal size.

A meta-analysis with many rows a trial never needs a k x k matrix: rows of different trials are independent.
Clusters of the same size lie in one array, so that one numpy call works on all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...effects.arguments import shown
from ...errors import InvalidInput
from ..engine.engine import Floats
from ..result import Result

Ints = NDArray[np.int64]


@dataclass(frozen=True, repr=False, eq=False)
class BlockDiagonal(Result):
    """A symmetric k x k matrix that is zero between clusters.

    Attributes
    ----------
    rows : tuple of (n, m) int arrays
        One a cluster size m: the rows of n clusters.
    values : tuple of (n, m, m) arrays
        The blocks of these clusters.
    k : int
        Number of rows.

    See Also
    --------
    sampling_covariance : Makes it of the rows of trials.
    multilevel : Takes it as ``V``.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"study": ["A", "A", "B"], "vi": [0.04, 0.09, 0.05]})
    >>> ev.sampling_covariance(frame, rho=0.5)
    Block-diagonal matrix, 3 x 3
    1 block of 1 row
    1 block of 2 rows
    """

    rows: tuple[Ints, ...]
    values: tuple[Floats, ...]
    k: int

    @classmethod
    def diagonal(cls, values: Floats, rows: tuple[Ints, ...]) -> BlockDiagonal:
        """The diagonal matrix of some values.

        Parameters
        ----------
        values : (k,) array
            The diagonal.
        rows : tuple of (n, m) int arrays
            Blocks, as in the attribute.

        Returns
        -------
        BlockDiagonal
            With zeros beside the diagonal.
        """
        return cls(rows, tuple(values[r][..., None] * np.eye(r.shape[1]) for r in rows), len(values))

    def codes(self) -> Ints:
        """Cluster of each row.

        Returns
        -------
        (k,) int array
            Numbered from 0.
        """
        codes = np.empty(self.k, dtype=np.int64)
        start = 0
        for rows in self.rows:
            codes[rows] = np.arange(start, start + len(rows))[:, None]
            start += len(rows)
        return codes

    def diagonals(self) -> Floats:
        """The diagonal.

        Returns
        -------
        (k,) array
            Variances, of a covariance matrix.
        """
        diagonal = np.empty(self.k)
        for rows, values in zip(self.rows, self.values, strict=True):
            diagonal[rows] = np.diagonal(values, axis1=1, axis2=2)
        return diagonal

    def toarray(self) -> Floats:
        """The full matrix.

        Returns
        -------
        (k, k) array
            With the zeros between clusters.
        """
        full = np.zeros((self.k, self.k))
        for rows, values in zip(self.rows, self.values, strict=True):
            full[rows[:, :, None], rows[:, None, :]] = values
        return full

    def among(self, rows: Ints) -> Floats:
        """The matrix of some of the rows.

        Parameters
        ----------
        rows : (n,) int array
            Which.

        Returns
        -------
        (n, n) array
            With the zeros between clusters.
        """
        try:
            rows = np.asarray(rows)
        except ValueError:  # lists of unequal length
            raise InvalidInput(f"rows is {shown(rows)}; give whole numbers, shape (n,)") from None
        if rows.ndim != 1 or rows.dtype.kind not in "iu" or not ((rows >= 0) & (rows < self.k)).all():
            raise InvalidInput(f"rows must be whole numbers from 0 to {self.k - 1}, shape (n,)")
        place = np.full(self.k, -1)
        place[rows] = np.arange(len(rows))
        found = np.zeros((len(rows), len(rows)))
        for stack, values in zip(self.rows, self.values, strict=True):
            for at in np.flatnonzero((place[stack] >= 0).any(axis=1)):
                here = place[stack[at]]
                some = here >= 0
                found[np.ix_(here[some], here[some])] = values[at][np.ix_(some, some)]
        return found

    def within(self, rows: tuple[Ints, ...]) -> BlockDiagonal:
        """The same matrix in the blocks of a coarser partition.

        Parameters
        ----------
        rows : tuple of (n, m) int arrays
            Blocks that hold those of the matrix.

        Returns
        -------
        BlockDiagonal
            With as many entries or more.
        """
        if not isinstance(rows, tuple) or not all(map(_is_block, rows)):
            raise InvalidInput(f"rows is {shown(rows)}; give the blocks of another matrix: its attribute rows")
        if _same(rows, self.rows):
            return self
        if sorted(at for block in rows for at in block.ravel()) != list(range(self.k)):
            raise InvalidInput(f"rows must hold each of 0 to {self.k - 1} once")
        return self.from_entries(*self.entries(), rows, self.k)

    def entries(self) -> tuple[Ints, Ints, Floats]:
        """Every entry inside a block.

        Returns
        -------
        tuple of arrays
            Row, column and value.
        """
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
        """The matrix with these entries.

        Parameters
        ----------
        left : int array
            Row of each entry.
        right : int array
            Its column.
        entries : array
            Its value.
        rows : tuple of (n, m) int arrays
            Blocks that hold all of them.
        k : int
            Number of rows.

        Returns
        -------
        BlockDiagonal
            Zero where no entry is given.
        """
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

    def sentence(self) -> str:
        count = sum(len(rows) for rows in self.rows)
        return f"The {self.k} rows lie in {count} blocks that are independent of each other."

    def _title(self) -> str:
        return f"Block-diagonal matrix, {self.k} x {self.k}"

    def _lines(self) -> list[str]:
        shapes = [rows.shape for rows in self.rows]
        return [f"{n} block{'s' * (n > 1)} of {m} row{'s' * (m > 1)}" for n, m in shapes]

    def _rows(self) -> pd.DataFrame:
        left, right, values = self.entries()
        return pd.DataFrame({"row": left, "column": right, "value": values})


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


def _is_block(block: object) -> bool:
    return isinstance(block, np.ndarray) and block.ndim == 2 and block.dtype.kind in "iu"
