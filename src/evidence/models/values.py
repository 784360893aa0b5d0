"""One value a study: turned into numbers, checked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import pandas as pd

from ..effects.arguments import shown
from ..effects.inputs import aligned, as_floats, as_labels
from ..errors import InvalidInput
from .engine.engine import Floats

# Beyond these, sums of squares and products of weights leave the range of floating point.
LARGEST, SMALLEST = 1e60, 1e-50


def require_column(frame: pd.DataFrame, column: str, name: str) -> pd.Series:
    """A column of a frame, or `InvalidInput` that names the argument and the columns there are."""
    if column not in frame:
        who = "" if column == name else f" for {name}"
        raise InvalidInput(f"the frame has no column {column!r}{who}; its columns: {list(frame.columns)}")
    return frame[column]


def is_label(value: object) -> bool:
    """Whether a value can name a group; lists and tables cannot."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


def require_labels(values: Iterable[object], name: str) -> None:
    """Raise `InvalidInput` for the first value that names nothing; only an array of objects can hold one."""
    if isinstance(values, pd.Series | np.ndarray) and values.dtype.kind != "O":
        return
    if odd := [value for value in values if not is_label(value)]:
        raise InvalidInput(f"{name} has {shown(odd[0])}, which is no label; give numbers or texts")


def with_column(frame: pd.DataFrame, given: object, name: str) -> tuple[pd.DataFrame, Hashable]:
    """A frame and the name of its column that ``given`` names or, as values of one a row, becomes.

    Raises
    ------
    InvalidInput
        Nothing given, no such column, not one value a row, or labels that are not those of the rows.
    """
    if given is None:
        raise InvalidInput(f"{name} is missing: give one value a row, or the name of a column")
    if isinstance(given, str | int | tuple) and is_label(given) and given in frame.columns:
        require_labels(frame[given], name)
        return frame, given
    if isinstance(given, str):
        raise InvalidInput(f"{name}: {given!r} is not a column of the frame; its columns: {list(frame.columns)}")
    values = as_labels(aligned(given, name, frame.index))
    if values.shape != (len(frame),):
        raise InvalidInput(f"{name} has shape {values.shape}; give one value for each of the {len(frame)} rows")
    require_labels(values, name)
    return frame.assign(**{name: pd.Series(values, index=frame.index).infer_objects()}), name


def numbers(values: object, name: str) -> Floats:
    """A 1-d float array; missing values of any kind, masked ones too, become NaN."""
    if values is None or isinstance(values, str):
        raise InvalidInput(f"{name} is {shown(values)}; give one number a study, shape (k,)")
    try:
        array = as_floats(name, values)
    except InvalidInput as error:
        raise InvalidInput(f"{error}; a value is not a number") from None
    if array.ndim == 0:
        raise InvalidInput(f"{name} is {shown(values)}; give one value a study, shape (k,)")
    if array.ndim != 1:
        raise InvalidInput(f"{name} has shape {array.shape}; give one value a study, shape (k,)")
    return array


def check_values(y: Floats, v: Floats, names: Sequence[object]) -> None:
    """Raise `InvalidInput`, naming the study, for an infinite value or a negative variance."""
    rules = (
        (np.isinf(y) | np.isinf(v), "an infinite yi or vi"),
        (v < 0, "a negative vi"),
        ((np.abs(y) > LARGEST) | (v > LARGEST), f"a yi or vi beyond {LARGEST:g}: give effects in larger units"),
        ((v > 0) & (v < SMALLEST), f"a vi above 0 and below {SMALLEST:g}: give effects in smaller units"),
    )
    for wrong, what in rules:
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            raise InvalidInput(f"study {names[first]!r} has {what} (yi = {y[first]}, vi = {v[first]})")
