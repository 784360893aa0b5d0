"""Add a trial: forms to fill in, and from filled forms to the tables, only when every rule is kept."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ..base.folder import validate
from ..base.package import Descriptor, fields, resources
from ..base.reading import read_number, read_text
from ..errors import InvalidData, InvalidInput, Problem
from .project import Project, write_all

#: Tables that a trial has rows in.
FORMS = ("studies", "arms", "comparisons", "results", "risk_of_bias")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def write_forms(
    project: Project, study: str, rows: Mapping[str, Sequence[Mapping[str, str]]] | None = None
) -> list[Path]:
    """Write a form for each table that the trial has rows in.

    Parameters
    ----------
    project : Project
        The forms go into its folder ``new-trials``.
    study : str
        Key of the trial: author and year in small letters, ``jones-2024``.
    rows : mapping, optional
        Table to its rows, each column to text: what is known already.

    Returns
    -------
    list of Path
        CSV files with the columns of the codebook, and the rows that are known; or one with the trial's key.

    Raises
    ------
    InvalidInput
        When the key is not one, or stands in the data or in a form already.
    """
    if not _KEY.fullmatch(study):
        raise InvalidInput(f"{study!r}: a trial's key is small letters and digits joined by hyphens, as in jones-2024")
    raw, _ = read_text(project.raw / "studies.csv", "studies")
    if raw and study in raw.cells["study_id"]:
        raise InvalidInput(f"{study} is in data/raw/studies.csv already")
    folder = _folder(project, study)
    if folder.exists():
        raise InvalidInput(f"{folder.relative_to(project.root)} is there already: fill it in, or remove it")
    forms = {}
    for table in FORMS:
        known = (rows or {}).get(table) or [{"study_id": study, "result_id": f"{study}-01"}]
        names = [field["name"] for field in fields(table)]
        filled = [[row.get(name, "") for name in names] for row in known]
        forms[f"{table}.csv"] = "\ufeff".encode() + _lines([names, *filled])
    write_all(folder, forms)
    return [folder / name for name in forms]


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
