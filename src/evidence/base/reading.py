"""Read a CSV as people save it, and turn its text into numbers without guessing.

A byte-order mark, semicolons or tabs, stray and non-breaking spaces, typographic minus signs, ``n/a`` and, in
semicolon files, decimal commas are understood. Whatever has two readings is refused with the line it stands on:
``3.200`` is 3.2 only where the rest of the file shows that a point is what it sets before decimals.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import Problem
from .numbers import decimal_of, read_number
from .package import descriptor, fields

_SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)  # the first line of files that Excel is to split
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u200b\ufeff"), " ")
_LARGEST_FIELD = 1_000_000
_MOST_COLUMNS = 1_000
_LONGEST_CELL = 5_000  # characters: no remark is that long, but a file whose quotes are out of step is
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # all but tab and line breaks


@dataclass(frozen=True)
class RawTable:
    """Text of one file.

    Attributes
    ----------
    name : str
    cells : dict
        A list of cells a column.
    lines : list of int
        The line each row starts on.
    separator : str
        What separates the cells.
    decimal : str
        What stands before decimals, "." or ","; "" where the file does not tell, or has both.
    """

    name: str
    cells: dict[str, list[str]]
    lines: list[int]
    separator: str
    decimal: str


def read_text(path: Path, table: str) -> tuple[RawTable | None, list[Problem]]:
    """Read one table as text, exactly as printed except for surrounding spaces.

    Parameters
    ----------
    path : Path
        The CSV file.
    table : str
        Name of the table, which says which columns to expect.

    Returns
    -------
    (RawTable or None, list of Problem)
        None where the file cannot be read as this table at all.
    """
    expected = [field["name"] for field in fields(table)]
    raw, problems = read_cells(path, expected)
    if raw is None:
        return None, problems
    for field in fields(table):
        if field.get("optional"):
            raw.cells.setdefault(field["name"], [""] * len(raw.lines))
    wrong = _unexpected(raw, expected)
    return (None, wrong) if wrong else (raw, problems)


def read_cells(path: Path, expected: Collection[str]) -> tuple[RawTable | None, list[Problem]]:
    """Read any CSV with a header as text, exactly as printed except for surrounding spaces.

    Parameters
    ----------
    path : Path
        The CSV file.
    expected : collection of str
        Columns that may be there: the separator is the one that finds most of them.

    Returns
    -------
    (RawTable or None, list of Problem)
        None where the file cannot be read as a table at all.
    """
    name = path.name
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Problem(name, 0, "", "", f"not UTF-8 at byte {error.start}: save it as 'CSV UTF-8'")]
    if "\0" in content:
        return None, [Problem(name, 0, "", "", "holds NUL bytes: save it as 'CSV UTF-8'")]
    told = _SEPARATOR_LINE.match(content)
    first_line = content.split("\n", 1)[0]
    asked = _small(expected)
    separator = told[1] if told else max(_SEPARATORS, key=lambda mark: len(_small(_split(first_line, mark)) & asked))
    before = 1 if told else 0
    problems: list[Problem] = []
    previous = csv.field_size_limit(_LARGEST_FIELD)
    try:
        reader = csv.reader(
            io.StringIO(content[told.end() :] if told else content, newline=""), delimiter=separator, strict=True
        )
        header = [_clean(cell) for cell in next(reader, [])]
        return from_rows(name, before + 1, header, _numbered(reader, before), separator, problems)
    except csv.Error as error:
        return None, [*problems, Problem(name, before + reader.line_num, "", "", f"not a well-formed CSV: {error}")]
    finally:
        csv.field_size_limit(previous)


def from_rows(
    name: str,
    first: int,
    header: list[str],
    rows: Iterable[tuple[int, list[str]]],
    separator: str,
    problems: list[Problem],
) -> tuple[RawTable | None, list[Problem]]:
    """The table of rows that are cells already, each with its line, under a header that stands on line ``first``.

    Empty rows go, and a column without a name whose cells are all empty; ``separator`` is "," where decimals are
    points. What is wrong with the rows is added to ``problems``.

    Returns
    -------
    (RawTable or None, list of Problem)
        None where two columns have one name.
    """
    tidy = _Tidy()
    flat: list[str] = []  # one list: a million small ones are a burden to the garbage collector
    lines: list[int] = []
    for line, row in rows:
        clean = list(map(tidy.__getitem__, row))
        if not any(clean):
            continue
        if len(clean) == len(header):
            flat += clean
            lines.append(line)
        else:
            rule = f"has {len(row)} cells, the header has {len(header)}: quote cells that hold a separator"
            problems.append(Problem(name, line, "", "", rule))
    columns = [flat[at :: len(header)] for at in range(len(header))]
    named = [at for at, column in enumerate(header) if column or any(columns[at])]
    header = [header[at] for at in named]
    if wrong_header := _header_problems(name, first, header):
        return None, wrong_header
    cells = {column: columns[at] for column, at in zip(header, named, strict=True)}
    distinct = set(tidy.values())
    raw = RawTable(name, cells, lines, separator, "." if separator == "," else decimal_of(distinct))
    sound = max(map(len, distinct), default=0) <= _LONGEST_CELL and "".join(distinct).isprintable()
    wrong = {} if sound else {cell: rule for cell in distinct if (rule := _unreadable(cell))}
    for column, texts in cells.items() if wrong else ():
        problems += [
            Problem(name, line, column, cell[:40], wrong[cell])
            for line, cell in zip(lines, texts, strict=True)
            if cell in wrong
        ]
    return raw, problems


def empty(table: str) -> RawTable:
    """The text of a table without rows."""
    return RawTable(f"{table}.csv", {field["name"]: [] for field in fields(table)}, [], ",", ".")


def typed(raw: RawTable, table: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Turn the text of a table into numbers, vocabulary words and free text.

    Returns
    -------
    (DataFrame, list of Problem)
        Numbers as float (missing is NaN), everything else as str (missing is the empty string).
        Cells that cannot be read are reported and left missing.
    """
    missing = set(descriptor()["missingValues"])
    problems: list[Problem] = []
    columns: dict[str, np.ndarray] = {}
    for field in fields(table):
        name, cells = field["name"], raw.cells[field["name"]]
        numeric = field["type"] in ("number", "integer")
        if not (numeric or "enum" in field.get("constraints", {})):
            columns[name] = np.array(cells, dtype=object)
            continue
        told = {cell: "" if cell.lower() in missing else cell for cell in set(cells)}
        if not numeric:
            columns[name] = np.array(list(map(told.__getitem__, cells)), dtype=object)
            continue
        whole, percent = field["type"] == "integer", name == "percent"
        read = {cell: read_number(text, raw.decimal, whole=whole, percent=percent) for cell, text in told.items()}
        wrong = {cell: rule for cell, rule in read.items() if isinstance(rule, str)}
        if wrong:
            lines = zip(raw.lines, cells, strict=True)
            problems += [Problem(raw.name, line, name, cell, wrong[cell]) for line, cell in lines if cell in wrong]
        numbers = read | dict.fromkeys(wrong, np.nan)
        columns[name] = np.array(list(map(numbers.__getitem__, cells)), dtype=float)
    rows = pd.RangeIndex(len(raw.lines))
    series = {name: pd.Series(cells, rows, dtype=cells.dtype, copy=False) for name, cells in columns.items()}
    return pd.DataFrame(series, rows), problems


