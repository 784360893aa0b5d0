"""Marginal posteriors as normal mixtures over tau, and the six numbers that describe each."""

from __future__ import annotations

from typing import Literal

import numpy as np

from .heterogeneity import Spread
from .mixture import Mixture
from .quadrature import Floats, Grid
from .shortest import shortest_interval

IntervalName = Literal["central", "shortest"]
SUMMARY = ("mean", "sd", "median", "mode", "ci_low", "ci_high")

# up to here, the weight of all smaller tau times tau^2 over the smallest vi, nodes may be taken for one: the
# first factor is what they hold, the second how far a conditional distribution there is from that at tau = 0
_IDLE = 1e-13


def mean_mixture(vi: Floats, grid: Grid, new_study: bool = False) -> Mixture:
    """Posterior of the mean effect, or of the true effect of a new study: B mixtures."""
    cut, weights = _without_idle_nodes(vi, grid)
    variance = grid.given.variance[:, cut:]
    if new_study:
        variance = variance + grid.tau[:, cut:] ** 2
    return Mixture(weights, grid.given.mean[:, cut:], np.sqrt(variance))


def study_mixture(yi: Floats, vi: Floats, grid: Grid) -> Mixture:
    """Posterior of each study's true effect, for a batch of one: k mixtures.

    Notes
    -----
    With reliability l = tau^2 / (tau^2 + vi), mean m and variance s^2 of mu given tau: mean l yi + (1 - l) m,
    variance l vi + (1 - l)^2 s^2.
    """
    cut, weights = _without_idle_nodes(vi, grid)
    given, tau2 = grid.given, grid.tau[0, cut:] ** 2
    y, v = yi[0][:, None], vi[0][:, None]
    share = v / (tau2 + v)
    mean = y + share * (given.mean[0, cut:] - y)
    variance = (1 - share) * v + share**2 * given.variance[0, cut:]
    return Mixture(np.broadcast_to(weights[0], mean.shape), mean, np.sqrt(variance))


def mixture_summary(mixture: Mixture, level: float, moments: int = 2, interval: IntervalName = "central") -> Floats:
    """Columns `SUMMARY` for R mixtures, (R, 6); NaN for a mean or sd beyond the ``moments`` that exist."""
    mean, sd = mixture.moments()
    missing = np.full(len(mean), np.nan)
    quantiles = mixture.quantile(np.array([0.5, 0.5 - level / 2, 0.5 + level / 2]))
    first = [mean if moments >= 1 else missing, sd if moments == 2 else missing]
    table = np.column_stack([*first, quantiles[:, 0], mixture.mode(), quantiles[:, 1:]])
    if interval == "shortest":
        for i in range(len(table)):
            one = Mixture(mixture.weights[i : i + 1], mixture.mean[i : i + 1], mixture.sd[i : i + 1])
            table[i, -2:] = _shortest(one, level)
    return table


def tau_summary(spread: Spread, level: float, interval: IntervalName = "central") -> Floats:
    """Columns `SUMMARY` for the posterior of a standard deviation, (B, 6); shortest intervals for a batch of one."""
    quantiles = spread.quantile(np.array([0.5, 0.5 - level / 2, 0.5 + level / 2]))
    table = np.column_stack([*spread.moments(), quantiles[:, 0], spread.mode(), quantiles[:, 1:]])
    if interval == "shortest":
        table[0, -2:] = _shortest(spread, level, 0.0)
    return table


def _shortest(one: Spread | Mixture, level: float, floor: float | None = None) -> tuple[float, float]:
    return shortest_interval(lambda p: one.quantile(p)[0], lambda x: one.density(x[None])[0], level, floor)


def _without_idle_nodes(vi: Floats, grid: Grid) -> tuple[int, Floats]:
    # Nodes at such small tau that they all hold the same distribution become one.
    weights = grid.weights
    idle = (np.cumsum(weights, axis=1) * grid.tau**2 < _IDLE * vi.min(axis=1, keepdims=True)).all(axis=0)
    cut = max(int(idle.sum()) - 1, 0)
    kept = weights[:, cut:].copy()
    kept[:, 0] += weights[:, :cut].sum(axis=1)
    return cut, kept
