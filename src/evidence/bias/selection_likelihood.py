"""Log-likelihood of a selection model with its gradient.

Each study contributes log w(p_i) + log N(yi; mu_i, vi + tau2) - log A_i, where A_i is the integral of w times the
normal density: the chance, up to a factor, of the study to be seen at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ..models.engine import Floats
from .selection_functions import Family, p_values

_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(12)
# Panels of the integral: this far from the mean in its standard deviations, and at these z values of the study.
_MEAN_BREAKS = np.array([0.0, 1.0, 2.25, 3.5, 5.0, 7.0, 9.5])
_Z_BREAKS = np.array([0.0, 0.7, 1.4, 2.1, 2.8, 3.5, 5.0, 6.5, 8.0])


@dataclass(frozen=True, slots=True)
class Selected:
    """Seen studies: log w(p_i) and log A_i with their derivatives.

    Attributes
    ----------
    log_w, log_a : (k,) arrays
    log_w_delta, log_a_delta : (d, k) arrays, derivatives by the free deltas
    log_a_mu, log_a_tau2 : (k,) arrays
    """

    log_w: Floats
    log_w_delta: Floats
    log_a: Floats
    log_a_mu: Floats
    log_a_tau2: Floats
    log_a_delta: Floats


class Selection(ABC):
    """What a selection function says about given studies."""

    @abstractmethod
    def __call__(self, mu: Floats, variance: Floats, delta: Floats) -> Selected:
        """At means and total variances (k,) and the free deltas (d,)."""


class StepSelection(Selection):
    """A step function of the p value: w = delta_j for alpha_(j-1) < p <= alpha_j, delta_1 = 1.

    Parameters
    ----------
    y, v : (k,) arrays; steps : (c,) array, increasing cut points, the last of them 1; two_sided : bool
    """

    def __init__(self, y: Floats, v: Floats, steps: Floats, two_sided: bool) -> None:
        se = np.sqrt(v)
        p = 2 * ndtr(-np.abs(y / se)) if two_sided else ndtr(-y / se)
        self.interval: NDArray[np.int64] = np.searchsorted(steps, p, side="left")
        edges = -ndtri(np.concatenate([[0.0], steps]) / (2 if two_sided else 1))
        self._bounds = edges[:, None] * se
        self._two_sided = two_sided

    def __call__(self, mu: Floats, variance: Floats, delta: Floats) -> Selected:
        level = np.concatenate([[1.0], delta])
        mass, by_mu, by_variance = self._mass(self._bounds, mu, variance)
        if self._two_sided:
            mirrored = self._mass(-self._bounds, mu, variance)
            mass, by_mu, by_variance = mass - mirrored[0], by_mu - mirrored[1], by_variance - mirrored[2]
        a = level @ mass
        own = (self.interval[None] == np.arange(1, len(level))[:, None]) / delta[:, None]
        return Selected(
            np.log(level[self.interval]), own, np.log(a), level @ by_mu / a, level @ by_variance / a, mass[1:] / a
        )

    @staticmethod
    def _mass(bounds: Floats, mu: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
        """Normal probability between neighbouring bounds (c, k), with its derivatives by mean and variance."""
        s = np.sqrt(variance)
        u = (bounds - mu) / s
        density = np.exp(-0.5 * u**2) / np.sqrt(2 * np.pi)
        slope = np.where(np.isfinite(u), u, 0.0) * density
        return -np.diff(ndtr(u), axis=0), np.diff(density, axis=0) / s, np.diff(slope, axis=0) / (2 * variance)


class SmoothSelection(Selection):
    """A smooth function of the p value; A_i by Gauss-Legendre quadrature on panels that follow both its scales.

    Panels end where w has a kink: at p values held back from 0 and 1, and, in two-sided models, in ever shorter steps
    towards z = 0, where log(1 - p) falls off like log(z).
    """

    def __init__(self, y: Floats, v: Floats, family: Family, two_sided: bool) -> None:
        self._se = np.sqrt(v)
        self._family = family
        self._two_sided = two_sided
        self._own = p_values(y / self._se, two_sided, family.edge)
        kinks = np.empty(0)
        if family.edge and two_sided:
            near_zero = -ndtri((1 - family.edge) / 2)
            kinks = np.append(near_zero * np.geomspace(1, 0.2 / near_zero, 8), -ndtri(family.edge / 2))
        elif family.edge:
            kinks = np.array([-ndtri(family.edge)])
        breaks = np.concatenate([_Z_BREAKS, kinks])
        self._breaks = np.unique(np.concatenate([-breaks, breaks]))

    def __call__(self, mu: Floats, variance: Floats, delta: Floats) -> Selected:
        s = np.sqrt(variance)
        x, weight = self._quadrature(mu, s)
        u = (x - mu[:, None]) / s[:, None]
        log_w, by_delta = self._family.log_weight(
            delta, p_values(x / self._se[:, None], self._two_sided, self._family.edge)
        )
        mass = weight * np.exp(log_w - 0.5 * u**2) / (s[:, None] * np.sqrt(2 * np.pi))
        a = mass.sum(axis=1)
        own, own_delta = self._family.log_weight(delta, self._own)
        return Selected(
            own,
            own_delta,
            np.log(a),
            np.sum(mass * u, axis=1) / (s * a),
            np.sum(mass * (u**2 - 1), axis=1) / (2 * variance * a),
            np.sum(mass * by_delta, axis=2) / a,
        )

    def _quadrature(self, mu: Floats, s: Floats) -> tuple[Floats, Floats]:
        """Nodes and weights (k, m) over mu +- 9.5 s."""
        spread = np.unique(np.concatenate([-_MEAN_BREAKS, _MEAN_BREAKS]))
        around = mu[:, None] + s[:, None] * spread
        breaks = np.clip(self._se[:, None] * self._breaks, around[:, :1], around[:, -1:])
        edges = np.sort(np.concatenate([around, breaks], axis=1), axis=1)
        half = np.diff(edges, axis=1)[:, :, None] / 2
        middle = (edges[:, 1:, None] + edges[:, :-1, None]) / 2
        k = len(mu)
        return (middle + half * _NODES).reshape(k, -1), (half * _NODE_WEIGHTS).reshape(k, -1)


def log_likelihood(y: Floats, v: Floats, x: Floats, selection: Selection, parameters: Floats) -> tuple[float, Floats]:
    """Value and gradient at parameters (beta, tau2, delta).

    Parameters
    ----------
    y, v : (k,) arrays; x : (k, p) array, design; parameters : (p + 1 + d,) array
    """
    p = x.shape[1]
    mu, variance = x @ parameters[:p], v + parameters[p]
    seen = selection(mu, variance, parameters[p + 1 :])
    residual = y - mu
    value = np.sum(seen.log_w - seen.log_a - 0.5 * (np.log(2 * np.pi * variance) + residual**2 / variance))
    by_mu = residual / variance - seen.log_a_mu
    by_tau2 = 0.5 * (residual**2 / variance - 1) / variance - seen.log_a_tau2
    by_delta = np.sum(seen.log_w_delta - seen.log_a_delta, axis=1)
    return float(value), np.concatenate([x.T @ by_mu, [by_tau2.sum()], by_delta])
