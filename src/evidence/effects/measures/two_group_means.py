"""Measures that contrast the means or spreads of two independent groups.

Every function takes (k,) arrays already checked: means `m1`, `m2`, standard deviations `sd1`, `sd2`, sizes `n1`, `n2`,
and returns `yi` (group 1 against group 2) and the sampling variance `vi`.
"""

from __future__ import annotations

import numpy as np

from ..inputs import Floats
from ..recover.arms import pooled_sd
from .small_sample import bias_correction


def mean_difference(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats, vtype: str
) -> tuple[Floats, Floats]:
    """MD = m1 - m2, with separate (LS) or pooled (HO) variances: Borenstein (2009), eq. 12.5 and 12.3."""
    if vtype == "HO":
        sd1 = sd2 = pooled_sd(n1, sd1, n2, sd2)
    return m1 - m2, sd1**2 / n1 + sd2**2 / n2


def standardized_mean_difference(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    """SMD: Hedges g, the mean difference in pooled standard deviations, exactly corrected for bias."""
    return hedges_g((m1 - m2) / pooled_sd(n1, sd1, n2, sd2), n1, n2, vtype, correct)


def hedges_g(d: Floats, n1: Floats, n2: Floats, vtype: str = "LS", correct: bool = True) -> tuple[Floats, Floats]:
    """Correct Cohen's d for bias and give its sampling variance.

    Parameters
    ----------
    d : array
        Mean difference over the pooled standard deviation.
    n1 : array
        Size of the first group.
    n2 : array
        Size of the second group.
    vtype : {"LS", "LS2", "UB", "AV"}
        LS: 1/n1 + 1/n2 + g^2 / (2(n1+n2)) (Hedges 1982, eq. 8). LS2: J^2 times the same at d (Borenstein 2009,
        eq. 12.17). UB: unbiased (Hedges 1983, eq. 9). AV: LS at the mean of g over all rows, weighted by n1+n2.
    correct : bool
        False leaves d as it is.

    Returns
    -------
    yi : array
        Hedges g.
    vi : array
        Its sampling variance.
    """
    return _standardised(d, n1, n2, n1 + n2 - 2, n1 + n2, vtype, correct)


def smd_by_group_2(
    m1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    """SMD1: Glass' delta, in standard deviations of group 2; `vtype` as for SMD, at the size of group 2."""
    return _standardised((m1 - m2) / sd2, n1, n2, n2 - 1, n2, vtype, correct)


def heteroscedastic_smd_by_group_2(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats, correct: bool
) -> tuple[Floats, Floats]:
    """SMD1H: the same for groups of different variances; Bonett (2008), eq. 12, at the corrected effect."""
    g = (bias_correction(n2 - 1) if correct else 1.0) * (m1 - m2) / sd2
    return g, sd1**2 / (sd2**2 * (n1 - 1)) + 1 / (n2 - 1) + g**2 / (2 * (n2 - 1))


def heteroscedastic_smd(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    """SMDH: standardized by the square root of the average variance; Bonett (2008, 2009).

    The variance is Bonett's at the corrected g: "LS" times J squared, as up to metafor 4.4, "LS5" without, as since.
    (``escalc`` 3.8 has an undocumented "LS2" here, which changes with the unit of measurement and is not offered.)
    """
    average = (sd1**2 + sd2**2) / 2
    correction = bias_correction(n1 + n2 - 2) if correct else np.ones_like(n1)
    g = correction * (m1 - m2) / np.sqrt(average)
    of_means = (sd1**2 / (n1 - 1) + sd2**2 / (n2 - 1)) / average
    of_scale = (sd1**4 / (n1 - 1) + sd2**4 / (n2 - 1)) / (8 * average**2)
    return g, (of_means + g**2 * of_scale) * (1.0 if vtype == "LS5" else correction**2)


def ratio_of_means(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    """ROM = log(m1 / m2), the log response ratio; Hedges, Gurevitch & Curtis (1999), eq. 1.

    HO pools the two standard deviations; AV replaces each group's coefficient of variation by its mean over all
    rows, weighted by group size; AVHO by one mean for both groups, weighted by n1+n2. ``correct`` adds the next term
    of the expansion to both (Lajeunesse 2015, doi:10.1890/14-2402.1, eq. 8 and 9).
    """
    if vtype == "HO":
        sd1 = sd2 = pooled_sd(n1, sd1, n2, sd2)
    cv1, cv2 = sd1 / m1, sd2 / m2
    if vtype == "AVHO":
        cv1 = cv2 = np.full_like(cv1, np.average(np.append(cv1, cv2), weights=np.append(n1, n2)))
    elif vtype == "AV":
        cv1 = np.full_like(cv1, np.average(cv1, weights=n1))
        cv2 = np.full_like(cv2, np.average(cv2, weights=n2))
    first, second = cv1**2 / n1, cv2**2 / n2
    more = (first - second, first**2 + second**2) if correct else (0.0, 0.0)
    return np.log(m1 / m2) + more[0] / 2, first + second + more[1] / 2


def variability_ratio(sd1: Floats, n1: Floats, sd2: Floats, n2: Floats, correct: bool) -> tuple[Floats, Floats]:
    """VR: log ratio of standard deviations with bias correction; Nakagawa et al. (2015)."""
    half1, half2 = 1 / (2 * (n1 - 1)), 1 / (2 * (n2 - 1))
    return np.log(sd1 / sd2) + correct * (half1 - half2), half1 + half2


def coefficient_of_variation_ratio(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats, correct: bool
) -> tuple[Floats, Floats]:
    """CVR: log ratio of coefficients of variation; Nakagawa et al. (2015), eq. 12 without the rho terms.

    The rho terms drop out because means and variances of normal data are independent.
    """
    yi, vi = variability_ratio(sd1, n1, sd2, n2, correct)
    return yi - np.log(m1) + np.log(m2), vi + sd1**2 / (n1 * m1**2) + sd2**2 / (n2 * m2**2)


def _standardised(
    d: Floats, n1: Floats, n2: Floats, df: Floats, behind: Floats, vtype: str, correct: bool
) -> tuple[Floats, Floats]:
    """A difference in standard deviations that ``behind`` people tell, with ``df`` degrees of freedom."""
    correction = bias_correction(df) if correct else np.ones_like(df)
    g = correction * d
    base = 1 / n1 + 1 / n2
    if vtype == "LS2":
        return g, correction**2 * (base + d**2 / (2 * behind))
    if vtype == "UB":
        return g, base + (1 - (df - 2) / (df * correction**2)) * g**2
    at = np.average(g, weights=n1 + n2) if vtype == "AV" else g
    return g, base + at**2 / (2 * behind)
