"""Finite mixtures of normal distributions: what a quadrature over tau turns every posterior into.

A batch of R mixtures of n components each; everything is exact for the mixture, so that its error is that
of the quadrature weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]

# stands for the zero standard deviation of a point, so that z scores need no special case
_POINT = 1e-300
_CHUNK = 4_000_000
# components whose quantile is a good beginning for that of all
_FEW = 1000


@dataclass(frozen=True, slots=True)
class Mixture:
    """R normal mixtures: ``weights`` (R, n) with rows that sum to 1, ``mean`` and ``sd`` (R, n)."""

    weights: Floats
    mean: Floats
    sd: Floats

    def moments(self) -> tuple[Floats, Floats]:
        """Means and standard deviations, (R,) each."""
        mean = (self.weights * self.mean).sum(axis=1)
        variance = (self.weights * (self.sd**2 + (self.mean - mean[:, None]) ** 2)).sum(axis=1)
        return mean, np.sqrt(variance)

    def cdf(self, x: Floats) -> Floats:
        """Probability of values up to x, (R, m) for x (R, m)."""
        return self._over_rows(x, lambda w, z, s: (w * ndtr(z)).sum(axis=-1))

    def density(self, x: Floats) -> Floats:
        """Density at x, (R, m) for x (R, m)."""
        return self._over_rows(x, lambda w, z, s: (w / s * np.exp(-0.5 * z * z)).sum(axis=-1) / _ROOT_2_PI)

    def probability(self, low: Floats, high: Floats) -> Floats:
        """Probability between two bounds, (R,), without loss of digits in the upper tail."""
        s = np.maximum(self.sd, _POINT)
        ends = (low[:, None] - self.mean) / s, (high[:, None] - self.mean) / s
        if np.isposinf(high).all():
            between = ndtr(-ends[0])
        else:
            upper = ends[0] > 0  # there, the same in the lower tail
            between = ndtr(np.where(upper, -ends[0], ends[1])) - ndtr(np.where(upper, -ends[1], ends[0]))
        total: Floats = (self.weights * between).sum(axis=1)
        return total

    def quantile(self, p: Floats) -> Floats:
        """Quantiles (R, m) for probabilities (m,), to about 12 digits."""
        z, size = ndtri(p), max(1, _CHUNK // max(1, self.mean.shape[1] * len(p)))
        parts = [slice(i, i + size) for i in range(0, len(self.mean), size)]
        return np.concatenate([Mixture(self.weights[i], self.mean[i], self.sd[i])._solve(z) for i in parts])

    def mode(self) -> Floats:
        """Where the density is highest, (R,).

        It lies between component means, because outside of their range all components fall together. Of
        several peaks, the highest seen from a sample of that range is refined.
        """
        n = self.mean.shape[1]
        bottom, top = self.mean.min(axis=1, keepdims=True), self.mean.max(axis=1, keepdims=True)
        even = bottom + (top - bottom) * np.linspace(0, 1, 17)
        sample = np.concatenate([np.sort(self.mean, axis=1)[:, :: max(1, n // 16)], even], axis=1)
        best = sample[np.arange(len(sample)), self.density(sample).argmax(axis=1)][:, None]
        # many components have next to the same mean, so the neighbours are those that truly differ
        apart = 1e-9 * (top - bottom)
        low = np.where(sample < best - apart, sample, bottom).max(axis=1)
        high = np.where(sample > best + apart, sample, top).min(axis=1)
        s = np.maximum(self.sd, _POINT)

        def slope(x: Floats, some: NDArray[np.bool_]) -> tuple[Floats, Floats]:
            # minus the derivative of the density, and that of it
            z = (x[:, None] - self.mean[some]) / s[some]
            part = self.weights[some] * np.exp(-0.5 * z * z) / s[some] ** 2
            return (part * z).sum(axis=1), (part / s[some] * (1 - z * z)).sum(axis=1)

        return increasing_root(slope, best[:, 0], low, high, s.min(axis=1))

    def _over_rows(self, x: Floats, reduce: Callable[[Floats, Floats, Floats], Floats]) -> Floats:
        size = max(1, _CHUNK // (self.mean.shape[1] * x.shape[1]))
        result = np.empty(x.shape)
        for i in range(0, len(x), size):
            part = slice(i, i + size)
            s = np.maximum(self.sd[part], _POINT)[:, None, :]
            z = (x[part, :, None] - self.mean[part, None, :]) / s
            result[part] = reduce(self.weights[part, None, :], z, s)
        return result

    def _solve(self, z: Floats) -> Floats:
        # A quantile lies between the smallest and the largest of the components' own. It is sought on the
        # normal scale, ndtri(F(x)) = z, where a single component makes a straight line.
        w, mean, s = self.weights, self.mean, np.maximum(self.sd, _POINT)
        own = z[:, None] * s[:, None]
        own += mean[:, None]
        centre, scale = self.moments()
        rows, target = np.repeat(np.arange(len(w)), len(z)), np.tile(z, len(w))
        height = w / s

        def gap(x: Floats, some: NDArray[np.bool_]) -> tuple[Floats, Floats]:
            # of the slope h' and its own, h'', Halley's step is made: its error is about the last one's cube
            if some.all():  # no row is copied for each of its quantiles
                x, parts = x.reshape(len(w), -1, 1), [part[:, None] for part in (w, mean, s, height)]
            else:
                x, parts = x[:, None], [part[rows[some]] for part in (w, mean, s, height)]
            weight, middle, spread, high = parts
            at = x - middle  # many numbers: changed in place, which takes half of the time
            at /= spread
            share = ndtr(at)
            share *= weight
            density = at * at
            density *= -0.5
            np.exp(density, out=density)
            density *= high
            at /= spread
            at *= density
            below = ndtri(share.sum(axis=-1).ravel())
            value, stretch = below - target[some], np.exp(0.5 * below * below)
            slope = density.sum(axis=-1).ravel() * stretch
            bend = below * slope**2 - at.sum(axis=-1).ravel() * stretch
            return value, slope - value * bend / (2 * slope)

        every = w.shape[1] // _FEW
        if every > 1:  # begun where a sample of the components has it, two steps are left
            some = w[:, ::every]
            begin = Mixture(some / some.sum(axis=1, keepdims=True), mean[:, ::every], s[:, ::every])._solve(z)
        else:
            begin = centre[:, None] + z * scale[:, None]
        low, high = own.min(axis=-1), own.max(axis=-1)
        found = increasing_root(gap, begin.ravel(), low.ravel(), high.ravel(), np.repeat(scale, len(z)), near=1e-5)
        return found.reshape(len(w), len(z))


@np.errstate(all="ignore")  # far out values and slopes vanish: the bracket is halved then
def increasing_root(
    f: Callable[[Floats, NDArray[np.bool_]], tuple[Floats, Floats]],
    start: Floats,
    low: Floats,
    high: Floats,
    scale: Floats,
    near: float = 1e-8,
) -> Floats:
    """Roots of T increasing functions by steps of value / slope (Newton's) kept inside a bracket.

    Parameters
    ----------
    f : callable
        Gives values and slopes at x, one entry for each of the functions that a (T,) mask picks.
    start : (T,) array
        Where the search begins.
    low : (T,) array
        A bound that no root lies below.
    high : (T,) array
        A bound that no root lies above.
    scale : (T,) array
        Of what a step is compared with.
    near : float
        A step of ``near`` (scale + |x|) ends the search: the next one would be too small to see (Newton's is about the
        square of the last).
    """
    x, low, high = np.clip(start, low, high), low.copy(), high.copy()
    active = low < high
    for _ in range(200):
        if not active.any():
            break
        at = x[active]
        value, slope = f(at, active)
        down = np.where(value > 0, low[active], at)
        up = np.where(value < 0, high[active], at)
        around = np.abs(at) + scale[active]
        tolerance = 1e-13 * around
        step = value / slope
        # a step too small to see is the end, even where rounding puts it outside of the bracket
        arrived = (np.abs(step) <= tolerance) | (value == 0)
        new = np.where(arrived, at, at - step)
        inside = (new > down) & (new < up)
        new = np.where(arrived | inside, new, 0.5 * (down + up))
        low[active], high[active], x[active] = down, up, new
        last = arrived | (inside & (np.abs(step) <= near * around))
        active[active] = ~last & (up - down > tolerance)
    return x


_ROOT_2_PI = math.sqrt(2 * math.pi)
