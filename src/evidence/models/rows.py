"""Trials as a frame of all their rows, for models of rows that depend on each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..effects.inputs import aligned, label_index, require_distinct
from ..errors import InvalidInput
from .result import Result
from .studies import CombinedEffects, Effects, HasStudies, read_studies
from .values import check_values, numbers


def read_rows(effects: Effects, vi: ArrayLike | pd.Series | None = None, *, variances: bool = True) -> pd.DataFrame:
    """Trials as a frame of all rows given, complete or not, for models of rows that depend on each other.

    Parameters
    ----------
    effects : as for `read_studies`
        A fit with dependent rows, too.
    vi : (k,) array-like
    variances : bool
        Whether ``vi`` has to be there.

    Returns
    -------
    DataFrame
        The frame given, or columns ``yi`` and ``vi``, and ``study`` where the trials have names.

    Raises
    ------
    InvalidInput
        As for `read_studies`; what a column holds is not checked yet.
    """
    if isinstance(effects, pd.DataFrame):
        if vi is not None:
            raise InvalidInput("a frame or a fit brings its own variances; leave vi out")
        require_distinct(effects)
        return effects
    if isinstance(effects, HasStudies) and vi is None:
        own = {"study": effects.slab, "yi": effects.yi, "vi": effects.vi}
        return pd.DataFrame(own) if effects.frame is None else effects.frame
    if isinstance(effects, Result | HasStudies | CombinedEffects):
        studies = read_studies(effects, vi)
        return pd.DataFrame({"study": studies.slab, "yi": studies.yi, "vi": studies.vi})
    if vi is None and variances:
        raise InvalidInput("vi is missing: give the sampling variances, or a frame with columns yi and vi")
    given = {"yi": effects} if vi is None else {"yi": effects, "vi": vi}
    index = label_index(*given.values())
    columns = {name: numbers(aligned(part, name, index), name) for name, part in given.items()}
    if len({len(column) for column in columns.values()}) > 1:
        raise InvalidInput(
            f"yi has {len(columns['yi'])} values and vi {len(columns['vi'])}; each row needs one of both"
        )
    frame = pd.DataFrame(columns, index=index)
    return frame if index is None or pd.api.types.is_numeric_dtype(index) else frame.assign(study=index)


def complete_rows(frame: pd.DataFrame, needs_vi: bool = True) -> NDArray[np.bool_]:
    """(k,) mask of the rows that have yi, and vi where it is needed; what they hold is checked.

    Raises
    ------
    InvalidInput
        A column is missing, a value is infinite, a variance negative.
    """
    wanted = ["yi", "vi"] if needs_vi else ["yi"]
    missing = [name for name in wanted if name not in frame]
    if missing:
        raise InvalidInput(f"the frame has no column {' and '.join(missing)}; its columns: {list(frame.columns)}")
    values = [numbers(frame[name], name) for name in wanted]
    check_values(values[0], values[-1] if needs_vi else np.zeros(len(frame)), list(frame.index))
    return np.asarray(~np.isnan(values).any(axis=0))
