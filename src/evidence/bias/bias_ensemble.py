"""Models of how studies come to be seen, each with its marginal likelihood by quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import logsumexp, ndtr, ndtri, roots_jacobi, sici

from ..errors import NotEstimable
from ..models.bayes.quadrature import MuPrior, conditional
from ..models.bayes.tau_prior import TauPrior
from ..models.engine.engine import Floats

_IMPOSSIBLE = -1e12  # no digit of a likelihood in logs is left to compare models by
_REACH = 32.0  # what is so far below the top, in logs, does not count
_CHUNK = 1_000_000
_TOGETHER = 12
_IDLE = 1e-9  # nodes with less weight are not asked how likely the effect is below a bound
# nodes of the spread and of the slope, of the mean and the spread beside chances, and of one chance by their number
_NODES, _MEANS, _SPREADS = 97, 37, 27
_CHANCES = {1: 20, 2: 12, 3: 10}


@dataclass(frozen=True, slots=True)
class Bias:
    """A way in which studies may be selected.

    Attributes
    ----------
    name : str
    kind : {"none", "slope", "steps"}
    prior : float
        Share of the prior probability of bias (of no bias, for "none").
    power : int
        For "slope": of the standard error, 1 (PET) or 2 (PEESE).
    steps : tuple of float
        For "steps": p values at which the chance of being seen falls.
    two_sided : bool
    """

    name: str
    kind: Literal["none", "slope", "steps"]
    prior: float
    power: int = 0
    steps: tuple[float, ...] = ()
    two_sided: bool = False


#: The ensemble of Bartos et al. (2023): half of the chance of bias lies on six step functions, half on PET and PEESE.
BIASES: tuple[Bias, ...] = (
    Bias("none", "none", 1.0),
    Bias("steps, two-sided: 0.05", "steps", 1 / 12, steps=(0.05,), two_sided=True),
    Bias("steps, two-sided: 0.05, 0.1", "steps", 1 / 12, steps=(0.05, 0.1), two_sided=True),
    Bias("steps: 0.05", "steps", 1 / 12, steps=(0.05,)),
    Bias("steps: 0.025, 0.05", "steps", 1 / 12, steps=(0.025, 0.05)),
    Bias("steps: 0.05, 0.5", "steps", 1 / 12, steps=(0.05, 0.5)),
    Bias("steps: 0.025, 0.05, 0.5", "steps", 1 / 12, steps=(0.025, 0.05, 0.5)),
    Bias("PET", "slope", 1 / 4, power=1),
    Bias("PEESE", "slope", 1 / 4, power=2),
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """One model: log marginal likelihood, posterior means of mu and tau, and the distribution of mu (None: it is 0)."""

    log_evidence: float
    mu: float
    tau: float
    below: Callable[[float], float] | None


@dataclass(frozen=True, slots=True)
class Priors:
    """Of the mean effect (normal) and the spread, where there is one, and scales of the half-Cauchy slopes."""

    mu: tuple[float, float]
    tau: TauPrior
    slopes: tuple[float, float]


def fit_model(y: Floats, v: Floats, bias: Bias, effect: bool, spread: bool, priors: Priors) -> Fitted:
    """Marginal likelihood and posterior means of one model; selection favours large ``y``."""
    mu = MuPrior(*priors.mu) if effect else MuPrior(0.0, 0.0)
    if bias.kind == "steps":
        return _with_steps(y, v, bias, effect, spread, priors)
    log_slope, slope_step = np.array([-np.inf]), 0.0
    x = v ** (bias.power / 2) if bias.kind == "slope" else np.zeros(len(y))
    log_tau = np.array([-np.inf])
    coarse = np.linspace(-14.0, 9.0, 93)
    scale = math.log(float(np.median(np.sqrt(v))))

    def joint(slopes: Floats, spreads: Floats) -> tuple[Floats, Floats, Floats]:
        b, t = np.exp(slopes), np.exp(spreads)
        known = conditional(y - b[:, None] * x, np.broadcast_to(v, (len(b), len(v))), np.tile(t, (len(b), 1)), mu)
        value = (
            known.log_likelihood + _log_spread(spreads, v, priors, spread) + _log_slope(slopes, bias, priors)[:, None]
        )
        return value, known.mean, known.variance

    slopes = coarse if bias.kind == "slope" else log_slope
    spreads = coarse + scale if spread else log_tau
    value = joint(slopes, spreads)[0]
    if bias.kind == "slope":
        log_slope = _window(slopes, value.max(axis=1))
        slope_step = log_slope[1] - log_slope[0]
    if spread:
        log_tau = _window(spreads, value.max(axis=0))
    value, mean, variance = joint(log_slope, log_tau)
    step = (math.log(slope_step) if slope_step else 0.0) + (math.log(log_tau[1] - log_tau[0]) if spread else 0.0)
    evidence = float(logsumexp(value)) + step
    weights = np.exp(value + step - evidence)
    below = _normals(weights, mean, np.sqrt(variance)) if effect else None
    return Fitted(evidence, float((weights * mean).sum()), float((weights * np.exp(log_tau)).sum()), below)


def _with_steps(y: Floats, v: Floats, bias: Bias, effect: bool, spread: bool, priors: Priors) -> Fitted:
    chances, log_weights = _ordered_chances(len(bias.steps))
    score = _scores(y, v, bias, chances, log_weights)
    few, few_weights = _ordered_chances(len(bias.steps), 4)
    rough = _scores(y, v, bias, few, few_weights)
    line = _Line(float((y / v).sum() / (1 / v).sum()), float((1 / v).sum() ** -0.5))
    middle, sd = priors.mu
    far = max(abs(middle) + 8 * sd, float(np.abs(y).max())) / line.width
    z = np.linspace(-math.asinh(far), math.asinh(far), 121) if effect else np.zeros(1)
    scale = math.log(float(np.median(np.sqrt(v))))
    spreads = np.linspace(-14.0, 9.0, 70) + scale if spread else np.array([-np.inf])

    def joint(over: Callable[[Floats, Floats], Floats], z: Floats, logs: Floats) -> Floats:
        mus = line.mu(z) if effect else z
        value = over(np.repeat(mus, len(logs)), np.exp(np.tile(logs, len(mus)))).reshape(len(mus), len(logs))
        if effect:
            prior = -0.5 * ((mus - middle) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi))
            value = value + (prior + line.log_slope(z))[:, None]
        return value + _log_spread(logs, v, priors, spread)

    value = joint(rough, z, spreads)
    z = _window(z, value.max(axis=1), _MEANS) if effect else z
    spreads = _window(spreads, value.max(axis=0), _SPREADS) if spread else spreads
    value = joint(score, z, spreads)
    step = (math.log(z[1] - z[0]) if effect else 0.0) + (math.log(spreads[1] - spreads[0]) if spread else 0.0)
    evidence = float(logsumexp(value)) + step
    weights = np.exp(value + step - evidence)
    tau = float(weights.sum(axis=0) @ np.exp(spreads))
    if not effect:
        return Fitted(evidence, 0.0, tau, None)
    along = weights.sum(axis=1)
    return Fitted(evidence, float(along @ line.mu(z)), tau, _nodes(line, z, along))


@dataclass(frozen=True, slots=True)
class _Line:
    """The map from the real line to means: fine near the mean of the studies, ever coarser away from it."""

    centre: float
    width: float

    def mu(self, z: Floats) -> Floats:
        return self.centre + self.width * np.sinh(z)

    def log_slope(self, z: Floats) -> Floats:
        return math.log(self.width) + np.log(np.cosh(z))


def _scores(
    y: Floats, v: Floats, bias: Bias, chances: Floats, log_weights: Floats
) -> Callable[[Floats, Floats], Floats]:
    """Log-likelihood at nodes of mean and spread, the chances integrated out."""
    se = np.sqrt(v)
    sides = 2 if bias.two_sided else 1
    p = sides * ndtr(-(np.abs(y) if bias.two_sided else y) / se)
    interval = np.searchsorted(np.array(bias.steps), p, side="left")
    own = np.log(chances)[:, interval].sum(axis=1) + log_weights
    bounds = -ndtri(np.array([0.0, *bias.steps, 1.0]) / sides)[:, None] * se

    def over(mu: Floats, tau: Floats) -> Floats:
        total = np.empty(len(mu))
        size = max(1, _CHUNK // len(chances))
        for i in range(0, len(mu), size):
            part = slice(i, i + size)
            variance = v + tau[part, None] ** 2
            s = np.sqrt(variance)
            base = -0.5 * (np.log(2 * np.pi * variance) + (y - mu[part, None]) ** 2 / variance).sum(axis=1)
            below = ndtr((bounds[:, None] - mu[part, None]) / s)
            mass = -np.diff(below, axis=0)
            if bias.two_sided:
                mass += np.diff(ndtr((-bounds[:, None] - mu[part, None]) / s), axis=0)
            mass = np.maximum(mass, 0.0)
            seen, product = np.zeros(1), np.ones(1)
            for k in range(len(y)):  # a product of a few chances costs less than their logs
                product = product * (mass[:, :, k].T @ chances.T)
                if k % _TOGETHER == _TOGETHER - 1 or k == len(y) - 1:
                    seen, product = seen + np.log(np.maximum(product, 1e-300)), np.ones(1)
            total[part] = base + logsumexp(own - seen, axis=1)
        return total

    return over


def _ordered_chances(count: int, nodes: int | None = None) -> tuple[Floats, Floats]:
    """Nodes (m, count + 1) and log weights of falling chances 1 > w1 > w2 > ... > 0, uniform among these."""
    n = nodes or _CHANCES[count]
    axes, weights = [], []
    for power in range(count - 1, -1, -1):  # products of independent Beta(power + 1, 1) are uniform among ordered ones
        # as squares, since what a small chance does changes fastest near zero
        x, w = roots_jacobi(n, 0.0, 2.0 * power + 1)
        axes.append(((1 + x) / 2) ** 2)
        weights.append(w / w.sum())
    shares = np.stack([grid.ravel() for grid in np.meshgrid(*axes, indexing="ij")], axis=1)
    mass = np.prod(np.stack([grid.ravel() for grid in np.meshgrid(*weights, indexing="ij")]), axis=0)
    return np.column_stack([np.ones(len(shares)), np.cumprod(shares, axis=1)]), np.log(mass)


def _log_spread(log_tau: Floats, v: Floats, priors: Priors, spread: bool) -> Floats:
    """Log prior density along log tau; 0 where there is no spread."""
    if not spread:
        return np.zeros(len(log_tau))
    along: Floats = priors.tau.log_density(np.exp(log_tau)[None], v[None])[0] + log_tau
    return along


def _log_slope(log_slope: Floats, bias: Bias, priors: Priors) -> Floats:
    """Log density of the half-Cauchy slope along its log; 0 where there is none."""
    if bias.kind != "slope":
        return np.zeros(len(log_slope))
    scale = priors.slopes[bias.power - 1]
    along: Floats = math.log(2 / (math.pi * scale)) - np.log1p(np.exp(2 * (log_slope - math.log(scale)))) + log_slope
    return along


def _window(x: Floats, value: Floats, nodes: int = _NODES) -> Floats:
    """Nodes over the stretch that counts."""
    if not value.max() > _IMPOSSIBLE:
        raise NotEstimable("the effects lie beyond what any model holds possible: look at their units, or at mu_prior=")
    seen = np.flatnonzero(value > value.max() - _REACH)
    return np.linspace(x[max(seen[0] - 1, 0)], x[min(seen[-1] + 1, len(x) - 1)], nodes)


def _normals(weights: Floats, mean: Floats, sd: Floats) -> Callable[[float], float]:
    counts = weights > _IDLE
    weight, centre, spread = weights[counts] / weights[counts].sum(), mean[counts], sd[counts]
    return lambda x: float(weight @ ndtr((x - centre) / spread))


def _nodes(line: _Line, z: Floats, weights: Floats) -> Callable[[float], float]:
    """Of the density whose values at equidistant nodes of the line are known: the integral of its sinc interpolant."""
    step = z[1] - z[0]

    def below(x: float) -> float:
        at = min(max(math.asinh((x - line.centre) / line.width), z[0] - step), z[-1] + step)
        return float(weights @ (0.5 + sici(np.pi * (at - z) / step)[0] / np.pi))

    return below
