"""The maximum of the likelihood of random effects of any structure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ...errors import NotEstimable
from ..engine.engine import Floats
from .mixed_likelihood import Fitted, Placed, information, likelihood
from .problem import Problem

_STEPS = 300
_STEEP, _LEVEL = 1e-9, 1e-5  # slopes at which the search ends, and below which its end is a maximum
_NUDGE = 1e-6
_ZERO = 1e-8  # a variance of this share of the typical total is none
_FLAT = 1e-9


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the likelihood is highest.

    Attributes
    ----------
    fitted : Fitted
    phi : tuple of arrays
        Free numbers of each term.
    theta : tuple of arrays
        tau2 and rho of each term.
    converged : bool
    """

    fitted: Fitted
    phi: tuple[Floats, ...]
    theta: tuple[Floats, ...]
    converged: bool


def find_maximum(problem: Problem, placed: Sequence[Placed]) -> Maximum:
    """The highest point reached from starts with correlations of a half and, where that ends at an edge, near none.

    Raises
    ------
    NotEstimable
        The rows do not tell the parameters apart.
    numpy.linalg.LinAlgError
        M is not positive definite at the start.
    """
    start = _guess(problem, placed, 0.5)
    _refuse_confounded(problem, placed, start)
    best = climb(problem, placed, start)
    if at_edge(placed, best.theta):
        other = climb(problem, placed, _guess(problem, placed, 0.05))
        if other.converged >= best.converged and other.fitted.log_likelihood > best.fitted.log_likelihood:
            return other
    return best


def climb(problem: Problem, placed: Sequence[Placed], start: Sequence[Floats]) -> Maximum:
    """Climb from a start: Newton steps in a trust region (Conn, Gould & Toint 2000, ch. 7), slopes analytic."""
    from scipy.optimize import minimize  # slow to import

    cut = np.cumsum([len(part) for part in start])[:-1]
    unit = np.concatenate([each.term.covariance.units(math.sqrt(problem.scale)) for each in placed])
    first: Floats = np.concatenate(list(start)) / unit

    @lru_cache(maxsize=64)
    def at(point: bytes) -> tuple[float, Floats]:
        phi = np.split(np.frombuffer(point) * unit, cut)
        parts = [each.term.covariance.value_and_slopes(own) for each, own in zip(placed, phi, strict=True)]
        try:
            fitted = likelihood(problem, placed, [value for value, _ in parts])
        except np.linalg.LinAlgError:
            return np.inf, np.zeros(len(unit))
        slopes = [np.tensordot(each, fitted.slopes[i], 2) for i, (_, each) in enumerate(parts)]
        return -fitted.log_likelihood, -np.concatenate(slopes) * unit

    def fall(point: Floats) -> float:
        return at(point.tobytes())[0]

    def slope(point: Floats) -> Floats:
        return at(point.tobytes())[1]

    def bend(point: Floats) -> Floats:
        here = slope(point)
        rows = [(slope(point + _NUDGE * side) - here) / _NUDGE for side in np.eye(len(point))]
        bent = np.array(rows)
        return np.asarray((bent + bent.T) / 2)

    if not len(first):
        return _reached(problem, placed, np.split(first, cut), True)
    if not np.isfinite(fall(first)):
        raise np.linalg.LinAlgError("the marginal covariance is not positive definite")
    options: Any = {"gtol": _STEEP, "maxiter": _STEPS, "initial_trust_radius": 0.5, "max_trust_radius": 4.0}
    found = minimize(fall, first, jac=slope, hess=bend, method="trust-exact", options=options)
    noise = min(max(abs(float(found.fun)) / 10, 1.0), 100.0)  # rounding of slopes goes with the size of the likelihood
    level = float(np.abs(found.jac).max()) < _LEVEL * noise
    return _reached(problem, placed, np.split(found.x * unit, cut), level)


