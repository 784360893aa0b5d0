"""Best linear unbiased predictions of random effects of any structure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...errors import NotEstimable
from ..engine.engine import Floats
from ..engine.inference import critical
from .mixed_likelihood import Placed
from .mixed_maximum import Maximum
from .problem import Problem
from .terms import Term


@dataclass(frozen=True, eq=False)
class _Sums:
    """Of the rows of a group: how many, and Z'Py, Z'WX, Z'WZ."""

    rows: Floats
    zpy: Floats
    zwx: Floats
    zwz: Floats

    def plus(self, other: _Sums) -> _Sums:
        return _Sums(self.rows + other.rows, self.zpy + other.zpy, self.zwx + other.zwx, self.zwz + other.zwz)


def predicted_effects(
    problem: Problem, placed: tuple[Placed, ...], top: Maximum, residual: Floats, x: Floats, normal: bool, level: float
) -> pd.DataFrame:
    """The random effects of every group, one row an effect that has rows.

    Notes
    -----
    With T the covariance of a group's effects and Z their rows, u = T Z'P y with the prediction variance
    T - T Z'PZ T. Intervals use t with as many degrees of freedom as there are groups, less p; the normal distribution
    if ``normal``.
    """
    rows = []
    for each, theta in zip(placed, top.theta, strict=True):
        term, matrix = each.term, each.term.covariance.matrix(theta)
        spare = len(term.groups) - problem.p
        if spare < 1 and not normal:
            raise NotEstimable(
                f"{len(term.groups)} groups of {term.name!r} are too few to predict with {problem.p} coefficients"
            )
        crit = float(critical(level, np.array([np.inf if normal else spare]))[0])
        for group, sums in _sums(problem, top, residual, x, term):
            estimate = matrix @ sums.zpy
            zpz = sums.zwz - sums.zwx @ top.fitted.covariance @ sums.zwx.T
            variance = np.diag(matrix) - np.einsum("ij,jk,ik->i", matrix, zpz, matrix)
            se = np.sqrt(np.maximum(variance, 0.0))
            for value in np.flatnonzero(sums.rows):
                low, high = estimate[value] - crit * se[value], estimate[value] + crit * se[value]
                rows.append((term.name, *_called(term, group, int(value)), estimate[value], se[value], low, high))
    columns = ["effect", "group", "of", "estimate", "se", "pi_low", "pi_high"]
    return pd.DataFrame(rows, columns=columns).set_index(columns[:3])


def _called(term: Term, group: int, value: int) -> tuple[str, str]:
    if term.given.R is not None:
        return term.labels[value], ""
    return term.groups[group], "" if term.given.within is None else term.labels[value]


def _sums(problem: Problem, top: Maximum, residual: Floats, x: Floats, term: Term) -> Iterator[tuple[int, _Sums]]:
    """Number of each group in order, and its sums over the blocks it has rows in."""
    found: dict[int, _Sums] = {}
    values = np.arange(term.covariance.m)
    for stack, blocks in zip(problem.rows, top.fitted.blocks, strict=True):
        for rows, w in zip(stack, np.linalg.inv(blocks), strict=True):
            wx, py = w @ x[rows], w @ residual[rows]
            for group in map(int, np.unique(term.outer[rows])):
                here = np.flatnonzero(term.outer[rows] == group)
                z = (term.inner[rows][here][:, None] == values).astype(float)
                own = _Sums(z.sum(axis=0), z.T @ py[here], z.T @ wx[here], z.T @ w[np.ix_(here, here)] @ z)
                found[group] = own if group not in found else found[group].plus(own)
    yield from sorted(found.items())
