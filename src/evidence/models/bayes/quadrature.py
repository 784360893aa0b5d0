"""Deterministic quadrature over the between-study standard deviation of the normal-normal model.

Given tau, everything else is normal and known in closed form, so one integral is left. It is taken by the
trapezoidal rule on x = log tau (on the logit of tau / upper where the prior ends), on the whole stretch
where the integrand matters. For an integrand that is analytic in a strip around the real line, as these
are, that rule converges geometrically in the number of nodes (Trefethen & Weideman 2014, SIAM Review
56:385, 10.1137/130932132, Theorem 5.1); nodes are doubled until halving them changes nothing.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...errors import NotConverged, NotEstimable
from .line import Line
from .tau_prior import TauPrior

Floats = NDArray[np.float64]

# exp(-32) = 1e-14 of the peak is where the integrand is cut off
_REACH = 32.0
# largest |log tau| at which tau^2 can be squared in double precision
_FARTHEST = 170.0
# tau's tail has to fall at least this much faster than what just fails to integrate
_LIGHTEST = 0.2
_FEWEST, _MOST = 97, 12289
_AGREEMENT = 1e-8


@dataclass(frozen=True, slots=True)
class MuPrior:
    """Normal prior of the mean; ``sd`` infinite is the flat one, with density 1, and zero fixes the mean."""

    mean: float = 0.0
    sd: float = math.inf

    @property
    def flat(self) -> bool:
        return math.isinf(self.sd)


@dataclass(frozen=True, slots=True)
class Conditional:
    """What is known about the mean once tau is given: (B, n) arrays.

    Attributes
    ----------
    log_likelihood : log of the density of the data, mean integrated out
    mean : of the normal posterior of the mean
    variance : of the same
    """

    log_likelihood: Floats
    mean: Floats
    variance: Floats


class HasLikelihood(Protocol):
    """What is known once tau is given: at least the likelihood."""

    @property
    def log_likelihood(self) -> Floats: ...


Known = TypeVar("Known", bound=HasLikelihood)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes over tau for a batch of B posteriors: the fields of `Grid` that do not depend on the model."""

    x: Floats
    step: Floats
    tau: Floats
    weights: Floats
    log_evidence: Floats


@dataclass(frozen=True, slots=True)
class Grid:
    """Nodes over tau for a batch of B posteriors.

    Attributes
    ----------
    x : (B, n) array
        Nodes on the line that `Line` maps to tau.
    step : (B,) array
        Distance between them.
    tau : (B, n) array
        The same nodes.
    weights : (B, n) array
        Rows sum to 1.
    given : Conditional at the nodes
    log_evidence : (B,) log of the marginal density of the data
    moments : int, 2 when tau has mean and sd in the posterior, 1 when only a mean, 0 when neither
    """

    x: Floats
    step: Floats
    tau: Floats
    weights: Floats
    given: Conditional
    log_evidence: Floats
    moments: int


def conditional(yi: Floats, vi: Floats, tau: Floats, mu: MuPrior) -> Conditional:
    """Integrate the mean out, given tau.

    Parameters
    ----------
    yi : (B, k) array
        Effect sizes; rows with fewer studies are filled up with 0.
    vi : (B, k) array
        Sampling variances; rows with fewer studies are filled up with infinity.
    tau : (B, n) array
        Nodes, n for each of the B fits.
    mu : MuPrior
        Prior of the mean.

    Notes
    -----
    With wi = 1 / (vi + tau^2), w0 the prior's precision and W = w0 + sum wi, the mean is normal around
    m = (w0 m0 + sum wi yi) / W with variance 1 / W, and minus twice the log likelihood is
    sum log(vi + tau^2) + log W + sum wi (yi - m)^2 + w0 (m - m0)^2 - log w0 + k log 2 pi; under the flat prior
    without the terms in w0 and with k - 1 for k (Roever 2020, eq. 10-14).

    References
    ----------
    Roever (2020), Journal of Statistical Software 93(6), 10.18637/jss.v093.i06.
    """
    y, v = yi.T[:, :, None], vi.T[:, :, None]
    total = v + tau**2
    w = 1 / total
    k = np.isfinite(vi).sum(axis=1)[:, None]
    log_total = np.log(total) if (k == len(v)).all() else np.log(np.where(np.isfinite(v), total, 1.0))
    log_det = log_total.sum(axis=0) + k * math.log(2 * math.pi)
    if mu.sd == 0:
        rss = (w * (y - mu.mean) ** 2).sum(axis=0)
        return Conditional(-0.5 * (log_det + rss), np.full(tau.shape, mu.mean), np.zeros(tau.shape))
    w0 = mu.sd**-2.0
    precision = w0 + w.sum(axis=0)
    mean = (w0 * mu.mean + (w * y).sum(axis=0)) / precision
    off = y - mean  # many numbers: changed in place
    off *= off
    off *= w
    rss = off.sum(axis=0) + w0 * (mean - mu.mean) ** 2
    constant = -math.log(2 * math.pi) if mu.flat else 2 * math.log(mu.sd)
    return Conditional(-0.5 * (log_det + np.log(precision) + rss + constant), mean, 1 / precision)


def quadrature(yi: Floats, vi: Floats, prior: TauPrior, mu: MuPrior) -> Grid:
    """Nodes and weights of the posterior of tau, for B data sets of up to k studies.

    Raises
    ------
    NotEstimable
        The posterior does not integrate to one; the message says which end is at fault.

    Warns
    -----
    NotConverged
        Thousands of nodes were too few, as they are for a prior of one's own that is not smooth.
    """
    moments, slope = tail(int(np.isfinite(vi).sum(axis=1).min()), prior, mu)
    start = span(yi, vi, prior, mu, slope)
    nodes, given = over_tau(lambda tau: conditional(yi, vi, tau, mu), vi, prior, start, moments)
    return Grid(nodes.x, nodes.step, nodes.tau, nodes.weights, given, nodes.log_evidence, moments)


