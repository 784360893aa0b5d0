"""What measures and their statistics are called elsewhere: small letters, metafor's ``m1i sd1i n1i``."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput
from ..arguments import require_choice
from .measure import Measure
from .measures import MEASURES

#: metafor's name of a statistic to ours, where they differ.
METAFOR: Mapping[str, str] = {
    **{f"{name}{group}i": f"{name}{group}" for name in ("m", "sd", "n", "x", "t") for group in (1, 2)},
}


def measure_name(measure: object, among: Collection[str] = tuple(MEASURES)) -> str:
    """The name among `MEASURES`, or some of them, however its letters are written.

    Raises
    ------
    InvalidInput
        There is no such measure.
    """
    name = measure.strip().upper() if isinstance(measure, str) else ""
    if name not in among:
        require_choice("measure", measure, among)
    return name


def renamed(statistics: Mapping[str, ArrayLike]) -> dict[str, ArrayLike]:
    """Statistics under our names, of ours or metafor's.

    Raises
    ------
    InvalidInput
        One is given under both names.
    """
    found: dict[str, ArrayLike] = {}
    for given, values in statistics.items():
        name = METAFOR.get(given, given)
        if name in found:
            raise InvalidInput(f"{name} is given twice, as {name} and {given}")
        found[name] = values
    return found


def of_frame(measure: Measure, frame: object) -> dict[str, ArrayLike]:
    """The statistics of a measure that a frame has, under our names or metafor's, in any case; its others are ignored.

    Raises
    ------
    InvalidInput
        No frame, or two of its columns are the same statistic.
    """
    if not isinstance(frame, pd.DataFrame):
        raise InvalidInput(f"data is a {type(frame).__name__}; give a frame, or the statistics by name")
    totals = measure.counts.totals if measure.counts else {}
    wanted = {*measure.inputs, *totals}
    found: dict[str, ArrayLike] = {name: frame[column] for name, column in columns_named(frame, wanted).items()}
    for total, (events, others) in totals.items():
        if others in found and events in found:
            found.pop(total, None)
    return found


def columns_named(frame: pd.DataFrame, wanted: Collection[str]) -> dict[str, object]:
    """Our name to the column of a frame that has it, under that name or metafor's, in any case.

    Raises
    ------
    InvalidInput
        Two columns are the same statistic.
    """
    found: dict[str, object] = {}
    for column in frame.columns:
        lower = str(column).strip().lower()
        name = METAFOR.get(lower, lower)
        if name in wanted:
            if name in found:
                raise InvalidInput(f"the frame has {name} twice, once as {column}")
            found[name] = column
    return found
