"""Read the forms of a trial as they were filled in: the CSV files or the workbook, never a mixture."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ...base.reading import RawTable, read_text
from ...errors import InvalidData, InvalidInput, Problem
from ..project import Project
from .columns import FORMS, names
from .example import EXAMPLE
from .forms import COMMENT, folder_of, require_key
from .rows import fingerprint, keyed, says_something, tidy
from .sheets import read_sheets, sheet_place

_SHEETS = {".csv", ".tsv", ".ods", ".xls", ".xlsx", ".xlsm", ".numbers"}


@dataclass
class Filled:
    """What forms say.

    Attributes
    ----------
    rows : dict
        Table to its rows that say something, complete with keys.
    lines : dict
        Table to the line (or row of the sheet) of each.
    places : dict
        Table to what messages call its form.
    problems : list of Problem
        What could not be read.
    """

    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_forms(project: Project, study: str) -> Filled:
    """Read the forms of a trial.

    Parameters
    ----------
    project : Project
        The forms stand in its folder ``new-trials``.
    study : str
        Key of the trial.

    Returns
    -------
    Filled
        Of the CSV files or of the workbook: whichever was filled in.

    Raises
    ------
    InvalidInput
        There are no forms of that trial.
    InvalidData
        CSV files and workbook were both filled in, and differ.
    MissingExtra
        There is a workbook, but no openpyxl to read it with.
    """
    folder = folder_of(project, require_key(study))
    if not folder.is_dir():
        raise InvalidInput(f"no forms of {study!r} in new-trials; `evidence new-trial {study}` makes them")
    place = folder.relative_to(project.root).as_posix()
    book = folder / f"{study}.xlsx"
    paths = {table: path for table in FORMS if (path := folder / f"{table}.csv").is_file()}
    files = _read(study, paths, {table: f"{place}/{table}.csv" for table in FORMS})
    filled = _chosen(files, *_of_workbook(study, book, f"{place}/{book.name}"), paths) if book.is_file() else files
    filled.problems += _strangers(folder, {book.name, *(f"{table}.csv" for table in FORMS)}, place)
    return filled


def _chosen(files: Filled, sheets: Filled, written: str, paths: Collection[str]) -> Filled:
    """Whichever of the two somebody has filled in."""
    said, said_in_sheets = fingerprint(files.rows), fingerprint(sheets.rows)
    if not paths or (said == written and not files.problems):
        return sheets
    if said_in_sheets in (written, said) and not sheets.problems:
        return files
    raise InvalidData(_contradictions(files, sheets))


def _of_workbook(study: str, book: Path, place: str) -> tuple[Filled, str]:
    """What a workbook says, and the fingerprint it was written with."""
    tables, written, problems = read_sheets(book, place)
    with TemporaryDirectory() as scratch:
        paths = {table: Path(scratch) / f"{table}.csv" for table in tables}
        for table, content in tables.items():
            paths[table].write_bytes(content)
        filled = _read(study, paths, {table: sheet_place(place, table) for table in FORMS})
    filled.problems[:0] = problems
    return filled, written or fingerprint({})


def _read(study: str, paths: Mapping[str, Path], places: dict[str, str]) -> Filled:
    filled = Filled(places=places)
    for table, path in paths.items():
        form, problems = read_text(path, table)
        remarks = _remarks(path, form)
        filled.problems += [replace(one, file=places[table]) for one in problems if one.line not in remarks]
        if form:
            _take(filled, study, table, form)
    return filled


def _take(filled: Filled, study: str, table: str, form: RawTable) -> None:
    """Add the rows of one form, and what is wrong with its comments and keys."""
    first, place = names(table)[0], filled.places[table]
    rows, lines = [], []
    for at, line in enumerate(form.lines):
        row = {name: cells[at] for name, cells in form.cells.items()}
        if row[first].startswith(COMMENT):
            if not _as_written(table, first, row, form.separator):
                rule = f"is not read, for it begins with {COMMENT.strip()}: remove that, or the other cells of the line"
                filled.problems.append(Problem(place, line, first, row[first], rule))
            continue
        row = tidy(table, row, form.separator)
        if says_something(row):
            rows.append(row)
            lines.append(line)
    filled.rows[table], filled.lines[table] = list(keyed(rows, study)), lines
    filled.problems += [
        Problem(place, line, "study_id", row["study_id"], f"must be {study}, whose forms these are")
        for line, row in zip(lines, filled.rows[table], strict=True)
        if row["study_id"] != study
    ]


def _as_written(table: str, first: str, row: dict[str, str], separator: str) -> bool:
    """Whether a comment holds nothing that somebody filled in: a remark in one cell, or a line of the empty form."""
    if row[first] in (f"{COMMENT}meaning", f"{COMMENT}allowed") or not any(row[name] for name in row if name != first):
        return True
    shown = [tidy(table, {**one, first: row[first]}, ",") for one in EXAMPLE.get(table, [])]
    return fingerprint({table: [tidy(table, row, separator)]}) in {fingerprint({table: [one]}) for one in shown}


def _remarks(path: Path, form: RawTable | None) -> set[int]:
    """Lines with a remark in a single cell, as a text editor leaves them: they are no rows with cells missing."""
    if form is None:
        return set()
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return {
        at
        for at, line in enumerate(lines, start=1)
        if line.lstrip('"').startswith(COMMENT) and form.separator not in line
    }


def _strangers(folder: Path, known: Collection[str], place: str) -> list[Problem]:
    """Files beside the forms that look like one, such as a form saved in another format."""
    return [
        Problem(f"{place}/{path.name}", 0, "", "", f"is not read: the forms are {', '.join(sorted(known))}")
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in _SHEETS and path.name not in known and path.name[0] not in ".~"
    ]


def _contradictions(files: Filled, sheets: Filled) -> list[Problem]:
    """Tables in which both say something else; what could not be read where that is why nobody can tell."""
    rule = "both are filled in and they differ: keep one, remove the other"
    differing = [
        Problem(sheets.places[table], 0, "", "", f"and {files.places[table]}: {rule}")
        for table in FORMS
        if fingerprint({table: sheets.rows.get(table, [])}) != fingerprint({table: files.rows.get(table, [])})
    ]
    unread = [*files.problems, *sheets.problems]
    return differing if any(sheets.rows.values()) and differing else unread
