"""Where the page draws what it shows: percent of the width of its forest, on one axis for each question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...plots.parts.effect_axis import effect_limits
from ..explorer.analysis import Analysis
from ..explorer.live_forest import half_widths, place, uncrowded


@dataclass(frozen=True)
class Axis:
    """The axis of one question; its marks do not move while trials come and go.

    Attributes
    ----------
    low : float
        Left end, in units of the measure.
    high : float
        Right end.
    """

    low: float
    high: float

    @classmethod
    def of(cls, rows: pd.DataFrame, analyses: Sequence[Analysis]) -> Axis:
        """An axis for every trial of a question and every interval that can be shown.

        Parameters
        ----------
        rows : DataFrame
            Effects of its trials.
        analyses : sequence of Analysis
            All that is answered.
        """
        yi, half = rows["yi"].to_numpy(float), half_widths(rows)
        ends = [end for analysis in analyses if analysis.mean for end in analysis.mean.ci]
        keep = [analyses[0].worthwhile, *ends]
        return cls(*effect_limits(yi, yi - half, yi + half, [end for end in keep if math.isfinite(end)]))

    def mark(self, low: float, middle: float, high: float) -> list[float | str]:
        """Left end, middle and right end in percent, and which ends are cut: "", "l", "r" or "lr"."""
        cut = ("l" if low < self.low else "") + ("r" if high > self.high else "")
        inside = (min(max(value, self.low), self.high) for value in (low, middle, high))
        return [*(self._percent(value) for value in inside), cut]

    def drawn(self, analysis: Analysis) -> dict[str, Any]:
        """No effect, the zone of a worthwhile effect (None where none is known) and the ticks."""
        worthwhile = analysis.worthwhile
        ticks = uncrowded(analysis, (self.low, self.high))
        return {
            "null": self._percent(0.0),
            "zone": None if math.isnan(worthwhile) else self._percent(worthwhile),
            "ticks": [[self._percent(value), words] for value, words in ticks],
        }

    def _percent(self, value: float) -> float:
        return round(place(value, (self.low, self.high)), 1)
