"""Fit many meta-analyses that lie end to end in flat arrays: the loop under everything.

Segment b is ``y[starts[b]:starts[b + 1]]``. A single fit is one segment; leave-one-out, subsets,
permutations, bootstrap samples and groups are many. Segments may have any length, so nothing is padded.
Written like `moments`, to run as it stands or compiled.
"""

from __future__ import annotations

from typing import Any

from .estimators import estimate_tau2
from .moments import Data, Matrix, Vector, Work, moments, rss
from .tau2 import COLLINEAR, CONVERGED

TAU2, Q, TRACE, RSS = range(4)  # columns of `stats`


def fit_segments(
    method: int,
    p: int,
    tau2: float,
    custom: bool,
    targets: Vector,
    y: Vector,
    v: Vector,
    a: Vector,
    x: Matrix,
    starts: Vector,
    own: Any,
    work: Work,
    beta: Matrix,
    cov: Any,
    stats: Matrix,
    status: Vector,
) -> None:
    """Fill ``beta``, ``cov``, ``stats`` and ``status`` of B segments; P is max(p, 1).

    Parameters
    ----------
    method : int, position in `METHODS`
    p : int, number of coefficients (0: common mean)
    tau2 : float, its fixed value, or negative to estimate it
    custom : bool, whether coefficients use the weights ``a`` instead of 1 / (vi + tau2)
    targets : (largest k + 1,) array, what y'Py should equal by degrees of freedom
    y : (N,) array, effect sizes of all segments
    v : (N,) array, their sampling variances
    a : (N,) array, weights of the user's, empty when there are none
    x : (N, p) array, moderators
    starts : (B + 1,) integer array, where each segment begins, and the end of the last
    own : (y, v, a, x) work space for the studies of one segment
    work : work space, as for `moments`
    beta : (B, P) array, coefficients
    cov : (B, P, P) array, their covariance, not yet scaled by the test
    stats : (B, 4) array, columns `TAU2`, `Q`, `TRACE` and `RSS`
    status : (B,) array, as `estimate_tau2` gives it, or `COLLINEAR`
    """
    for b in range(len(starts) - 1):
        low = starts[b]
        n = starts[b + 1] - low
        origin = _gather(low, n, p, y, v, a, x, own)
        data = (own[0], own[1], own[3], n, p)
        if n < p or n == 0:
            status[b] = COLLINEAR
            continue
        q0, e0, _, trp0, _, sw0, _ = moments(data, 0.0, work)
        if p > 0 and work[3][0, 0] == 0.0:
            status[b] = COLLINEAR
            continue
        t = max(0.0, tau2)
        status[b] = CONVERGED
        df = n - max(p, 1)
        if tau2 < 0.0 and df > 0:
            t, code = estimate_tau2(method, data, own[2], targets[df], (q0, e0, trp0, sw0), work)
            status[b] = code
        stats[b, TAU2] = t
        stats[b, Q] = q0
        stats[b, TRACE] = trp0
        stats[b, RSS] = q0 if tau2 == 0.0 else rss(data, t, work)
        if custom:
            _custom_coefficients(b, data, own[2], t, work, beta, cov)
        else:
            _coefficients(b, p, work, beta, cov)
        if p == 0:
            beta[b, 0] += origin


def _gather(low: int, n: int, p: int, y: Vector, v: Vector, a: Vector, x: Matrix, own: Any) -> float:
    # Copies a segment with its most precise study first and, for a common mean, as origin of y.
    own_y, own_v, own_a, own_x = own
    best = low
    for i in range(low, low + n):
        if v[i] < v[best]:
            best = i
    origin = 0.0
    if p == 0 and n > 0:
        origin = y[best]
    for i in range(n):
        row = low + i
        if i == 0:
            row = best
        elif row == best:
            row = low
        own_y[i] = y[row] - origin
        own_v[i] = v[row]
        if len(a) > 0:
            own_a[i] = a[row]
        for j in range(p):
            own_x[j, i] = x[row, j]
    return origin


def _coefficients(b: int, p: int, work: Work, beta: Matrix, cov: Any) -> None:
    # Uses what the last call of moments has left in the work space.
    r, c = work[3], work[4]
    if p == 0:
        beta[b, 0] = c[0]
        cov[b, 0, 0] = r[0, 0]
        return
    for j in range(p):
        for m in range(p):
            cov[b, j, m] = 1.0 if j == m else 0.0
    _solve(b, p, r, c, beta, cov)


def _custom_coefficients(b: int, data: Data, a: Vector, t: float, work: Work, beta: Matrix, cov: Any) -> None:
    # Sandwich: (X'AX)^-1 X'A (V + tau2) A X (X'AX)^-1.
    y, v, x, n, p = data
    if p == 0:
        total = 0.0
        sum_y = 0.0
        sum_v = 0.0
        for i in range(n):
            total += a[i]
            sum_y += a[i] * y[i]
            sum_v += a[i] * a[i] * (v[i] + t)
        beta[b, 0] = sum_y / total
        cov[b, 0, 0] = sum_v / (total * total)
        return
    _, _, q, r, c, inverse = work
    for i in range(n):
        inverse[i] = 1.0 / a[i]
    rss((y, inverse, x, n, p), 0.0, work)
    for j in range(p):
        for m in range(p):
            cov[b, j, m] = 0.0
            for i in range(n):
                cov[b, j, m] += q[j, i] * a[i] * (v[i] + t) * q[m, i]
    _solve(b, p, r, c, beta, cov)


def _solve(b: int, p: int, r: Matrix, c: Vector, beta: Matrix, cov: Any) -> None:
    # beta = R^-1 c, and cov becomes R^-1 cov R^-T, by back substitution on its columns, then its rows.
    for j in range(p - 1, -1, -1):
        g = c[j]
        for m in range(j + 1, p):
            g -= r[j, m] * beta[b, m]
        beta[b, j] = g / r[j, j]
    for column in range(p):
        for j in range(p - 1, -1, -1):
            g = cov[b, j, column]
            for m in range(j + 1, p):
                g -= r[j, m] * cov[b, m, column]
            cov[b, j, column] = g / r[j, j]
    for row in range(p):
        for j in range(p - 1, -1, -1):
            g = cov[b, row, j]
            for m in range(j + 1, p):
                g -= r[j, m] * cov[b, row, m]
            cov[b, row, j] = g / r[j, j]
