"""What changed and when: releases from ``CHANGELOG.md``, data from ``data/changes.csv``; the dates are theirs."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date

from ..languages import _, day_words
from .project import Project, raw_digest

_RELEASE = re.compile(
    r"^## (?P<version>\d\S*) \((?P<date>\d{4}-\d\d-\d\d)\)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Change:
    """A dated change.

    Attributes
    ----------
    date : date
    title : str
    text : str
    """

    date: date
    title: str
    text: str


def releases(project: Project) -> list[Change]:
    """Dated releases, newest first; none where there is no ``CHANGELOG.md``.

    Parameters
    ----------
    project : Project
    """
    path = project.root / "CHANGELOG.md"
    log = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = _RELEASE.finditer(log)
    return [
        Change(date.fromisoformat(match["date"]), f"Version {match['version']}", match["text"].strip())
        for match in found
    ]


def data_changes(project: Project) -> list[Change]:
    """Dated changes of the data, newest first; none where there is no ``data/changes.csv``.

    Parameters
    ----------
    project : Project
    """
    return [Change(date.fromisoformat(row["date"]), "Data", row["change"]) for row in _rows(project)]


def last_data_change(project: Project) -> str:
    """When the data changed last, in a sentence; "" where no date is written down.

    Parameters
    ----------
    project : Project

    Notes
    -----
    The last line of ``data/changes.csv`` holds the first digits of the hash of ``data/raw``. Where the data are not
    those any more, what is said is that they changed later.
    """
    rows = _rows(project)
    if not rows:
        return ""
    day = day_words(date.fromisoformat(rows[0]["date"]))
    same = bool(rows[0]["digest"]) and raw_digest(project.raw).startswith(rows[0]["digest"])
    return _("The data last changed on {day}.", day=day) if same else _("The data have changed since {day}.", day=day)


def _rows(project: Project) -> list[dict[str, str]]:
    path = project.root / "data" / "changes.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["date"], reverse=True)
