"""Numbers of the result rows as their file has them: text, so that final zeros count ("5.20" has two decimals)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from .once import once
from .package import fields, resources
from .reading import read_text
from .tables import TrialTables


@once
def printed_results(db: TrialTables) -> pd.DataFrame:
    """The result rows with their numbers as text.

    Parameters
    ----------
    db : TrialTables
        Rows whose numbers differ from the file in ``root`` (or are not in it) have the shortest text of the number.

    Returns
    -------
    DataFrame
        ``db.results`` with every column of numbers as text, "" where there is none.
    """
    table: pd.DataFrame = db.results.reset_index(drop=True)
    known = _text(db.root / resources()["results"]["path"]).reindex(table["result_id"].tolist())
    for name in known:
        texts, numbers = known[name].tolist(), table[name].tolist()
        read = {text: _number(text) for text in set(texts)}
        told = zip(texts, numbers, strict=True)
        table[name] = np.array([text if read[text] == number else _shortest(number) for text, number in told], object)
    return table


def _number(text: object) -> float:
    """What a text of the file is as a number, NaN where it is none."""
    try:
        return float(str(text))
    except ValueError:
        return np.nan


def _shortest(number: float) -> str:
    return "" if number != number else f"{number:.15g}"


def _text(path: Path) -> pd.DataFrame:
    """Numbers of the file as text, index the key of their row."""
    numeric = [str(field["name"]) for field in fields("results") if field["type"] in ("number", "integer")]
    raw = read_text(path, "results")[0] if path.is_file() else None
    if raw is None:
        return pd.DataFrame(columns=numeric)
    decimal = "." if raw.separator == "," else ","
    distinct = {cell for name in numeric for cell in raw.cells[name]}
    tidy = {cell: cell.replace("\u2212", "-").rstrip("%").replace(decimal, ".") for cell in distinct}
    cells = {name: [tidy[cell] for cell in raw.cells[name]] for name in numeric}
    table = pd.DataFrame(cells, raw.cells["result_id"], dtype=object)
    return table[~table.index.duplicated()]
