"""Mean and standard deviation from quantiles of data taken as normal: Luo, Wan and Shi."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from ..inputs import Floats
from .five_numbers import FiveNumbers


def luo_mean(numbers: FiveNumbers) -> Floats:
    """Mean as the best weighted sum of mid-range, mid-quartile range and median.

    Parameters
    ----------
    numbers : FiveNumbers
        Quantiles of one or many groups.

    Returns
    -------
    array
        Estimated means.

    References
    ----------
    Luo, Wan, Liu & Tong (2018), Statistical Methods in Medical Research 27:1785, doi:10.1177/0962280216669183,
    eq. 7 (extremes), 11 (quartiles) and 15 (both).
    """
    n, median = numbers.n, numbers.median
    outer = inner = np.zeros_like(n)
    if numbers.extremes:
        outer = 2.2 / (2.2 + n**0.75) if numbers.quartiles else 4 / (4 + n**0.75)
    if numbers.quartiles:
        inner = 0.7 - 0.72 / n**0.55 if numbers.extremes else 0.7 + 0.39 / n
    mean = (1 - outer - inner) * median
    for weight, pair in ((outer, numbers.extremes), (inner, numbers.quartiles)):
        if pair:
            mean = mean + weight * (pair[0] + pair[1]) / 2
    return mean


def wan_sd(numbers: FiveNumbers) -> Floats:
    """Standard deviation as range and interquartile range over their expectations, or the mean of the two.

    Parameters
    ----------
    numbers : FiveNumbers
        Quantiles of one or many groups.

    Returns
    -------
    array
        Estimated standard deviations.

    References
    ----------
    Wan, Wang, Liu & Tong (2014), BMC Medical Research Methodology 14:135, doi:10.1186/1471-2288-14-135, eq. 9
    (extremes), 16 (quartiles) and 13 (both).
    """
    estimates = []
    if numbers.extremes:
        estimates.append(_width(numbers.extremes) / (2 * _largest_score(numbers.n)))
    if numbers.quartiles:
        estimates.append(_width(numbers.quartiles) / (2 * _quartile_score(numbers.n)))
    return np.asarray(np.mean(estimates, axis=0))


def shi_sd(numbers: FiveNumbers) -> Floats:
    """Standard deviation with the best weights for range and interquartile range; as `wan_sd` where one is missing.

    Parameters
    ----------
    numbers : FiveNumbers
        Quantiles of one or many groups.

    Returns
    -------
    array
        Estimated standard deviations.

    References
    ----------
    Shi, Luo, Weng, Zeng, Lin, Chu & Tong (2020), Research Synthesis Methods 11:641, doi:10.1002/jrsm.1429, eq. 10.
    """
    if numbers.extremes is None or numbers.quartiles is None:
        return wan_sd(numbers)
    weight = 1 / (1 + 0.07 * numbers.n**0.6)
    of_range = _width(numbers.extremes) / (2 * _largest_score(numbers.n))
    of_quartiles = _width(numbers.quartiles) / (2 * _quartile_score(numbers.n))
    return weight * of_range + (1 - weight) * of_quartiles


def _width(pair: tuple[Floats, Floats]) -> Floats:
    return pair[1] - pair[0]


def _largest_score(n: Floats) -> Floats:
    """Expected largest of n standard normal values, by Blom's approximation."""
    return np.asarray(ndtri((n - 0.375) / (n + 0.25)))


def _quartile_score(n: Floats) -> Floats:
    """Expected third quartile of n standard normal values, by Blom's approximation."""
    return np.asarray(ndtri((0.75 * n - 0.125) / (n + 0.25)))
