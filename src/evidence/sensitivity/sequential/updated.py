"""What one more trial would do to the posterior of the mean effect, for many results and sizes of it at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.special import log_ndtr, logsumexp, ndtr, ndtri, ndtri_exp

from ...models.bayes.mixture import Mixture
from ...models.bayes.posterior import Posterior
from ...models.bayes.quadrature import MuPrior, quadrature

Floats = NDArray[np.float64]

#: Results of a further trial, in sds around what is expected of it and from there outwards; what it would make of them
#: is smooth, and known in between by a spline.
_PLACES, _BETWEEN = np.linspace(-4.0, 4.0, 41), np.linspace(-4.0, 4.0, 1601)
#: Nodes of tau that weigh less count for nothing; up to where tau^2 is this small beside the variances, they count as
#: one.
_IDLE, _SMALL = 1e-9, 1e-6


@dataclass(frozen=True, slots=True)
class Outlook:
    """Mean effect and spread of true effects given the trials so far: n nodes of tau with their weights.

    Given tau, the mean effect is normal with ``mean`` and ``variance``.
    """

    tau2: Floats
    weight: Floats
    mean: Floats
    variance: Floats

    @classmethod
    def of(cls, posterior: Posterior) -> Outlook:
        mu = MuPrior() if posterior.mu_prior is None else MuPrior(*posterior.mu_prior)
        grid = quadrature(posterior.yi[None], posterior.vi[None], posterior.tau_prior, mu)
        # every second node is enough: that is how the quadrature knows that it is done
        weight, tau2 = grid.weights[0, ::2], grid.tau[0, ::2] ** 2
        first = max(int((tau2 < _SMALL * posterior.vi.min()).sum()) - 1, 0)
        weight = np.append(weight[: first + 1].sum(), weight[first + 1 :])
        kept = first + np.flatnonzero(weight > _IDLE)
        weight = weight[kept - first] / weight[kept - first].sum()
        return cls(tau2[kept], weight, grid.given.mean[0, ::2][kept], grid.given.variance[0, ::2][kept])

    def deviate(self, value: float) -> float:
        """The probability that the mean effect lies above a value, as a normal deviate."""
        above = log_ndtr((self.mean - value) / np.sqrt(self.variance))
        return float(ndtri_exp(min(logsumexp(above, b=self.weight), 0.0)))

    def results(self, v: Floats) -> Floats:
        """Results, (p, m), that cover what trials with sampling variances v, (p,), may find."""
        spread = np.sqrt(self.variance + self.tau2)
        expected = Mixture(self.weight[None], self.mean[None], spread[None])
        low, middle, high = expected.quantile(ndtr(np.array([-1.0, 0.0, 1.0])))[0]
        return np.asarray(middle + np.sqrt(((high - low) / 2) ** 2 + v)[:, None] * np.sinh(_PLACES))

    def expected(self, y: Floats, v: Floats) -> Floats:
        """Probability of a result up to y, (p, m), as a deviate, of trials with sampling variances v, (p,)."""
        spread = np.sqrt(self.variance + self.tau2 + v[:, None])[:, None, :]
        z = (y[..., None] - self.mean) / spread
        return _deviates(z, np.broadcast_to(self.weight, z.shape))

    def updated(self, y: Floats, v: Floats, values: list[float]) -> list[Floats]:
        """`deviate` of each value once a trial with sampling variance v, (p,), has found y, (p, m)."""
        own = (self.tau2 + v[:, None])[:, None, :]
        total = own + self.variance
        gap = y[..., None] - self.mean
        exponent = -0.5 * gap * gap / total
        exponent -= exponent.max(axis=-1, keepdims=True)
        weight = np.exp(exponent) * (self.weight / np.sqrt(total))
        weight /= weight.sum(axis=-1, keepdims=True)
        pull = self.variance / total
        centre = self.mean + pull * gap
        scale = np.sqrt(pull * own)
        return [_deviates((centre - value) / scale, weight) for value in values]


def between(values: Floats) -> Floats:
    """Values at the `results` of trials, (p, m), at many more places in between."""
    return np.asarray(CubicSpline(_PLACES, values, axis=1)(_BETWEEN))


def share_beyond(margin: Floats, cumulative: Floats) -> Floats:
    """Probability, (p,), that a margin is positive; both are known at m places, and lines between them."""
    first, last = margin[:, :-1], margin[:, 1:]
    top, bottom = np.maximum(first, last), np.minimum(first, last)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(bottom > 0, 1.0, np.where(top <= 0, 0.0, top / (top - bottom)))
    ends = cumulative[:, 0] * (margin[:, 0] > 0) + (1 - cumulative[:, -1]) * (margin[:, -1] > 0)
    return np.asarray((part * np.diff(cumulative, axis=1)).sum(axis=1) + ends)


def critical_deviate(level: float) -> float:
    """How far a `deviate` has to be from 0 for an equal-tailed interval to exclude the value."""
    return float(ndtri(0.5 + level / 2))


def _deviates(z: Floats, weight: Floats) -> Floats:
    """The deviate, (p, m), with the probability of a mixture of deviates, (p, m, n), taken in its smaller tail."""
    side = np.where(z.sum(axis=-1) > 0, 1.0, -1.0)
    tail = np.einsum("pmn,pmn->pm", weight, ndtr(z * -side[..., None]))
    if (larger := tail > 0.5).any():  # where a few nodes far out point away from the many
        side[larger] *= -1
        tail[larger] = (weight[larger] * ndtr(z[larger] * -side[larger][:, None])).sum(axis=-1)
    return np.asarray(-side * ndtri(np.maximum(tail, 1e-300)))
