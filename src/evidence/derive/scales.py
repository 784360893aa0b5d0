"""Direction, ends and rank of the instruments of a base."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from ..base.once import once
from ..base.rows import distinct, rows_of
from ..base.tables import TrialTables

NAN = math.nan
_HUNDREDTHS = {"%", "percent", "percentage points", "points"}  # all the same on a scale from 0 to 100
_NOT_POINTS = ("% of baseline", "% change")
#: What a result row tells of its scale.
TOLD = ["instrument_id", "instrument", "higher_is_better", "outcome", "unit", "scale_min", "scale_max"]
#: What is found of it.
_FOUND = {"benefit": int, "scale": float, "no_scale": object, "least": float, "rank": float}


@once
def scales(db: TrialTables) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """What is known of the scale of each row of the results of a base (see `Scales.of_rows`)."""
    return Scales(db.instruments).of_rows(db.results, db.outcomes)


class Scales:
    """Direction, length and rank of instruments, by instrument and unit."""

    def __init__(self, instruments: pd.DataFrame) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}
        for row in rows_of(instruments):
            self._rows.setdefault(row["instrument_id"], []).append(row)

    def of_rows(self, rows: pd.DataFrame, outcomes: pd.DataFrame) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
        """What is known of the scale of each result row.

        ``benefit``: 1 where higher is better, -1 where lower is, 0 where that is not known. ``scale``: the length, NaN
        where it is not known, and ``no_scale``, why. ``least``: its low end. ``rank``: of the instrument.
        """
        claimed = dict(zip(outcomes["outcome"], outcomes["claimed_direction"], strict=True))
        each, which = distinct(rows, TOLD)
        found = [self._of(row, claimed.get(row["outcome"], "")) for row in each]
        return {
            name: np.array([one[at] for one in found], kind)[which] for at, (name, kind) in enumerate(_FOUND.items())
        }

    def _of(self, row: dict[str, Any], claimed: str) -> tuple[int, float, str, float, float]:
        known = self._rows.get(row["instrument_id"], [])
        words = [row["higher_is_better"], *(entry["higher_is_better"] for entry in known)]
        word = next((word for word in words if word), "") or {"higher": "yes", "lower": "no"}.get(claimed, "")
        length, fault = self._length(row, known)
        ranks = [entry["rank"] for entry in known if not math.isnan(entry["rank"])]
        ends = [entry["scale_min"] for entry in known if not math.isnan(entry["scale_min"])]
        least = min(ends, default=0.0) if math.isnan(row["scale_min"]) else row["scale_min"]
        return {"yes": 1, "no": -1}.get(word, 0), length, fault, least, min(ranks, default=math.inf)

    @staticmethod
    def _length(row: dict[str, Any], known: list[dict[str, Any]]) -> tuple[float, str]:
        unit = row["unit"]
        if unit.startswith(_NOT_POINTS):
            return NAN, f"'{unit}' is not points of a scale"
        if not math.isnan(row["scale_max"]):
            return row["scale_max"] - row["scale_min"], ""
        lengths = {entry["unit"]: entry["scale_max"] - entry["scale_min"] for entry in known}
        lengths = {word: length for word, length in lengths.items() if not math.isnan(length)}
        name = row["instrument"] or "the instrument"
        if not lengths:
            return NAN, f"the range of {name} is not known"
        if unit in lengths:
            return lengths[unit], ""
        distinct = set(lengths.values())
        if len(distinct) == 1 and (not unit or (unit in _HUNDREDTHS and distinct == {100.0})):
            return distinct.pop(), ""
        return NAN, f"the range of {name} with unit '{unit}' is not known"
