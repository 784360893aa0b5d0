"""Numbers of the result rows as their file has them: text, so that final zeros count ("5.20" has two decimals)."""

from __future__ import annotations

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
    rows = pd.Index(db.printed["result_id"]).get_indexer(pd.Index(table["result_id"]))
    for name in db.printed.keys() - {"result_id"}:
        numbers = table[name].to_numpy()
        there = np.flatnonzero(~np.isnan(numbers))
        texts = np.where(rows[there] < 0, "", db.printed[name][rows[there]]).tolist()
        tidy = {text: text.replace("\u2212", "-").rstrip("%") for text in set(texts)}
        told = zip(map(tidy.__getitem__, texts), numbers[there].tolist(), strict=True)
        column = np.full(len(table), "", dtype=object)
        column[there] = [text if _number(text) == number else f"{number:.15g}" for text, number in told]
        table[name] = column
    return table


def _number(text: str) -> float:
    """What a text of the file is as a number, NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return np.nan
