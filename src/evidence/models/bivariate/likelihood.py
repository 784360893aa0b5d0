"""Likelihood of a bivariate random-effects model, its gradient, and its maximum under constraints."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import NotConverged

Floats = NDArray[np.float64]

_STEP = 1e-6
# a gradient this small, in units of typical sampling standard deviations, is that of a maximum
_FLAT, _NEXT_TO_ZERO = 1e-4, 1e-6

# a curve through the covariance matrices between studies: parameters to matrix and its derivatives
Shape = Callable[[Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two outcomes a study, either of which may be missing.

    Attributes
    ----------
    y : (k, 2) array, effect sizes; 0 where ``seen`` is False
    v : (k, 2) array, sampling variances; 1 where ``seen`` is False
    covariance : (k,) array, sampling covariances, 0 where an outcome is missing
    seen : (k, 2) bool array
    restricted : bool, REML or ML
    """

    y: Floats
    v: Floats
    covariance: Floats
    seen: NDArray[np.bool_]
    restricted: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """Maximum under a constraint: log likelihood, between-study covariance (2, 2), means (2,), their covariance."""

    log_likelihood: float
    between: Floats
    mean: Floats
    vcov: Floats


def fit(pairs: Pairs, shape: Shape, starts: list[Floats], positive: bool = True) -> Fit:
    """The highest likelihood along a shape of covariance matrices, over several starts.

    ``positive`` says whether parameters are standard deviations, above zero or as near to it as it gets.

    Warns
    -----
    NotConverged
        No start led to a maximum.
    """

    def target(parameters: Floats) -> tuple[Floats, Floats]:
        between, slopes = (np.array(parts) for parts in zip(*map(shape, parameters), strict=True))
        value, gradient, _, _ = log_likelihood(pairs, between)
        return value, np.einsum("bpij,bij->bp", slopes, gradient)

    found = [_climb(target, start, positive) for start in starts]
    value, parameters, arrived = max(found, key=lambda end: end[0])
    if not arrived:
        warnings.warn(f"the likelihood was still rising at {value:g}", NotConverged, stacklevel=4)
    between, _ = shape(parameters)
    _, _, mean, vcov = log_likelihood(pairs, between[None])
    return Fit(value, between, mean[0], vcov[0])


