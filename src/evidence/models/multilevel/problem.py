"""A model with nested random effects, stacked by cluster so that it can be evaluated at any variances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import NotEstimable
from ..dependence.blocks import BlockDiagonal, Ints
from ..engine.engine import Floats


@dataclass(frozen=True, eq=False)
class Stack:
    """All n clusters of size m.

    Attributes
    ----------
    a : (n, m, p + 1) array
        Orthonormal design and, last, y less its least-squares fit.
    v : (n, m, m) array
        Sampling covariance.
    same : tuple of (n, m, m) arrays
        G_l; None for a level at which each row is a group.
    """

    a: Floats
    v: Floats
    same: tuple[Floats | None, ...]

    def marginal(self, sigma2: Floats) -> Floats:
        """M, (n, m, m)."""
        total = self.v.copy()
        diagonal = np.einsum("nii->ni", total)
        for value, same in zip(sigma2, self.same, strict=True):
            if same is None:
                diagonal += value
            elif value:
                total += value * same
        return total


@dataclass(frozen=True, eq=False)
class Problem:
    """A model ready to be evaluated at any sigma2.

    Attributes
    ----------
    stacks : tuple of Stack
    rows : tuple of (n, m) int arrays
        What the stacks hold.
    restricted : bool
        REML.
    k : int
        Rows.
    p : int
        Coefficients.
    r : (p, p) array
        Upper triangle of X = QR.
    least_squares : (p,) array
        Q'y.
    scale : float
        Size of the variances to be expected.
    """

    stacks: tuple[Stack, ...]
    rows: tuple[Ints, ...]
    restricted: bool
    k: int
    p: int
    r: Floats
    least_squares: Floats
    scale: float


def make_problem(y: Floats, x: Floats, v: BlockDiagonal, codes: Sequence[Ints], restricted: bool) -> Problem:
    """Stack a model with nested random effects by cluster.

    Parameters
    ----------
    y : (k,) array
    x : (k, p) array
        Of full rank.
    v : BlockDiagonal
        Sampling covariance, in blocks that hold every group of every level.
    codes : sequence of L (k,) int arrays
        Group of each row.
    restricted : bool
        REML.
    """
    return stacked(y, x, v, [tuple(_same_group(code[rows]) for code in codes) for rows in v.rows], restricted)


def stacked(
    y: Floats, x: Floats, v: BlockDiagonal, same: Sequence[tuple[Floats | None, ...]], restricted: bool
) -> Problem:
    """Stack a model whose G_l are given.

    Parameters
    ----------
    y : (k,) array
    x : (k, p) array
        Of full rank.
    v : BlockDiagonal
        Sampling covariance.
    same : sequence of tuples of arrays
        For each stack of ``v`` the G_l of its clusters, as in `Stack`.
    restricted : bool
        REML.
    """
    k, p = x.shape
    if k <= p:
        raise NotEstimable(f"{p} coefficients cannot be estimated from {k} rows")
    q, r = np.linalg.qr(x)
    fitted = q.T @ y
    a = np.column_stack([q, y - q @ fitted])
    stacks = tuple(Stack(a[rows], block, each) for rows, block, each in zip(v.rows, v.values, same, strict=True))
    scale = float(np.mean(v.diagonals()) + np.sum(a[:, -1] ** 2) / (k - p))
    return Problem(stacks, v.rows, restricted, k, p, r, fitted, scale)


def _same_group(group: Ints) -> Floats | None:
    same = group[:, :, None] == group[:, None, :]
    size = group.shape[1]
    if same.sum() == len(group) * size:
        return None
    return np.asarray(same, dtype=float)
