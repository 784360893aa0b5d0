"""The one form of what a check found in trials, and what a misfit weighs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

#: What a misfit weighs: rounding, or another method of the same kind, explains it; a single number does not fit; the
#: numbers cannot be right as printed, and a result rests on them.
SLIGHT, SOME, SERIOUS = "slight", "some", "serious"
COLUMNS = ("study", "item", "printed", "passes", "number", "rule", "severity")


def findings(rows: pd.DataFrame, found: pd.DataFrame, weight: ArrayLike = SOME) -> pd.DataFrame:
    """Put the verdicts of a check beside the rows they are about.

    Parameters
    ----------
    rows : DataFrame
        ``study_id``, ``result_id`` and ``text`` (the numbers as printed).
    found : DataFrame
        Verdicts of the check, one a row.
    weight : str or (k,) array of str
        What a misfit weighs.

    Returns
    -------
    DataFrame
        ``study, item, printed, passes, number, rule, severity``, the last "" where the check is passed or cannot be
        made.
    """
    misfit = found["passes"].eq(False).fillna(False).to_numpy(bool)
    columns = {
        "study": rows["study_id"].to_numpy(object),
        "item": rows["result_id"].to_numpy(object),
        "printed": rows["text"].to_numpy(object),
        "passes": found["passes"].astype("boolean").array,
        "number": found["number"].to_numpy(float),
        "rule": found["rule"].to_numpy(object),
        "severity": np.where(misfit, weight, "").astype(object),
    }
    return pd.DataFrame(columns)


def together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Findings of one check that was asked in several parts; none where there was nothing to ask."""
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def weighed(*rules: tuple[ArrayLike, str]) -> ArrayLike:
    """The weight of the first rule that holds, else `SOME`."""
    return np.select([np.asarray(holds, dtype=bool) for holds, _ in rules], [weight for _, weight in rules], SOME)
