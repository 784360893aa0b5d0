"""The sampling covariance a multilevel model is to use: built from a correlation, or given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, issparse
from scipy.sparse.csgraph import connected_components

from ...errors import InvalidInput
from ..dependence.blocks import BlockDiagonal, Ints, partition
from ..dependence.sampling_covariance import sampling_covariance
from ..engine.engine import Floats

Entries = tuple[Ints, Ints, Floats]


def read_sampling(
    frame: pd.DataFrame,
    keep: NDArray[np.bool_],
    codes: Ints,
    cluster: str,
    rho: float,
    V: BlockDiagonal | ArrayLike | None,
) -> BlockDiagonal:
    """V of the kept rows, in blocks that hold whole groups of the outermost level.

    Parameters
    ----------
    frame : DataFrame of k rows
    keep : (k,) bool array
    codes : int array
        Outermost group of each kept row.
    cluster : str
        Its name.
    rho : float
        Correlation within a group when ``V`` is None.
    V : BlockDiagonal, matrix or variances
        Dense or sparse (k, k), or (k,).

    Raises
    ------
    InvalidInput
        Wrong shape, not symmetric, a missing or negative entry.
    """
    if V is None:
        if cluster not in frame:  # "row": nothing to correlate with
            return BlockDiagonal.diagonal(frame["vi"].to_numpy(dtype=float)[keep], partition(codes))
        return sampling_covariance(frame[keep], cluster=cluster, rho=rho)
    left, right, values = _entries(V, len(frame))
    renumber = np.cumsum(keep) - 1
    some = keep[left] & keep[right] & (values != 0)
    left, right, values = renumber[left[some]], renumber[right[some]], values[some]
    k = int(keep.sum())
    _check(left, right, values, k, frame.index[keep])
    anchor = np.unique(codes, return_index=True)[1][codes]  # ties each row to the first of its group
    graph = coo_array((np.ones(len(left) + k), (np.append(left, np.arange(k)), np.append(right, anchor))), shape=(k, k))
    blocks = connected_components(graph, directed=False)[1]
    return BlockDiagonal.from_entries(left, right, values, partition(blocks), k)


def _entries(V: BlockDiagonal | ArrayLike, k: int) -> Entries:
    if isinstance(V, BlockDiagonal):
        shape: tuple[int, ...] = (V.k, V.k)
        entries = V.entries()
    elif issparse(V):
        given: Any = V
        sparse = coo_array(given)
        sparse.sum_duplicates()
        shape = sparse.shape
        entries = (sparse.row.astype(np.int64), sparse.col.astype(np.int64), sparse.data.astype(float))
    else:
        try:
            if np.asarray(V).dtype.kind in "cmM":
                raise TypeError("real numbers are needed")
            dense = np.asarray(V, dtype=float)
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidInput(f"V has an entry that is not a number: {error}") from None
        if dense.ndim == 1:
            dense = np.diag(dense)
        shape = dense.shape
        left, right = np.nonzero(dense) if dense.ndim == 2 else (np.empty(0, int), np.empty(0, int))
        entries = (left, right, dense[left, right] if dense.ndim == 2 else np.empty(0))
    if shape != (k, k):
        raise InvalidInput(f"V has shape {shape} for {k} rows; give ({k}, {k}), or ({k},) variances")
    return entries


def _check(left: Ints, right: Ints, values: Floats, k: int, index: pd.Index) -> None:
    wrong = ~np.isfinite(values) | ((left == right) & (values < 0))
    if wrong.any():
        i = int(np.argmax(wrong))
        raise InvalidInput(f"V is {values[i]} at rows {index[left[i]]!r}, {index[right[i]]!r}")
    matrix = coo_array((values, (left, right)), shape=(k, k)).tocsr()
    difference = abs(matrix - matrix.T)
    if difference.nnz and difference.max() > 1e-8 * np.abs(values).max():
        raise InvalidInput("V is not symmetric")
