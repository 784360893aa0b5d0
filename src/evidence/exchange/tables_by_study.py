"""Drafts of a table that holds several trials: its lines by study, a key for each, the year as it is printed."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..errors import InvalidData, Problem
from .draft import Draft, study_key
from .table_source import Line, Table
from .words import Words

_NAMED = re.compile(r"(?P<author>\D+?),? (?P<year>(19|20)\d\d)[a-z]?")


def drafted(
    table: Table,
    words: Words,
    columns: tuple[str, ...],
    add: Callable[[Draft, Line, Words], None],
    year: str = "",
) -> list[Draft]:
    """A draft for each study of a table, in the order in which they appear.

    Parameters
    ----------
    table : Table
        Has a column ``Study`` or ``study``.
    words : Words
        Our vocabularies.
    columns : tuple of str
        Columns that ``add`` reads; others that hold something are listed as having no place.
    add : function
        Adds what a line says to the draft of its study.
    year : str, optional
        Column with the year of publication.

    Raises
    ------
    InvalidData
        A study has no name that makes a key, or two have names that make the same.
    """
    name = "Study" if "Study" in table.columns else "study"
    found: dict[str, Draft] = {}
    called: dict[str, str] = {}
    rest = table.without((*columns, name, year))
    for line in table.lines:
        said = line.text(name)
        key = study_key(said)
        if not key or called.setdefault(key, said) != said:
            rule = f"makes the same key as {called[key]!r}: {key}" if key else "has no letter or digit that makes a key"
            table.problems.append(Problem(table.name, line.line, name, said[:40], rule))
            continue
        if key not in found:
            found[key] = Draft(key)
            _study(found[key], said, line.number(year) if year else "")
        add(found[key], line, words)
        for column in rest:
            if line.text(column):
                found[key].drop(f"column {column}")
    if table.problems:
        raise InvalidData(table.problems)
    for draft in found.values():
        draft.tables["studies"][0]["has_results"] = "yes" if draft.tables["results"] else "no"
    return list(found.values())


def _study(draft: Draft, said: str, year: str) -> None:
    """Author and year where the name is just that."""
    named = _NAMED.fullmatch(said)
    author = named["author"] if named else ""
    draft.add("studies", citation=said, first_author=author, year=year or (named["year"] if named else ""))
