"""Measures of one group: a mean or a spread, or a proportion with `xi` events and `mi` without.

Every function takes (k,) arrays already checked and adjusted for zero cells, and returns `yi` and `vi`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from ..inputs import Floats
from .small_sample import bias_correction


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


def log_proportion(xi: Floats, mi: Floats, vtype: str) -> tuple[Floats, Floats]:
    """PLN = log(x/n); `vtype` as for PLO."""
    ni = xi + mi
    at = np.average(xi / ni, weights=ni) if vtype == "AV" else xi / ni
    return np.log(xi / ni), 1 / (at * ni) - 1 / ni


def probit_proportion(xi: Floats, mi: Floats) -> tuple[Floats, Floats]:
    """PRZ: normal quantile of the proportion."""
    ni = xi + mi
    yi = ndtri(xi / ni)
    return yi, 2 * np.pi * xi * mi * np.exp(yi**2) / ni**3


def standardized_mean(mi: Floats, sdi: Floats, ni: Floats, correct: bool) -> tuple[Floats, Floats]:
    """SMN: the mean in standard deviations, corrected for bias."""
    yi = (bias_correction(ni - 1) if correct else 1.0) * mi / sdi
    return yi, 1 / ni + yi**2 / (2 * ni)


def log_mean(mi: Floats, sdi: Floats, ni: Floats) -> tuple[Floats, Floats]:
    """MNLN: log of the mean."""
    return np.log(mi), sdi**2 / (ni * mi**2)


def log_sd(sdi: Floats, ni: Floats, correct: bool) -> tuple[Floats, Floats]:
    """SDLN: log of the standard deviation, corrected for bias; Raudenbush & Bryk (1987)."""
    half = 1 / (2 * (ni - 1))
    return np.log(sdi) + correct * half, half


def log_coefficient_of_variation(mi: Floats, sdi: Floats, ni: Floats, correct: bool) -> tuple[Floats, Floats]:
    """CVLN: log of sd / mean, corrected for bias; Nakagawa et al. (2015), doi:10.1111/2041-210X.12309."""
    half = 1 / (2 * (ni - 1))
    return np.log(sdi / mi) + correct * half, half + sdi**2 / (ni * mi**2)
