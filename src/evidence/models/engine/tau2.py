"""What estimators of the between-study variance are made of: moments with weights given, and iterations to a root.

Written like `moments`, to run as it stands or compiled.
"""

from __future__ import annotations

from .moments import Data, Vector, Work, log_determinants, moments, rss, trace_pv

CONVERGED, NOT_CONVERGED, COLLINEAR = 0, 1, 2
_TOLERANCE = 1e-10
_LEAST_DAMPING = 0.1  # of three tries; the fourth halves where it creeps
_NEWTON_TOLERANCE = 1e-6  # what is left after such a step is of the order of its square


def log_likelihood(restricted: bool, data: Data, t: float, work: Work) -> float:
    """ML or REML log-likelihood at tau2 = ``t``, without the constants that depend on neither t nor y."""
    square = rss(data, t, work)
    log_variance, log_information = log_determinants(data, t, work)
    if restricted:
        return -0.5 * (log_variance + log_information + square)
    return -0.5 * (log_variance + square)


def q_root(data: Data, target: float, q0: float, e0: float, work: Work) -> tuple[float, int]:
    """tau2 at which y'Py equals ``target``, zero when it is below even at zero, and a status.

    Newton on 1/y'Py, which is nearly straight in tau2 (exactly so for equal variances), inside a bracket.
    ``q0`` and ``e0`` are y'Py and y'PPy at zero.
    """
    if q0 <= target:
        return 0.0, CONVERGED
    low = 0.0
    high = -1.0  # not known yet
    t = 0.0
    square = q0
    slope = e0
    for _ in range(200):
        step = square / target * (square - target) / slope
        new = t + step
        if new <= low or (high > 0.0 and new >= high):
            new = 0.5 * (low + high) if high > 0.0 else 2.0 * t
            step = new - t
        t = new
        if abs(step) <= _TOLERANCE * t:
            return t, CONVERGED
        square, slope, _, _, _, _, _ = moments(data, t, work)
        if square > target:
            low = t
        elif square < target:
            high = t
        else:
            return t, CONVERGED
        if high - low <= 1e-15 * high and high > 0.0:
            return t, CONVERGED
    return t, NOT_CONVERGED


def variance(y: Vector, n: int) -> float:
    """Their mean square about their mean."""
    mean = 0.0
    for i in range(n):
        mean += y[i]
    mean /= n
    square = 0.0
    for i in range(n):
        square += (y[i] - mean) * (y[i] - mean)
    return square / n


def hedges(data: Data, work: Work) -> float:
    """tau2 from the moment with all weights equal."""
    y, v, x, n, p = data
    if p == 0:  # the short form; the start of ML and REML should cost little
        mean_v = 0.0
        for i in range(n):
            mean_v += v[i]
        return max(0.0, variance(y, n) * n / (n - 1) - mean_v / n)
    ones = work[5]
    for i in range(n):
        ones[i] = 1.0
    square = rss((y, ones, x, n, p), 0.0, work)
    return max(0.0, (square - trace_pv(v, n, p, work)) / (n - p))


def generalised_q(data: Data, a: Vector, work: Work) -> float:
    """tau2 from the moment with weights ``a``."""
    # Such weights a are the weights of studies whose variance is 1/a when tau2 is 0.
    y, v, x, n, p = data
    inverse = work[5]
    for i in range(n):
        inverse[i] = 1.0 / a[i]
    square, _, _, trp, _, _, _ = moments((y, inverse, x, n, p), 0.0, work)
    return max(0.0, (square - trace_pv(v, n, p, work)) / trp)


def score_root(restricted: bool, data: Data, score0: float, work: Work) -> tuple[float, int]:
    """tau2 of the largest ML or REML likelihood, and a status; ``score0`` is twice the score at zero."""
    # Fisher scoring decides which maximum is climbed; Newton steps finish once the top is near. They are taken
    # on the score times the square of tr P / tr PP, the typical vi + tau2, which is nearly straight in tau2.
    start = hedges(data, work)
    damping = 1.0
    t = start
    status = NOT_CONVERGED
    while status != CONVERGED and damping > 0.4 * _LEAST_DAMPING:
        t, status = _climb(restricted, data, start, score0, damping, work)
        damping *= 0.4
    if status == CONVERGED and t > 0.0 and score0 < 0.0:  # zero is a maximum too: take the higher one
        at_zero = log_likelihood(restricted, data, 0.0, work)
        if at_zero > log_likelihood(restricted, data, t, work):
            t = 0.0
    return t, status


def _halve(restricted: bool, data: Data, t: float, work: Work) -> tuple[float, int]:
    # Steps creep where the likelihood is all but flat. From where they stand, the next change of the score's sign
    # uphill is sought by factors of two and found by halves; there is none below what the variances resolve.
    least = _TOLERANCE * data[1][0]
    low = 0.0
    high = -1.0  # not known yet
    t = max(t, least)
    for _ in range(2500):
        _, e2, _, trp, _, sw, _ = moments(data, t, work)
        score = e2 - (trp if restricted else sw)
        if score > 0.0:
            low = t
        elif score <= 0.0:
            high = t
        else:  # beyond the range of floating point
            return t, NOT_CONVERGED
        if low == 0.0:
            if high <= least:
                return 0.0, CONVERGED
            t = 0.5 * high
        elif high < 0.0:
            t = 2.0 * low
        else:
            t = 0.5 * (low + high)
            if high - low <= _TOLERANCE * (t + data[1][0]):
                return t, CONVERGED
    return t, NOT_CONVERGED


def _climb(restricted: bool, data: Data, start: float, score0: float, damping: float, work: Work) -> tuple[float, int]:
    smallest = data[1][0]
    t = start
    for _ in range(100):
        _, e2, e3, trp, trpp, sw, sw2 = moments(data, t, work)
        trace = trp if restricted else sw
        information = trpp if restricted else sw2
        if not information > 0.0:  # beyond the range of floating point
            return t, NOT_CONVERGED
        score = e2 - trace
        step = damping * score / information
        enough = _TOLERANCE
        curvature = 2.0 * e3 - information
        straight = curvature - 2.0 * score * information / trace
        if straight > 0.0 and abs(score) < 0.3 * (t + smallest) * curvature:
            step = score / straight
            enough = _NEWTON_TOLERANCE
        if t + step <= 0.0:
            if score0 <= 0.0:
                return 0.0, CONVERGED
            step = -0.5 * t
        t += step
        if abs(step) <= enough * (t + smallest):
            return t, CONVERGED
    return _halve(restricted, data, t, work) if damping < _LEAST_DAMPING else (t, NOT_CONVERGED)
