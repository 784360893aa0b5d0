"""Log-likelihood of a selection model with its gradient.

Each study contributes log w(p_i) + log N(yi; mu_i, vi + tau2) - log A_i, where A_i is the integral of w times the
normal density: the chance, up to a factor, of the study to be seen at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ...models.engine.engine import Floats
from .functions import Family, PValues

_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(8)
# Ends of the panels of the integral, both ways from zero.
_Z_BREAKS = np.array([0.0, 0.7, 1.4, 2.1, 2.8, 3.5, 4.2, 5.0, 6.0, 7.0, 8.0])


@dataclass(frozen=True, slots=True)
class Selected:
    """Seen studies: log w(p_i) and log A_i with their derivatives.

    Attributes
    ----------
    log_w : (k,) array
        Log of the selection function at each study's p value.
    log_w_delta : (d, k) array
        Its derivatives by the free deltas.
    log_a : (k,) array
        Log of the selection function's mean over each study's normal distribution.
    log_a_mu : (k,) array
        Its derivative by the mean.
    log_a_tau2 : (k,) array
        Its derivative by tau2.
    log_a_delta : (d, k) array
        Its derivatives by the free deltas.
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
    y : (k,) array
    v : (k,) array
    steps : (c,) array
        Increasing cut points, the last of them 1.
    two_sided : bool
    """

    def __init__(self, y: Floats, v: Floats, steps: Floats, two_sided: bool) -> None:
        se = np.sqrt(v)
        p = 2 * ndtr(-np.abs(y / se)) if two_sided else ndtr(-y / se)
        self.interval: NDArray[np.int64] = np.searchsorted(steps, p, side="left")
        edges = -ndtri(np.concatenate([[0.0], steps]) / (2 if two_sided else 1))
        self._bounds = edges[:, None] * se
        self._two_sided = two_sided

    @classmethod
    def of_effects(cls, y: Floats, threshold: float) -> StepSelection:
        """A step in the effect itself: w = 1 above the threshold, delta at it and below (Rust et al. 1990)."""
        made = cls.__new__(cls)
        made.interval = (y <= threshold).astype(np.int64)
        made._bounds = np.broadcast_to(np.array([[np.inf], [threshold], [-np.inf]]), (3, len(y)))
        made._two_sided = False
        return made

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
    """A smooth function of the p value; A_i by Gauss-Legendre quadrature over z from -8 to 8.

    Beyond that w is constant to the last digit, and what remains of A_i are normal tails. In between, the normal
    density of a study is never narrower than its sampling error, so panels in z serve all studies at once. They end
    where w has a kink: at p values held back from 0 and 1, at the threshold, and, in two-sided models, in ever shorter
    steps towards z = 0, where log(1 - p) falls off like log(z).

    Parameters
    ----------
    y : (k,) array
    v : (k,) array
    family : Family
    two_sided : bool
    threshold : float, optional
        w is 1 for p values up to it.
    precision : (k,) array, optional
        What multiplies the first delta of each study.
    """

    def __init__(
        self,
        y: Floats,
        v: Floats,
        family: Family,
        two_sided: bool,
        threshold: float | None = None,
        precision: Floats | None = None,
    ) -> None:
        self._se = np.sqrt(v)
        self._family = family
        self._threshold = threshold
        self._precision = precision
        self._own = PValues(y / self._se, two_sided, family.edge)
        breaks = _Z_BREAKS
        if family.edge and two_sided:
            near_zero = -ndtri((1 - family.edge) / 2)
            breaks = np.append(breaks, near_zero * np.geomspace(1, 0.2 / near_zero, 8))
            breaks = np.append(breaks, -ndtri(family.edge / 2))
        elif family.edge:
            breaks = np.append(breaks, -ndtri(family.edge))
        if threshold is not None:
            breaks = np.append(breaks, abs(ndtri(threshold / 2 if two_sided else threshold)))
        edges = np.unique(np.concatenate([-breaks, breaks]))
        half, middle = np.diff(edges)[:, None] / 2, (edges[1:, None] + edges[:-1, None]) / 2
        self._z = (middle + half * _NODES).ravel()
        self._node_weight = (half * _NODE_WEIGHTS).ravel()
        self._at_nodes = PValues(self._z, two_sided, family.edge)
        self._ends = edges[[0, -1]]
        self._at_ends = PValues(self._ends, two_sided, family.edge)

    def __call__(self, mu: Floats, variance: Floats, delta: Floats) -> Selected:
        s = np.sqrt(variance)
        ratio = self._se / s
        u = ratio[:, None] * self._z - (mu / s)[:, None]
        density = np.exp(-0.5 * u**2) * (ratio / np.sqrt(2 * np.pi))[:, None]
        u_ends = ratio[:, None] * self._ends - (mu / s)[:, None]
        side = np.array([1.0, -1.0])
        tails = ndtr(side * u_ends)
        slopes = side * np.exp(-0.5 * u_ends**2) / np.sqrt(2 * np.pi)
        log_w, by_delta = self._log_weight(delta, self._at_nodes)
        log_w_ends, by_delta_ends = self._log_weight(delta, self._at_ends)
        weight, w_ends = self._node_weight * np.exp(log_w), np.exp(log_w_ends)
        # one selection function for all studies, or (k, nodes) of them
        over = np.matmul if weight.ndim == 1 else _row_by_row
        a = over(density, weight) + over(tails, w_ends)
        a_mu = (over(density * u, weight) - over(slopes, w_ends)) / s
        a_variance = (over(density * (u**2 - 1), weight) - over(slopes * u_ends, w_ends)) / (2 * variance)
        a_delta = np.stack(
            [
                over(density, weight * part) + over(tails, w_ends * end)
                for part, end in zip(by_delta, by_delta_ends, strict=True)
            ]
        )
        own, own_delta = self._log_weight(delta, self._own, own=True)
        return Selected(own, own_delta, np.log(a), a_mu / a, a_variance / a, a_delta / a)

    def _log_weight(self, delta: Floats, p: PValues, own: bool = False) -> tuple[Floats, Floats]:
        """log w and its derivatives; with precisions by study, for all (k, nodes) or for each study's own p value."""
        each: Any = delta
        if self._precision is not None:
            scale = self._precision if own else self._precision[:, None]
            each = [delta[0] * scale, *delta[1:]]
        log_w, by_delta = self._family.log_weight(each, p)
        if self._precision is not None:
            shape = np.broadcast_shapes(log_w.shape, scale.shape)
            by_delta = np.stack([np.broadcast_to(part, shape) * (1 if j else scale) for j, part in enumerate(by_delta)])
        if self._threshold is not None:
            free = p.p > self._threshold
            log_w, by_delta = np.where(free, log_w, 0.0), np.where(free, by_delta, 0.0)
        return log_w, by_delta


def _row_by_row(rows: Floats, others: Floats) -> Floats:
    total: Floats = (rows * others).sum(axis=1)
    return total


def log_likelihood(y: Floats, v: Floats, x: Floats, selection: Selection, parameters: Floats) -> tuple[float, Floats]:
    """Value and gradient at parameters (beta, tau2, delta).

    Parameters
    ----------
    y : (k,) array
    v : (k,) array
    x : (k, p) array
        Design.
    selection : Selection
    parameters : (p + 1 + d,) array
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
