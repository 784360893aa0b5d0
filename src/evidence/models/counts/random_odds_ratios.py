"""Maximum likelihood of log odds ratios that vary between trials as a normal distribution.

The log odds ratio of trial i is x_i b + tau z_i, z_i ~ N(0, 1), and z_i is integrated out by Gauss-Hermite quadrature
around the mode of each trial. Derivatives are exact: with s the derivatives of a trial's log-likelihood given z, the
gradient of its marginal log-likelihood is E[s | data], and the Hessian E[s'] + Var(s) (Louis 1982, Journal of the Royal
Statistical Society B 44:226). Given tau the likelihood is log-concave in all else, so that Newton steps find its top;
tau itself is found where the profile likelihood is highest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from ..engine.engine import Floats
from .likelihood import Likelihood

NODES = 31
_GRID = (0.0, 0.05, 0.15, 0.4, 0.8, 1.5, 3.0, 6.0)


@dataclass(frozen=True, eq=False)
class RandomOddsRatios:
    """The maximum.

    Attributes
    ----------
    beta : (p,) array
        Coefficients of the log odds ratios; their mean, without moderators.
    tau : float
        Standard deviation around what is expected.
    log_likelihood : float
    information : (p + 1, p + 1) array, minus the Hessian of the profile likelihood in (beta, tau)
    converged : bool
    """

    beta: Floats
    tau: float
    log_likelihood: float
    information: Floats
    converged: bool


@dataclass(frozen=True, eq=False)
class _Point:
    beta: Floats
    alpha: Floats
    value: float
    gradient: Floats  # (p + 1,), by beta and tau, alpha profiled out
    hessian: Floats  # (p + 1, p + 1)
    settled: bool


def maximise(likelihood: Likelihood, x: Floats, random: bool, start: Floats) -> RandomOddsRatios:
    """Climb from ``start`` to the maximum over beta, tau (0 unless ``random``) and the nuisance parameters.

    ``x`` (k, p) are the moderators of the k trials.
    """
    at = _given_tau(likelihood, x, 0.0, start, np.zeros(len(x)))
    best, tau = at, 0.0
    if random:
        points = [at]
        for value in _GRID[1:]:
            points.append(_given_tau(likelihood, x, value, points[-1].beta, points[-1].alpha))
        for low, high, left, right in zip(_GRID, _GRID[1:], points, points[1:], strict=False):
            # At tau = 0 the slope vanishes by symmetry; the curvature says which way the likelihood goes.
            rises = left.gradient[-1] > 0 if low > 0 else left.hessian[-1, -1] > 0
            if rises and right.gradient[-1] <= 0:
                top = _root(likelihood, x, low, high, left)
                point = _given_tau(likelihood, x, top, left.beta, left.alpha)
                if point.value > best.value:
                    best, tau = point, top
    rises_beyond = random and points[-1].value > best.value
    return RandomOddsRatios(best.beta, tau, best.value, -best.hessian, best.settled and not rises_beyond)


def _root(likelihood: Likelihood, x: Floats, low: float, high: float, near: _Point) -> float:
    point = near

    def slope(tau: float) -> float:
        nonlocal point
        point = _given_tau(likelihood, x, tau, point.beta, point.alpha)
        return float(point.gradient[-1])

    if low == 0:
        low = high / 2
        while slope(low) <= 0:
            high, low = low, low / 2
    return float(brentq(slope, low, high, xtol=1e-12, rtol=1e-12))


def _given_tau(likelihood: Likelihood, x: Floats, tau: float, beta: Floats, alpha: Floats) -> _Point:
    # Newton in beta and alpha, halved until the likelihood rises.
    value, gradient, hessian = _marginal(likelihood, alpha, x @ beta, tau)
    settled = False
    for _ in range(100):
        score, curvature = _profiled(gradient, hessian, x, likelihood.nuisance)
        step = -np.linalg.solve(curvature[:-1, :-1], score[:-1])
        along = x @ step
        steps = -(gradient[:, 0] + hessian[:, 0, 1] * along) / np.where(hessian[:, 0, 0] == 0, -1.0, hessian[:, 0, 0])
        if not likelihood.nuisance:
            steps = np.zeros_like(steps)
        gain = 0.5 * float(gradient[:, 1] @ along + gradient[:, 0] @ steps)  # to be expected of the full step
        if gain <= 1e-13 * (1 + abs(value)):
            settled = True
            break
        shrink = min(1.0, 5.0 / max(float(np.abs(along).max()), float(np.abs(steps).max())))
        for _ in range(30):
            new = _marginal(likelihood, alpha + shrink * steps, x @ (beta + shrink * step), tau)
            if new[0] > value:
                break
            shrink /= 2
        else:
            settled = gain <= 1e-9 * (1 + abs(value))  # rounding hides what is left to gain
            break
        beta, alpha = beta + shrink * step, alpha + shrink * steps
        value, gradient, hessian = new
    score, curvature = _profiled(gradient, hessian, x, likelihood.nuisance)
    return _Point(beta, alpha, value, score, curvature, settled)


def _marginal(likelihood: Likelihood, alpha: Floats, theta: Floats, tau: float) -> tuple[float, Floats, Floats]:
    # Value, and each trial's gradient (k, 3) and Hessian (k, 3, 3) by alpha, theta = x beta and tau.
    z, spread = _modes(likelihood, alpha, theta, tau)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    at = z + spread * nodes[:, None]  # (nodes, k)
    d = likelihood.derivatives(alpha, theta + tau * at)
    log = d.value - at**2 / 2 + (nodes**2 / 2 + np.log(weights) - 0.5 * math.log(2 * math.pi))[:, None] + np.log(spread)
    top = log.max(axis=0)
    share = np.exp(log - top)
    total = share.sum(axis=0)
    share = share / total
    first = np.stack([d.alpha, d.delta, at * d.delta], axis=-1)
    mixed, curved = d.alpha_delta, d.delta_delta
    rows = [d.alpha_alpha, mixed, at * mixed, mixed, curved, at * curved, at * mixed, at * curved, at**2 * curved]
    second = np.stack(rows, axis=-1).reshape(*at.shape, 3, 3)
    gradient = np.einsum("jk,jkp->kp", share, first)
    hessian = np.einsum("jk,jkpq->kpq", share, second)
    hessian += np.einsum("jk,jkp,jkq->kpq", share, first, first) - gradient[:, :, None] * gradient[:, None, :]
    return float((top + np.log(total)).sum()), gradient, hessian


def _modes(likelihood: Likelihood, alpha: Floats, theta: Floats, tau: float) -> tuple[Floats, Floats]:
    # Mode and inverse root curvature of each trial's integrand, by Newton with a limited step.
    z = np.zeros_like(alpha)
    curvature = np.ones_like(alpha)
    for _ in range(60):
        d = likelihood.derivatives(alpha, theta + tau * z)
        curvature = 1 - tau**2 * d.delta_delta
        step = np.clip((tau * d.delta - z) / curvature, -2.0, 2.0)
        z = z + step
        if np.abs(step).max() < 1e-9:
            break
    return z, 1 / np.sqrt(curvature)


def _profiled(gradient: Floats, hessian: Floats, x: Floats, nuisance: bool) -> tuple[Floats, Floats]:
    # Gradient and Hessian in (beta, tau) with each trial's alpha at its best.
    first, second = gradient[:, 1:], hessian[:, 1:, 1:]
    if nuisance:
        cross = hessian[:, 0, 1:]
        weighted = cross / hessian[:, 0, 0][:, None]
        first = first - weighted * gradient[:, 0][:, None]
        second = second - cross[:, :, None] * weighted[:, None, :]
    mixed = x.T @ second[:, 0, 1]
    top = np.column_stack([(x * second[:, 0, 0][:, None]).T @ x, mixed])
    curvature = np.vstack([top, np.append(mixed, second[:, 1, 1].sum())])
    return np.append(x.T @ first[:, 0], first[:, 1].sum()), curvature
