"""Whether events, people and the printed percent agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.inputs import Rule
from .grim import possible_totals
from .printed import COUNT, EVENTS, Printed, read_rows
from .verdict import verdicts

RULE = "100 events / n rounds to the printed percent; where events are not printed, some whole number of them does"
_PERCENT = Rule(lambda x: ~(x < 0) & ~(x > 100), "lie between 0 and 100")


def percent_of_n(
    *, percent: ArrayLike, n: ArrayLike, events: ArrayLike = np.nan, decimals: ArrayLike | None = None
) -> pd.DataFrame:
    """Is a percentage that of its events among n people?

    Parameters
    ----------
    percent : scalar or (k,) array-like
        Percentages as printed, from 0 to 100, as numbers or as text.
    n : scalar or (k,) array-like
        People.
    events : scalar or (k,) array-like
        People with the event; without, any whole number of them counts.
    decimals : scalar or (k,) array-like, optional
        Decimals of the percentages; by default those that each shows.

    Returns
    -------
    DataFrame
        passes; number, 100 events / n, or the nearest percentage that n people can have; rule; n_least and n_most,
        the numbers of people of whom the events would be the printed percent (NA where there are none).

    Raises
    ------
    InvalidInput
        What is no number, a percentage outside [0, 100], or a count that is no whole number.

    See Also
    --------
    grim : The test behind it.
    n_flow : Whether those people can be so many.

    Notes
    -----
    GRIM for shares: the rounding interval of percent / 100 has to hold events / n, ends included. The n that would fit
    often names the cause: the people randomised where those analysed are meant, or the other way round.

    References
    ----------
    Brown & Heathers (2017), Social Psychological and Personality Science 8:363, 10.1177/1948550616673876.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.percent_of_n(percent=["70.0", "76.7"], events=23, n=30).drop(columns="rule").round(1)
       passes  number  n_least  n_most
    0   False    76.7     <NA>    <NA>
    1    True    76.7       30      30
    """
    rows = read_rows({"percent": (percent, decimals, _PERCENT)}, {"n": (n, COUNT), "events": (events, EVENTS)})
    printed, people, cases = rows.printed["percent"], rows.plain["n"], rows.plain["events"]
    missing, counted = rows.missing("percent", "n"), ~np.isnan(cases)
    share = Printed(printed.value / 100, printed.decimals + 2)
    totals = possible_totals(share, people)
    found = 100 * np.where(counted, cases, np.rint(share.value * people)) / people
    agree = np.abs(found - printed.value) <= printed.half * (1 + 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        least, most = (100 * cases / end for end in (printed.high, np.where(printed.low > 0, printed.low, np.nan)))
    least, most = np.ceil(np.maximum(least, cases) - 1e-9), np.floor(most + 1e-9)
    known = ~missing & (least <= most)
    too_many = ~counted & (people >= 10.0**share.decimals)
    return verdicts(
        rows.index,
        np.where(counted, agree & ~(cases > people), totals.least <= totals.most),
        found,
        RULE,
        [
            (missing, "percent or n is missing"),
            (too_many, "events are missing, and with so many people every percentage is possible"),
        ],
        n_least=pd.array(np.where(known, least, np.nan), dtype="Float64").astype("Int64"),
        n_most=pd.array(np.where(known, most, np.nan), dtype="Float64").astype("Int64"),
    )
