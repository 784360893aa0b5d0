"""Read and check every table of a data folder."""

from __future__ import annotations

from operator import le
from pathlib import Path

import numpy as np
import pandas as pd

from ..effects.arguments import require_path
from ..errors import Problem
from .collector import collector_paused
from .keys import key_rows
from .markup import markup_problems
from .package import fields, resources
from .reading import RawTable, empty, read_text, typed
from .rules import cross_problems
from .schema import column_problems


def validate(path: str | Path) -> list[Problem]:
    """Check a data folder without loading it.

    Parameters
    ----------
    path : path
        Folder with the CSV files of the codebook.

    Returns
    -------
    list of Problem
        Every problem, in the order of file and line: file, line, column, value, rule. Empty when all is well.
        HTML tags and formulae of spreadsheets in a cell are a problem, too, although `evidence.load` takes them: they
        are shown and written as text.

    Raises
    ------
    InvalidInput
        What was given is no path.

    See Also
    --------
    evidence.load : Load a folder, or raise with the same list.
    evidence.Problem : What is in the list.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.validate(ev.load().root)
    []
    """
    return read_tables(require_path("path", path), plain=True)[2]


@collector_paused()
def read_tables(
    folder: Path, *, plain: bool = False
) -> tuple[dict[str, pd.DataFrame], dict[str, np.ndarray], list[Problem]]:
    """Every table that can be read, by name, its rows in order; the numbers of the results as their file prints them;
    and every problem, in the order of file and line.

    Parameters
    ----------
    folder : Path
        With the CSV files of the codebook.
    plain : bool
        Markup or a formula in a cell is a problem.
    """
    printed = _numbers(empty("results"))
    if not folder.is_dir():
        return {}, printed, [Problem(str(folder), 0, "", "", "is not a folder with the CSV files of the codebook")]
    tables: dict[str, pd.DataFrame] = {}
    files: dict[str, str] = {}
    lines: dict[str, list[int]] = {}
    problems: list[Problem] = []
    for name, resource in resources().items():
        path = folder / resource["path"]
        if not path.is_file():
            if not resource["optional"]:
                problems.append(Problem(path.name, 0, "", "", "file is missing"))
                continue
            raw: RawTable | None = empty(name)
        else:
            raw, found = read_text(path, name)
            problems += found
        if raw is not None:
            frame, unreadable = typed(raw, name)
            problems += unreadable + column_problems(frame, name, raw.name, raw.lines)
            problems += markup_problems(frame, raw.name, raw.lines) if plain else []
            tables[name], files[name], lines[name] = frame, raw.name, raw.lines
            if name == "results":
                printed = _numbers(raw)
    problems += cross_problems(tables, files, lines)
    order = {resource["path"]: at for at, resource in enumerate(resources().values())}
    tables = {name: in_order(table, name) for name, table in tables.items()}
    return tables, printed, sorted(problems, key=lambda problem: (order.get(problem.file, -1), problem.line))


def in_order(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows by their order or rank, then by their key, else by all cells: how a file is sorted changes no answer."""
    places = [name for name in ("order", "rank") if name in table]
    cells = key_rows(table, [*places, *resources()[name]["schema"].get("primaryKey", list(table.columns))])
    if all(map(le, cells, cells[1:])):
        return table
    return table.take(sorted(range(len(cells)), key=cells.__getitem__)).reset_index(drop=True)


def _numbers(results: RawTable) -> dict[str, np.ndarray]:
    """The keys of the results, and their numbers as text with a decimal point."""
    numeric = [field["name"] for field in fields("results") if field["type"] in ("number", "integer")]
    cells = {name: results.cells[name] for name in numeric}
    if results.separator != ",":
        cells = {name: [cell.replace(",", ".") for cell in column] for name, column in cells.items()}
    kept = {"result_id": results.cells["result_id"], **cells}
    return {name: np.array(column, dtype=object) for name, column in kept.items()}
