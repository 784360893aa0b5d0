"""Standard deviations from what papers print instead of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .inputs import POSITIVE, SAMPLE_SIZE, Floats, read, require_choice, scalar_if_0d
from .se import se_from_ci


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


def sd_from_ci(low: ArrayLike, high: ArrayLike, n: ArrayLike, level: float = 0.95, dist: str = "t") -> Floats:
    """Standard deviation of one group from the confidence interval of its mean.

    Parameters
    ----------
    low, high : scalars or arrays
        Ends of the interval.
    n : scalar or array
        Size of the group.
    level : float
        Confidence level of the interval, in (0, 1).
    dist : {"t", "normal"}
        Distribution behind the interval; "t" has n - 1 degrees of freedom.

    Returns
    -------
    array, or scalar for scalars
        sqrt(n) (high - low) / (2 q), with q the two-sided quantile; in the units of the mean.

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
    (n,) = read(n=(n, SAMPLE_SIZE))
    return sd_from_se(se_from_ci(low, high, level, df=n - 1 if dist == "t" else None), n)
