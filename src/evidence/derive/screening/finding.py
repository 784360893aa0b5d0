"""The one form of what a check found in trials, and what a misfit weighs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

#: What a misfit weighs: rounding, or another method of the same kind, explains it; a single number does not fit; the
#: numbers cannot be right as printed, and a result rests on them.
SLIGHT, SOME, SERIOUS = "slight", "some", "serious"
COLUMNS = ("study", "item", "printed", "passes", "number", "rule", "severity")

#: Columns of findings by name, from which a frame is made when all are there.
Columns = dict[str, np.ndarray[Any, np.dtype[Any]]]
_NOTHING: Columns = {name: np.empty(0, float if name in ("passes", "number") else object) for name in COLUMNS}


def findings(rows: pd.DataFrame, found: pd.DataFrame, weight: ArrayLike = SOME) -> Columns:
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
    dict of arrays
        `COLUMNS`: ``passes`` is 1, 0 or NaN; ``severity`` is "" where the check is passed or cannot be made.
    """
    passes = found["passes"].to_numpy(float, na_value=np.nan)
    return {
        "study": rows["study_id"].to_numpy(object),
        "item": rows["result_id"].to_numpy(object),
        "printed": rows["text"].to_numpy(object),
        "passes": passes,
        "number": found["number"].to_numpy(float),
        "rule": found["rule"].to_numpy(object),
        "severity": np.where(passes == 0, weight, "").astype(object),
    }


def together(parts: Iterable[tuple[str, Columns]]) -> pd.DataFrame:
    """Findings of checks as one frame.

    Parameters
    ----------
    parts : iterable of (str, dict)
        Names of checks, each with what it found; one may come several times.

    Returns
    -------
    DataFrame
        `COLUMNS`, where ``passes`` is NA for what cannot be checked, and ``check``.
    """
    names, each = zip(("", _NOTHING), *parts, strict=True)
    columns: dict[str, Any] = {name: np.concatenate([part[name] for part in each]) for name in COLUMNS}
    check = pd.array(np.repeat(names, [len(part["passes"]) for part in each]), dtype="str")
    return pd.DataFrame(columns | {"passes": pd.array(columns["passes"], dtype="boolean"), "check": check})


def weighed(*rules: tuple[ArrayLike, str]) -> ArrayLike:
    """The weight of the first rule that holds, else `SOME`."""
    return np.select([np.asarray(holds, dtype=bool) for holds, _ in rules], [weight for _, weight in rules], SOME)
