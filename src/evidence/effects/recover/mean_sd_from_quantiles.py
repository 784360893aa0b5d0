"""Mean and standard deviation of a group from its median with quartiles, range or both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import require_choice
from ..inputs import Floats, require, scalar_if_0d
from .box_cox import box_cox_mean_sd
from .five_numbers import FiveNumbers, read_five_numbers
from .named_numbers import plain
from .normal_quantiles import luo_mean, shi_sd, wan_sd
from .quantile_estimation import best_fit_mean_sd

QuantileMethod = Literal["luo-wan", "luo-shi", "qe", "bc"]


class MeanSD(NamedTuple):
    """Mean and standard deviation of a group."""

    mean: Floats
    sd: Floats

    def __repr__(self) -> str:
        return plain(self)


def mean_sd_from_quantiles(
    *,
    n: ArrayLike,
    median: ArrayLike,
    q1: ArrayLike | None = None,
    q3: ArrayLike | None = None,
    min: ArrayLike | None = None,
    max: ArrayLike | None = None,
    method: QuantileMethod = "luo-wan",
) -> MeanSD:
    """Estimate the mean and standard deviation behind a median with quartiles, range or both.

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
    method : {"luo-wan", "luo-shi", "qe", "bc"}
        "luo-wan": data are normal, mean by Luo (2018), SD by Wan (2014). "luo-shi": SD by Shi (2020), better where both
        quartiles and range are given, else the same. "qe": quantile estimation, the best fitting of normal,
        log-normal, gamma, Weibull and beta. "bc": Box-Cox, for values above 0. The last two are of McGrath (2020), for
        data that `skewness_test` calls skewed, and take a few milliseconds a group.

    Returns
    -------
    MeanSD
        ``mean``, ``sd``: arrays, or scalars for scalars, in the units of the data.

    Raises
    ------
    InvalidInput
        Incomplete pairs, quantiles out of order, no spread, n below 5; for "bc" also values not above 0 or a median
        equal to its neighbour.

    See Also
    --------
    skewness_test : whether normal theory may be used
    sd_from_ci : where an interval of the mean is printed
    combine_arms : several groups as one

    Notes
    -----
    Means and SDs so estimated vary more from sample to sample than reported ones; an effect size's variance computed
    from them is too small by an unknown amount.

    References
    ----------
    Luo et al. (2018), doi:10.1177/0962280216669183. Wan et al. (2014), doi:10.1186/1471-2288-14-135. Shi et al. (2020),
    doi:10.1002/jrsm.1429. McGrath et al. (2020), doi:10.1177/0962280219889080.

    Examples
    --------
    >>> import evidence as ev
    >>> mean, sd = ev.mean_sd_from_quantiles(n=100, median=15, q1=10, q3=22)
    >>> round(float(mean), 4), round(float(sd), 4)
    (15.7039, 9.0265)
    """
    require_choice("method", method, METHODS)
    mean, sd = METHODS[method](read_five_numbers(n, median, q1, q3, min, max))
    return MeanSD(scalar_if_0d(mean), scalar_if_0d(sd))


def _luo_wan(numbers: FiveNumbers) -> tuple[Floats, Floats]:
    return luo_mean(numbers), wan_sd(numbers)


def _luo_shi(numbers: FiveNumbers) -> tuple[Floats, Floats]:
    return luo_mean(numbers), shi_sd(numbers)


def _best_fits(numbers: FiveNumbers) -> tuple[Floats, Floats]:
    values, probabilities = numbers.quantiles()
    fits = np.empty((2, *numbers.n.shape))
    for row in np.ndindex(numbers.n.shape):
        fits[:, *row] = best_fit_mean_sd(values[row], probabilities[row])
    return fits[0], fits[1]


def _box_cox(numbers: FiveNumbers) -> tuple[Floats, Floats]:
    for names, pair in ((("q1", "q3"), numbers.quartiles), (("min", "max"), numbers.extremes)):
        if pair:
            require(pair[0] > 0, names[0], pair[0], "be above 0 for the Box-Cox method")
            require(pair[0] < numbers.median, names[0], pair[0], "lie below the median for the Box-Cox method")
            require(pair[1] > numbers.median, names[1], pair[1], "lie above the median for the Box-Cox method")
    fits = np.empty((2, *numbers.n.shape))
    for row in np.ndindex(numbers.n.shape):
        fits[:, *row] = box_cox_mean_sd(numbers.row(row))
    return fits[0], fits[1]


METHODS: Mapping[QuantileMethod, Callable[[FiveNumbers], tuple[Floats, Floats]]] = {
    "luo-wan": _luo_wan,
    "luo-shi": _luo_shi,
    "qe": _best_fits,
    "bc": _box_cox,
}
