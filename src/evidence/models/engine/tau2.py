"""The between-study variance: every estimator, once.

All take the moments of `moments` and work for a common mean (``p = 0``) and for moderators alike.
`estimate_tau2` is written like `moments`, to run as it stands or compiled.

| method | solves | source |
|---|---|---|
| DL | y'Py = k - p + tau2 tr P at tau2 = 0 in P | DerSimonian & Laird 1986, 10.1016/0197-2456(86)90046-2 |
| HE | the same with all weights equal | Hedges & Olkin 1985; Cochran 1954 |
| GENQ | the same with weights of the user's | DerSimonian & Kacker 2007, 10.1016/j.cct.2006.04.004 |
| HS, HSk | (y'Py - k) / sum wi, HSk with k/(k-p) y'Py | Hunter & Schmidt 2004; Brannick et al. 2019 |
| SJ | tau0 * y'Py / (k - p), tau0 the variance of yi | Sidik & Jonkman 2005, 10.1111/j.1467-9876.2005.00489.x |
| PM, EB, SJIT, DLIT | y'Py = k - p with tau2 in P | Paule & Mandel 1982; Morris 1983; Viechtbauer et al. 2015 |
| PMM | y'Py = median of chi2(k - p) | Viechtbauer 2021 |
| ML | y'PPy = sum wi | Hardy & Thompson 1996 |
| REML | y'PPy = tr P | Raudenbush 2009; Viechtbauer 2005, 10.3102/10769986030003261 |

EB, SJIT and DLIT are other iterations towards the root PM defines; they differ in the standard error of tau2 at most.
DLIT repeats (y'Py - tr PV) / tr P with the last tau2 in P, and tr PV = k - p - tau2 tr P. (metafor 3.8 subtracts k - p
in each round, as if tau2 in P were 0, and stops at another value; later versions subtract tr PV, as here.)
Where a root is below zero, the estimate is zero.
"""

from __future__ import annotations

from .estimators import METHODS
from .moments import Data, Vector, Work, log_determinants, moments, rss, trace_pv

EE, DL, HE, HS, HSK, SJ, SJIT, ML, REML, EB, PM, PMM, DLIT, GENQ = range(len(METHODS))
CONVERGED, NOT_CONVERGED, COLLINEAR = 0, 1, 2
_TOLERANCE = 1e-10
_LEAST_DAMPING = 0.1  # of three tries; the fourth halves where it creeps
_NEWTON_TOLERANCE = 1e-6  # what is left after such a step is of the order of its square


def estimate_tau2(
    method: int, data: Data, a: Vector, target: float, q0: float, e0: float, trp0: float, sw0: float, work: Work
) -> tuple[float, int]:
    """Return tau2 and a status: `CONVERGED` or `NOT_CONVERGED`.

    Parameters
    ----------
    method : int, position in `METHODS`
    data : as for `moments`
    a : (n,) array, the user's weights; only GENQ reads them
    target : float, what y'Py should equal for PM and its kin
    q0 : float, y'Py at tau2 = 0
    e0 : float, y'PPy at tau2 = 0
    trp0 : float, tr P at tau2 = 0
    sw0 : float, sum w at tau2 = 0
    work : work space, as for `moments`
    """
    y, _, _, n, p = data
    df = n - max(p, 1)
    if method == EE or df <= 0:
        return 0.0, CONVERGED
    if method == DL:
        return max(0.0, (q0 - df) / trp0), CONVERGED
    if method == HS:
        return max(0.0, (q0 - n) / sw0), CONVERGED
    if method == HSK:
        return max(0.0, (q0 * n / df - n) / sw0), CONVERGED
    if method == SJ:
        start = _variance(y, n)
        if start == 0.0:
            return 0.0, CONVERGED
        return start * rss(data, start, work) / df, CONVERGED
    if method == HE:
        return _hedges(data, work), CONVERGED
    if method == GENQ:
        return _generalised_q(data, a, work), CONVERGED
    if method in (ML, REML):
        return _score_root(method == REML, data, e0 - (trp0 if method == REML else sw0), work)
    return q_root(data, target, q0, e0, work)


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


def _variance(y: Vector, n: int) -> float:
    mean = 0.0
    for i in range(n):
        mean += y[i]
    mean /= n
    square = 0.0
    for i in range(n):
        square += (y[i] - mean) * (y[i] - mean)
    return square / n


def _hedges(data: Data, work: Work) -> float:
    y, v, x, n, p = data
    if p == 0:  # the short form; the start of ML and REML should cost little
        mean_v = 0.0
        for i in range(n):
            mean_v += v[i]
        return max(0.0, _variance(y, n) * n / (n - 1) - mean_v / n)
    ones = work[5]
    for i in range(n):
        ones[i] = 1.0
    square = rss((y, ones, x, n, p), 0.0, work)
    return max(0.0, (square - trace_pv(v, n, p, work)) / (n - p))


def _generalised_q(data: Data, a: Vector, work: Work) -> float:
    # Weights a are the weights of studies whose variance is 1/a when tau2 is 0.
    y, v, x, n, p = data
    inverse = work[5]
    for i in range(n):
        inverse[i] = 1.0 / a[i]
    square, _, _, trp, _, _, _ = moments((y, inverse, x, n, p), 0.0, work)
    return max(0.0, (square - trace_pv(v, n, p, work)) / trp)


def _score_root(restricted: bool, data: Data, score0: float, work: Work) -> tuple[float, int]:
    # Fisher scoring decides which maximum is climbed; Newton steps finish once the top is near. They are taken
    # on the score times the square of tr P / tr PP, the typical vi + tau2, which is nearly straight in tau2.
    start = _hedges(data, work)
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
