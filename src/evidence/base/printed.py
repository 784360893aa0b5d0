"""Numbers of the result rows as their file has them: text, so that final zeros count ("5.20" has two decimals)."""

from __future__ import annotations

from pathlib import Path

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
    text = _text(db.root / resources()["results"]["path"])
    known: pd.DataFrame = text.reindex(table["result_id"].tolist()).reset_index(drop=True)
    for field in fields("results"):
        if field["type"] in ("number", "integer"):
            name = str(field["name"])
            numbers: pd.Series = table[name].astype(float)
            as_read = pd.to_numeric(known[name], errors="coerce") == numbers
            table[name] = known[name].where(as_read, numbers.map(_shortest).astype(object)).astype(object)
    return table


def _shortest(number: float) -> str:
    return f"{number:.15g}" if number == number else ""


def _text(path: Path) -> pd.DataFrame:
    raw = read_text(path, "results")[0] if path.is_file() else None
    if raw is None:
        return pd.DataFrame(columns=[field["name"] for field in fields("results")])
    cells = pd.DataFrame(raw.cells, dtype=object).drop_duplicates("result_id").set_index("result_id")
    numeric = [field["name"] for field in fields("results") if field["type"] in ("number", "integer")]
    for name in numeric:
        texts = cells[name].str.replace("\u2212", "-").str.rstrip("%")
        cells[name] = texts if raw.separator == "," else texts.str.replace(",", ".")
    return cells
