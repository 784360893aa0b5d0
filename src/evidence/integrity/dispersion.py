"""Barnett's Bayesian test: whether differences at baseline scatter as chance lets them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import fdtrc, gammaln

from ..effects.inputs import Floats

#: Prior: no dispersion with this probability, else log precision is normal about 0 with this variance.
PRIOR, SLAB_VARIANCE = 0.5, 10.0

#: The slab is integrated over log precisions to six of its standard deviations, in steps of this at most. The
#: likelihood of k variables narrows as sqrt(2 / k) does: steps of less than two thirds of that are as good as exact.
_FARTHEST, _STEP = 19.0, 0.2

#: Rounding intervals narrower than this, in standard errors or beside their middle, are taken as points.
_POINT = 1e-6


class Dispersion(NamedTuple):
    """Posterior of the precision of one trial's baseline differences, relative to chance."""

    probability: float
    multiplier: float


def dispersion(t: Floats, half: Floats, groups: Floats, df: Floats) -> Dispersion:
    """Whether baseline differences of one trial are too much alike or too far apart.

    Parameters
    ----------
    t : (k,) array
        Size of each variable's difference between arms, sqrt((g - 1) F): |t| for two arms.
    half : (k,) array
        Half a unit of rounding of the difference, in standard errors.
    groups : (k,) array
        Arms g.
    df : (k,) array
        Degrees of freedom of the pooled SD.

    Returns
    -------
    Dispersion
        probability, of dispersion of either kind; multiplier, the posterior mean of log precision given dispersion,
        exponentiated: above 1 arms are too much alike, below 1 too far apart.

    Notes
    -----
    Barnett: sqrt(precision) t has a t distribution; log precision is 0 with probability 1/2, else normal (0, 10). For
    more than two arms the independent contrasts of a variable have a multivariate t distribution, whose density depends
    on F alone. The likelihood of a rounded difference is the probability of its rounding interval, which tends to the
    density as rounding gets finer, so that means that agree because they are printed with few digits say little.
    The paper samples the posterior; with one unknown a trapezoid rule is exact.
    """
    steps = int(np.ceil(_FARTHEST / min(_STEP, 0.9 / np.sqrt(len(t)))))
    log_precision = np.linspace(-_FARTHEST, _FARTHEST, 2 * steps + 1)
    root = np.exp(log_precision / 2)[:, None]
    slab = np.exp(-(log_precision**2) / (2 * SLAB_VARIANCE)) / np.sqrt(2 * np.pi * SLAB_VARIANCE)
    likelihood = _log_likelihood(root, t, half, groups, df)
    top = likelihood.max()
    weights = slab * np.exp(likelihood - top)
    evidence = float(np.trapezoid(weights, log_precision))
    spike = float(np.exp(_log_likelihood(np.ones((1, 1)), t, half, groups, df)[0] - top))
    mean = float(np.trapezoid(weights * log_precision, log_precision)) / evidence
    return Dispersion((1 - PRIOR) * evidence / ((1 - PRIOR) * evidence + PRIOR * spike), float(np.exp(mean)))


def _log_likelihood(root: Floats, t: Floats, half: Floats, groups: Floats, df: Floats) -> Floats:
    """(m,) log likelihood of all k variables at m roots of precision, shape (m, 1)."""
    q = groups - 1
    density = q * np.log(root) - (df + q) / 2 * np.log1p((root * t) ** 2 / df) + _constant(q, df, t)
    low, high = np.maximum(t - half, 0), t + half
    mass = fdtrc(q, df, (root * low) ** 2 / q) - fdtrc(q, df, (root * high) ** 2 / q)
    point = half < _POINT * np.maximum(1, t)
    width = np.where(point, 1.0, high - low)
    points = density + np.log(width)
    rounded = np.where(mass > 0, np.log(np.maximum(mass, 1e-300)), points)
    return np.asarray(np.where(point, points, rounded).sum(axis=1))


def _constant(q: Floats, df: Floats, t: Floats) -> Floats:
    """Log of what makes the density of |t| (or of its like for more arms) integrate to 1 over t > 0."""
    size = np.log(2) + gammaln((df + q) / 2) - gammaln(df / 2) - gammaln(q / 2) - q / 2 * np.log(df)
    return np.asarray(size + (q - 1) * np.log(np.maximum(t, _POINT)))
