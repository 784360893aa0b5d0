"""The sums every random-effects estimator is made of.

With weights ``wi = 1 / (vi + tau2)`` and ``P = W - W X (X'WX)^-1 X'W`` all estimators of tau2, their
score equations and their variances are functions of a few numbers: y'Py, y'PPy, y'PPPy, tr P, tr PP,
sum wi and sum wi^2. They are computed here and nowhere else.

The functions use nothing but indexing and arithmetic, because each runs in two ways: as it stands (a
single fit should not wait for a compiler) and compiled (see `compiled`). Both give the same bits.
``p = 0`` stands for the common mean, which needs no design matrix.
"""

from __future__ import annotations

from math import log, sqrt
from typing import Any

Vector = Any  # (k,) float64 array or memoryview
Matrix = Any  # (p, k) or (p, p) float64 array or memoryview
Data = tuple[Vector, Vector, Matrix, int, int]
Work = tuple[Vector, Vector, Matrix, Matrix, Vector, Vector]
Moments = tuple[float, float, float, float, float, float, float]


def moments(data: Data, t: float, work: Work) -> Moments:
    """Return y'Py, y'PPy, y'PPPy, tr P, tr PP, sum w and sum w^2 at tau2 = ``t``.

    Parameters
    ----------
    data : (y, v, x, n, p)
        Effect sizes (n,), sampling variances (n,), moderators (p, n) one row a coefficient, number of
        studies, number of coefficients (0: common mean). For ``p = 0`` study 0 should have the smallest
        variance and ``y[0]`` be 0.
    t : float
        tau2, in squared units of ``y``.
    work : (w, e, q, r, c, u)
        Work space of shapes (n,), (n,), (p, n), (p, p), (p,), (n,). On return ``w`` holds the weights and,
        for ``p > 0``, ``q`` and ``r`` the factors of W^(1/2) X = Q R, ``c`` Q'W^(1/2) y, ``e`` the weighted
        residuals. ``r[0, 0]`` is 0 when the moderators are collinear; the numbers mean nothing then. For
        ``p = 0``, ``c[0]`` is the mean and ``r[0, 0]`` its variance.
    """
    if data[4] == 0:
        return _moments_mean(data, t, work)
    return _moments_design(data, t, work)


def rss(data: Data, t: float, work: Work) -> float:
    """y'Py alone, at tau2 = ``t``; ``work`` holds on return what `moments` leaves there."""
    if data[4] == 0:
        return _rss_mean(data, t, work)
    return _rss_design(data, t, work)


def trace_pv(v: Vector, n: int, p: int, work: Work) -> float:
    """tr(P V) for the weights the last call of `moments` left in ``work``."""
    w, _, q, _, _, _ = work
    total = 0.0
    for i in range(n):
        total += w[i]
    trace = 0.0
    for i in range(n):
        h = w[i] / total
        if p > 0:
            h = 0.0
            for j in range(p):
                h += q[j, i] * q[j, i]
        trace += w[i] * v[i] * (1.0 - h)
    return trace


def log_determinants(data: Data, t: float, work: Work) -> tuple[float, float]:
    """Return sum log(vi + tau2) and log|X'WX| for the weights the last call of `moments` left behind."""
    _, v, _, n, p = data
    w, _, _, r, _, _ = work
    log_variance = 0.0
    for i in range(n):
        log_variance += log(v[i] + t)
    log_information = 0.0
    if p == 0:
        total = 0.0
        for i in range(n):
            total += w[i]
        log_information = log(total)
    for j in range(p):
        log_information += 2.0 * log(r[j, j])
    return log_variance, log_information


