"""People with an event in an arm: as printed, or from the percentage and the size of the arm."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..derive.align import COUNTED, Size


class Counted(NamedTuple):
    """People with an event, people in the arm, and how they are known ("" where both are printed)."""

    events: float
    n: float
    how: str


def counted(row: Mapping[str, Any], sizes: Mapping[tuple[str, str], Size]) -> Counted:
    """People with an event in the arm of a result row.

    Parameters
    ----------
    row : mapping
        A row of results.csv: ``study_id, arm, outcome, higher_is_better, n, events, percent``.
    sizes : mapping
        `arm_sizes` of the base, for rows that do not print how many people they are about.

    Returns
    -------
    Counted
        Events are round(percent n / 100) where only a percentage is printed; NaN where there is neither, or no size.
        Of people who did not improve the others are counted.
    """
    n, events, percent, said = row["n"], row["events"], row["percent"], []
    if not math.isnan(events) and math.isnan(n):
        size = sizes[row["study_id"], row["arm"]]
        n, said = size.n, [size.source]
    if math.isnan(events) and not math.isnan(percent):
        size = sizes[row["study_id"], row["arm"]] if math.isnan(n) else Size(n, "")
        n = size.n
        if not math.isnan(n):
            events = float(round(percent * n / 100))
            said = [f"{percent:g}% of {n:g} = {events:g}", size.source]
    if row["outcome"] in COUNTED and row["higher_is_better"] == "no":
        said.append(f"{events:g} of {n:g} did not improve")
        events = n - events
    return Counted(events, n, "; ".join(filter(None, said)))
