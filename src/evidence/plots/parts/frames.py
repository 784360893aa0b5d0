"""What a figure asks of the table it is given: a frame, or a result that has one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr

from ...effects.arguments import is_number, shown
from ...effects.inputs import as_floats, require_distinct
from ...errors import InvalidInput
from .fits import described, fitted_from


class Tabled(Protocol):
    """A result that gives its rows as a frame."""

    def to_frame(self) -> pd.DataFrame: ...


Table: TypeAlias = pd.DataFrame | Tabled
"""Rows to draw: a frame, or a result whose ``to_frame()`` has them."""


#: Under which a table knows what result it is of.
_OF = "result"


#: Columns that hold numbers wherever a figure needs them, and those of them that may be infinite.
_NUMBERS = frozenset({"estimate", "ci_low", "ci_high", "k", "n", "yi", "vi", "ai", "bi", "ci", "di", "p_value",
                      "direction", "p_score"})  # fmt: skip
_ENDLESS = frozenset({"ci_low", "ci_high", "pi_low", "pi_high", "df"})


def need(
    figure: str,
    frame: pd.DataFrame,
    *columns: str | None,
    numbers: Iterable[str | None] = (),
    labels: Iterable[str | None] = (),
) -> pd.DataFrame:
    """The frame with its numbers as floats; without rows or without one of ``columns`` (None asks for nothing) refused.

    Parameters
    ----------
    numbers : iterable of str or None
        Columns that hold numbers where they are there, beside those that do so everywhere.
    labels : iterable of str or None
        Columns that say in every row where it belongs.

    Raises
    ------
    InvalidInput
        A column or every row is missing, a name stands twice, a number is none, or a label is none.
    """
    wanted = [name for name in columns if name is not None]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        where = f"no column {missing[0]!r} in {frame.attrs[_OF]}" if _OF in frame.attrs else ""
        where = where or f"the frame has no column {missing[0]!r}"
        raise InvalidInput(f"{figure}: {where}; it needs {', '.join(wanted)}")
    if frame.empty:
        raise InvalidInput(f"{figure}: the frame has no rows")
    require_distinct(frame)
    counted: set[str] = {*_NUMBERS.intersection(wanted), *filter(None, numbers)} & set(frame.columns)
    for name in set(wanted) - counted:
        odd = next((value for value in frame[name] if not isinstance(value, Hashable)), None)
        if odd is not None or (name in labels and frame[name].isna().any()):
            raise InvalidInput(f"{figure}: column {name!r} holds {shown(odd)}, which is no label")
    return frame.assign(**{name: _numbers(figure, frame[name]) for name in counted})


def _numbers(figure: str, column: pd.Series) -> NDArray[np.float64]:
    """Values of a column; those missing in any way are not-a-number."""
    try:
        values = as_floats("values", column)
    except InvalidInput:
        values = np.array([float("inf" if not is_number(value) and not pd.isna(value) else "nan") for value in column])
    infinite = np.isinf(values)
    if infinite.any() and (column.name not in _ENDLESS or not pd.api.types.is_float_dtype(column)):
        value = column.iloc[int(np.flatnonzero(infinite)[0])]
        raise InvalidInput(f"{figure}: column {column.name!r} holds {shown(value)}; give finite numbers")
    return values


def table_of(figure: str, given: object) -> pd.DataFrame:
    """The rows of a frame or a result.

    Raises
    ------
    InvalidInput
        ``given`` has no rows.
    """
    if isinstance(given, pd.DataFrame):
        return given
    if not hasattr(given, "to_frame") or isinstance(given, (pd.Series, pd.Index)):
        raise InvalidInput(f"{figure}: give a frame, or a result that has to_frame(); not {described(given)}")
    frame: pd.DataFrame = given.to_frame()
    frame.attrs[_OF] = described(given)
    return frame


def computed(figure: str, given: object, compute: Callable[..., object], *columns: str) -> object:
    """``given`` where it has ``columns`` already; of trials, what ``compute`` makes of them.

    Trials are a fit, a frame with ``yi`` and ``vi``, or ``(yi, vi)``: so that a figure takes the result of the
    function it is named after, or what that function takes.
    """
    if isinstance(given, pd.DataFrame):
        there = bool(columns) and set(columns) <= set(given.columns)
        if there or not {"yi", "vi"} <= set(given.columns):
            return given
    elif not (hasattr(given, "yi") or isinstance(given, tuple)):
        return given
    elif hasattr(given, "sampling"):  # rows that depend on each other: the function knows whether it can take them
        return compute(given)
    from ...models.univariate.source import read_source

    return compute(read_source(fitted_from(figure, given)).fit)  # type: ignore[arg-type]


def names_of(frame: pd.DataFrame, label: str | None) -> list[object]:
    """Names of the rows: a column, else the index where it has names, else the first column of words."""
    if label is not None:
        return list(frame[label])
    if isinstance(frame.index, pd.RangeIndex):
        words = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
        if words and words[0] == frame.columns[0]:
            return list(frame[words[0]])
    return list(frame.index)


def level_of(given: object, frame: pd.DataFrame, level: float | None) -> float:
    """Level of the intervals of a table: as told, as the result knows it, or as ``se`` and ``df`` give it away.

    Where nothing tells, intervals are taken for those of 95%.
    """
    known = getattr(given, "level", None) if level is None else level
    if isinstance(known, float):
        return known
    if not {"se", "df", "ci_low", "ci_high"} <= set(frame.columns):
        return 0.95
    low, high, se, df = (frame[name].to_numpy(float) for name in ("ci_low", "ci_high", "se", "df"))
    usable = np.isfinite(low) & np.isfinite(high) & (se > 0) & (df > 0)
    covered = 2 * stdtr(df[usable], (high - low)[usable] / 2 / se[usable]) - 1
    agreed = covered.size > 0 and np.ptp(covered) < 1e-4
    return round(float(covered[0]), 4) if agreed else 0.95


def levels_of(column: pd.Series) -> list[object]:
    """Values of a column in their order: of the categories where it is categorical, else of the frame."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    return list(dict.fromkeys(column))
