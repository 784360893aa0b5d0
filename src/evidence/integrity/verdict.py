"""The one form in which every check answers: a frame with ``passes``, ``number`` and ``rule``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..effects.inputs import Floats
from .printed import Bools

Unknown = Sequence[tuple[Bools, str]]
"""Where a check cannot be made, and why; the first reason that holds counts."""


def verdicts(
    index: pd.Index | None, holds: Bools, number: Floats, rule: str, unknown: Unknown, **columns: object
) -> pd.DataFrame:
    """Answers of one check.

    Parameters
    ----------
    index : Index or None
        Labels of the rows.
    holds : (k,) bool array
        Whether the numbers can be right.
    number : (k,) array
        The figure behind it.
    rule : str
        What was asked of them.
    unknown : sequence of (bool array, str)
        Where they cannot be checked, and why.
    **columns : (k,) arrays
        What else the check found.

    Returns
    -------
    DataFrame
        passes (boolean, NA where it cannot be checked), number, rule, then the other columns.
    """
    texts = [rule, *(f"cannot be checked: {why}" for _, why in unknown)]
    code = np.zeros(len(holds), dtype=np.intp)
    for place, (where, _) in reversed(list(enumerate(unknown, start=1))):
        code[where] = place
    return pd.DataFrame(
        {
            "passes": pd.arrays.BooleanArray(np.array(holds, dtype=bool), code > 0),
            "number": number,
            "rule": np.array(texts, dtype=object)[code],
            **columns,
        },
        index=index,
    )
