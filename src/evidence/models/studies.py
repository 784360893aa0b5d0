"""Read effect sizes, sampling variances and study labels from what a user has at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..errors import InvalidInput
from .engine.engine import Floats


@dataclass(frozen=True, slots=True)
class Studies:
    """Complete studies, checked.

    Attributes
    ----------
    yi, vi : (k,) arrays
    slab : tuple of k str, study labels
    complete : bool array over the rows given, False for those dropped because a value is missing
    """

    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    complete: NDArray[np.bool_]

    @property
    def dropped(self) -> int:
        return int((~self.complete).sum())


def read_studies(
    yi: ArrayLike | pd.Series | pd.DataFrame,
    vi: ArrayLike | pd.Series | None,
    slab: str | Sequence[object] | None = None,
) -> Studies:
    """Read studies from arrays, Series, or a frame with columns ``yi`` and ``vi``.

    Parameters
    ----------
    yi : (k,) array-like or frame
    vi : (k,) array-like, or None when ``yi`` is a frame
    slab : labels, or the name of a column of the frame; by default its column ``study``, else an index
        of names, else "Study 1", "Study 2", ...

    Raises
    ------
    InvalidInput
        Shapes differ, nothing is complete, a value is infinite, or a variance is negative.
    """
    if isinstance(yi, pd.DataFrame):
        frame = yi
        if vi is not None:
            raise InvalidInput("give either a frame with columns yi and vi, or yi and vi; not a frame and vi")
        missing = [name for name in ("yi", "vi") if name not in frame]
        if missing:
            raise InvalidInput(f"the frame has no column {' and '.join(missing)}; its columns: {list(frame.columns)}")
        if slab is None and "study" in frame:
            slab = "study"
        if isinstance(slab, str):
            if slab not in frame:
                raise InvalidInput(f"slab {slab!r} is not a column of the frame; its columns: {list(frame.columns)}")
            slab = list(frame[slab])
        labels = slab if slab is not None else _index_labels(frame)
        y, v = numbers(frame["yi"], "yi"), numbers(frame["vi"], "vi")
    else:
        if vi is None:
            raise InvalidInput("vi is missing: give the sampling variances, or a frame with columns yi and vi")
        if isinstance(slab, str):
            raise InvalidInput("slab can name a column only when the studies come in a frame")
        labels = slab if slab is not None else _index_labels(yi)
        y, v = numbers(yi, "yi"), numbers(vi, "vi")
    if len(y) != len(v):
        raise InvalidInput(f"yi has {len(y)} values and vi {len(v)}; each study needs one of both")
    names = [f"Study {i + 1}" for i in range(len(y))] if labels is None else [str(label) for label in labels]
    if len(names) != len(y):
        raise InvalidInput(f"slab has {len(names)} labels for {len(y)} studies")
    check_values(y, v, names)
    complete = ~(np.isnan(y) | np.isnan(v))
    if not complete.any():
        raise InvalidInput("no study has both yi and vi")
    return Studies(y[complete], v[complete], tuple(np.array(names, dtype=object)[complete]), complete)


def numbers(values: object, name: str) -> Floats:
    """A 1-d float array; missing values of any kind become NaN."""
    try:
        if isinstance(values, pd.Series):
            array = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
        else:
            array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{name} has a value that is not a number: {error}") from None
    if array.ndim != 1:
        raise InvalidInput(f"{name} has shape {array.shape}; give one value a study, shape (k,)")
    return array


def check_values(y: Floats, v: Floats, names: Sequence[object]) -> None:
    """Raise `InvalidInput`, naming the study, for an infinite value or a negative variance."""
    for wrong, what in ((np.isinf(y) | np.isinf(v), "an infinite yi or vi"), (v < 0, "a negative vi")):
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            raise InvalidInput(f"study {names[first]!r} has {what} (yi = {y[first]}, vi = {v[first]})")


def _index_labels(values: object) -> list[object] | None:
    index = getattr(values, "index", None)
    if isinstance(index, pd.Index) and not pd.api.types.is_numeric_dtype(index):
        return list(index)
    return None


def grouped_studies(frame: pd.DataFrame, by: list[str]) -> tuple[NDArray[np.integer], pd.DataFrame, Floats, Floats]:
    """Rows of a frame with their group: codes (N,), -1 without a group; the frame of sorted labels; yi and vi (N,).

    Raises
    ------
    InvalidInput
        A column is missing, or a value is no number.
    """
    missing = [name for name in (*by, "yi", "vi") if name not in frame]
    if missing:
        raise InvalidInput(f"the frame has no column {missing[0]!r}; its columns: {list(frame.columns)}")
    codes = frame.groupby(by, sort=True, observed=True, dropna=True).ngroup().to_numpy(dtype=np.int64)
    first = pd.Series(np.arange(len(frame))).groupby(codes).first()
    labels = frame.iloc[first[first.index >= 0].to_numpy()][by].reset_index(drop=True)
    return codes, labels, numbers(frame["yi"], "yi"), numbers(frame["vi"], "vi")
