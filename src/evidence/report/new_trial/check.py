"""Hold the forms of a trial against every rule, together with the rows that the data have already."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ...base.folder import validate
from ...base.package import fields, resources
from ...base.reading import read_text
from ...errors import InvalidInput, Problem
from ..project import Project
from .filled import Filled, read_forms
from .forms import folder_of
from .gaps import gaps
from .rows import Cells, csv_text


@dataclass(frozen=True)
class Checked:
    """What became of the forms of a trial.

    Attributes
    ----------
    study : str
        Key of the trial.
    problems : list of Problem
        Every rule that a form breaks: the form, line, column, value and rule. The rows may enter the data when there
        is none.
    gaps : list of Problem
        What is still empty among what matters, in the same form; nothing is wrong with it.
    added : dict of int
        Rows that each table would gain.
    tables : dict of bytes
        File of ``data/raw`` to its content with these rows at the end.
    """

    study: str
    problems: list[Problem]
    gaps: list[Problem]
    added: dict[str, int]
    tables: dict[str, bytes]


def check_trial(project: Project, study: str) -> Checked:
    """Check the forms of a trial as they are now; nothing is written.

    Parameters
    ----------
    project : Project
        The trial's rows are checked together with those of its ``data/raw``.
    study : str
        Key of the trial.

    Returns
    -------
    Checked

    Raises
    ------
    InvalidInput
        When there are no forms of that trial, or no row in them says anything.
    InvalidData
        When CSV files and workbook are both filled in, and differ.
    """
    filled = read_forms(project, study)
    added = {table: len(rows) for table, rows in filled.rows.items()}
    if not any(added.values()) and not filled.problems:
        raise InvalidInput(f"the forms in {folder_of(project, study).relative_to(project.root)} are empty")
    tables: dict[str, bytes] = {}
    at: dict[tuple[str, int], tuple[str, int]] = {}
    for table, rows in filled.rows.items():
        if rows:
            name = resources()[table]["path"]
            tables[name], first = _appended(project.raw / name, table, rows)
            at |= {(name, first + down): (table, line) for down, line in enumerate(filled.lines[table])}
    return Checked(study, _problems(project, filled, tables, at), gaps(filled), added, tables)


@contextmanager
def grown(project: Project, tables: Mapping[str, bytes]) -> Iterator[Path]:
    """A copy of ``data/raw`` with other contents of some files, for as long as it is needed."""
    with TemporaryDirectory() as scratch:
        raw = Path(scratch) / "raw"
        shutil.copytree(project.raw, raw)
        for name, content in tables.items():
            (raw / name).write_bytes(content)
        yield raw


def _appended(path: Path, table: str, rows: list[dict[str, str]]) -> tuple[bytes, int]:
    """A file with rows at its end, in the order of its own columns, and the line of the first of them."""
    raw, _ = read_text(path, table) if path.is_file() else (None, [])
    names = list(raw.cells) if raw else [field["name"] for field in fields(table)]
    separator = raw.separator if raw else ","
    old = path.read_bytes() if path.is_file() else csv_text([names])
    old += b"" if old.endswith(b"\n") else b"\n"
    return old + csv_text([_ordered(row, names) for row in rows], separator), old.count(b"\n") + 1


def _ordered(row: Cells, names: list[str]) -> list[str]:
    return [row[name] for name in names]


def _problems(
    project: Project, filled: Filled, tables: Mapping[str, bytes], at: Mapping[tuple[str, int], tuple[str, int]]
) -> list[Problem]:
    """What could not be read, and what breaks a rule, each where it stands in the forms."""
    with grown(project, tables) as raw:
        found = validate(raw)
    unread = {(problem.file, problem.line, problem.column) for problem in filled.problems}
    problems = list(filled.problems)
    for problem in found:
        if (problem.file, problem.line) in at:
            table, line = at[problem.file, problem.line]
            problem = replace(problem, file=filled.places[table], line=line)
        if (problem.file, problem.line, problem.column) not in unread:
            problems.append(problem)
    order = {place: number for number, place in enumerate(filled.places.values())}
    return sorted(problems, key=lambda problem: (order.get(problem.file, -1), problem.line))
