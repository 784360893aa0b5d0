"""Direction, ends and rank of the instruments of a base."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ..base.rows import rows_of

NAN = math.nan
_HUNDREDTHS = {"%", "percent", "percentage points", "points"}  # all the same on a scale from 0 to 100
_NOT_POINTS = ("% of baseline", "% change")


class Scales:
    """Direction, length and rank of instruments, by instrument and unit."""

    def __init__(self, instruments: pd.DataFrame) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}
        for row in rows_of(instruments):
            self._rows.setdefault(row["instrument_id"], []).append(row)

    def of(self, row: dict[str, Any], claimed: dict[str, str]) -> tuple[int, float, float, str]:
        """(benefit +1, -1 or 0 when unknown; length of the scale or NaN; rank; why there is no length)."""
        known = self._rows.get(row["instrument_id"], [])
        words = [row["higher_is_better"], *(entry["higher_is_better"] for entry in known)]
        word = next((word for word in words if word), "") or {"higher": "yes", "lower": "no"}.get(
            claimed.get(row["outcome"], ""), ""
        )
        benefit = {"yes": 1, "no": -1}.get(word, 0)
        length, fault = self._length(row, known)
        ranks = [entry["rank"] for entry in known if not math.isnan(entry["rank"])]
        return benefit, length, min(ranks, default=math.inf), fault

    def ends(self, row: dict[str, Any]) -> tuple[float, float]:
        """Least and greatest value of the row's scale; NaN where its range is not known."""
        known = self._rows.get(row["instrument_id"], [])
        low = min((entry["scale_min"] for entry in known if not math.isnan(entry["scale_min"])), default=0.0)
        low = low if math.isnan(row["scale_min"]) else row["scale_min"]
        return low, low + self._length(row, known)[0]

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