def _numbered(reader: Any, before: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV reader, each with the line it starts on."""
    start = before + reader.line_num + 1
    for row in reader:
        yield start, row
        start = before + reader.line_num + 1


class _Tidy(dict[str, str]):
    """Text without stray spaces, cleaned once however often it stands there: tables repeat their words a lot."""

    def __missing__(self, cell: str) -> str:
        tidy = self[cell] = cell.strip() if cell.isascii() else _clean(cell)
        return tidy


def _header_problems(file: str, line: int, header: list[str]) -> list[Problem]:
    if len(header) > _MOST_COLUMNS:
        return [Problem(file, line, "", "", f"has {len(header)} columns, more than {_MOST_COLUMNS}")]
    odd = [Problem(file, line, repr(column), "", rule) for column in header if (rule := _unreadable(column))]
    twice = [column for column, count in Counter(header).items() if count > 1]
    return odd + [
        Problem(file, line, column, "", "column stands twice" if column else "several columns have no name")
        for column in twice
    ]


def _unexpected(raw: RawTable, expected: list[str]) -> list[Problem]:
    missing = [column for column in expected if column not in raw.cells]
    unknown = [column for column in raw.cells if column not in expected]
    return [Problem(raw.name, 1, column, "", "column is missing") for column in missing] + [
        Problem(raw.name, 1, column, "", "column is not in the codebook") for column in unknown
    ]


def _unreadable(cell: str) -> str:
    if len(cell) > _LONGEST_CELL:
        return f"is longer than {_LONGEST_CELL} characters: a quote before it may never be closed"
    return "" if cell.isprintable() or not _CONTROL.search(cell) else "holds a control character"


def _small(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def _split(line: str, mark: str) -> list[str]:
    return [_clean(cell) for cell in line.replace('"', "").split(mark)]


def _clean(cell: str) -> str:
    return cell.translate(_SPACES).strip()
