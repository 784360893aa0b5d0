"""Whether events, people and the printed percent agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .grim import possible_totals
from .printed import ANY, COUNT, EVENTS, Printed, read_rows
from .verdict import verdicts

RULE = "from 0 to 100, and 100 events / n rounded; where events are not printed, of some whole number of them"


def percent_of_n(
    *, percent: ArrayLike, n: ArrayLike, events: ArrayLike = np.nan, decimals: ArrayLike | None = None
) -> pd.DataFrame:
    """Is a percentage that of its events among n people?

    Parameters
    ----------
    percent : scalar or (k,) array-like
        Percentages as printed, as numbers or as text.
    n : scalar or (k,) array-like
        People.
    events : scalar or (k,) array-like
        People with the event; without, any whole number of them counts.
    decimals : scalar or (k,) array-like, optional
        Decimals of the percentages; by default those that each shows.

    Returns
    -------
    DataFrame
        passes; number, 100 events / n, or the nearest percentage that n people can have; rule; cut_off,
        whether digits cut off instead of rounded would explain what does not pass; n_least and n_most, the numbers of
        people of whom the events would be the printed percent (NA where there are none).

    Raises
    ------
    InvalidInput
        What is no number, or a count that is no whole number.

    See Also
    --------
    grim : The test behind it.
    n_flow : Whether those people can be so many.

    Notes
    -----
    GRIM for shares: the rounding interval of percent / 100 has to hold events / n, ends included. What else would fit
    often names the cause: digits that were cut off (66.6% of 3), the people randomised where those analysed are meant,
    or the other way round.

    References
    ----------
    Brown & Heathers (2017), Social Psychological and Personality Science 8:363, 10.1177/1948550616673876.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.percent_of_n(percent=["76.7", "76.6", "71.9"], events=23, n=30).drop(columns="rule").round(1)
       passes  number  cut_off  n_least  n_most
    0    True    76.7    False       30      30
    1   False    76.7     True     <NA>    <NA>
    2   False    76.7    False       32      32
    """
    rows = read_rows({"percent": (percent, decimals, ANY)}, {"n": (n, COUNT), "events": (events, EVENTS)})
    printed, people, cases = rows.printed["percent"], rows.plain["n"], rows.plain["events"]
    missing, counted = rows.missing("percent", "n"), ~np.isnan(cases)
    share = Printed(printed.value / 100, printed.decimals + 2)
    totals = possible_totals(share, people)
    found = 100 * np.where(counted, cases, np.rint(share.value * people)) / people
    agree = np.abs(found - printed.value) <= printed.half * (1 + 1e-9)
    above = 100 * np.where(counted, cases, np.ceil(share.value * people - 1e-9)) / people - printed.value
    cut_off = ~agree & (above >= -1e-9) & (above < 2 * printed.half)
    with np.errstate(divide="ignore", invalid="ignore"):
        least, most = (100 * cases / end for end in (printed.high, np.where(printed.low > 0, printed.low, np.nan)))
    least, most = np.ceil(np.maximum(least, cases) - 1e-9), np.floor(most + 1e-9)
    known = ~missing & (least <= most)
    too_many = ~counted & (people >= 10.0**share.decimals)
    return verdicts(
        rows.index,
        (printed.value >= 0) & (printed.value <= 100) & np.where(counted, agree, totals.least <= totals.most),
        found,
        RULE,
        [
            (missing, "percent or n is missing"),
            (too_many, "events are missing, and with so many people every percentage is possible"),
        ],
        cut_off=cut_off,
        n_least=pd.array(np.where(known, least, np.nan), dtype="Float64").astype("Int64"),
        n_most=pd.array(np.where(known, most, np.nan), dtype="Float64").astype("Int64"),
    )
