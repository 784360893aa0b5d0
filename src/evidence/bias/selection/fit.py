"""Maximum likelihood of a selection model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import NotEstimable
from ...models.engine.engine import Floats
from .likelihood import Selection, log_likelihood

_STEPS = 80
_SMALLEST_MOVE = 1e-10


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the likelihood is highest.

    Attributes
    ----------
    parameters : (n,) array: beta, tau2, delta
    free : (n,) bool array, False for parameters that are fixed or stand at a bound
    se : (n,) array, from the observed information of the free parameters; NaN for the others
    log_likelihood : float
    converged : bool
    """

    parameters: Floats
    free: NDArray[np.bool_]
    se: Floats
    log_likelihood: float
    converged: bool


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
        """Log-likelihood and gradient; not finite where a study's chance to be seen is below what a double can hold."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return log_likelihood(self.y, self.v, self.x, self.selection, parameters)

    def hessian(self, parameters: Floats, free: NDArray[np.bool_]) -> Floats:
        """Second derivatives by the free parameters, by differences of the gradient, central but for bounds."""
        where = np.flatnonzero(free)
        result = np.empty((len(where), len(where)))
        for row, i in enumerate(where):
            step = 1e-5 * max(abs(parameters[i]), 0.1)
            high, low = parameters.copy(), parameters.copy()
            high[i] = min(high[i] + step, self.upper[i])
            low[i] = max(low[i] - step, self.lower[i])
            result[row] = (self.value(high)[1][where] - self.value(low)[1][where]) / (high[i] - low[i])
        return (result + result.T) / 2


def maximise(problem: Problem, starts: list[Floats]) -> Maximum:
    """The best of the maxima reached from several starts.

    Raises
    ------
    NotEstimable
        The information matrix is singular there: the studies do not determine the model.
    """
    climbed = [_climb(problem, np.clip(start, problem.lower, problem.upper)) for start in starts]
    parameters, converged = max(climbed, key=lambda climb: problem.value(climb[0])[0])
    value, gradient = problem.value(parameters)
    free = _free(problem, parameters, gradient)
    information = -problem.hessian(parameters, free)
    if not _is_positive(information):
        raise NotEstimable("the likelihood is flat at its highest point: these studies do not determine the model")
    se = np.full(len(parameters), np.nan)
    se[free] = np.sqrt(np.diagonal(np.linalg.inv(information)))
    return Maximum(parameters, free, se, value, converged)


def _climb(problem: Problem, parameters: Floats) -> tuple[Floats, bool]:
    """Newton's method within bounds and a trust radius, until steps are lost in rounding.

    Where the likelihood is not concave, curvatures count by their size, so that a step always leads uphill. Parameters
    come in units of about one, so one radius serves all.
    """
    value, gradient = problem.value(parameters)
    radius = 1.0
    for _ in range(_STEPS):
        free = _free(problem, parameters, gradient)
        if not free.any():
            return parameters, True
        hessian = problem.hessian(parameters, free)
        if not np.isfinite(hessian).all():
            return parameters, False
        curvature, axes = np.linalg.eigh(hessian)
        size = np.maximum(np.abs(curvature), 1e-9 * max(1.0, np.abs(curvature).max()))
        step = np.zeros_like(parameters)
        step[free] = axes @ ((axes.T @ gradient[free]) / size)
        reach = float(np.abs(step).max())
        step *= min(1.0, radius / reach) if reach > 0 else 0.0
        candidate = np.clip(parameters + step, problem.lower, problem.upper)
        new_value, new_gradient = problem.value(candidate)
        moved = float(np.abs(candidate - parameters).max())
        if not value <= new_value < np.inf:
            if moved <= _SMALLEST_MOVE * max(1.0, float(np.abs(parameters).max())):
                return parameters, True
            radius = moved / 4
            continue
        radius = max(radius, 2 * moved)
        parameters, value, gradient = candidate, new_value, new_gradient
        if moved <= _SMALLEST_MOVE * max(1.0, float(np.abs(parameters).max())):
            return parameters, True
    return parameters, False


def _free(problem: Problem, parameters: Floats, gradient: Floats) -> NDArray[np.bool_]:
    held = (parameters <= problem.lower) & (gradient <= 0) | (parameters >= problem.upper) & (gradient >= 0)
    return np.asarray(~held & (problem.lower < problem.upper))


def _is_positive(matrix: Floats) -> bool:
    """Whether a symmetric matrix is positive definite beyond rounding, whatever the units of its rows."""
    diagonal = np.diagonal(matrix)
    if not np.isfinite(matrix).all() or (diagonal <= 0).any():
        return False
    root = np.sqrt(diagonal)
    return bool(np.linalg.eigvalsh(matrix / np.outer(root, root)).min() > 1e-10)
