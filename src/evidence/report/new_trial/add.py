"""Append the rows of filled forms to the tables, only when every rule is kept."""

from __future__ import annotations

from ...errors import InvalidData
from ...files import write_folder
from ..project import Project
from .check import check_trial


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
        With every problem of the forms, by form and line; ``data/raw`` is then as it was.
    """
    checked = check_trial(project, study)
    if checked.problems:
        raise InvalidData(checked.problems)
    there = {path.name: path.read_bytes() for path in project.raw.iterdir() if path.is_file()}
    write_folder(project.raw, there | checked.tables)
    return checked.added
