"""The marginal posterior of a standard deviation, from the nodes of its quadrature.

The posterior density along the quadrature's line is known at equidistant nodes, finely enough that its sinc
interpolant is that density; integrated term by term, the interpolant gives the distribution function
(Stenger 1981, SIAM Review 23:165, 10.1137/1023037).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import sici

from .line import Line
from .mixture import increasing_root
from .quadrature import Grid, MuPrior, conditional
from .tau_prior import TauPrior

Floats = NDArray[np.float64]

# the density at the mode and at tau = 0 (or at the upper limit) agree so far when the mode is there
_FLAT = 1e-12


@dataclass(frozen=True, slots=True)
class Spread:
    """Posterior of tau for a batch of B data sets.

    Attributes
    ----------
    line : Line, from x to tau
    x : (B, n) array
        Equidistant nodes.
    step : (B,) array
        Their distance.
    weights : (B, n) array
        Rows sum to 1.
    log_density : exact log posterior density at tau (B, m) > 0
    finite_moments : int, 2 when mean and sd exist, 1 when only the mean does, 0 when neither
    """

    line: Line
    x: Floats
    step: Floats
    weights: Floats
    log_density: Callable[[Floats], Floats]
    finite_moments: int

    def moments(self) -> tuple[Floats, Floats]:
        """Means and standard deviations, (B,) each; infinite where the tail is too heavy for them."""
        w, tau = self.weights, self.line.tau(self.x)
        mean = (w * tau).sum(axis=1)
        sd = np.sqrt((w * (tau - mean[:, None]) ** 2).sum(axis=1))
        endless = np.full(len(w), np.inf)
        return mean if self.finite_moments >= 1 else endless, sd if self.finite_moments == 2 else endless

    def density(self, tau: Floats) -> Floats:
        """Density at tau, (B, m) for tau (B, m)."""
        inside = (tau > 0) & (tau <= self.line.upper)
        log_density = self.log_density(np.where(inside, tau, 1e-150))
        # at zero the density is its limit, which 1e-150 stands for
        return np.where(inside | (tau == 0), np.exp(log_density), 0.0)

    def cdf(self, tau: Floats) -> Floats:
        """Probability of values up to tau, (B, m) for tau (B, m)."""
        inside = (tau > 0) & (tau < self.line.upper)
        x = self.line.x(np.where(inside, tau, np.minimum(1.0, self.line.upper / 2)))
        rows = np.repeat(np.arange(len(x)), x.shape[1])
        below = self._below(x.ravel(), rows)[0].reshape(x.shape)
        return np.where(inside, np.clip(below, 0.0, 1.0), (tau > 0).astype(float))

    def probability(self, low: Floats, high: Floats) -> Floats:
        """Probability between two bounds, (B,)."""
        below = self.cdf(np.stack([low, high], axis=1).astype(float))
        return below[:, 1] - below[:, 0]

    def quantile(self, p: Floats) -> Floats:
        """Quantiles (B, m) for probabilities (m,)."""
        batch, n = self.x.shape
        rows, target = np.repeat(np.arange(batch), len(p)), np.tile(p, batch)
        # half of a node's weight lies below it, to less than the weight of a neighbour
        rough = np.cumsum(self.weights, axis=1) - 0.5 * self.weights
        cell = np.clip((rough[rows] < target[:, None]).sum(axis=1), 2, n - 2)
        low, high = self.x[rows, cell - 2], self.x[rows, cell + 1]

        def gap(x: Floats, some: NDArray[np.bool_]) -> tuple[Floats, Floats]:
            below, slope = self._below(x, rows[some])
            return below - target[some], slope

        x = increasing_root(gap, self.x[rows, cell], low, high, np.full(len(rows), 100.0))
        return self.line.tau(x).reshape(batch, len(p))

    def mode(self) -> Floats:
        """Where the density is highest, (B,): 0 or the upper limit when it rises towards one of them."""
        tau = self.line.tau(self.x)
        log_density = self.log_density(tau)
        rows, top = np.arange(len(tau)), log_density.max(axis=1)
        first = log_density[rows, np.isfinite(log_density).argmax(axis=1)]
        best = log_density.argmax(axis=1)
        last = tau.shape[1] - 1
        x = self.x[rows, np.clip(best, 1, last - 1)]
        width = self.step.copy()
        offsets = np.linspace(-1, 1, 9)
        for _ in range(9):
            x = self._highest(x, width, offsets)
            width *= 0.25
        mode = self.line.tau(self._vertex(x))
        mode = np.where(first >= top - _FLAT, 0.0, mode)
        return np.where(log_density[:, last] >= top - _FLAT, self.line.upper, mode)

    def _below(self, x: Floats, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        # distribution function along the line, and its derivative, at one x for each of some rows
        distance = (x[:, None] - self.x[rows]) / self.step[rows, None]
        w = self.weights[rows]
        below = (w * (0.5 + sici(np.pi * distance)[0] / np.pi)).sum(axis=1)
        return below, (w * np.sinc(distance)).sum(axis=1) / self.step[rows]

    def _highest(self, x: Floats, width: Floats, offsets: Floats) -> Floats:
        tried = x[:, None] + width[:, None] * offsets
        values = self.log_density(self.line.tau(tried))
        best: Floats = tried[np.arange(len(x)), values.argmax(axis=1)]
        return best

    def _vertex(self, x: Floats) -> Floats:
        # Three points far enough apart that rounding does not decide: their parabola has its top at the mode.
        h = 2e-5
        left, middle, right = self.log_density(self.line.tau(x[:, None] + h * np.array([-1, 0, 1]))).T
        bend = left - 2 * middle + right
        with np.errstate(invalid="ignore"):  # where the density has an end, which is no top
            shift: Floats = 0.5 * h * (left - right) / np.where(bend < 0, bend, -np.inf)
        return x + np.nan_to_num(np.clip(shift, -h, h))


def tau_posterior(yi: Floats, vi: Floats, prior: TauPrior, mu: MuPrior, grid: Grid) -> Spread:
    """Posterior of tau of the batch that `quadrature` made ``grid`` for."""

    def log_density(tau: Floats) -> Floats:
        joint = prior.log_density(tau, vi) + conditional(yi, vi, tau, mu).log_likelihood
        return joint - grid.log_evidence[:, None]

    return Spread(Line(prior.upper), grid.x, grid.step, grid.weights, log_density, grid.moments)
