"""Add a trial: forms to fill in, and from filled forms to the tables, only when every rule is kept."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from ...base.folder import validate
from ...base.package import Descriptor, fields, resources
from ...base.reading import read_number, read_text
from ...errors import InvalidData, InvalidInput, Problem
from ..project import Project, write_all
from .columns import FORMS
from .forms import _KEY


def add_trial(project: Project, study: str) -> dict[str, int]:
    """Append the rows of the filled forms to ``data/raw``.

    Parameters
    ----------
    project : Project
        Its ``data/raw`` is appended to.
    study : str
        Key of the trial.

    Returns
    -------
    dict of int
        Rows added to each table.

    Raises
    ------
    InvalidInput
        When there are no forms of that trial, or no row in them says anything.
    InvalidData
        With every problem of the forms, by file and line of the form; ``data/raw`` is then as it was.
    """
    folder = _folder(project, study)
    if not _KEY.fullmatch(study) or not folder.is_dir():
        raise InvalidInput(f"no forms of {study!r} in new-trials; `evidence new-trial {study}` makes them")
    problems: list[Problem] = []
    grown: dict[str, bytes] = {}
    added: dict[str, int] = {}
    lines: dict[tuple[str, int], int] = {}
    for table in FORMS:
        if not (folder / f"{table}.csv").is_file():
            continue
        form, found = read_text(folder / f"{table}.csv", table)
        problems += found
        if form is None:
            continue
        columns = fields(table)
        rows = [
            (line, [_cell(cell, field, form.separator) for cell, field in zip(cells, columns, strict=True)])
            for line, cells in zip(form.lines, zip(*(form.cells[f["name"]] for f in columns), strict=True), strict=True)
        ]
        rows = [(line, row) for line, row in rows if _says_something(row, columns)]
        name = resources()[table]["path"]
        old = (project.raw / name).read_bytes()
        old += b"" if old.endswith(b"\n") else b"\n"
        at = old.count(b"\n") + 1
        grown[name], added[table] = old + _lines([row for _, row in rows]), len(rows)
        lines |= {(name, at + place): line for place, (line, _) in enumerate(rows)}
    if problems:
        raise InvalidData(problems)
    if not any(added.values()):
        raise InvalidInput(f"the forms in {folder.relative_to(project.root)} are empty")
    with TemporaryDirectory() as scratch:
        trial = Path(scratch) / "raw"
        shutil.copytree(project.raw, trial)
        for name, content in grown.items():
            (trial / name).write_bytes(content)
        found = validate(trial)
    if found:
        where = folder.relative_to(project.root).as_posix()
        raise InvalidData(
            Problem(f"{where}/{p.file}", lines[p.file, p.line], p.column, p.value, p.rule)
            if (p.file, p.line) in lines
            else p
            for p in found
        )
    write_all(project.raw, {path.name: path.read_bytes() for path in project.raw.iterdir() if path.is_file()} | grown)
    return added


def _folder(project: Project, study: str) -> Path:
    return project.root / "new-trials" / study


def _cell(cell: str, field: Descriptor, separator: str) -> str:
    """Text of a cell as the tables write it: on one line, numbers with a decimal point."""
    if field["type"] in ("number", "integer") and not isinstance(read_number(cell, separator), str):
        return cell.replace(",", ".")
    return " ".join(cell.split())


def _says_something(row: list[str], columns: list[Descriptor]) -> bool:
    return any(cell for cell, field in zip(row, columns, strict=True) if field["name"] not in ("study_id", "result_id"))


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
