"""DEBIT: whether any data of 0 and 1 have the printed mean and standard deviation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.inputs import Rule
from .printed import COUNT, SPREAD, read_rows
from .verdict import verdicts

RULE = "a count of ones gives both the printed mean and the printed SD"
_SHARE = Rule(lambda x: ~(x < 0) & ~(x > 1), "lie between 0 and 1: the share of ones")

#: Counts nearer than this to a whole number are one: what floats lose.
_DUST = 1e-9


def debit(
    *,
    mean: ArrayLike,
    sd: ArrayLike,
    n: ArrayLike,
    decimals: ArrayLike | None = None,
    sd_decimals: ArrayLike | None = None,
) -> pd.DataFrame:
    """DEBIT, the descriptive binary test: do mean and SD of data of 0 and 1 belong together?

    Parameters
    ----------
    mean : scalar or (k,) array-like
        Shares of ones as printed, from 0 to 1, as numbers or as text.
    sd : scalar or (k,) array-like
        Standard deviations (with n - 1) as printed.
    n : scalar or (k,) array-like
        People behind each.
    decimals : scalar or (k,) array-like, optional
        Decimals of the means as printed, and of the SDs; by default those that each number shows.
    sd_decimals : scalar or (k,) array-like, optional
        Decimals of the SDs where they are others.

    Returns
    -------
    DataFrame
        passes; number, the SD that the printed mean implies; rule.

    Raises
    ------
    InvalidInput
        What is no number, a mean outside [0, 1], a negative SD, or an n that is no whole number.

    See Also
    --------
    grimmer : The same for whole numbers of any size.
    percent_of_n : Events, people and percent.

    Notes
    -----
    With x ones among n, the mean is p = x / n and the SD sqrt(p (1 - p) n / (n - 1)). Some whole x has to give both,
    ends of the rounding intervals included. The paper lets p be any number in its interval; whole counts are stricter
    where n is small, and the same where it is large.

    References
    ----------
    Heathers & Brown (2019), DEBIT: a simple consistency test for binary data, <https://osf.io/5vb3u/>

    Examples
    --------
    >>> import evidence as ev
    >>> ev.debit(mean=["0.34", "0.19"], sd=["0.47", "0.35"], n=1683)[["passes", "number"]].round(3)
       passes  number
    0    True   0.474
    1   False   0.392
    """
    rows = read_rows(
        {"mean": (mean, decimals, _SHARE), "sd": (sd, decimals if sd_decimals is None else sd_decimals, SPREAD)},
        {"n": (n, COUNT)},
    )
    share, spread, people = rows.printed["mean"], rows.printed["sd"], rows.plain["n"]
    missing = rows.missing("mean", "sd", "n")
    alone = people == 1
    people = np.where(missing | alone, 2.0, people)
    least = np.ceil(people * np.maximum(share.low, 0) - _DUST)
    most = np.floor(people * np.minimum(share.high, 1) + _DUST)
    # x (n - x) lies between these; the smaller of x and n - x, between their roots
    within = people * (people - 1)
    low, high = (
        (people - np.sqrt(np.maximum(people**2 - 4 * within * np.maximum(end, 0) ** 2, 0))) / 2
        for end in (spread.low, spread.high)
    )
    fewest, largest = np.ceil(low - _DUST), np.floor(high + _DUST)
    reached = within * np.maximum(spread.low, 0) ** 2 <= people**2 / 4 + _DUST * people
    ones = np.maximum(least, fewest) <= np.minimum(most, largest)
    zeros = np.maximum(least, people - largest) <= np.minimum(most, people - fewest)
    return verdicts(
        rows.index,
        reached & (ones | zeros),
        np.where(missing | alone, np.nan, np.sqrt(share.value * (1 - share.value) * people / (people - 1))),
        RULE,
        [(missing, "mean, sd or n is missing"), (alone, "one person has no SD")],
    )
