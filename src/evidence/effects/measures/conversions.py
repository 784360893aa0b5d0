"""From tables to standardised differences, and from means to odds ratios, correlations and probabilities.

Every function takes (k,) arrays already checked, and returns `yi` and `vi`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from ..inputs import Floats
from ..recover.arms import pooled_sd
from .two_group_counts import odds_ratio

_LOGISTIC = np.pi / np.sqrt(3)
_COX_SNELL = 1.65


def probit_difference(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """PBIT: difference of the normal quantiles of two risks, an SMD; Sanchez-Meca et al. (2003)."""
    n1, n2 = ai + bi, ci + di
    z1, z2 = ndtri(ai / n1), ndtri(ci / n2)
    first, second = ai * bi / n1**3 * np.exp(z1**2), ci * di / n2**3 * np.exp(z2**2)
    return z1 - z2, 2 * np.pi * (first + second)


def logistic_smd(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """OR2D and OR2DL: the log odds ratio times sqrt(3) / pi; Chinn (2000), Hasselblad & Hedges (1995)."""
    yi, vi = odds_ratio(ai, bi, ci, di)
    return yi / _LOGISTIC, vi / _LOGISTIC**2


def normal_smd(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """OR2DN: the log odds ratio over 1.65; Cox & Snell (1989)."""
    yi, vi = odds_ratio(ai, bi, ci, di)
    return yi / _COX_SNELL, vi / _COX_SNELL**2


def logistic_odds_ratio(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats
) -> tuple[Floats, Floats]:
    """D2OR and D2ORL: Cohen's d times pi / sqrt(3)."""
    return _stretched(_cohen(m1, sd1, n1, m2, sd2, n2), n1, n2, float(_LOGISTIC))


def normal_odds_ratio(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats
) -> tuple[Floats, Floats]:
    """D2ORN: Cohen's d times 1.65."""
    return _stretched(_cohen(m1, sd1, n1, m2, sd2, n2), n1, n2, _COX_SNELL)


def point_biserial(
    m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats, vtype: str
) -> tuple[Floats, Floats]:
    """RPB: d as a correlation, for groups of given size (LS) or drawn at random (CS; Tate 1954)."""
    d, h, total = _cohen(m1, sd1, n1, m2, sd2, n2), _h(n1, n2), n1 + n2
    yi = d / np.sqrt(d**2 + h)
    if vtype == "CS":
        return yi, (1 - yi**2) ** 2 * (total * yi**2 / (4 * n1 * n2) + (2 - 3 * yi**2) / (2 * total))
    return yi, h**2 / (h + d**2) ** 3 * (1 / n1 + 1 / n2 + d**2 / (2 * total))


def biserial(m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats) -> tuple[Floats, Floats]:
    """RBIS: the correlation with the normal variable behind the two groups; Soper (1914), Jacobs & Viechtbauer (2017).

    An estimate beyond 1 enters its variance as 1.
    """
    d, h, total = _cohen(m1, sd1, n1, m2, sd2, n2), _h(n1, n2), n1 + n2
    p1, p2 = n1 / total, n2 / total
    z = -ndtri(p1)
    f = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    yi = np.sqrt(p1 * p2) / f * d / np.sqrt(d**2 + h)
    at = np.clip(yi, -1, 1)
    slope = 1.5 + (1 - p1 * z / f) * (1 + p2 * z / f)
    return yi, (p1 * p2 / f**2 - slope * at**2 + at**4) / (total - 1)


def probability_of_superiority(ai: Floats, n1: Floats, n2: Floats) -> tuple[Floats, Floats]:
    """CLES: the probability that one of group 1 scores higher, an area under the curve; Hanley & McNeil (1982)."""
    first, second = ai / (2 - ai) - ai**2, 2 * ai**2 / (1 + ai) - ai**2
    return ai, (ai * (1 - ai) + (n1 - 1) * first + (n2 - 1) * second) / (n1 * n2)


def _cohen(m1: Floats, sd1: Floats, n1: Floats, m2: Floats, sd2: Floats, n2: Floats) -> Floats:
    return np.asarray((m1 - m2) / pooled_sd(n1, sd1, n2, sd2))


def _h(n1: Floats, n2: Floats) -> Floats:
    return np.asarray((n1 + n2 - 2) * (1 / n1 + 1 / n2))


def _stretched(d: Floats, n1: Floats, n2: Floats, by: float) -> tuple[Floats, Floats]:
    return by * d, by**2 * (1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2)))
