"""Probability that each of several groups has the largest effect."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from .given_spreads import Given
from .quadrature import Floats

# Gauss-Hermite points for the overall mean, and how far beyond a mean a normal variable still counts, in its standard
# deviations: together they leave an error of 1e-11
_OVERALL = 8
_FAR = 7.0
_CHUNK = 400_000


def probability_best(given: Given) -> Floats:
    """P(group g has the largest mean effect), (G,), summing to 1.

    Notes
    -----
    Given both standard deviations and the overall mean the groups are independent, so that
    P(g is best) = integral f_g(x) prod_{h != g} F_h(x) dx. That integral is taken by the trapezoidal rule, with
    steps of the smallest standard deviation over sqrt(G): the product of G functions that narrow is no
    narrower. The overall mean is integrated by Gauss-Hermite quadrature; what all groups move by when it moves
    does not matter for their order, and is taken off.
    """
    z, wz = np.polynomial.hermite_e.hermegauss(_OVERALL)
    weights = given.weights[:, None] * (wz / wz.sum())
    sd = np.sqrt(given.b * given.s2)
    loading = (given.b.mean(axis=1, keepdims=True) - given.b) * np.sqrt(given.variance)[:, None]
    mean = (given.b * (given.m - given.mean[:, None]))[:, None, :] + loading[:, None, :] * z[:, None]
    low = (mean - _FAR * sd[:, None, :]).min(axis=2)
    width = (mean + _FAR * sd[:, None, :]).max(axis=2) - low
    groups = sd.shape[1]
    points = np.ceil(width.max(axis=1) * math.sqrt(groups) / sd.min(axis=1)).astype(int) + 1
    total: Floats = np.zeros(groups)
    order = np.argsort(points, kind="stable")
    start = 0
    while start < len(order):
        size = max(1, _CHUNK // (_OVERALL * groups * int(points[order[start]])))
        part = order[start : start + size]
        step = width[part] / int(points[part[-1]])
        x = low[part, :, None] + step[:, :, None] * np.arange(points[part[-1]] + 1)
        total += np.einsum("jz,jzg->g", weights[part] * step, _best(x, mean[part], sd[part, None, :]))
        start += size
    best: Floats = total / total.sum()
    return best


def _best(x: Floats, mean: Floats, sd: Floats) -> Floats:
    # sum over x (J, Z, n) of f_g(x) times the product of all other F_h(x), for mean (J, Z, G) and sd (J, 1, G)
    scaled = x[:, :, None, :] - mean[..., None]  # many numbers: changed in place
    scaled /= sd[..., None]
    below = ndtr(scaled)
    scaled *= scaled
    scaled *= -0.5
    density = np.exp(scaled, out=scaled)
    density /= sd[..., None] * math.sqrt(2 * math.pi)
    # products over the others without dividing by F_h, which may be zero
    others = np.empty(below.shape)
    running = np.ones(x.shape)
    for g in range(below.shape[2]):
        others[:, :, g] = running
        running *= below[:, :, g]
    running = np.ones(x.shape)
    for g in reversed(range(below.shape[2])):
        others[:, :, g] *= running
        running *= below[:, :, g]
    density *= others
    found: Floats = density.sum(axis=3)
    return found