def over_tau(
    given: Callable[[Floats], Known], vi: Floats, prior: TauPrior, start: tuple[float, float], moments: int
) -> tuple[Nodes, Known]:
    """Nodes and weights for any likelihood of tau, and what is known at them.

    Parameters
    ----------
    given : of tau (B, n), something with a ``log_likelihood`` (B, n)
    vi : (B, k) array
        For the prior.
    prior : TauPrior
    start : bounds on the line far outside of where tau can matter
    moments : int
        How many moments of tau the nodes have to serve.
    """
    line = Line(prior.upper)

    def envelope(x: Floats) -> Floats:
        log_tau = np.log(line.tau(x))
        value = prior.log_density(np.exp(log_tau), vi) + line.log_slope(x)
        value = value + given(np.exp(log_tau)).log_likelihood
        relative: Floats = value - value.max(axis=1, keepdims=True)
        if moments and math.isfinite(prior.tail):
            high = value + moments * log_tau
            relative = np.maximum(relative, high - high.max(axis=1, keepdims=True))
        return relative

    low, high = bracket(envelope, np.full(len(vi), start[0]), np.full(len(vi), start[1]))
    return _refine(given, vi, prior, line, low, high)


def tail(k: int, prior: TauPrior, mu: MuPrior, between: str = "studies") -> tuple[int, float]:
    """How the posterior of a standard deviation between k things ends: moments that exist, and its slope.

    The slope is that of the log integrand of the highest such moment, along log tau: the likelihood falls like
    tau^-(k - 1) under a flat prior of the mean and like tau^-k under a normal one.
    """
    fall = (k - 1 if mu.flat else k) + prior.tail - 1
    if fall < _LIGHTEST:
        raise NotEstimable(
            f"k = {k}: the standard deviation between {between} has no posterior under {prior}, because large values "
            "are never ruled out; take a prior with a lighter tail, such as HalfNormal or HalfCauchy"
        )
    moments = sum(fall - q >= _LIGHTEST for q in (1, 2))
    return moments, fall - moments


def span(yi: Floats, vi: Floats, prior: TauPrior, mu: MuPrior, slope: float) -> tuple[float, float]:
    """Bounds on the line far outside of where a standard deviation with these data can matter."""
    scales = [np.sqrt(vi[np.isfinite(vi) & (vi > 0)])]
    spread = np.where(np.isfinite(vi), yi, np.nan)
    scales.append(np.nanmax(spread, axis=1) - np.nanmin(spread, axis=1))
    if not mu.flat:
        scales += [np.array([mu.sd]), np.nanmax(np.abs(spread - mu.mean), axis=1)]
    positive = np.concatenate(scales)
    marks = [*np.log(positive[positive > 0]).tolist(), *prior.log_landmarks(vi)]
    marks = marks or [0.0]
    low, high = min(marks) - _REACH - 5, max(marks) + _REACH / min(slope, 1.0) + 5
    if math.isfinite(prior.upper):
        low, high = low - math.log(prior.upper), _REACH + 5
    return max(low, -_FARTHEST), min(high, _FARTHEST)


def bracket(envelope: Callable[[Floats], Floats], low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Narrow (B,) bounds to where the envelope, logs relative to its top, is above the cut-off."""
    unit = np.linspace(0, 1, 65)
    for attempt in range(40):
        x = low[:, None] + (high - low)[:, None] * unit
        seen = envelope(x) > -_REACH
        if attempt == 0 and seen[:, 0].any():
            raise NotEstimable(
                "the posterior of tau has no finite integral near tau = 0: studies with vi = 0 that agree exactly, or "
                "this prior, put all of it there; give these studies their sampling variance, or take a prior that "
                "is finite at 0"
            )
        first = np.maximum(seen.argmax(axis=1) - 1, 0)
        last = np.minimum(len(unit) - seen[:, ::-1].argmax(axis=1), len(unit) - 1)
        rows = np.arange(len(x))
        shrunk = (last - first) < 0.7 * (len(unit) - 1)
        low, high = x[rows, first], x[rows, last]
        if not shrunk.any():
            break
    return low, high


def warn_coarse() -> None:
    """Say that the finest grid still changes when every second node is left out."""
    warnings.warn("the quadrature over tau did not settle; is the prior density smooth?", NotConverged, stacklevel=5)


def _refine(
    given: Callable[[Floats], Known], vi: Floats, prior: TauPrior, line: Line, low: Floats, high: Floats
) -> tuple[Nodes, Known]:
    n = _FEWEST
    while True:
        step = (high - low) / (n - 1)
        x = low[:, None] + step[:, None] * np.arange(n)
        tau = line.tau(x)
        known = given(tau)
        log_mass = prior.log_density(tau, vi) + line.log_slope(x) + known.log_likelihood
        top = log_mass.max(axis=1)
        mass = np.exp(log_mass - top[:, None])
        total = mass.sum(axis=1)
        if (np.abs(2 * mass[:, ::2].sum(axis=1) - total) <= _AGREEMENT * total).all():
            break
        if n >= _MOST:
            warn_coarse()
            break
        n = 2 * n - 1
    return Nodes(x, step, tau, mass / total[:, None], top + np.log(total * step)), known
