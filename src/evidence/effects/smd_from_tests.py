"""Standardized mean differences of two groups from the test statistics papers print."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from .inputs import FINITE, P_VALUE, SAMPLE_SIZE, SIGN, Floats, read, scalar_if_0d
from .two_group_means import hedges_g


def smd_from_t(t: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> tuple[Floats, Floats]:
    """Hedges g and its variance from the t of an unpaired equal-variance test.

    Parameters
    ----------
    t : scalar or array
        Test statistic, positive where group 1 has the higher mean.
    n1, n2 : scalars or arrays
        Group sizes.

    Returns
    -------
    yi, vi : arrays, or scalars for scalars
        g = J t sqrt(1/n1 + 1/n2) and 1/n1 + 1/n2 + g2 / (2(n1+n2)), as ``effect_size("SMD", ...)`` has them.

    Examples
    --------
    >>> import evidence as ev
    >>> yi, vi = ev.smd_from_t(2.4, 30, 30)
    >>> round(float(yi), 3), round(float(vi), 3)
    (0.612, 0.07)

    References
    ----------
    Borenstein et al. (2009), Introduction to Meta-Analysis, chapter 7.
    """
    t, n1, n2 = read(t=(t, FINITE), n1=(n1, SAMPLE_SIZE), n2=(n2, SAMPLE_SIZE))
    yi, vi = hedges_g(t * np.sqrt(1 / n1 + 1 / n2), n1, n2)
    return scalar_if_0d(yi), scalar_if_0d(vi)


def smd_from_p(p: ArrayLike, n1: ArrayLike, n2: ArrayLike, direction: ArrayLike) -> tuple[Floats, Floats]:
    """Hedges g and its variance from the exact two-sided p value of an unpaired t test.

    Parameters
    ----------
    p : scalar or array
        Two-sided p value, in (0, 1]. Thresholds such as "P < 0.05" are not p values.
    n1, n2 : scalars or arrays
        Group sizes.
    direction : 1 or -1, scalar or array
        Sign of mean 1 minus mean 2.

    Returns
    -------
    yi, vi : arrays, or scalars for scalars
        As `smd_from_t` at the t with n1+n2-2 degrees of freedom that has this p value.

    Examples
    --------
    >>> import evidence as ev
    >>> yi, vi = ev.smd_from_p(0.02, 30, 30, direction=-1)
    >>> round(float(yi), 3), round(float(vi), 3)
    (-0.61, 0.07)

    References
    ----------
    Borenstein et al. (2009), Introduction to Meta-Analysis, chapter 7.
    """
    p, n1, n2, direction = read(
        p=(p, P_VALUE), n1=(n1, SAMPLE_SIZE), n2=(n2, SAMPLE_SIZE), direction=(direction, SIGN)
    )
    return smd_from_t(direction * stats.t.isf(p / 2, n1 + n2 - 2), n1, n2)
