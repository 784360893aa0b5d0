"""How much clusters and rows differ in the working models of robust variance estimation, by the method of moments."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import NotEstimable
from ..engine.engine import Floats
from .blocks import Ints


class Spread(NamedTuple):
    """Variance between clusters, within them ("HIER"), and the weights that follow."""

    tau2: float
    omega2: float | None
    weights: Floats


def least_squares(y: Floats, x: Floats, w: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients, (X'WX)^-1 and residuals."""
    bread = np.asarray(np.linalg.inv(x.T @ (w[:, None] * x)), dtype=float)
    beta = bread @ (x.T @ (w * y))
    return beta, bread, y - x @ beta


def correlated(y: Floats, v: Floats, x: Floats, codes: Ints, rho: float) -> Spread:
    """tau2 = (Q - J + tr A + rho tr B) / (sum w - tr(C X'WJWX)) with A = C X'(W/k)X and B = C X'(w/k)(J - I)X."""
    size = np.bincount(codes)
    mean = np.bincount(codes, v) / size
    w = 1 / (size * mean)[codes]
    _, bread, e = least_squares(y, x, w)
    sums = _sums(x, codes)  # J x of each cluster
    own = x.T @ ((w / size[codes])[:, None] * x)
    shared = sums.T @ ((1 / (size * mean) / size)[:, None] * sums) - own
    below = w.sum() - np.trace(bread @ (sums.T @ ((1 / (size * mean) ** 2)[:, None] * sums)))
    if below <= 1e-10 * w.sum():
        raise NotEstimable("the moderators explain every cluster, which leaves nothing to estimate tau2 from")
    tau2 = (w @ e**2 - len(size) + np.trace(bread @ own) + rho * np.trace(bread @ shared)) / below
    tau2 = max(float(tau2), 0.0)
    return Spread(tau2, None, 1 / (size * (mean + tau2))[codes])


def hierarchical(y: Floats, v: Floats, x: Floats, codes: Ints) -> Spread:
    """tau2 and omega2 from two sums of squares: of weighted residuals, and of their totals by cluster."""
    w, size = 1 / v, np.bincount(codes)
    _, c, e = least_squares(y, x, w)
    plain, weighted = _sums(x, codes), _sums(w[:, None] * x, codes)
    jx, wjwx = plain.T @ plain, weighted.T @ weighted
    twice = weighted.T @ (size[:, None] * plain)  # X'WJJX
    cross = weighted.T @ plain  # X'WJX
    square = x.T @ (w[:, None] ** 2 * x)
    a1 = np.sum(size**2) - 2 * np.trace(c @ twice) + np.trace(c @ jx @ c @ wjwx)
    b1 = len(y) - 2 * np.trace(c @ cross) + np.trace(c @ jx @ c @ square)
    c1 = v.sum() - np.trace(c @ jx)
    a2, b2, c2 = w.sum() - np.trace(c @ wjwx), w.sum() - np.trace(c @ square), len(y) - x.shape[1]
    qa, qe = float(np.sum(np.bincount(codes, e) ** 2)), float(w @ e**2)
    below = b1 * a2 - b2 * a1
    if abs(below) <= 1e-10 * abs(b1 * a2) or a2 <= 0:
        raise NotEstimable("each cluster has one row: tau2 and omega2 cannot be told apart; take pool or regress")
    omega2 = max(((qa - c1) * a2 - (qe - c2) * a1) / below, 0.0)
    tau2 = max((qe - c2) / a2 - omega2 * b2 / a2, 0.0)
    return Spread(tau2, omega2, 1 / (v + tau2 + omega2))


def _sums(x: Floats, codes: Ints) -> Floats:
    """Columns added up by cluster, (J, p)."""
    return np.stack([np.bincount(codes, column) for column in x.T], axis=1)
