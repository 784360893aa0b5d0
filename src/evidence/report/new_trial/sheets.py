"""Read the workbook of a trial: each sheet becomes the CSV that it stands for, and what is no text is named.

Cells are text when they were filled in as the workbook asks. A number is written out (40, not 40.0), one shown as a
percentage keeps its sign. A date, a logical value, an error, and a formula whose result was not saved are problems.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from ...errors import Problem, require_extra
from .columns import FORMS
from .rows import csv_text
from .workbook import LISTS, READ_ME, SAMPLE, WRITTEN

#: What separates the cells of the CSV: no comma, so that a cell may have a decimal comma.
SEPARATOR = ";"
_NAMELESS = "stands in a column without a name"


def read_sheets(path: Path, place: str) -> tuple[dict[str, bytes], str, list[Problem]]:
    """Read a workbook.

    Parameters
    ----------
    path : Path
        The file.
    place : str
        What messages call it.

    Returns
    -------
    (dict, str, list of Problem)
        Table to a CSV whose lines are the rows of the sheet; the fingerprint of the rows that the workbook was written
        with ("" where another program dropped it); cells that are no text, and sheets that are no table.

    Raises
    ------
    MissingExtra
        Without openpyxl.
    """
    require_extra("openpyxl", "excel")
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about features of the program that saved it, which no cell needs
            results, formulas = _open(path, results=True), _open(path, results=False)
            return _read(results, formulas, place)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        return {}, "", [Problem(place, 0, "", "", f"is no workbook that can be read: {error}")]


def sheet_place(place: str, table: str) -> str:
    """What messages call a sheet."""
    return f"{place}, sheet {table}"


def _open(path: Path, *, results: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=results)


def _read(results: Any, formulas: Any, place: str) -> tuple[dict[str, bytes], str, list[Problem]]:
    tables: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name in results.sheetnames:
        if name not in (*FORMS, READ_ME, SAMPLE, LISTS):
            rule = f"is no table, so nothing on it is read: name it one of {', '.join(FORMS)}, or remove it"
            problems.append(Problem(sheet_place(place, name), 0, "", "", rule))
        elif name in FORMS:
            lines = list(_lines(results[name], formulas[name]))
            header = [text for text, _ in lines[0]] if lines else []
            width = len(header)
            while width and not header[width - 1]:
                width -= 1
            for at, line in enumerate(lines, start=1):
                problems += [
                    Problem(sheet_place(place, name), at, _column(header, right), text, rule or _NAMELESS)
                    for right, (text, rule) in enumerate(line)
                    if rule or (text and right >= width)
                ]
            texts = [[text for text, _ in line[:width]] for line in lines]
            tables[name] = csv_text([row + [""] * (width - len(row)) for row in texts], SEPARATOR)
    written = next((one.value for one in results.custom_doc_props if one.name == WRITTEN), "")
    results.close()
    formulas.close()
    return tables, str(written), problems


def _lines(results: Any, formulas: Any) -> Iterator[list[tuple[str, str]]]:
    """Rows of a sheet; each cell its text, and what is wrong with it ("" when nothing is)."""
    for sheet in (results, formulas):
        sheet.reset_dimensions()  # some programs write a size that is too small
    for row, other in zip(results.iter_rows(), formulas.iter_rows(), strict=True):
        yield [_text(cell, formula) for cell, formula in zip(row, other, strict=True)]


def _text(cell: Any, formula: Any) -> tuple[str, str]:
    value = cell.value
    if formula.data_type == "f" and value is None:
        return str(formula.value), "is a formula whose result was not saved: write the value"
    if value is None:
        return "", ""
    if cell.data_type == "e":
        return str(value), "is an error of the spreadsheet: write the value"
    if isinstance(value, bool):
        return str(value).upper(), "is a logical value: format the cell as text and write the word"
    if isinstance(value, date | time | timedelta):
        return str(value), "is a date, as spreadsheets make of 1.5: format the cell as text and write it again"
    if isinstance(value, int | float):
        percent = "%" in str(cell.number_format)
        return (f"{100 * value:.15g}%" if percent else f"{value:.15g}"), ""
    return " ".join(str(value).split()), ""


def _column(header: list[str], at: int) -> str:
    from openpyxl.utils import get_column_letter

    name = header[at] if at < len(header) else ""
    return name or get_column_letter(at + 1)
