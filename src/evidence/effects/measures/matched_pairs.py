"""Measures of matched pairs, or of the same people twice.

``ai`` pairs have the event both times, ``bi`` only the first (or in group 1), ``ci`` only the second, ``di`` never.
Every function takes (k,) arrays already checked and adjusted for zero cells, and returns `yi` (first against second)
and `vi`. May et al. (1997), Statistics in Medicine 16:1489; Zou (2007), Statistics in Medicine 26:3140.
"""

from __future__ import annotations

import numpy as np

from ..inputs import Floats


def risk_difference(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """MPRD: marginal risk difference (b - c) / n."""
    n = ai + bi + ci + di
    return (bi - ci) / n, (bi + ci - (bi - ci) ** 2 / n) / n**2


def risk_ratio(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """MPRR: marginal log risk ratio."""
    return np.log((ai + bi) / (ai + ci)), (bi + ci) / ((ai + bi) * (ai + ci))


def odds_ratio(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """MPOR: marginal log odds ratio."""
    n = ai + bi + ci + di
    first, second = ai + bi, ai + ci
    spread = n * (n * (bi + ci) - (bi - ci) ** 2)
    return (
        np.log(first / (n - first)) - np.log(second / (n - second)),
        spread / (first * (n - first) * second * (n - second)),
    )


def conditional_odds_ratio(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """MPORC: conditional log odds ratio log(b / c)."""
    return np.log(bi / ci), 1 / bi + 1 / ci


def peto_odds_ratio(ai: Floats, bi: Floats, ci: Floats, di: Floats) -> tuple[Floats, Floats]:
    """MPPETO: the same by Peto's method."""
    return 2 * (bi - ci) / (bi + ci), 4 / (bi + ci)
