"""Measures of change within one group, or between matched pairs.

Every function takes (k,) arrays already checked: means `m1`, `m2` and standard deviations `sd1`, `sd2` at the two
occasions, number of people (or pairs) `ni` and correlation `ri` between occasions; it returns `yi` (occasion 1 minus
or over occasion 2) and the sampling variance `vi`.
"""

from __future__ import annotations

import numpy as np

from ..inputs import Floats
from ..recover.change import change_sd
from .small_sample import bias_correction


def mean_change(m1: Floats, m2: Floats, sd1: Floats, sd2: Floats, ni: Floats, ri: Floats) -> tuple[Floats, Floats]:
    """MC = m1 - m2, with the variance of the change scores over n."""
    return m1 - m2, change_sd(sd1, sd2, ri) ** 2 / ni


def change_score_smd(
    m1: Floats, m2: Floats, sd1: Floats, sd2: Floats, ni: Floats, ri: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    """SMCC: standardized by the standard deviation of the change; Gibbons, Hedeker & Davis (1993).

    LS takes the corrected effect into 1/n + d2/(2n), LS2 the uncorrected and multiplies by J squared.
    """
    return _standardized(m1 - m2, change_sd(sd1, sd2, ri), 1 / ni, ni, vtype, correct)


def raw_score_smd(
    m1: Floats, m2: Floats, sd1: Floats, ni: Floats, ri: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    """SMCR: standardized by the standard deviation of occasion 1; Becker (1988), Morris (2000). `vtype` as for SMCC."""
    return _standardized(m1 - m2, sd1, 2 * (1 - ri) / ni, ni, vtype, correct)


def heteroscedastic_raw_score_smd(
    m1: Floats, m2: Floats, sd1: Floats, sd2: Floats, ni: Floats, ri: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    """SMCRH: as SMCR, allowing for different variances at the two occasions; Bonett (2008). `vtype` as for SMDH."""
    correction = bias_correction(ni - 1) if correct else np.ones_like(ni)
    g = correction * (m1 - m2) / sd1
    vi = change_sd(sd1, sd2, ri) ** 2 / (sd1**2 * (ni - 1)) + g**2 / (2 * (ni - 1))
    return g, vi if vtype == "LS5" else correction**2 * vi


def ratio_of_means_change(
    m1: Floats, m2: Floats, sd1: Floats, sd2: Floats, ni: Floats, ri: Floats
) -> tuple[Floats, Floats]:
    """ROMC = log(m1 / m2) of correlated means; Lajeunesse (2011), doi:10.1890/11-0423.1."""
    cv1, cv2 = sd1 / m1, sd2 / m2
    return np.log(m1 / m2), (cv1**2 + cv2**2 - 2 * ri * cv1 * cv2) / ni


def variability_ratio_change(sd1: Floats, sd2: Floats, ni: Floats, ri: Floats) -> tuple[Floats, Floats]:
    """VRC: log ratio of the standard deviations of two occasions."""
    return np.log(sd1 / sd2), (1 - ri**2) / (ni - 1)


def coefficient_of_variation_ratio_change(
    m1: Floats, m2: Floats, sd1: Floats, sd2: Floats, ni: Floats, ri: Floats
) -> tuple[Floats, Floats]:
    """CVRC: log ratio of the coefficients of variation of two occasions."""
    cv1, cv2 = sd1 / m1, sd2 / m2
    return np.log(cv1 / cv2), (1 - ri**2) / (ni - 1) + (cv1**2 + cv2**2 - 2 * ri * cv1 * cv2) / ni


def _standardized(
    change: Floats, sd: Floats, base: Floats, ni: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    correction = bias_correction(ni - 1) if correct else np.ones_like(ni)
    d = change / sd
    g = correction * d
    if vtype == "LS2":
        return g, correction**2 * (base + d**2 / (2 * ni))
    return g, base + g**2 / (2 * ni)
