"""One value a study: turned into numbers, checked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..effects.inputs import as_floats
from ..errors import InvalidInput
from .engine.engine import Floats


def require_column(frame: pd.DataFrame, column: str, name: str) -> pd.Series:
    """A column of a frame, or `InvalidInput` that names the argument and the columns there are."""
    if column not in frame:
        who = "" if column == name else f" for {name}"
        raise InvalidInput(f"the frame has no column {column!r}{who}; its columns: {list(frame.columns)}")
    return frame[column]


def numbers(values: object, name: str) -> Floats:
    """A 1-d float array; missing values of any kind, masked ones too, become NaN."""
    array = as_floats(name, values)
    if array.ndim != 1:
        raise InvalidInput(f"{name} has shape {array.shape}; give one value a study, shape (k,)")
    return array


def check_values(y: Floats, v: Floats, names: Sequence[object]) -> None:
    """Raise `InvalidInput`, naming the study, for an infinite value or a negative variance."""
    for wrong, what in ((np.isinf(y) | np.isinf(v), "an infinite yi or vi"), (v < 0, "a negative vi")):
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            raise InvalidInput(f"study {names[first]!r} has {what} (yi = {y[first]}, vi = {v[first]})")
