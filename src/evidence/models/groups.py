"""Studies in groups: which column, or which values, say where a study belongs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..effects.inputs import aligned, as_labels, require_distinct
from ..errors import InvalidInput
from .engine.engine import Floats
from .studies import Column, Effects, HasStudies, read_studies
from .values import is_label, numbers, require_column, require_labels


def grouped_studies(frame: pd.DataFrame, by: list[str]) -> tuple[NDArray[np.integer], pd.DataFrame, Floats, Floats]:
    """Rows of a frame with their group: codes (N,), -1 without a group; the frame of sorted labels; yi and vi (N,).

    Raises
    ------
    InvalidInput
        A column is missing, or a value is no number.
    """
    for name in (*by, "yi", "vi"):
        require_column(frame, name, "by" if name in by else name)
    try:
        frame = frame.assign(**{name: _trimmed(frame[name]) for name in by})
        codes = frame.groupby(by, sort=True, observed=True, dropna=True).ngroup().fillna(-1).to_numpy(dtype=np.int64)
    except TypeError:
        raise InvalidInput(f"{by[0]!r} has values that cannot be put in order; give numbers or texts") from None
    first = pd.Series(np.arange(len(frame))).groupby(codes).first()
    labels = frame.iloc[first[first.index >= 0].to_numpy()][by].reset_index(drop=True)
    return codes, labels, numbers(frame["yi"], "yi"), numbers(frame["vi"], "vi")


def _trimmed(column: pd.Series) -> pd.Series:
    """Texts without spaces around them: "acu " is no group of its own."""
    spaced = {text: text.strip() for text in column.unique() if isinstance(text, str) and text != text.strip()}
    return column.map(lambda value: spaced.get(value, value)) if spaced else column


def with_groups(
    effects: Effects, vi: ArrayLike | pd.Series | None, by: Column | list[str]
) -> tuple[pd.DataFrame, list[str]]:
    """A frame of studies and the names of its columns that make groups.

    Parameters
    ----------
    effects : as for `read_studies`
    vi : (k,) array-like or None
    by : column name or names, or one value a study
        Values become a column ``group``, or the Series' name.
    """
    frame = effects if isinstance(effects, pd.DataFrame) else None
    if isinstance(effects, HasStudies):
        frame = read_studies(effects, vi).frame
    if frame is not None:
        require_distinct(frame)
        if vi is not None:
            raise InvalidInput("a frame or a fit brings its own variances; leave vi out")
        if names := _columns(by, frame):
            for name in names:
                require_column(frame, name, "by")
            return frame, names
        values = as_labels(aligned(by, "by", frame.index))
        if values.shape != (len(frame),):
            raise InvalidInput(f"by has shape {values.shape}; give one value for each of the {len(frame)} rows")
    else:
        studies = read_studies(effects, vi)
        frame = pd.DataFrame({"study": studies.slab, "yi": studies.yi, "vi": studies.vi})
        values = studies.values(by, "by")
    require_labels(values, "by")
    label = str(by.name) if isinstance(by, pd.Series) and by.name is not None else "group"
    return frame.assign(**{label: values}), [label]


def _columns(by: object, frame: pd.DataFrame) -> list[str]:
    """The columns that ``by`` names; none where it holds values, no one of which is a column."""
    if isinstance(by, str):
        return [by]
    names = list(dict.fromkeys(name for name in by if isinstance(name, str))) if isinstance(by, list) else []
    return names if set(names) & set(frame) else []


def position(label: object, labels: Iterable[object]) -> int | None:
    """Where a label stands among others; None where it does not, as missing values never do."""
    return {known: at for at, known in enumerate(labels)}.get(label) if is_label(label) else None
