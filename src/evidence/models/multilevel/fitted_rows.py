"""The rows of a fit with nested random effects: what the sandwich sees, and what each row weighs."""

from __future__ import annotations

import numpy as np

from ..dependence.blocks import BlockDiagonal
from ..dependence.working_model import WorkingModel
from ..design import Design
from ..engine.engine import Floats
from .problem import Problem
from .variance_components import State


def working_model(problem: Problem, state: State, design: Design, yi: Floats, level: float) -> WorkingModel:
    """A fit as the sandwich sees it: weights are the inverse of the marginal variance."""
    blocks = tuple(stack.marginal(state.sigma2) for stack in problem.stacks)
    weights = BlockDiagonal(
        problem.rows, tuple(np.asarray(np.linalg.inv(block), dtype=float) for block in blocks), problem.k
    )
    covariance = BlockDiagonal(problem.rows, blocks, problem.k)
    residual = yi - design.x @ state.beta
    return WorkingModel(design.names, state.beta, design.x, residual, weights, covariance, level)


def row_weights(model: WorkingModel) -> Floats:
    """Share of each row in a common mean, (k,), in percent: row sums of the weights."""
    sums = np.empty(model.weights.k)
    for rows, values in zip(model.weights.rows, model.weights.values, strict=True):
        sums[rows] = values.sum(axis=2)
    return np.asarray(100 * sums / sums.sum())
