"""Measures of one group: a mean, or a proportion with `xi` events and `mi` without.

Every function takes (k,) arrays already checked and adjusted for zero cells, and returns `yi` and `vi`.
"""

from __future__ import annotations

import numpy as np

from ..inputs import Floats


def mean(mi: Floats, sdi: Floats, ni: Floats) -> tuple[Floats, Floats]:
    """MN: the mean itself."""
    return mi, sdi**2 / ni


def proportion(xi: Floats, mi: Floats, vtype: str) -> tuple[Floats, Floats]:
    """PR = x/n, variance by large samples (LS), unbiased (UB), or at the mean proportion of all rows (AV)."""
    ni = xi + mi
    pr = xi / ni
    if vtype == "UB":
        return pr, pr * (1 - pr) / (ni - 1)
    at = np.average(pr, weights=ni) if vtype == "AV" else pr
    return pr, at * (1 - at) / ni


def logit_proportion(xi: Floats, mi: Floats, vtype: str) -> tuple[Floats, Floats]:
    """PLO = log(x / (n-x)), variance by large samples (LS) or at the mean proportion of all rows (AV)."""
    ni = xi + mi
    at = np.average(xi / ni, weights=ni) if vtype == "AV" else xi / ni
    return np.log(xi / mi), 1 / (at * ni) + 1 / ((1 - at) * ni)


def arcsine_proportion(xi: Floats, mi: Floats) -> tuple[Floats, Floats]:
    """PAS: arcsine of the square root of the proportion."""
    ni = xi + mi
    return np.arcsin(np.sqrt(xi / ni)), 1 / (4 * ni)


def double_arcsine_proportion(xi: Floats, mi: Floats) -> tuple[Floats, Floats]:
    """PFT: Freeman & Tukey (1950), doi:10.1214/aoms/1177729756."""
    ni = xi + mi
    lower, upper = np.arcsin(np.sqrt(xi / (ni + 1))), np.arcsin(np.sqrt((xi + 1) / (ni + 1)))
    return (lower + upper) / 2, 1 / (4 * ni + 2)
