"""Read the first sheet of a workbook (.xlsx, .xls, .ods ...) as text, as a CSV of it would be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import Problem, require_extra
from .reading import RawTable, from_rows

#: Endings of the files that are read here.
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def read_sheet(path: Path) -> tuple[RawTable | None, list[Problem]]:
    """The first sheet of a workbook, of which the first row that is not empty is the header.

    Parameters
    ----------
    path : Path
        The workbook.

    Returns
    -------
    (RawTable or None, list of Problem)
        None where the file is no workbook, or its sheet no table.

    Raises
    ------
    MissingExtra
        python-calamine is not installed.
    """
    calamine = require_extra("python_calamine", "excel")
    try:
        sheet = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        table = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (calamine.CalamineError, OSError, ValueError, IndexError) as error:
        return None, [Problem(path.name, 0, "", "", f"cannot be read as a workbook: {error}")]
    filled = [at for at, row in enumerate(table) if any(row)]
    if not filled:
        return None, [Problem(path.name, 0, "", "", "its first sheet is empty")]
    first, *others = filled
    rows = ((at + 1, table[at]) for at in others)
    return from_rows(path.name, first + 1, table[first], rows, ",", [])


def _text(cell: Any) -> str:
    """A cell as a CSV would have it: whole numbers without decimals, dates as they are written."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()
