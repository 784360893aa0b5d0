"""Tables of many pooled results: each row says what it lacks, and one warning counts such rows."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import Incomplete
from ..engine.engine import Batch, Settings
from ..engine.inference import NO_DIFFERENCE, NO_STUDY, OUTWEIGHED, common_mean_columns, lacking
from ..engine.tau2 import NOT_CONVERGED

_UNFINISHED = 4
_NOTES = {
    0: "",
    NO_STUDY: "no study with both yi and vi",
    OUTWEIGHED: "a study with vi = 0 outweighs all others while tau2 is 0: no mean",
    NO_DIFFERENCE: 'all yi are equal, or as good as: test "hksj" has no standard error',
    _UNFINISHED: "the iteration for tau2 did not end",
}


def columns_with_code(settings: Settings, batch: Batch) -> dict[str, NDArray[Any]]:
    """`common_mean_columns`, and in ``note`` what each fit lacks as a small number."""
    code = lacking(settings, batch)
    code[(code == 0) & (batch.status == NOT_CONVERGED)] = _UNFINISHED
    return {**common_mean_columns(settings, batch), "note": code}


def noted(
    columns: Mapping[str, NDArray[Any]], index: pd.Index | None = None, of: str = "rows", *, stacklevel: int = 3
) -> pd.DataFrame:
    """The table of `columns_with_code`: ``note`` in words, and only where a row lacks something.

    Parameters
    ----------
    columns : mapping of (B,) arrays
    index : Index, optional
        Labels of the rows.
    of : str
        What the rows are, for the warning.
    stacklevel : int
        Of the warning: 3 is the caller of the function that calls this one.

    Warns
    -----
    Incomplete
        Rows lack something.
    """
    table = pd.DataFrame(dict(columns), index=index, copy=False)
    code = table.pop("note").to_numpy()
    count = np.bincount(code, minlength=len(_NOTES))
    if count[0] == len(code):
        return table
    table["note"] = _in_words(code)
    why = "; ".join(f"{_NOTES[at]} ({count[at]})" for at in np.flatnonzero(count).tolist() if at)
    text = f"{len(code) - count[0]} of {len(code)} {of} lack numbers, see the column note: {why}"
    warnings.warn(text, Incomplete, stacklevel=stacklevel)
    return table


def with_note(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a column ``note`` in any case: empty where no row lacks anything."""
    return table if "note" in table else table.assign(note=_in_words(np.zeros(len(table), dtype=int)))


def _in_words(code: NDArray[Any]) -> pd.api.extensions.ExtensionArray:
    return pd.Categorical.from_codes(code.astype(np.int8), pd.Index(list(_NOTES.values())))


def warn_left_out(missing: int, rows: int, *, stacklevel: int = 3) -> None:
    """Warn that rows without a group are left out, if there are any."""
    if missing:
        words = "has no group and is left out" if missing == 1 else "have no group and are left out"
        warnings.warn(f"{missing} of {rows} rows {words}", Incomplete, stacklevel=stacklevel)
