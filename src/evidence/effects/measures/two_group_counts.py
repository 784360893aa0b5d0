"""Measures of a 2x2 table: group 1 has `ai` events and `bi` without, group 2 `ci` and `di`.

Every function takes (k,) arrays already checked and adjusted for zero cells, and returns `yi` and `vi`.
"""

from __future__ import annotations

import numpy as np

from ..inputs import Floats


def risk_ratio(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """RR = log((a/n1) / (c/n2))."""
    n1, n2 = ai + bi, ci + di
    return np.log(ai / n1) - np.log(ci / n2), 1 / ai - 1 / n1 + 1 / ci - 1 / n2


def odds_ratio(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """OR = log(ad / bc); Woolf's variance."""
    return np.log((ai * di) / (bi * ci)), 1 / ai + 1 / bi + 1 / ci + 1 / di


def risk_difference(ai: Floats, bi: Floats, ci: Floats, di: Floats, vtype: str) -> tuple[Floats, Floats]:
    """RD = a/n1 - c/n2, variance by large samples (LS), unbiased (UB), or at the mean risks of all rows (AV)."""
    n1, n2 = ai + bi, ci + di
    p1, p2 = ai / n1, ci / n2
    if vtype == "AV":
        mean1, mean2 = np.average(p1, weights=n1), np.average(p2, weights=n2)
        return p1 - p2, mean1 * (1 - mean1) / n1 + mean2 * (1 - mean2) / n2
    lost = 1 if vtype == "UB" else 0
    return p1 - p2, p1 * (1 - p1) / (n1 - lost) + p2 * (1 - p2) / (n2 - lost)


def arcsine_difference(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """AS: difference of arcsine square root risks; Ruecker et al. (2009), Statistics in Medicine 28:721."""
    n1, n2 = ai + bi, ci + di
    return np.arcsin(np.sqrt(ai / n1)) - np.arcsin(np.sqrt(ci / n2)), 1 / (4 * n1) + 1 / (4 * n2)


def peto_odds_ratio(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """PETO: log odds ratio (O - E) / V with hypergeometric V; Yusuf et al. (1985)."""
    n1, n2, events, others = ai + bi, ci + di, ai + ci, bi + di
    total = n1 + n2
    variance = events * others * (n1 / total) * (n2 / total) / (total - 1)
    return (ai - events * n1 / total) / variance, 1 / variance
