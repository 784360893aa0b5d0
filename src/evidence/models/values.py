"""One value a study: paired by label, turned into numbers, checked."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InvalidInput
from .arguments import shown
from .engine.engine import Floats


def is_default(index: pd.Index) -> bool:
    """Whether an index is 0, 1, 2, ..., which labels nothing."""
    return isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1


def label_index(*given: object) -> pd.Index | None:
    """Labels of the rows: those of the first Series that has any, else a default index, else None."""
    indexes = [part.index for part in given if isinstance(part, pd.Series)]
    return next((index for index in indexes if not is_default(index)), indexes[0] if indexes else None)


def aligned(values: Any, name: str, index: pd.Index | None, within: pd.Index | None = None) -> Any:
    """Values in the order of the labels ``index``; those without labels of their own stay as they are.

    Parameters
    ----------
    values : whatever was given
    name : str
    index : labels of the studies, or None
    within : Index, optional
        Labels that are enough: of the studies that are complete.

    Raises
    ------
    InvalidInput
        A Series whose labels are others, or which has a label twice.
    """
    if not isinstance(values, pd.Series) or index is None or values.index.equals(index):
        return values
    own = values.index
    if own.is_unique and index.is_unique:
        for enough in (index, index if within is None else within):
            if len(own) >= len(enough) and (within is not None or len(own) == len(enough)) and enough.isin(own).all():
                return values.reindex(enough)
    if is_default(own) or is_default(index):
        return values
    if not (own.is_unique and index.is_unique):
        raise InvalidInput(f"{name} cannot be paired: a label stands twice, and the order of its labels is another")
    odd = [label for label in own if label not in index] or [label for label in index if label not in own]
    raise InvalidInput(f"{name} has other labels than the studies (first: {odd[0]!r}); give it theirs, or values alone")


def require_column(frame: pd.DataFrame, column: str, name: str) -> pd.Series:
    """A column of a frame, or `InvalidInput` that names the argument and the columns there are."""
    if column not in frame:
        who = "" if column == name else f" for {name}"
        raise InvalidInput(f"the frame has no column {column!r}{who}; its columns: {list(frame.columns)}")
    return frame[column]


def with_column(frame: pd.DataFrame, given: object, name: str) -> tuple[pd.DataFrame, Hashable]:
    """A frame and the name of its column that ``given`` names or, as values of one a row, becomes.

    Raises
    ------
    InvalidInput
        Nothing given, no such column, not one value a row, or labels that are not those of the rows.
    """
    if given is None:
        raise InvalidInput(f"{name} is missing: give one value a row, or the name of a column")
    if isinstance(given, str | int | tuple) and given in frame.columns:
        return frame, given
    if isinstance(given, str):
        raise InvalidInput(f"{name}: {given!r} is not a column of the frame; its columns: {list(frame.columns)}")
    values = np.asarray(aligned(given, name, frame.index), dtype=object)
    if values.shape != (len(frame),):
        raise InvalidInput(f"{name} has shape {values.shape}; give one value for each of the {len(frame)} rows")
    return frame.assign(**{name: pd.Series(values, index=frame.index).infer_objects()}), name


def numbers(values: object, name: str) -> Floats:
    """A 1-d float array; missing values of any kind, masked ones too, become NaN."""
    if values is None or isinstance(values, str):
        raise InvalidInput(f"{name} is {shown(values)}; give one number a study, shape (k,)")
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if kind in "cmM" and kind:
        raise InvalidInput(f"{name} holds {values.dtype} values; give real numbers")  # type: ignore[attr-defined]
    try:
        if isinstance(values, pd.Series):
            array = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
        elif isinstance(values, np.ma.MaskedArray):
            array = np.ma.filled(values.astype(float), np.nan)
        else:
            array = np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInput(f"{name} has a value that is not a number: {error}") from None
    if array.ndim == 0:
        raise InvalidInput(f"{name} is {shown(values)}; give one value a study, shape (k,)")
    if array.ndim != 1:
        raise InvalidInput(f"{name} has shape {array.shape}; give one value a study, shape (k,)")
    return array


def check_values(y: Floats, v: Floats, names: Sequence[object]) -> None:
    """Raise `InvalidInput`, naming the study, for an infinite value or a negative variance."""
    for wrong, what in ((np.isinf(y) | np.isinf(v), "an infinite yi or vi"), (v < 0, "a negative vi")):
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            raise InvalidInput(f"study {names[first]!r} has {what} (yi = {y[first]}, vi = {v[first]})")
