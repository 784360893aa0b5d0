"""Numbers of the result rows as their file has them: text, so that final zeros count ("5.20" has two decimals)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from .once import once
from .tables import TrialTables


@once
def printed_results(db: TrialTables) -> pd.DataFrame:
    """The result rows with their numbers as text.

    Parameters
    ----------
    db : TrialTables
        Rows whose numbers differ from those that were loaded (or are not among them) have the shortest text of the
        number.

    Returns
    -------
    DataFrame
        ``db.results`` with every column of numbers as text, "" where there is none.
    """
    table: pd.DataFrame = db.results.reset_index(drop=True)
    cells = dict(db.printed.cells)
    row = {key: at for at, key in enumerate(cells.pop("result_id"))}
    rows = np.array([row.get(key, -1) for key in table["result_id"].tolist()], dtype=int)
    decimal = "." if db.printed.separator == "," else ","
    for name, printed in cells.items():
        numbers = table[name].to_numpy()
        there = np.flatnonzero(~np.isnan(numbers))
        texts = _tidy([printed[at] if at >= 0 else "" for at in rows[there].tolist()], decimal)
        told = zip(texts, numbers[there].tolist(), strict=True)
        column = np.full(len(table), "", dtype=object)
        column[there] = [text if _number(text) == number else f"{number:.15g}" for text, number in told]
        table[name] = column
    return table


def _tidy(texts: list[str], decimal: str) -> Iterable[str]:
    tidy = {text: text.replace("\u2212", "-").rstrip("%").replace(decimal, ".") for text in set(texts)}
    return map(tidy.__getitem__, texts)


def _number(text: str) -> float:
    """What a text of the file is as a number, NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return np.nan
