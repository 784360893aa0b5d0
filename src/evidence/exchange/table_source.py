"""Rows of a CSV from another tool: cells by column, numbers checked, each with the line it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..base.numbers import read_number
from ..base.package import descriptor
from ..base.reading import read_cells
from ..errors import InvalidData, Problem


@dataclass(frozen=True)
class Line:
    """A row of a table.

    Attributes
    ----------
    cells : dict of str
        Column to text, "" for what the table marks as missing.
    line : int
        Where it starts in the file.
    table : Table
        The table it is a row of.
    """

    cells: dict[str, str]
    line: int
    table: Table

    def text(self, column: str) -> str:
        """A cell, "" where the table has no such column.

        Parameters
        ----------
        column : str
            Name of the column.
        """
        return self.cells.get(column, "")

    def number(self, column: str) -> str:
        """A number as it is printed, with a decimal point; a cell that is none is a problem.

        Parameters
        ----------
        column : str
            Name of the column.
        """
        cell = self.text(column)
        rule = read_number(cell, self.table.decimal)
        if isinstance(rule, str):
            self.table.problems.append(Problem(self.table.name, self.line, column, cell[:40], rule))
            return ""
        return cell.replace(",", ".").replace("\u2212", "-")


@dataclass(frozen=True)
class Table:
    """A CSV.

    Attributes
    ----------
    name : str
        Name of the file.
    columns : tuple of str
        Names of its columns, as it spells them.
    lines : list of Line
        Its rows.
    decimal : str
        What stands before decimals; "" where the file does not tell.
    problems : list of Problem
        Grows when a cell that must be a number is none.
    """

    name: str
    columns: tuple[str, ...]
    lines: list[Line]
    decimal: str
    problems: list[Problem]

    def without(self, columns: tuple[str, ...]) -> list[str]:
        """Columns that hold something and are none of these.

        Parameters
        ----------
        columns : tuple of str
            Columns that are read.
        """
        rest = (column for column in self.columns if column not in columns)
        return [column for column in rest if any(line.cells[column] for line in self.lines)]


def read_table(path: Path, expected: set[str]) -> Table:
    """Read a CSV with a header.

    Parameters
    ----------
    path : Path
        The file.
    expected : set of str
        Columns that may be there; they tell which separator the file has.

    Raises
    ------
    InvalidData
        The file is no table.
    """
    raw, problems = read_cells(path, expected)
    if raw is None or problems:
        raise InvalidData(problems)
    missing = set(descriptor()["missingValues"])
    rows = zip(*raw.cells.values(), strict=True)
    table = Table(raw.name, tuple(raw.cells), [], raw.decimal, [])
    for line, cells in zip(raw.lines, rows, strict=True):
        told = ("" if cell.lower() in missing else cell for cell in cells)
        table.lines.append(Line(dict(zip(raw.cells, told, strict=True)), line, table))
    return table
