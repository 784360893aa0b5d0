"""The (restricted) likelihood of random effects of any structure, with its slopes.

With M = V + sum of the terms, W = M^-1 and P = W - W X (X'WX)^-1 X'W, a change dM of the marginal covariance changes
the log-likelihood by tr(D dM), where D = (P y y'P - P) / 2 (REML; ML has W in place of the second P). D is needed in
the blocks of M alone, and adding its entries up by the values of a term gives the slope in that term's covariance, from
which the chain rule leads to any parameter: Harville (1977), Journal of the American Statistical Association 72:320.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dependence.blocks import Ints
from ..engine.engine import Floats
from .problem import Problem
from .terms import Term


@dataclass(frozen=True, eq=False)
class Placed:
    """A term in the blocks of the model.

    Attributes
    ----------
    where : tuple of (n, m, m) bool arrays
        Pairs of rows of the same group, stack by stack.
    cells : tuple of int arrays
        For these pairs the entry of the term's covariance, numbered along its rows.
    """

    term: Term
    where: tuple[NDArray[np.bool_], ...]
    cells: tuple[Ints, ...]

    def spread(self, matrix: Floats) -> list[Floats]:
        """Its part of M, stack by stack."""
        parts = []
        for where, cells in zip(self.where, self.cells, strict=True):
            part = np.zeros(where.shape)
            part[where] = matrix.ravel()[cells]
            parts.append(part)
        return parts

    def gather(self, parts: Sequence[Floats]) -> Floats:
        """Entries of blocks added up by the entries of the covariance, (m, m)."""
        m = self.term.covariance.m
        total = np.zeros(m * m)
        for where, cells, part in zip(self.where, self.cells, parts, strict=True):
            total += np.bincount(cells, part[where], m * m)
        return total.reshape(m, m)


@dataclass(frozen=True, eq=False)
class Fitted:
    """The likelihood and what follows from it at given covariances of the terms.

    Attributes
    ----------
    log_likelihood : float
        With all constants.
    blocks : tuple of (n, m, m) arrays
        M.
    beta : (p,) array
    covariance : (p, p) array
        (X'WX)^-1.
    slopes : tuple of (m, m) arrays
        Of the log-likelihood in the covariance of each term.
    """

    log_likelihood: float
    blocks: tuple[Floats, ...]
    beta: Floats
    covariance: Floats
    slopes: tuple[Floats, ...]


def place(term: Term, rows: Sequence[Ints]) -> Placed:
    """A term in blocks of these rows."""
    where, cells = [], []
    for stack in rows:
        inner, outer = term.inner[stack], term.outer[stack]
        same = outer[:, :, None] == outer[:, None, :]
        where.append(same)
        cells.append((inner[:, :, None] * term.covariance.m + inner[:, None, :])[same])
    return Placed(term, tuple(where), tuple(cells))


def likelihood(problem: Problem, placed: Sequence[Placed], matrices: Sequence[Floats]) -> Fitted:
    """The log-likelihood at these covariances of the terms.

    Raises
    ------
    numpy.linalg.LinAlgError
        M is not positive definite.
    """
    p = problem.p
    blocks = tuple(
        np.add.reduce([stack.v, *parts])
        for stack, *parts in zip(
            problem.stacks, *(each.spread(matrix) for each, matrix in zip(placed, matrices, strict=True)), strict=True
        )
    )
    log_determinant, inner, kept = 0.0, np.zeros((p + 1, p + 1)), []
    for stack, m in zip(problem.stacks, blocks, strict=True):
        log_determinant += 2 * float(np.log(np.diagonal(np.linalg.cholesky(m), axis1=1, axis2=2)).sum())
        w = np.linalg.inv(m)
        wa = w @ stack.a
        inner += np.tensordot(stack.a, wa, ([0, 1], [0, 1]))
        kept.append((w, wa))
    covariance = np.linalg.inv(inner[:p, :p])
    beta = covariance @ inner[:p, p]
    contrast = np.append(-beta, 1.0)  # W A contrast = P y
    change = []
    for w, wa in kept:
        py = wa @ contrast
        second = w - wa[..., :p] @ covariance @ wa[..., :p].transpose(0, 2, 1) if problem.restricted else w
        change.append((py[:, :, None] * py[:, None, :] - second) / 2)
    value = -0.5 * (log_determinant + float(contrast @ inner @ contrast) + problem.k * np.log(2 * np.pi))
    if problem.restricted:
        value -= 0.5 * (float(np.linalg.slogdet(inner[:p, :p])[1]) - p * np.log(2 * np.pi))
    back = np.linalg.inv(problem.r)
    return Fitted(
        float(value),
        blocks,
        back @ (problem.least_squares + beta),
        back @ covariance @ back.T,
        tuple(each.gather(change) for each in placed),
    )


def information(problem: Problem, placed: Sequence[Placed], parts: Sequence[tuple[Floats, Floats]]) -> Floats:
    """(q, q) expected information of the free numbers, tr(P dM_i P dM_j) / 2; W in place of P for ML.

    ``parts`` hold the covariance of each term, and its derivatives.
    """
    p, restricted = problem.p, problem.restricted
    q = sum(len(slopes) for _, slopes in parts)
    pairs, once, twice = np.zeros((q, q)), np.zeros((q, p, p)), np.zeros((q, q, p, p))
    bread = np.zeros((p, p))
    changes = [each.spread(slope) for each, (_, slopes) in zip(placed, parts, strict=True) for slope in slopes]
    values = [each.spread(value) for each, (value, _) in zip(placed, parts, strict=True)]
    for at, stack in enumerate(problem.stacks):
        w = np.linalg.inv(np.add.reduce([stack.v, *(value[at] for value in values)]))
        wx = w @ stack.a[..., :p]
        bread += np.tensordot(stack.a[..., :p], wx, ([0, 1], [0, 1]))
        turned = [w @ change[at] for change in changes]
        weighed = [change[at] @ wx for change in changes]
        for i in range(q):
            once[i] += np.tensordot(wx, weighed[i], ([0, 1], [0, 1]))
            for j in range(q):
                pairs[i, j] += float(np.vdot(turned[i], turned[j].transpose(0, 2, 1)))
                if restricted:
                    twice[i, j] += np.tensordot(weighed[i], w @ weighed[j], ([0, 1], [0, 1]))
    if restricted:
        c = np.linalg.inv(bread)
        pairs = pairs - 2 * np.einsum("ab,ijba->ij", c, twice) + np.einsum("ab,ibc,cd,jda->ij", c, once, c, once)
    return np.asarray(pairs / 2)
