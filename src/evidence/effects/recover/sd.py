"""Standard deviations from what papers print instead of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import require_choice
from ..inputs import FINITE, NOT_ZERO, POSITIVE, PROBABILITY, SAMPLE_SIZE, SHARE, Floats, read, scalar_if_0d
from .se import se_from_ci, se_from_p


def sd_from_se(se: ArrayLike, n: ArrayLike) -> Floats:
    """Standard deviation of one group from the standard error of its mean: se sqrt(n).

    Parameters
    ----------
    se : scalar or array
        Standard error of the mean.
    n : scalar or array
        Size of the group.

    Returns
    -------
    array, or scalar for scalars
        In the units of the mean.

    See Also
    --------
    sd_from_ci : from a confidence interval
    se_from_p : a standard error from a p value

    Examples
    --------
    >>> import evidence as ev
    >>> ev.sd_from_se(0.5, 64)
    np.float64(4.0)

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.5.2.2.
    """
    se, n = read(se=(se, POSITIVE), n=(n, SAMPLE_SIZE))
    return scalar_if_0d(se * np.sqrt(n))


def sd_from_ci(low: ArrayLike, high: ArrayLike, n: ArrayLike, level: ArrayLike = 0.95, dist: str = "t") -> Floats:
    """Standard deviation of one group from the confidence interval of its mean.

    Parameters
    ----------
    low : scalar or array
        Lower end of the interval.
    high : scalar or array
        Upper end of the interval.
    n : scalar or array
        Size of the group.
    level : scalar or array
        Confidence level of the interval, in (0, 1).
    dist : {"t", "normal"}
        Distribution behind the interval; "t" has n - 1 degrees of freedom.

    Returns
    -------
    array, or scalar for scalars
        sqrt(n) (high - low) / (2 q), with q the two-sided quantile; in the units of the mean.

    See Also
    --------
    sd_from_se : from a standard error
    se_from_ci : the standard error of any estimate from its interval

    Examples
    --------
    The Cochrane Handbook's example: 95% interval 30.0 to 34.2 in 25 people.

    >>> import evidence as ev
    >>> round(float(ev.sd_from_ci(30.0, 34.2, 25)), 2)
    5.09

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.5.2.2.
    """
    require_choice("dist", dist, ("t", "normal"))
    low, high, n, level = read(low=(low, FINITE), high=(high, FINITE), n=(n, SAMPLE_SIZE), level=(level, SHARE))
    return sd_from_se(se_from_ci(low, high, level, df=n - 1 if dist == "t" else None), n)


def sd_from_t(difference: ArrayLike, t: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Standard deviation within two groups from their difference in means and its t.

    Parameters
    ----------
    difference : scalar or array
        Mean 1 minus mean 2, not 0.
    t : scalar or array
        Statistic of the unpaired equal-variance t test of that difference, not 0.
    n1 : scalar or array
        Size of group 1.
    n2 : scalar or array
        Size of group 2.

    Returns
    -------
    array, or scalar for scalars
        abs(difference / t) / sqrt(1/n1 + 1/n2), one standard deviation for both groups, in the units of the means.

    See Also
    --------
    sd_from_p : from the p value of that test
    sd_from_f : from the F of two groups
    smd_from_t : the standardized difference itself

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.sd_from_t(3.8, 2.78, 25, 22)), 2)
    4.68

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.5.2.3.
    """
    difference, t, n1, n2 = read(
        difference=(difference, NOT_ZERO), t=(t, NOT_ZERO), n1=(n1, SAMPLE_SIZE), n2=(n2, SAMPLE_SIZE)
    )
    return scalar_if_0d(np.abs(difference / t) / np.sqrt(1 / n1 + 1 / n2))


def sd_from_p(difference: ArrayLike, p: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Standard deviation within two groups from their difference in means and its exact two-sided p value.

    Parameters
    ----------
    difference : scalar or array
        Mean 1 minus mean 2, not 0.
    p : scalar or array
        Two-sided p value of the unpaired equal-variance t test, above 0 and below 1. Thresholds such as "P < 0.05" are
        not p values.
    n1 : scalar or array
        Size of group 1.
    n2 : scalar or array
        Size of group 2.

    Returns
    -------
    array, or scalar for scalars
        As `sd_from_t` at the t with n1+n2-2 degrees of freedom that has this p value.

    See Also
    --------
    sd_from_t : from the t statistic
    se_from_p : the standard error of any estimate
    smd_from_p : the standardized difference itself

    Examples
    --------
    The Cochrane Handbook's example (which prints 4.69, from a rounded standard error).

    >>> import evidence as ev
    >>> round(float(ev.sd_from_p(3.8, 0.008, 25, 22)), 2)
    4.68

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.5.2.3.
    """
    difference, p, n1, n2 = read(
        difference=(difference, NOT_ZERO), p=(p, PROBABILITY), n1=(n1, SAMPLE_SIZE), n2=(n2, SAMPLE_SIZE)
    )
    se = se_from_p(difference, p, df=n1 + n2 - 2)
    return scalar_if_0d(se / np.sqrt(1 / n1 + 1 / n2))


def sd_from_f(difference: ArrayLike, f: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Standard deviation within two groups from their difference in means and the F of a one-way ANOVA.

    Parameters
    ----------
    difference : scalar or array
        Mean 1 minus mean 2, not 0.
    f : scalar or array
        F statistic on 1 and n1+n2-2 degrees of freedom, above 0. An F adjusted for baseline or with more groups is not
        this one.
    n1 : scalar or array
        Size of group 1.
    n2 : scalar or array
        Size of group 2.

    Returns
    -------
    array, or scalar for scalars
        As `sd_from_t` at t = sqrt(F).

    See Also
    --------
    sd_from_t : from the t statistic
    smd_from_f : the standardized difference itself

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.sd_from_f(3.8, 2.78**2, 25, 22)), 2)
    4.68

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.5.2.3.
    """
    difference, f, n1, n2 = read(
        difference=(difference, NOT_ZERO), f=(f, POSITIVE), n1=(n1, SAMPLE_SIZE), n2=(n2, SAMPLE_SIZE)
    )
    return sd_from_t(difference, np.sqrt(f), n1, n2)
