"""Quadrature over two standard deviations: between studies within groups, and between groups.

Given both, every group's mean effect is normal: the studies of a group give it a normal likelihood, and the
groups' means are to each other what studies are in the plain model. So the one-dimensional quadrature is
used twice, on a product of two lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...errors import InvalidInput
from .heterogeneity import Spread
from .line import Line
from .quadrature import Conditional, Floats, MuPrior, bracket, conditional, span, tail, warn_coarse
from .tau_prior import TauPrior
from .variance_priors import DuMouchel, Jeffreys

_FEWEST, _MOST = 49, 1537
_AGREEMENT = 1e-8


@dataclass(frozen=True, slots=True)
class Nested:
    """Studies in groups with their priors.

    Attributes
    ----------
    yi : (G, k) array
        Groups with fewer studies are filled up with 0.
    vi : (G, k) array
        Filled up with infinity.
    tau_prior : of the standard deviation between studies
    between_prior : of that between groups
    mu : of the mean of the groups' means
    """

    yi: Floats
    vi: Floats
    tau_prior: TauPrior
    between_prior: TauPrior
    mu: MuPrior

    @property
    def studies(self) -> tuple[Floats, Floats]:
        """All studies in one row, (1, N) each."""
        real = np.isfinite(self.vi)
        return self.yi[real][None], self.vi[real][None]

    def groups(self, tau: Floats) -> Conditional:
        """Each group by itself under a flat prior of its mean, (G, n), at tau (n,)."""
        return conditional(self.yi, self.vi, np.broadcast_to(tau, (len(self.yi), len(tau))), MuPrior())

    def joint(self, tau: Floats, between: Floats) -> Joint:
        """What is known at tau (n,) and the standard deviation between groups (m,)."""
        own = self.groups(tau)
        both = np.broadcast_to(between, (len(tau), len(between)))
        overall = conditional(own.mean.T, own.variance.T, both, self.mu)
        prior1 = self.tau_prior.log_density(tau[None], self.studies[1])[0]
        prior2 = self.between_prior.log_density(between[None], self.vi[:1])[0]
        log_density = (own.log_likelihood.sum(axis=0) + prior1)[:, None] + prior2 + overall.log_likelihood
        return Joint(log_density, own, overall)


@dataclass(frozen=True, slots=True)
class Joint:
    """What is known given both standard deviations, n of tau and m between groups.

    Attributes
    ----------
    log_density : (n, m) array
        Log of priors times likelihood.
    own : Conditional
        Of each group by itself, (G, n).
    overall : Conditional
        Of the mean of the groups' means, (n, m).
    """

    log_density: Floats
    own: Conditional
    overall: Conditional


@dataclass(frozen=True, slots=True)
class Nodes:
    """Product grid: rows of ``weights`` (n, m), which sums to 1, belong to tau and columns to ``between``."""

    x: tuple[Floats, Floats]
    tau: Floats
    between: Floats
    weights: Floats
    log_evidence: float
    finite_moments: tuple[int, int]


def integrate(nested: Nested) -> tuple[Nodes, Joint]:
    """Nodes and weights of the joint posterior of both standard deviations, and what is known at the nodes.

    Raises
    ------
    InvalidInput
        A prior between groups that is made from sampling variances, which groups do not have.
    NotEstimable
        Too few studies or groups for an improper prior.

    Warns
    -----
    NotConverged
        As for `quadrature`.
    """
    if isinstance(nested.between_prior, Jeffreys) or nested.between_prior == DuMouchel():
        raise InvalidInput(
            f"{nested.between_prior} is made from the variances of what it compares, and groups have none before their "
            "studies are pooled; take a prior with a scale, such as HalfNormal(0.5)"
        )
    y, v = nested.studies
    lines = Line(nested.tau_prior.upper), Line(nested.between_prior.upper)
    falls = (
        tail(y.shape[1], nested.tau_prior, nested.mu),
        tail(len(nested.yi), nested.between_prior, nested.mu, "groups"),
    )
    spans = (  # the spread of all studies bounds that of groups too
        span(y, v, nested.tau_prior, nested.mu, falls[0][1]),
        span(y, v, nested.between_prior, nested.mu, falls[1][1]),
    )
    finite = falls[0][0], falls[1][0]
    ranges = list(spans)
    for axis in (0, 1, 0, 1):
        ranges[axis] = _narrow(nested, lines, axis, spans[axis], ranges[1 - axis], finite[axis])
    count = [_FEWEST, _FEWEST]
    while True:
        x = [np.linspace(*ranges[axis], count[axis]) for axis in (0, 1)]
        log_mass, joint = _log_mass(nested, lines, x[0], x[1])
        mass = np.exp(log_mass - log_mass.max())
        total = mass.sum()
        halves = mass[::2].sum(), mass[:, ::2].sum()
        rough = [abs(2 * half - total) > _AGREEMENT * total for half in halves]
        if not any(rough):
            break
        if max(count) >= _MOST:
            warn_coarse()
            break
        count = [2 * n - 1 if more else n for n, more in zip(count, rough, strict=True)]
    cell = (x[0][1] - x[0][0]) * (x[1][1] - x[1][0])
    log_evidence = float(log_mass.max()) + math.log(total * cell)
    nodes = Nodes((x[0], x[1]), lines[0].tau(x[0]), lines[1].tau(x[1]), mass / total, log_evidence, finite)
    return nodes, joint


def moments(nodes: Nodes, joint: Joint) -> tuple[Floats, Floats]:
    """Means and standard deviations of each group's mean and, last, of the overall mean, (G + 1,) each.

    From all nodes, because under a heavy-tailed prior the far ones carry much of the variance.
    """
    own, overall = joint.own, joint.overall
    found = []
    for m, s2 in zip(own.mean[:, :, None], own.variance[:, :, None], strict=True):
        b = nodes.between**2 / (nodes.between**2 + s2)
        centre, variance = b * m + (1 - b) * overall.mean, b * s2 + (1 - b) ** 2 * overall.variance
        found.append(_mean_and_sd(nodes.weights, centre, variance))
    found.append(_mean_and_sd(nodes.weights, overall.mean, overall.variance))
    mean, sd = np.array(found).T
    return mean, sd


def _mean_and_sd(weights: Floats, centre: Floats, variance: Floats) -> tuple[float, float]:
    mean = float((weights * centre).sum())
    return mean, math.sqrt(float((weights * (variance + (centre - mean) ** 2)).sum()))


def spreads(nested: Nested, nodes: Nodes) -> tuple[Spread, Spread]:
    """Marginal posteriors of tau and of the standard deviation between groups."""
    lines = Line(nested.tau_prior.upper), Line(nested.between_prior.upper)
    steps = [x[1] - x[0] for x in nodes.x]
    logs = [line.log_slope(x) + math.log(step) for line, x, step in zip(lines, nodes.x, steps, strict=True)]

    def of_tau(tau: Floats) -> Floats:
        return _log_sum(nested.joint(tau[0], nodes.between).log_density + logs[1]) - nodes.log_evidence

    def of_between(between: Floats) -> Floats:
        return _log_sum(nested.joint(nodes.tau, between[0]).log_density.T + logs[0]) - nodes.log_evidence

    def spread(axis: int, log_density: Callable[[Floats], Floats]) -> Spread:
        weights = nodes.weights.sum(axis=1 - axis)[None]
        step = np.array([steps[axis]])
        return Spread(lines[axis], nodes.x[axis][None], step, weights, log_density, nodes.finite_moments[axis])

    return spread(0, of_tau), spread(1, of_between)


def _log_sum(values: Floats) -> Floats:
    # log of the sum of exp over the last axis, as one row
    top = values.max(axis=1)
    total: Floats = top + np.log(np.exp(values - top[:, None]).sum(axis=1))
    return total[None]


def _log_mass(nested: Nested, lines: tuple[Line, Line], x1: Floats, x2: Floats) -> tuple[Floats, Joint]:
    slopes = lines[0].log_slope(x1)[:, None] + lines[1].log_slope(x2)
    joint = nested.joint(lines[0].tau(x1), lines[1].tau(x2))
    return joint.log_density + slopes, joint


def _narrow(
    nested: Nested,
    lines: tuple[Line, Line],
    axis: int,
    own: tuple[float, float],
    others: tuple[float, float],
    moments: int,
) -> tuple[float, float]:
    other = np.linspace(*others, 65)
    prior = (nested.tau_prior, nested.between_prior)[axis]

    def envelope(x: Floats) -> Floats:
        log_mass, _ = _log_mass(nested, lines, *((x[0], other) if axis == 0 else (other, x[0])))
        value = log_mass.max(axis=1 - axis)
        relative: Floats = value - value.max()
        if moments and math.isfinite(prior.tail):
            high = value + moments * np.log(lines[axis].tau(x[0]))
            relative = np.maximum(relative, high - high.max())
        return relative[None]

    low, high = bracket(envelope, *(np.array([end]) for end in own))
    return float(low[0]), float(high[0])
