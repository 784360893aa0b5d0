"""Rows of a frame as dictionaries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row as column name to plain Python value; several times faster than ``DataFrame.to_dict("records")``."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, values, strict=True)) for values in frame.to_numpy(dtype=object).tolist()]


def distinct(frame: pd.DataFrame, columns: list[str]) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Each combination of some columns once, as rows, and the number of the one that each row of the frame has.

    What follows from words that tables repeat is found once for each combination.
    """
    which = np.zeros(len(frame), dtype=np.int64)
    for name in columns:
        codes, kinds = pd.factorize(frame[name], use_na_sentinel=False)
        which = pd.factorize(which * len(kinds) + codes)[0]
    _, first = np.unique(which, return_index=True)
    return rows_of(frame[columns].iloc[first]), which
