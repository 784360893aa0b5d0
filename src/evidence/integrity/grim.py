"""GRIM: whether any whole numbers have the printed mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.arguments import require_flag
from ..effects.inputs import Floats
from .printed import ANY, COUNT, Bools, Ints, Printed, read_rows
from .verdict import verdicts

RULE = "a total of whole numbers, over n x items, rounds to the printed mean"

#: Beyond this a product of whole numbers no longer fits 64 bits.
LARGEST = 2.0**62


def grim(
    *, mean: ArrayLike, n: ArrayLike, decimals: ArrayLike | None = None, items: ArrayLike = 1, percent: bool = False
) -> pd.DataFrame:
    """GRIM test: can this mean come from n whole numbers?

    Parameters
    ----------
    mean : scalar or (k,) array-like
        Means as printed, as numbers or as text.
    n : scalar or (k,) array-like
        People behind each mean.
    decimals : scalar or (k,) array-like, optional
        Decimals as printed; by default those that the means show (text keeps final zeros, a float does not).
    items : scalar or (k,) array-like
        Questions of which each person's value is the mean.
    percent : bool
        The means are percentages of people.

    Returns
    -------
    DataFrame
        passes, NA where n x items is so large that every mean passes; number, the possible mean that is nearest;
        rule; probability, of failing for a mean written at random.

    Raises
    ------
    InvalidInput
        What is no number, an n or items that is no whole number, or a mean with more decimals than said.

    See Also
    --------
    grimmer : The same for standard deviations.
    percent_of_n : Events, people and percent together.
    sd_plausible : What is left where data are not whole numbers.

    Notes
    -----
    A mean of whole numbers is S / (n items) for a whole S. It is possible when some S / (n items) lies no further than
    half a unit of the last digit from it, ends included, so that rounding half up and half even both pass. The test
    says something only for n items < 10^decimals, and a random mean fails it with probability
    1 - n items / 10^decimals. Computed in whole numbers, without rounding error. Data have to be counts, or answers on
    a scale of whole numbers: not times, distances, or visual analogue scales read to a fraction.

    References
    ----------
    Brown & Heathers (2017), Social Psychological and Personality Science 8:363, 10.1177/1948550616673876.

    Examples
    --------
    The example of the paper: 28 people cannot have a mean of 5.19.

    >>> import evidence as ev
    >>> ev.grim(mean=["5.19", "5.18"], n=28)[["passes", "number"]].round(3)
       passes  number
    0   False   5.179
    1    True   5.179
    """
    require_flag("percent", percent)
    rows = read_rows({"mean": (mean, decimals, ANY)}, {"n": (n, COUNT), "items": (items, COUNT)})
    printed = rows.printed["mean"]
    if percent:
        printed = Printed(printed.value / 100, printed.decimals + 2)
    people = rows.plain["n"] * rows.plain["items"]
    missing = rows.missing("mean", "n", "items")
    totals = possible_totals(printed, people)
    probability = np.maximum(0.0, 1 - people / 10.0**printed.decimals)
    nearest = np.where(missing, np.nan, np.rint(printed.value * people) / people) * (100 if percent else 1)
    return verdicts(
        rows.index,
        totals.least <= totals.most,
        nearest,
        RULE,
        [
            (missing, "mean, n or items is missing"),
            (probability == 0, "n x items is not below 10^decimals, so every mean is possible"),
            (totals.too_large, "the numbers have too many digits"),
        ],
        probability=np.where(missing, np.nan, probability),
    )


class Totals(NamedTuple):
    """Totals of whole numbers that give a printed mean, less a multiple of their count that leaves them small."""

    least: Ints
    most: Ints
    too_large: Bools


def possible_totals(mean: Printed, count: Floats) -> Totals:
    """Totals that ``count`` whole numbers with this mean can have; the least exceeds the most where there are none."""
    whole = np.rint(mean.value)
    scale = 10.0**mean.decimals
    digits = np.rint((mean.value - whole) * scale)  # the mean in units of its last digit, less a whole number
    too_large = ~((np.abs(digits) * 2 + 1) * count + 2 * scale < LARGEST)
    twice, people, unit = (np.where(too_large, 1, x).astype(np.int64) for x in (2 * digits * count, count, 2 * scale))
    return Totals(-((people - twice) // unit), (twice + people) // unit, too_large)
