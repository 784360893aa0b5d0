"""Marginal likelihoods of models of bias by brute force: dense products of Gauss-Legendre rules in the parameters.

None of our code is used: the likelihood is scipy's normal density over the chance to be seen, with scipy's tails;
the mean is integrated by numbers where ours is in closed form, the chances on their ordered triangle. The model with
five parameters is averaged over draws from its priors.
Run from the root of the repository: python validation/bias_average.py
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import stats

Y = np.array([0.42, 0.31, 0.55, 0.12, 0.38])
SE = np.array([0.20, 0.12, 0.28, 0.09, 0.21])


def rule(edges, n=14):
    node, weight = np.polynomial.legendre.leggauss(n)
    x = np.concatenate([(a + b) / 2 + (b - a) / 2 * node for a, b in pairwise(edges)])
    w = np.concatenate([(b - a) / 2 * weight for a, b in pairwise(edges)])
    return x, w


MU = rule([-6, -2, -1, -0.3, 0.2, 0.5, 1, 2, 6])
TAU = rule([1e-6, 0.03, 0.06, 0.12, 0.25, 0.5, 1, 3, 15, 200])


def tau_prior(t):
    return stats.invgamma(1, scale=0.15).pdf(t)


def masses(mu, tau, steps, two_sided):
    """Chance of each interval of p for each study, (..., k, J)."""
    s = np.sqrt(SE**2 + np.asarray(tau)[..., None] ** 2)
    cuts = stats.norm.isf(np.array([0.0, *steps, 1.0]) / (2 if two_sided else 1))
    z = (cuts * SE[:, None] - np.asarray(mu)[..., None, None]) / s[..., None]
    mass = stats.norm.cdf(z[..., :-1]) - stats.norm.cdf(z[..., 1:])
    if two_sided:
        z = (-cuts * SE[:, None] - np.asarray(mu)[..., None, None]) / s[..., None]
        mass = mass + stats.norm.cdf(z[..., 1:]) - stats.norm.cdf(z[..., :-1])
    return mass


def likelihood(mu, tau, chances, steps, two_sided):
    p = stats.norm.sf(Y / SE) if not two_sided else 2 * stats.norm.sf(abs(Y / SE))
    own = chances[..., np.searchsorted(steps, p, side="left")]
    s = np.sqrt(SE**2 + np.asarray(tau)[..., None] ** 2)
    seen = (masses(mu, tau, steps, two_sided) * chances[..., None, :]).sum(axis=-1)
    return (stats.norm.pdf(Y, np.asarray(mu)[..., None], s) * own / seen).prod(axis=-1)


def one_step(effect, spread, steps=(0.05,), two_sided=False):
    x, w = rule([0, 0.01, 0.03, 0.1, 0.3, 1])
    chances = np.column_stack([np.ones(len(x)), x])
    mus, tau = MU if effect else (np.zeros(1), np.ones(1)), TAU if spread else (np.zeros(1), np.ones(1))
    before = mus[1] * (stats.norm.pdf(mus[0]) if effect else 1.0)
    total = 0.0
    for t, b in zip(*tau, strict=True):
        m = np.broadcast_to(mus[0][:, None], (len(mus[0]), len(x)))
        value = likelihood(m, np.full(m.shape, t), np.broadcast_to(chances, (*m.shape, 2)), steps, two_sided)
        total += b * (tau_prior(t) if spread else 1.0) * float(before @ value @ w)
    return math.log(total)


def three_steps():
    """No effect, no spread: a triangle of three falling chances."""
    x, w = rule([0, 0.02, 0.1, 0.4, 1], 16)
    total = 0.0
    for a, wa in zip(x, w, strict=True):
        b, c = np.meshgrid(a * x, x, indexing="ij")
        c = b * c
        area = np.outer(a * w, w) * b  # b from 0 to a, c from 0 to b
        chances = np.stack([np.ones_like(b), np.full_like(b, a), b, c], axis=-1)
        none = np.zeros_like(b)
        total += wa * 6 * float((area * likelihood(none, none, chances, (0.025, 0.05, 0.5), False)).sum())
    return math.log(total)


def slope(power, effect, spread):
    x, w = rule([0, 0.1, 0.5, 1, 2, 4, 10, 50, 1000], 24)
    prior = 2 * stats.cauchy(scale=(1, 5)[power - 1]).pdf(x)
    mus, tau = MU if effect else (np.zeros(1), np.ones(1)), TAU if spread else (np.zeros(1), np.ones(1))
    before = mus[1] * (stats.norm.pdf(mus[0]) if effect else 1.0)
    total = 0.0
    for t, b in zip(*tau, strict=True):
        s = np.sqrt(SE**2 + t**2)
        z = (Y - mus[0][:, None, None] - x[:, None] * SE**power) / s
        density = np.exp(-0.5 * (z**2).sum(axis=-1)) / (s * math.sqrt(2 * math.pi)).prod()
        total += b * (tau_prior(t) if spread else 1.0) * float(before @ density @ (w * prior))
    return math.log(total)


def five_parameters(draws=1_000_000, seed=1):
    random = np.random.default_rng(seed)
    total, square, part = 0.0, 0.0, 200_000
    for _ in range(draws // part):
        mu, tau = random.normal(size=part), 0.15 / random.gamma(1.0, size=part)
        chances = np.column_stack([np.ones(part), -np.sort(-random.uniform(size=(part, 3)), axis=1)])
        value = likelihood(mu, tau, chances, (0.025, 0.05, 0.5), False)
        total, square = total + value.sum(), square + (value**2).sum()
    mean = total / draws
    return math.log(mean), math.sqrt(square / draws - mean**2) / math.sqrt(draws) / mean


def main() -> None:
    found = [
        ("steps: 0.05", True, True, one_step(True, True)),
        ("steps: 0.05", False, True, one_step(False, True)),
        ("steps, two-sided: 0.05", True, False, one_step(True, False, two_sided=True)),
        ("steps: 0.025, 0.05, 0.5", False, False, three_steps()),
        ("PET", True, True, slope(1, True, True)),
        ("PEESE", True, True, slope(2, True, True)),
        ("PET", False, False, slope(1, False, False)),
        ("none", True, True, slope_free()),
    ]
    names = ("bias", "effect", "heterogeneity", "log_evidence", "error")
    models = [dict(zip(names[:4], row, strict=True)) for row in found]
    drawn = dict(zip(names, ("steps: 0.025, 0.05, 0.5", True, True, *five_parameters()), strict=True))
    out = {"y": Y.tolist(), "se": SE.tolist(), "models": models, "drawn": drawn}
    Path("tests/oracle/bias_average.json").write_text(json.dumps(out))


def slope_free():
    total = 0.0
    for t, b in zip(*TAU, strict=True):
        density = stats.norm.pdf(Y, MU[0][:, None], np.sqrt(SE**2 + t**2)).prod(axis=1)
        total += b * tau_prior(t) * float((MU[1] * stats.norm.pdf(MU[0])) @ density)
    return math.log(total)


if __name__ == "__main__":
    main()