def log_likelihood(pairs: Pairs, between: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(Restricted) log likelihood at B between-study covariance matrices (B, 2, 2), means profiled out.

    Returns
    -------
    values (B,), gradients by the entries of ``between`` (B, 2, 2), means (B, 2), their covariance (B, 2, 2)

    Notes
    -----
    With Wi = (Si + T)^-1 over the outcomes that study i has, C = (sum Wi)^-1 and ri = yi - mean, minus twice the
    log likelihood is sum log|Si + T| + sum ri' Wi ri + N log 2 pi; REML adds log|sum Wi| - log|X'X| and takes 2 off
    N. The gradient is sum(Wi ri ri' Wi - Wi + Wi C Wi) / 2, under ML without the last term. All matrices are
    2 x 2 and written out.

    References
    ----------
    van Houwelingen, Arends & Stijnen (2002), Statistics in Medicine 21:589, 10.1002/sim.1040.
    """
    seen1, seen2 = pairs.seen.T
    y1, y2 = pairs.y.T
    m1 = np.where(seen1, pairs.v[:, 0] + between[:, :1, 0], 1.0)
    m2 = np.where(seen2, pairs.v[:, 1] + between[:, 1:, 1], 1.0)
    m12 = np.where(seen1 & seen2, pairs.covariance + between[:, :1, 1], 0.0)
    det = m1 * m2 - m12**2
    w1, w2, w12 = seen1 * m2 / det, seen2 * m1 / det, -m12 / det
    s1, s2, s12 = w1.sum(axis=1), w2.sum(axis=1), w12.sum(axis=1)
    size = s1 * s2 - s12**2
    c1, c2, c12 = s2 / size, s1 / size, -s12 / size
    t1, t2 = (w1 * y1 + w12 * y2).sum(axis=1), (w12 * y1 + w2 * y2).sum(axis=1)
    mean1, mean2 = c1 * t1 + c12 * t2, c12 * t1 + c2 * t2
    r1, r2 = seen1 * (y1 - mean1[:, None]), seen2 * (y2 - mean2[:, None])
    p1, p2 = w1 * r1 + w12 * r2, w12 * r1 + w2 * r2
    count = pairs.seen.sum(axis=0)
    twice = np.log(det).sum(axis=1) + (p1 * r1 + p2 * r2).sum(axis=1) + count.sum() * math.log(2 * math.pi)
    g1, g2, g12 = (p1**2).sum(axis=1) - s1, (p2**2).sum(axis=1) - s2, (p1 * p2).sum(axis=1) - s12
    if pairs.restricted:
        twice += np.log(size) - np.log(count).sum() - 2 * math.log(2 * math.pi)
        b1, b2, b12 = c1[:, None], c2[:, None], c12[:, None]
        g1 = g1 + (w1**2 * b1 + 2 * w1 * w12 * b12 + w12**2 * b2).sum(axis=1)
        g2 = g2 + (w12**2 * b1 + 2 * w12 * w2 * b12 + w2**2 * b2).sum(axis=1)
        g12 = g12 + (w1 * w12 * b1 + (w1 * w2 + w12**2) * b12 + w12 * w2 * b2).sum(axis=1)
    mean = np.stack([mean1, mean2], axis=1)
    return -0.5 * twice, 0.5 * _symmetric(g1, g12, g2), mean, _symmetric(c1, c12, c2)


def _symmetric(first: Floats, off: Floats, second: Floats) -> Floats:
    return np.stack([first, off, off, second], axis=-1).reshape(-1, 2, 2)


def _climb(
    target: Callable[[Floats], tuple[Floats, Floats]], start: Floats, positive: bool
) -> tuple[float, Floats, bool]:
    # Newton steps, their Hessian from differences of the gradient, damped until the value rises (Levenberg).
    at, damping = start.astype(float), 1e-3
    value, gradient = _only(target(at[None]))
    for _ in range(200):
        hessian = (target(at + _STEP * np.eye(len(at)))[1] - gradient) / _STEP
        hessian = 0.5 * (hessian + hessian.T)
        # a standard deviation next to zero that would rather be smaller stays there
        settled = (at < _NEXT_TO_ZERO) & (gradient < 0) if positive else np.zeros(len(at), bool)
        hessian[settled], hessian[:, settled] = 0.0, 0.0
        uphill = np.where(settled, 0.0, gradient)
        curvature, axes = np.linalg.eigh(-hessian)
        push = axes.T @ uphill
        for _ in range(60):
            step = axes @ (push / (np.maximum(curvature, -0.5 * curvature) + damping))
            # at exactly zero every gradient vanishes, so zero is only ever approached
            new = np.maximum(at + step, 0.1 * at) if positive else at + step
            new_value, new_gradient = _only(target(new[None]))
            if new_value >= value:
                break
            damping = 10 * damping + 1e-6
        else:
            break
        moved = np.abs(new - at).max()
        at, value, gradient, damping = new, new_value, new_gradient, damping / 100
        if moved < 1e-10:
            return value, at, True
    return value, at, bool(np.abs(uphill).max() < _FLAT)


def _only(batch: tuple[Floats, Floats]) -> tuple[float, Floats]:
    return float(batch[0][0]), batch[1][0]


def unstructured(parameters: Floats) -> tuple[Floats, Floats]:
    """Any covariance matrix, as L L' with L = [[a, 0], [b, c]]; correlations of -1 and 1 are at c = 0."""
    a, b, c = parameters
    between = np.array([[a * a, a * b], [a * b, b * b + c * c]])
    return between, np.array([[[2 * a, b], [b, 0]], [[0, a], [a, 2 * b]], [[0, 0], [0, 2 * c]]])


def fixed_correlation(rho: float) -> Shape:
    """Standard deviations a and b, both at least 0, with a given correlation."""

    def shape(parameters: Floats) -> tuple[Floats, Floats]:
        a, b = parameters
        between = np.array([[a * a, rho * a * b], [rho * a * b, b * b]])
        return between, np.array([[[2 * a, rho * b], [rho * b, 0]], [[0, rho * a], [rho * a, 2 * b]]])

    return shape


def fixed_slope(slope: float) -> Shape:
    """Standard deviation a of the first, and c of the second around its regression with a given slope."""

    def shape(parameters: Floats) -> tuple[Floats, Floats]:
        a, c = parameters
        direction = np.array([[1, slope], [slope, slope * slope]])
        return a * a * direction + np.diag([0, c * c]), np.array([2 * a * direction, np.diag([0, 2 * c])])

    return shape
