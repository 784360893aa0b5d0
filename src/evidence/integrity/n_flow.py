"""Whether no more people are analysed than were randomised, and arms add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .printed import EVENTS, labels_of, read_rows
from .verdict import verdicts

RULE = "no more people are analysed than randomised, and the arms of a trial add up to its total"


def n_flow(
    *,
    randomised: ArrayLike,
    analysed: ArrayLike = np.nan,
    total: ArrayLike = np.nan,
    study: ArrayLike | pd.Series | None = None,
) -> pd.DataFrame:
    """Do the numbers of people in the arms of a trial agree?

    Parameters
    ----------
    randomised : scalar or (k,) array-like
        People randomised to each arm.
    analysed : scalar or (k,) array-like
        People analysed in it.
    total : scalar or (k,) array-like
        People randomised in the trial, on each of its arms.
    study : (k,) array-like, optional
        Which trial an arm belongs to; without, all rows are arms of one.

    Returns
    -------
    DataFrame
        One row an arm: passes; number, people analysed less people randomised; rule; arms_total, the sum over the
        trial's arms; adds_up, whether that is the total (NA where one of them is missing).

    Raises
    ------
    InvalidInput
        A number of people that is no whole number, or not one study a row.

    See Also
    --------
    percent_of_n : Whether percentages are of these people.

    Notes
    -----
    Give all arms of a trial: an arm left out makes the rest too few. A row passes when what is known of it agrees.

    References
    ----------
    Wilkinson et al. (2025), INSPECT-SR, 10.1101/2025.09.03.25334905, domain 4.
    Moher et al. (2010), CONSORT 2010, BMJ 340:c869, 10.1136/bmj.c869, item 13.

    Examples
    --------
    >>> import evidence as ev
    >>> arms = {"randomised": [30, 31, 25, 25], "analysed": [28, 33, 25, 24], "total": [61, 61, 52, 52]}
    >>> found = ev.n_flow(**arms, study=list("AABB"))
    >>> found.drop(columns="rule")
       passes  number  arms_total  adds_up
    0    True    -2.0        61.0     True
    1   False     2.0        61.0     True
    2   False     0.0        50.0    False
    3   False    -1.0        50.0    False
    """
    given = {"randomised": randomised, "analysed": analysed, "total": total}
    rows = read_rows({}, {name: (values, EVENTS) for name, values in given.items()})
    started, ended, whole = (rows.plain[name] for name in given)
    groups = labels_of(study, len(started), rows.index)
    arms = pd.DataFrame({"n": started, "known": ~np.isnan(started)}).groupby(groups, sort=False)
    arms_total = np.where(arms["known"].transform("all"), arms["n"].transform("sum"), np.nan)
    totalled = ~np.isnan(arms_total) & ~np.isnan(whole)
    followed = ~rows.missing("randomised", "analysed")
    return verdicts(
        rows.index,
        ~(ended > started) & (~totalled | (arms_total == whole)),
        ended - started,
        RULE,
        [(~totalled & ~followed, "it takes randomised, and analysed or the total")],
        arms_total=arms_total,
        adds_up=pd.arrays.BooleanArray(arms_total == whole, ~totalled),
    )
