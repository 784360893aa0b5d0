"""The verbs that every result shares."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ..effects.arguments import require_level
from ..errors import NotEstimable
from ..languages import in_english
from . import wording
from .engine.inference import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Result(ABC):
    """A result that prints itself: `summary`, `sentence`, `to_frame`, `plot` and a notebook form.

    A class says `_title`, `_lines` and `sentence`, and for its frame either `_row` (one row) or `_rows` (a table).
    """

    #: Name of the function of `evidence.plots` that draws it; "" for none.
    _figure: ClassVar[str] = ""

    @abstractmethod
    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them.

        Returns
        -------
        str
        """

    @abstractmethod
    def _title(self) -> str:
        """First line of the summary."""

    @abstractmethod
    def _lines(self) -> list[str]:
        """The other lines of the summary."""

    def _row(self) -> dict[str, object]:
        """The one row of `to_frame`."""
        raise NotImplementedError

    def _rows(self) -> pd.DataFrame:
        """The rows of `to_frame`; names may stand in its index."""
        return pd.DataFrame([self._row()])

    def to_frame(self) -> pd.DataFrame:
        """The result as a new frame.

        Returns
        -------
        DataFrame
            What a row is about stands in its first columns, the index is 0, 1, 2, ...
        """
        rows = self._rows()
        return rows.copy() if isinstance(rows.index, pd.RangeIndex) else rows.reset_index()

    @in_english
    def summary(self) -> str:
        """What a paper reports, as text of a few lines.

        Returns
        -------
        str
            It is also how the result prints itself.
        """
        return "\n".join([self._title(), *self._lines()])

    def plot(self, **options: Any) -> Axes:
        """Draw the figure of this kind of result.

        Parameters
        ----------
        **options
            As for the function of `evidence.plots` that draws it.

        Returns
        -------
        Axes

        Raises
        ------
        NotEstimable
            This kind of result has no figure.
        """
        if not self._figure:
            raise NotEstimable(f"a {type(self).__name__} has no figure of its own; to_frame() has its numbers")
        given, own = self._drawing()
        axes: Axes = getattr(import_module("evidence.plots"), self._figure)(*given, **{**own, **options})
        return axes

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What the figure is given, and options of its own: the result itself, where it can be drawn as it is."""
        return (self,), {}

    def __repr__(self) -> str:
        return self.summary()

    @in_english
    def _repr_html_(self) -> str:
        return wording.html_report(self._title(), self._lines(), self._table())

    def _table(self) -> pd.DataFrame | None:
        """A table below the lines of the notebook form."""
        return None


class Covered(Result):
    """A result whose intervals have a coverage, ``level``, unless another is asked for."""

    if TYPE_CHECKING:

        @property
        def level(self) -> float: ...

    def _coverage(self, level: float | None) -> float:
        if level is not None:
            require_level(level)
        return self.level if level is None else level


@dataclass(frozen=True, repr=False, eq=False)
class Adjusted(Result):
    """An adjusted estimate: what its methods have in common.

    Attributes
    ----------
    estimate : float
        Adjusted effect in the units of ``yi``.
    se : float
        Its standard error.
    ci : Interval
        Confidence interval.
    statistic : float
        Test against zero.
    df : float
        Its degrees of freedom; infinite for a normal test.
    p_value : float
        Of that test, two-sided.
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
    letter = "z" if math.isinf(df) else f"t({round(df, 1):g})"
    return (
        f"{label} {n(estimate, 4)} (SE {n(se, 4)}), {letter} = {n(statistic)}, p {wording.p_value(p_value)}, "
        f"{wording.percent(level)} CI {wording.interval(ci, 4)}"
    )
