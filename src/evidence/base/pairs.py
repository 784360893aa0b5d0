"""What kind of question a pair of arms answers, as `TrialTables.select` asks for it."""

from __future__ import annotations

import pandas as pd

#: initial: treatment from its start; maintenance: all arms had the same first course, and then more of it or not.
PHASES = ("initial", "maintenance")
_MAINTENANCE = "maintenance:"  # how ``exclude_reason`` begins in a maintenance pair: another question, not a fault


def kinds_of_pairs(comparisons: pd.DataFrame) -> pd.DataFrame:
    """The pairs with two more columns to choose by, read from ``exclude_reason``.

    Parameters
    ----------
    comparisons : DataFrame
        Rows of comparisons.csv.

    Returns
    -------
    DataFrame
        The same rows with ``phase`` (one of `PHASES`) and ``excluded``: "yes" where another reason is given.

    Examples
    --------
    >>> pairs = pd.DataFrame({"exclude_reason": ["", "crossover without washout", "maintenance: boosters"]})
    >>> kinds_of_pairs(pairs)[["phase", "excluded"]].values.tolist()
    [['initial', 'no'], ['initial', 'yes'], ['maintenance', 'no']]
    """
    reasons = comparisons["exclude_reason"].tolist()
    later = [reason.startswith(_MAINTENANCE) for reason in reasons]
    return comparisons.assign(
        phase=[PHASES[this] for this in later],
        excluded=["yes" if reason and not this else "no" for reason, this in zip(reasons, later, strict=True)],
    )