def _moments_mean(data: Data, t: float, work: Work) -> Moments:
    y, v, _, n, _ = data
    w = work[0]
    r = work[3]
    c = work[4]
    # Study 0 has the smallest variance and is the origin of y. Its weight, 1/d, is divided out of every
    # sum by hand, so that nothing cancels when it outweighs the others by any factor.
    d = v[0] + t
    w[0] = 1.0 / d
    s1 = 0.0
    s2 = 0.0
    s3 = 0.0
    sy = 0.0
    for i in range(1, n):
        wi = 1.0 / (v[i] + t)
        w[i] = wi
        s1 += wi
        s2 += wi * wi
        s3 += wi * wi * wi
        sy += wi * y[i]
    shrink = 1.0 / (1.0 + s1 * d)
    g = sy * shrink  # the mean is d * g away from study 0
    mean = d * g
    c[0] = mean
    r[0, 0] = d * shrink
    total = mean * g
    e2 = g * g
    e3 = 0.0
    su = 0.0
    for i in range(1, n):
        wi = w[i]
        residual = y[i] - mean
        u = wi * residual
        total += u * residual
        e2 += u * u
        e3 += wi * u * u
        su += wi * u
    e3 += (g * g * s1 - su * su * d + 2.0 * su * g) * shrink
    trp = (2.0 * s1 + (s1 * s1 - s2) * d) * shrink
    trpp = (
        (s1 * s1 + 3.0 * s2 + 2.0 * d * (s1 * s2 - s3) + d * d * (s2 * s2 + s1 * (s1 * s2 - 2.0 * s3)))
        * shrink
        * shrink
    )
    return total, e2, e3, trp, trpp, s1 + w[0], s2 + w[0] * w[0]


def _rss_mean(data: Data, t: float, work: Work) -> float:
    return _moments_mean(data, t, work)[0]  # a compiler leaves out what is not asked for


def _rss_design(data: Data, t: float, work: Work) -> float:
    y, v, x, n, p = data
    w, e, q, r, c, _ = work
    for i in range(n):
        w[i] = 1.0 / (v[i] + t)
        e[i] = sqrt(w[i])
    for j in range(p):
        for i in range(n):
            q[j, i] = e[i] * x[j, i]
    for i in range(n):
        e[i] *= y[i]
    for j in range(p):
        if not _orthonormalise(n, j, q, r):
            r[0, 0] = 0.0
            return 0.0
    for j in range(p):
        c[j] = 0.0
        for i in range(n):
            c[j] += q[j, i] * e[i]
        for i in range(n):
            e[i] -= c[j] * q[j, i]
    total = 0.0
    for i in range(n):
        total += e[i] * e[i]
    return total


def _moments_design(data: Data, t: float, work: Work) -> Moments:
    _, _, _, n, p = data
    w, e, q, r, _, _ = work
    total = _rss_design(data, t, work)
    if r[0, 0] == 0.0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    e2 = 0.0
    e3 = 0.0
    trp = 0.0
    trpp = 0.0
    s1 = 0.0
    s2 = 0.0
    for i in range(n):
        h = 0.0
        for j in range(p):
            h += q[j, i] * q[j, i]
        wi = w[i]
        f = wi * e[i] * e[i]
        e2 += f
        e3 += wi * f
        trp += wi * (1.0 - h)
        trpp += wi * wi * (1.0 - 2.0 * h)
        s1 += wi
        s2 += wi * wi
    for j in range(p):
        g = 0.0
        for i in range(n):
            g += q[j, i] * w[i] * e[i]
        e3 -= g * g
        for m in range(j + 1):
            g = 0.0
            for i in range(n):
                g += q[j, i] * w[i] * q[m, i]
            trpp += g * g if m == j else 2.0 * g * g
    return total, e2, e3, trp, trpp, s1, s2


def _orthonormalise(n: int, j: int, q: Matrix, r: Matrix) -> bool:
    # Column j of W^(1/2) X, in row j of q, by modified Gram-Schmidt. A column that loses half of its square is
    # cleaned again, so that Q stays orthonormal to machine precision (Kahan's "twice is enough").
    size = 0.0
    for i in range(n):
        size += q[j, i] * q[j, i]
    rest = size
    for m in range(j):
        r[m, j] = 0.0
    for _ in range(2 if j > 0 else 0):
        before = rest
        for m in range(j):
            g = 0.0
            for i in range(n):
                g += q[m, i] * q[j, i]
            for i in range(n):
                q[j, i] -= g * q[m, i]
            r[m, j] += g
        rest = 0.0
        for i in range(n):
            rest += q[j, i] * q[j, i]
        if rest > 0.5 * before:
            break
    if rest <= 1e-20 * size:  # nothing but rounding is left of the column
        return False
    r[j, j] = sqrt(rest)
    shrink = 1.0 / r[j, j]
    for i in range(n):
        q[j, i] *= shrink
    return True
