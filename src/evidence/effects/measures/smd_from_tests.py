"""Standardized mean differences of two groups from the test statistics papers print."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from ..inputs import FINITE, NOT_NEGATIVE, P_VALUE, SAMPLE_SIZE, SIGN, read, scalar_if_0d
from ..recover.scales import Effect
from .two_group_means import hedges_g


def smd_from_t(t: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Effect:
    """Hedges g and its variance from the t of an unpaired equal-variance test.

    Parameters
    ----------
    t : scalar or array
        Test statistic, positive where group 1 has the higher mean.
    n1 : scalar or array
        Size of group 1.
    n2 : scalar or array
        Size of group 2.

    Returns
    -------
    Effect
        ``yi`` = J t sqrt(1/n1 + 1/n2) = g and ``vi`` = 1/n1 + 1/n2 + g^2 / (2(n1+n2)), as ``effect_size("SMD", ...)``.

    See Also
    --------
    effect_size : from means and standard deviations
    smd_from_p : from the p value of that test
    smd_from_f : from the F of two groups

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
    return Effect(scalar_if_0d(yi), scalar_if_0d(vi))


def smd_from_p(p: ArrayLike, n1: ArrayLike, n2: ArrayLike, direction: ArrayLike) -> Effect:
    """Hedges g and its variance from the exact two-sided p value of an unpaired t test.

    Parameters
    ----------
    p : scalar or array
        Two-sided p value, in (0, 1]. Thresholds such as "P < 0.05" are not p values.
    n1 : scalar or array
        Size of group 1.
    n2 : scalar or array
        Size of group 2.
    direction : 1 or -1, scalar or array
        Sign of mean 1 minus mean 2.

    Returns
    -------
    Effect
        ``yi``, ``vi`` as `smd_from_t` at the t with n1+n2-2 degrees of freedom that has this p value.

    See Also
    --------
    smd_from_t : from the t statistic
    combine_pvalues : p values without effect sizes

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
    p, n1, n2, direction = read(p=(p, P_VALUE), n1=(n1, SAMPLE_SIZE), n2=(n2, SAMPLE_SIZE), direction=(direction, SIGN))
    return smd_from_t(direction * -stdtrit(n1 + n2 - 2, p / 2), n1, n2)


def smd_from_f(f: ArrayLike, n1: ArrayLike, n2: ArrayLike, direction: ArrayLike) -> Effect:
    """Hedges g and its variance from the F of a one-way ANOVA of two groups.

    Parameters
    ----------
    f : scalar or array
        F statistic on 1 and n1+n2-2 degrees of freedom. An F adjusted for baseline or with more groups is not this one.
    n1 : scalar or array
        Size of group 1.
    n2 : scalar or array
        Size of group 2.
    direction : 1 or -1, scalar or array
        Sign of mean 1 minus mean 2.

    Returns
    -------
    Effect
        As `smd_from_t` at t = direction sqrt(F).

    See Also
    --------
    smd_from_t : from the t statistic
    sd_from_f : the standard deviation instead

    Examples
    --------
    >>> import evidence as ev
    >>> yi, vi = ev.smd_from_f(2.4**2, 30, 30, direction=1)
    >>> round(float(yi), 3), round(float(vi), 3)
    (0.612, 0.07)

    References
    ----------
    Borenstein et al. (2009), Introduction to Meta-Analysis, chapter 7.
    """
    f, n1, n2, direction = read(
        f=(f, NOT_NEGATIVE), n1=(n1, SAMPLE_SIZE), n2=(n2, SAMPLE_SIZE), direction=(direction, SIGN)
    )
    return smd_from_t(direction * np.sqrt(f), n1, n2)
