"""The verbs every result of this room shares."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import pandas as pd

from ..models import wording
from ..models.inference import Interval


class Result(ABC):
    """A result that prints itself: `to_frame`, `summary`, `sentence` and a notebook form."""

    @abstractmethod
    def sentence(self) -> str:
        """One plain sentence from the numbers."""

    @abstractmethod
    def _title(self) -> str:
        """First line of the summary."""

    @abstractmethod
    def _lines(self) -> list[str]:
        """The other lines of the summary."""

    @abstractmethod
    def _row(self) -> dict[str, object]:
        """The one row of `to_frame`."""

    def to_frame(self) -> pd.DataFrame:
        """The result as one row."""
        return pd.DataFrame([self._row()])

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        return "\n".join([self._title(), *self._lines()])

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return wording.html_report(self._title(), self._lines(), self._table())

    def _table(self) -> pd.DataFrame | None:
        return None


def estimate_line(
    label: str, estimate: float, se: float, statistic: float, df: float, p_value: float, ci: Interval, level: float
) -> str:
    """An estimate with its test and interval, for a summary."""
    n = wording.number
    letter = "z" if math.isinf(df) else f"t({df:g})"
    return (
        f"{label} {n(estimate, 4)} (SE {n(se, 4)}), {letter} = {n(statistic)}, p {wording.p_value(p_value)}, "
        f"{wording.percent(level)} CI {wording.interval(ci, 4)}"
    )
