"""Intervals for tau2 from the distribution of a generalised Q with weights of its own."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import gammaincc

from ..engine.engine import Floats
from ..engine.inference import Interval

#: Nodes of the contour on which a Laplace transform is inverted, and its shape (Weideman 2006, table 1).
_NODES = 32
_SHAPE = (-0.6122, 0.5017, 0.6407, 0.2645)


def generalised_q_interval(
    yi: Floats, vi: Floats, x: Floats | None, weights: Floats, level: float, *, gamma: bool = False
) -> Interval:
    """The values of tau2 under which the observed Q is no outlier on either side.

    Parameters
    ----------
    yi : (k,) array
    vi : (k,) array
    x : (k, p) array or None
        Design matrix, None for a common mean.
    weights : (k,) array
        Of Q, fixed: 1 / vi makes it Cochran's.
    level : float
        Coverage.
    gamma : bool
        Take a gamma distribution of the same mean and variance in place of the exact one.

    Notes
    -----
    Q = y'Ay with A = W - W X (X'WX)^-1 X'W is, at a given tau2, a sum of chi-squares weighted by the eigenvalues of
    A (V + tau2 I). P(Q > observed) rises with tau2.
    """
    quadratic = _quadratic(vi, x, weights)
    observed = float(yi @ quadratic @ yi)

    def beyond(tau2: float) -> float:
        return q_above(observed, quadratic, vi, tau2, gamma=gamma)

    scale = float(np.mean(vi)) + float(np.var(yi))
    tails = (0.5 - level / 2, 0.5 + level / 2)
    return Interval(*(solved_tau2(beyond, tail, scale) for tail in tails))


def cochran_form(vi: Floats) -> Floats:
    """(k, k) matrix of Cochran's Q as a quadratic form of the effects."""
    return _quadratic(vi, None, 1 / vi)


def q_above(observed: float, quadratic: Floats, vi: Floats, tau2: float, *, gamma: bool = False) -> float:
    """P(Q > observed) where the effects vary by ``tau2``."""
    root = np.sqrt(vi + tau2)
    scaled = root[:, None] * quadratic * root
    if gamma:
        mean, variance = float(np.trace(scaled)), 2 * float(np.sum(scaled**2))
        return float(gammaincc(mean**2 / variance, observed * mean / variance))
    values = np.linalg.eigvalsh(scaled)
    return 1 - _weighted_chi_square_cdf(observed, values[values > 1e-12 * values[-1]])


def _quadratic(vi: Floats, x: Floats | None, weights: Floats) -> Floats:
    design = np.ones((len(vi), 1)) if x is None else x
    weighted = weights[:, None] * design
    return np.asarray(np.diag(weights) - weighted @ np.linalg.solve(design.T @ weighted, weighted.T))


def _weighted_chi_square_cdf(q: float, values: Floats) -> float:
    """P(sum of values times chi-squares of 1 df <= q): its Laplace transform inverted.

    All singularities of prod(1 + 2 values s)^(-1/2) / s lie on the negative axis, around which the contour bends.
    """
    if q <= 0:
        return 0.0
    angle = (2 * np.arange(_NODES) + 1) * np.pi / _NODES - np.pi
    shift, wide, narrow, tall = _SHAPE
    tangent = np.tan(narrow * angle)
    s = _NODES / q * (shift + wide * angle / tangent + tall * 1j * angle)
    slope = _NODES / q * (wide / tangent - wide * narrow * angle / np.sin(narrow * angle) ** 2 + tall * 1j)
    transform = np.exp(-0.5 * np.log1p(2 * values[:, None] * s).sum(axis=0)) / s
    return float(np.clip((np.exp(s * q) * transform * slope / 1j).sum().real / _NODES, 0.0, 1.0))


def solved_tau2(beyond: Callable[[float], float], tail: float, scale: float) -> float:
    """Where ``beyond`` passes ``tail``; 0 where it is above from the start."""
    from scipy.optimize import brentq

    if beyond(0.0) >= tail:
        return 0.0
    high = scale
    while beyond(high) < tail:
        high *= 4
        if not math.isfinite(high):
            return math.inf
    return float(brentq(lambda tau2: beyond(tau2) - tail, 0.0, high, xtol=1e-14 * scale, rtol=1e-12))