def inside(problem: Problem, each: Placed, theta: Floats, fixed: Floats | None = None) -> Floats:
    """Free numbers of a term near a maximum, away from edges at which slopes vanish; ``fixed`` are held."""
    covariance = each.term.covariance
    low, high = covariance.bounds
    near = np.nan_to_num(theta)
    spread = near[: covariance.variances]
    np.maximum(spread, 1e-3 * problem.scale, out=spread)
    middle, half = (low + high) / 2, 0.98 * (high - low) / 2
    near[covariance.variances :] = np.clip(near[covariance.variances :], middle - half, middle + half)
    known = covariance.fixed if fixed is None else fixed
    near = np.where(np.isnan(known), near, known)
    if covariance.factored:  # a singular covariance has no slope in what would make it regular
        root = np.sqrt(near[: covariance.variances])
        return covariance.factor_of(0.98 * covariance.matrix(near) + 0.02 * np.diag(root**2))
    return covariance.start(near)


def at_edge(placed: Sequence[Placed], theta: Sequence[Floats]) -> list[str]:
    """What lies at the edge of what is possible, in words: variances of zero, correlations of one."""
    words = []
    for each, values in zip(placed, theta, strict=True):
        term, covariance = each.term, each.term.covariance
        low, high = covariance.bounds
        for (kind, label), value, free in zip(term.parameter_names(), values, covariance.free, strict=True):
            of = f"{kind} of {label}" if label else kind
            if free and kind == "tau2" and value == 0:
                words.append(f"{of} ({term.name}) is zero")
            elif free and kind == "rho" and np.isnan(value):
                words.append(f"{of} ({term.name}) is open, for a variance is zero")
            elif free and kind == "rho" and min(value - low, high - value) < _LEVEL:
                words.append(f"{of} ({term.name}) is at the edge, {value:.0f}")
        if covariance.kind == "UN" and covariance.m > 2 and not any(term.name in said for said in words):
            smallest = np.linalg.eigvalsh(covariance.matrix(values))[0]
            if smallest < _LEVEL * values[: covariance.variances].max():
                words.append(f"the covariance of {term.name} is singular")
    return words


def _guess(problem: Problem, placed: Sequence[Placed], rho: float) -> list[Floats]:
    start = []
    for each in placed:
        covariance = each.term.covariance
        theta = np.full(len(covariance.fixed), rho)
        theta[: covariance.variances] = problem.scale / (2 * len(placed))
        start.append(covariance.start(np.where(covariance.free, theta, covariance.fixed)))
    return start


def _reached(problem: Problem, placed: Sequence[Placed], phi: Sequence[Floats], converged: bool) -> Maximum:
    theta, matrices = [], []
    for each, own in zip(placed, phi, strict=True):
        covariance = each.term.covariance
        matrices.append(covariance.value_and_slopes(own)[0])
        values = covariance.parameters(own)
        spread = values[: covariance.variances]
        none = covariance.free[: covariance.variances] & (spread < _ZERO * problem.scale)
        spread[none] = 0.0
        values[covariance.variances :][covariance.lost(none)] = np.nan
        theta.append(values)
    return Maximum(likelihood(problem, placed, matrices), tuple(phi), tuple(theta), converged)


def _refuse_confounded(problem: Problem, placed: Sequence[Placed], start: Sequence[Floats]) -> None:
    slopes = [each.term.covariance.value_and_slopes(own) for each, own in zip(placed, start, strict=True)]
    expected = information(problem, placed, slopes)
    size = np.sqrt(np.maximum(np.diag(expected), 0.0))
    names = [each.term.name for each, own in zip(placed, start, strict=True) for _ in own]
    if (size <= _FLAT * max(size.max(initial=0.0), 1e-300)).any():
        raise NotEstimable(f"the rows say nothing about a variance of {names[int(np.argmin(size))]!r}; fix it: tau2=")
    values, vectors = np.linalg.eigh(expected / np.outer(size, size)) if len(size) else (np.ones(1), np.eye(1))
    if values[0] < _FLAT:
        weak = sorted({name for name, share in zip(names, vectors[:, 0], strict=True) if abs(share) > 0.1})
        raise NotEstimable(
            f"the rows do not tell the variances of {' and '.join(map(repr, weak))} apart: leave a random effect out, "
            "take a simpler structure or fix a parameter"
        )
