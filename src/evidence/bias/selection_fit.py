"""Maximum likelihood of a selection model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, minimize

from ..errors import NotEstimable
from ..models.engine import Floats
from .selection_likelihood import Selection, log_likelihood

_NEWTON_STEPS = 50


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the likelihood is highest.

    Attributes
    ----------
    parameters : (n,) array: beta, tau2, delta
    free : (n,) bool array, False for parameters that are fixed or stand at a bound
    se : (n,) array, from the observed information of the free parameters; NaN for the others
    log_likelihood : float
    """

    parameters: Floats
    free: NDArray[np.bool_]
    se: Floats
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A likelihood and the bounds of its parameters."""

    y: Floats
    v: Floats
    x: Floats
    selection: Selection
    lower: Floats
    upper: Floats

    def value(self, parameters: Floats) -> tuple[float, Floats]:
        return log_likelihood(self.y, self.v, self.x, self.selection, parameters)

    def hessian(self, parameters: Floats, free: NDArray[np.bool_]) -> Floats:
        """Second derivatives by the free parameters, by central differences of the gradient."""
        where = np.flatnonzero(free)
        result = np.empty((len(where), len(where)))
        for row, i in enumerate(where):
            room = min(parameters[i] - self.lower[i], self.upper[i] - parameters[i]) / 2
            step = min(1e-5 * max(abs(parameters[i]), 0.1), room)
            high, low = parameters.copy(), parameters.copy()
            high[i] += step
            low[i] -= step
            result[row] = (self.value(high)[1][where] - self.value(low)[1][where]) / (high[i] - low[i])
        return (result + result.T) / 2


def maximise(problem: Problem, starts: list[Floats]) -> Maximum:
    """The best of the maxima reached from several starts.

    A quasi-Newton search within bounds, then Newton steps until they are lost in rounding, so that the result does
    not hang on the tolerance of the search.

    Raises
    ------
    NotEstimable
        The information matrix is singular there: the studies do not determine the model.
    """
    best: tuple[float, Floats] | None = None
    for start in starts:
        found = minimize(
            lambda parameters: tuple(-part for part in problem.value(parameters)),
            np.clip(start, problem.lower, problem.upper),
            jac=True,
            method="L-BFGS-B",
            bounds=Bounds(problem.lower, problem.upper),
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9},
        )
        if best is None or -found.fun > best[0]:
            best = (-float(found.fun), np.asarray(found.x))
    assert best is not None
    return _polish(problem, best[1])


def _polish(problem: Problem, parameters: Floats) -> Maximum:
    value, gradient = problem.value(parameters)
    for _ in range(_NEWTON_STEPS):
        free = _free(problem, parameters, gradient)
        information = -problem.hessian(parameters, free)
        step = np.zeros_like(parameters)
        if not _is_positive(information):
            break
        step[free] = np.linalg.solve(information, gradient[free])
        candidate, size = parameters, 1.0
        while size > 1e-3:
            candidate = np.clip(parameters + size * step, problem.lower, problem.upper)
            new_value, new_gradient = problem.value(candidate)
            if new_value >= value - 1e-12 * abs(value):
                break
            size /= 2
        else:
            break
        moved = np.abs(candidate - parameters).max()
        parameters, value, gradient = candidate, new_value, new_gradient
        if moved <= 1e-12 * max(1.0, np.abs(parameters).max()):
            break
    free = _free(problem, parameters, gradient)
    information = -problem.hessian(parameters, free)
    if not _is_positive(information):
        raise NotEstimable("the likelihood is flat at its highest point: these studies do not determine the model")
    se = np.full(len(parameters), np.nan)
    se[free] = np.sqrt(np.diagonal(np.linalg.inv(information)))
    return Maximum(parameters, free, se, value)


def _free(problem: Problem, parameters: Floats, gradient: Floats) -> NDArray[np.bool_]:
    held_below = (parameters <= problem.lower) & (gradient <= 0)
    held_above = (parameters >= problem.upper) & (gradient >= 0)
    return ~(held_below | held_above | (problem.lower == problem.upper))


def _is_positive(matrix: Floats) -> bool:
    """Whether a symmetric matrix is positive definite beyond rounding, whatever the units of its rows."""
    diagonal = np.diagonal(matrix)
    if not np.isfinite(matrix).all() or (diagonal <= 0).any():
        return False
    root = np.sqrt(diagonal)
    return bool(np.linalg.eigvalsh(matrix / np.outer(root, root)).min() > 1e-10)
