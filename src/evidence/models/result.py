"""The verbs every result of this room shares."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import pandas as pd

from . import wording
from .engine.inference import Interval


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


@dataclass(frozen=True, repr=False, eq=False)
class Adjusted(Result):
    """An adjusted estimate: what its methods have in common.

    Attributes
    ----------
    estimate, se : float, adjusted effect in the units of ``yi``, and its standard error
    ci : Interval, confidence interval
    statistic, df, p_value : float, test against zero; ``df`` is infinite for a normal test
    """

    estimate: float
    se: float
    ci: Interval
    statistic: float
    df: float
    p_value: float

    def _estimate_line(self, level: float) -> str:
        return inference_line("estimate", self.estimate, self.se, self.statistic, self.df, self.p_value, self.ci, level)

    def _estimate_columns(self) -> dict[str, object]:
        return {
            "estimate": self.estimate,
            "se": self.se,
            "ci_low": self.ci.low,
            "ci_high": self.ci.high,
            "p_value": self.p_value,
        }


def inference_line(
    label: str, estimate: float, se: float, statistic: float, df: float, p_value: float, ci: Interval, level: float
) -> str:
    """An estimate with its test and interval, for a summary."""
    n = wording.number
    letter = "z" if math.isinf(df) else f"t({df:g})"
    return (
        f"{label} {n(estimate, 4)} (SE {n(se, 4)}), {letter} = {n(statistic)}, p {wording.p_value(p_value)}, "
        f"{wording.percent(level)} CI {wording.interval(ci, 4)}"
    )
