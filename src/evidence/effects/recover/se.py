"""Standard errors of an estimate from what papers print instead of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from ..inputs import FINITE, NOT_ZERO, POSITIVE, PROBABILITY, SHARE, Floats, Rule, read, require, scalar_if_0d


def se_from_ci(low: ArrayLike, high: ArrayLike, level: ArrayLike = 0.95, df: ArrayLike | None = None) -> Floats:
    """Standard error of an estimate from its confidence interval: (high - low) / (2 q).

    Parameters
    ----------
    low : scalar or array
        Lower end of the interval; for ratios, its logarithm.
    high : scalar or array
        Upper end of the interval; for ratios, its logarithm.
    level : scalar or array
        Confidence level, in (0, 1).
    df : scalar or array, optional
        Degrees of freedom of the t interval; a normal interval when left out.

    Returns
    -------
    array, or scalar for scalars
        In the units of the estimate.

    See Also
    --------
    se_from_p : from a p value
    sd_from_ci : the standard deviation of one group from its interval
    pool : what takes the squared standard error as a sampling variance

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.se_from_ci(-12.4, -3.1)), 3)
    2.372

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.3.1 and 6.5.2.3.
    """
    given = {"low": (low, FINITE), "high": (high, FINITE), "level": (level, SHARE)} | _degrees(df)
    low, high, level, *degrees = read(**given)
    require(high > low, "high", high, "lie above low: the interval is reversed or empty")
    return scalar_if_0d((high - low) / (2 * _two_sided_quantile(1 - level, *degrees)))


def se_from_p(estimate: ArrayLike, p: ArrayLike, df: ArrayLike | None = None) -> Floats:
    """Standard error of an estimate from its exact two-sided p value: abs(estimate) / q.

    Parameters
    ----------
    estimate : scalar or array
        The estimate that was tested against 0, not itself 0; for ratios, its logarithm.
    p : scalar or array
        Two-sided p value, above 0 and below 1 (at 1 any standard error would do). Thresholds such as "P < 0.05" are
        not p values.
    df : scalar or array, optional
        Degrees of freedom of the t test; a z test when left out.

    Returns
    -------
    array, or scalar for scalars
        In the units of the estimate.

    See Also
    --------
    se_from_ci : from a confidence interval
    sd_from_p : the standard deviation within two groups

    Examples
    --------
    The Cochrane Handbook's example: mean difference 3.8, p = 0.008, 25 + 22 people.

    >>> import evidence as ev
    >>> round(float(ev.se_from_p(3.8, 0.008, df=45)), 2)
    1.37

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.3.2 and 6.5.2.3.
    """
    given = {"estimate": (estimate, NOT_ZERO), "p": (p, PROBABILITY)} | _degrees(df)
    estimate, p, *degrees = read(**given)
    return scalar_if_0d(np.abs(estimate) / _two_sided_quantile(p, *degrees))


def _degrees(df: ArrayLike | None) -> dict[str, tuple[ArrayLike, Rule]]:
    return {} if df is None else {"df": (df, POSITIVE)}


def _two_sided_quantile(p: Floats, df: Floats | None = None) -> Floats:
    """The q with P(|T| > q) = p, exact far into the tail; normal without ``df``."""
    return np.asarray(-ndtri(p / 2) if df is None else -stdtrit(df, p / 2))
