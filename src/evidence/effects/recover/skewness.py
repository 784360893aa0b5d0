"""Whether reported quantiles are too lopsided to be of normal data."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..inputs import Floats, scalar_if_0d
from .five_numbers import read_five_numbers
from .named_numbers import plain


class SkewnessTest(NamedTuple):
    """Result of `skewness_test`; ``skewed`` is true where ``statistic`` exceeds ``critical_value``."""

    statistic: Floats
    critical_value: Floats
    skewed: NDArray[np.bool_] | np.bool_

    def __repr__(self) -> str:
        return plain(self)


def skewness_test(
    *,
    n: ArrayLike,
    median: ArrayLike,
    q1: ArrayLike | None = None,
    q3: ArrayLike | None = None,
    min: ArrayLike | None = None,
    max: ArrayLike | None = None,
) -> SkewnessTest:
    """Test at the 5% level whether quantiles come from skewed data.

    Parameters
    ----------
    n : scalar or array
        Group size, 5 or more.
    median : scalar or array
        Median of the group.
    q1 : scalar or array, optional
        First quartile; with ``q3``.
    q3 : scalar or array, optional
        Third quartile; with ``q1``.
    min : scalar or array, optional
        Smallest value; with ``max``.
    max : scalar or array, optional
        Largest value; with ``min``.

    Returns
    -------
    SkewnessTest
        ``statistic``, ``critical_value`` and ``skewed``. Where skewed, means and SDs by normal theory ("luo-wan",
        "luo-shi") are not to be trusted: use "qe" or "bc", or leave the group out.

    See Also
    --------
    mean_sd_from_quantiles : what the test decides the method of

    Notes
    -----
    With a = min, b = max, m = median: T1 = abs(a+b-2m) / (b-a) against 1/log(n+9) + 2.5/(n+1);
    T2 = abs(q1+q3-2m) / (q3-q1) against 2.65/sqrt(n) - 6/n^2; with all five numbers
    max(2.65 log(0.6n)/sqrt(n) T1, T2) against 3/sqrt(n) - 40/n^3.

    References
    ----------
    Shi, Luo, Wan, Liu, Liu, Bian & Tong (2023), Statistical Methods in Medical Research,
    doi:10.1177/09622802231172043.

    Examples
    --------
    >>> import evidence as ev
    >>> bool(ev.skewness_test(n=50, median=3, min=1, max=20).skewed)
    True
    """
    numbers = read_five_numbers(n, median, q1, q3, min, max)
    n, root = numbers.n, np.sqrt(numbers.n)
    statistics = []
    if numbers.extremes:
        weight = 2.65 * np.log(0.6 * n) / root if numbers.quartiles else 1.0
        statistics.append(weight * _lopsidedness(*numbers.extremes, numbers.median))
        critical = 1 / np.log(n + 9) + 2.5 / (n + 1)
    if numbers.quartiles:
        statistics.append(_lopsidedness(*numbers.quartiles, numbers.median))
        critical = 3 / root - 40 / n**3 if numbers.extremes else 2.65 / root - 6 / n**2
    statistic = np.max(statistics, axis=0)
    return SkewnessTest(scalar_if_0d(statistic), scalar_if_0d(critical), (statistic > critical)[()])


def _lopsidedness(low: Floats, high: Floats, median: Floats) -> Floats:
    return np.abs(low + high - 2 * median) / (high - low)
