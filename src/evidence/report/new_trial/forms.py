"""Forms to fill in: a CSV for each table that a trial has rows in, and one workbook with them all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from ...base.package import fields
from ...base.reading import read_text
from ...errors import InvalidInput, MissingExtra
from ...files import write_folder
from ..project import Project
from .columns import FORMS, KEYS, Column, columns
from .example import EXAMPLE
from .rows import Cells, csv_text, fingerprint, keyed, says_something, tidy
from .workbook import workbook_of

#: How the first cell of a line begins that is no row: no key has a space, so no row is taken for one.
COMMENT = "# "
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def write_forms(project: Project, study: str, rows: Mapping[str, Sequence[Cells]] | None = None) -> list[Path]:
    """Write the forms of a trial into the project's folder ``new-trials``.

    Parameters
    ----------
    project : Project
        Its vocabularies stand in the forms.
    study : str
        Key of the trial: author and year in small letters, ``jones-2024``.
    rows : mapping, optional
        What is known already: table to its rows, each a mapping of column to text. Columns left out are empty; the
        trial's key and the numbers of results may be left out too.

    Returns
    -------
    list of Path
        A CSV a table: the columns of the codebook, those that matter first; lines that begin with ``#`` say what each
        column holds, what is allowed, and a worked example; then the rows, or one with the trial's key. Last, where
        openpyxl is installed, a workbook with the same forms as sheets.

    Raises
    ------
    InvalidInput
        When the key is not one, or stands in the data or in a form already; when a row names a table or column that no
        form has, another trial, or holds a control character.
    """
    raw, _ = read_text(project.raw / "studies.csv", "studies")
    if raw and require_key(study) in raw.cells["study_id"]:
        raise InvalidInput(f"{study} is in data/raw/studies.csv already")
    folder = folder_of(project, study)
    if folder.exists():
        raise InvalidInput(f"{folder.relative_to(project.root)} is there already: fill it in, or remove it")
    known = _checked(study, rows or {})
    start = {table: known[table] or [first_row(table, study)] for table in FORMS}
    asked = {table: columns(project, table) for table in FORMS}
    forms = {f"{table}.csv": _form(asked[table], EXAMPLE.get(table, []), start[table]) for table in FORMS}
    with suppress(MissingExtra):  # the files alone will do
        forms[f"{study}.xlsx"] = workbook_of(study, asked, start, fingerprint(known))
    write_folder(folder, forms)
    return [folder / name for name in forms]


def require_key(study: str) -> str:
    """A trial's key, or an error that says what one is."""
    if not _KEY.fullmatch(study):
        raise InvalidInput(f"{study!r}: a trial's key is small letters and digits joined by hyphens, as in jones-2024")
    return study


def folder_of(project: Project, study: str) -> Path:
    """Where the forms of a trial stand."""
    return project.root / "new-trials" / study


def first_row(table: str, study: str) -> dict[str, str]:
    """What is known of the first row of an empty form: its keys."""
    known = dict(zip(KEYS, (study, f"{study}-01"), strict=True))
    return {field["name"]: known.get(field["name"], "") for field in fields(table)}


def _form(asked: Sequence[Column], example: Sequence[Cells], rows: Sequence[Cells]) -> bytes:
    names = [column.name for column in asked]
    comments = [
        ["meaning", *(column.meaning for column in asked[1:])],
        ["allowed", *(column.allowed for column in asked[1:])],
        *(["example", *(row.get(name, "") for name in names[1:])] for row in example),
    ]
    lines = [names, *([COMMENT + first, *map(_shown, rest)] for first, *rest in comments)]
    return "\ufeff".encode() + csv_text([*lines, *([row[name] for name in names] for row in rows)])


def _shown(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f" {text}" if text.startswith(("=", "+", "-", "@")) else text


def _checked(study: str, rows: Mapping[str, Sequence[Cells]]) -> dict[str, list[dict[str, str]]]:
    """Given rows, each with every column of its table and its keys."""
    _known("table", rows, FORMS)
    found = {}
    for table in FORMS:
        names = [field["name"] for field in fields(table)]
        for row in rows.get(table, ()):
            _known(f"column of {table}", row, names)
            for name, cell in row.items():
                if not isinstance(cell, str) or _CONTROL.search(" ".join(cell.split())):
                    raise InvalidInput(f"{table}, {name}: {cell!r} is not text without control characters")
            if row.get("study_id", study) not in ("", study):
                raise InvalidInput(f"{table}, study_id: {row['study_id']!r} is another trial than {study}")
        found[table] = list(keyed((tidy(table, row, ",") for row in rows.get(table, ())), study))
        found[table] = [row for row in found[table] if says_something(row)]
    return found


def _known(what: str, given: Mapping[str, object], names: Sequence[str]) -> None:
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            raise InvalidInput(f"{name!r} is no {what}; {hint}")
