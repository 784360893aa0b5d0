"""Rows of the forms as text: tidied, completed with their keys, and compared."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from ...base.numbers import read_number
from ...base.package import Descriptor, fields
from .columns import FORMS, KEYS

#: One row: column to text.
Cells = Mapping[str, str]


def tidy(table: str, row: Cells, separator: str) -> dict[str, str]:
    """A row as the tables write it: every column, each cell on one line, numbers with a decimal point.

    Parameters
    ----------
    table : str
        Name of the table.
    row : mapping
        Column to text; columns that are not there are empty.
    separator : str
        What separated the cells: only where it is no comma may a number have a decimal comma.
    """
    return {field["name"]: _cell(row.get(field["name"], ""), field, separator) for field in fields(table)}


def says_something(row: Cells) -> bool:
    """Whether a row has more than its keys."""
    return any(cell for name, cell in row.items() if name not in KEYS)


def keyed(rows: Iterable[dict[str, str]], study: str) -> Iterator[dict[str, str]]:
    """Rows with the trial's key and a free number where they leave these empty."""
    rows = list(rows)
    taken = {row.get("result_id", "") for row in rows}
    free = (key for at in range(1, 2 + len(rows) + len(taken)) if (key := f"{study}-{at:02d}") not in taken)
    for row in rows:
        known = {"study_id": study} if not row["study_id"] else {}
        if row.get("result_id") == "":
            known["result_id"] = next(free)
        yield row | known


def fingerprint(tables: Mapping[str, Sequence[Cells]]) -> str:
    """The same for rows that say the same, however a program writes their numbers."""
    said = {
        table: [[_meaning(row[field["name"]], field) for field in fields(table)] for row in tables[table]]
        for table in FORMS
        if tables.get(table)
    }
    return sha256(json.dumps(said).encode()).hexdigest()


def csv_text(rows: Iterable[Sequence[str]], separator: str = ",") -> bytes:
    """Lines of a CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _cell(cell: str, field: Descriptor, separator: str) -> str:
    if _numeric(field) and not isinstance(read_number(cell, "." if separator == "," else ""), str):
        return cell.replace(",", ".")
    return " ".join(cell.split())


def _meaning(cell: str, field: Descriptor) -> str:
    number = read_number(cell) if cell and _numeric(field) else ""
    return cell if isinstance(number, str) else repr(number)


def _numeric(field: Descriptor) -> bool:
    return field["type"] in ("number", "integer")
