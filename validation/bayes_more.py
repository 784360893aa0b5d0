"""Reference numbers for meta-regression, shortest intervals and prior predictive p values, without our code.

Meta-regression: every posterior by brute force on a grid of tau, the likelihood as the multivariate normal density of
the data with the coefficients' normal priors integrated out as one more covariance (flat ones: of residual contrasts).
Shortest intervals: scipy's minimisation of the width between quantiles of that grid. Prior predictive p values:
Imhof's integral (1961, Biometrika 48:419) for each tau, averaged over the prior by Gauss-Legendre quadrature.
Run from the root of the repository: python validation/bayes_more.py
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import integrate, optimize, stats

Y = np.array([0.10, 0.42, 0.33, 0.71, -0.15, 0.25, 0.55])
V = np.array([0.04, 0.03, 0.05, 0.02, 0.09, 0.015, 0.06])
DOSE = np.array([1.0, 2.0, 2.0, 5.0, 0.5, 3.0, 4.0])
STYLE = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0])
X = np.column_stack([np.ones(7), DOSE, STYLE])


def grid(prior, priors, top=8.0):
    """Nodes of tau with weights, and mean and covariance of the coefficients at each; log of the evidence."""
    edges = np.array([0, 0.02, 0.1, 0.3, 1.0, 3.0, top])
    tau, weights = np.empty(0), np.empty(0)
    inner, inner_weight = np.polynomial.legendre.leggauss(200)
    for a, b in pairwise(edges):
        tau = np.append(tau, (a + b) / 2 + (b - a) / 2 * inner)
        weights = np.append(weights, (b - a) / 2 * inner_weight)
    flat = [j for j in range(3) if priors[j] is None]
    proper = [j for j in range(3) if priors[j] is not None]
    log_joint, means, covariances = [], [], []
    m0 = np.array([priors[j][0] for j in proper]) if proper else np.empty(0)
    s0 = np.diag([priors[j][1] ** 2 for j in proper]) if proper else np.empty((0, 0))
    centre = X[:, proper] @ m0
    for t in tau:
        covariance = np.diag(V + t**2) + X[:, proper] @ s0 @ X[:, proper].T
        f = X[:, flat]
        if flat:
            w = np.linalg.inv(covariance)
            c = np.linalg.inv(f.T @ w @ f)
            b = c @ f.T @ w @ (Y - centre)
            r = Y - centre - f @ b
            value = -0.5 * (
                np.linalg.slogdet(covariance)[1]
                - np.linalg.slogdet(c)[1]
                + r @ w @ r
                + (7 - len(flat)) * math.log(2 * math.pi)
            )
        else:
            value = stats.multivariate_normal(centre, covariance).logpdf(Y)
        log_joint.append(value + prior.logpdf(t))
        # the coefficients: least squares with the priors as more rows of data
        rows = np.vstack([X, *[np.eye(3)[[j]] for j in proper]])
        data = np.append(Y, m0)
        root = np.append((V + t**2) ** -0.5, [1 / priors[j][1] for j in proper])
        a = rows * root[:, None]
        inverse = np.linalg.inv(a.T @ a)
        covariances.append(inverse)
        means.append(inverse @ a.T @ (data * root))
    log_joint = np.array(log_joint)
    peak = log_joint.max()
    mass = weights * np.exp(log_joint - peak)
    return tau, mass / mass.sum(), np.array(means), np.array(covariances), peak + math.log(mass.sum())


def summary(weights, mean, sd):
    cdf = lambda x: float(weights @ stats.norm.cdf(x, mean, sd))  # noqa: E731
    low, high = (mean - 12 * sd).min(), (mean + 12 * sd).max()
    quantile = lambda p: optimize.brentq(lambda x: cdf(x) - p, low, high, xtol=1e-13)  # noqa: E731
    first = float(weights @ mean)
    spread = math.sqrt(float(weights @ (sd**2 + (mean - first) ** 2)))
    width = lambda p: quantile(p + 0.95) - quantile(p)  # noqa: E731
    p = optimize.minimize_scalar(width, bounds=(1e-6, 0.05 - 1e-6), method="bounded", options={"xatol": 1e-9}).x
    return {"mean": first, "sd": spread, "median": quantile(0.5), "central": [quantile(0.025), quantile(0.975)],
            "shortest": [quantile(p), quantile(p + 0.95)], "positive": 1 - cdf(0.0)}  # fmt: skip


def imhof(q, weights):
    """P(sum of weights times chi-square(1) > q)."""

    def f(u):
        angle = 0.5 * np.arctan(weights * u).sum() - 0.5 * q * u
        return math.sin(angle) / (u * np.prod((1 + (weights * u) ** 2) ** 0.25))

    total, start, step = 0.0, 0.0, 2 * math.pi / q
    for _ in range(4000):
        part = integrate.quad(f, start, start + step, epsabs=1e-15, epsrel=1e-13)[0]
        total, start = total + part, start + step
        if abs(part) < 1e-13:
            break
    return 0.5 + total / math.pi


def conflict(prior, top, mean, sd):
    w = 1 / V
    centre = w @ Y / w.sum()
    q = float(w @ (Y - centre) ** 2)
    projection = np.diag(w) - np.outer(w, w) / w.sum()
    spread = np.sort(np.linalg.eigvalsh(projection))[1:]
    node, weight = np.polynomial.legendre.leggauss(40)
    larger = mean_p = 0.0
    edges = np.linspace(0, top, 5)
    for a, b in pairwise(edges):
        for x, g in zip(node, weight, strict=True):
            t = (a + b) / 2 + (b - a) / 2 * x
            mass = (b - a) / 2 * g * prior.pdf(t)
            larger += mass * imhof(q, 1 + t * t * spread)
            s = math.sqrt(sd**2 + float(((w / w.sum()) ** 2) @ (V + t * t)))
            mean_p += mass * 2 * stats.norm.sf(abs(centre - mean) / s)
    return {"q": q, "larger": larger, "mean_p": mean_p}


def main() -> None:
    prior = stats.halfnorm(scale=0.5)
    cases = []
    for name, priors in (
        ("flat", [None] * 3),
        ("normal", [(0.0, 1.0), (0.1, 0.2), (0.0, 0.5)]),
        ("mixed", [None, (0.0, 0.3), None]),
    ):
        tau, weights, means, covariances, evidence = grid(prior, priors)
        at = np.array([1.0, 4.5, 1.0])
        cases.append({
            "name": name, "priors": priors, "evidence": evidence, "tau": float(weights @ tau),
            "coefficients": [summary(weights, means[:, j], np.sqrt(covariances[:, j, j])) for j in range(3)],
            "mean_at": summary(weights, means @ at, np.sqrt(np.einsum("j,njl,l->n", at, covariances, at))),
            "study_at": summary(weights, means @ at, np.sqrt(np.einsum("j,njl,l->n", at, covariances, at) + tau**2)),
        })  # fmt: skip
    data = {"y": Y.tolist(), "v": V.tolist(), "dose": DOSE.tolist(), "style": STYLE.tolist(), "at": [4.5, 1.0]}
    conflicts = [{"scale": s, **conflict(stats.halfnorm(scale=s), 9 * s, 0.0, 0.4)} for s in (0.05, 0.5, 3.0)]
    out = {**data, "regressions": cases, "conflicts": conflicts}
    Path("tests/oracle/bayes_more.json").write_text(json.dumps(out))


if __name__ == "__main__":
    main()
