"""The formats that can be read, and which of them a file has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..base.keys import did_you_mean
from ..errors import InvalidData, InvalidInput, Problem
from . import clinicaltrials, metapsy, revman
from .draft import Draft
from .json_source import read_json
from .table_source import Line, Table, read_table
from .words import Words

_LARGEST = 50_000_000  # bytes; the largest record of ClinicalTrials.gov has a few millions
_MOST = 200  # trials that are drafted at once


@dataclass(frozen=True)
class TableFormat:
    """A kind of CSV.

    Attributes
    ----------
    name : str
        What to call it.
    columns : tuple of str
        Columns that it may have.
    marks : frozenset of str
        Columns that no file of this kind lacks.
    read : function
        A table and our vocabularies to drafts.
    """

    name: str
    columns: tuple[str, ...]
    marks: frozenset[str]
    read: Callable[[Table, Words], list[Draft]]


TABLES = (
    TableFormat(
        "metapsy table", metapsy.COLUMNS, frozenset({"study", "condition_arm1", "condition_arm2"}), metapsy.read
    ),
    TableFormat(
        "RevMan study results", revman.RESULTS, frozenset({"Study", "Outcome", "Data type", "Arm"}), revman.read_results
    ),
    TableFormat("RevMan analysis data", revman.ANALYSIS, frozenset({"Study", "Analysis name"}), revman.read_analysis),
)


def read_drafts(path: str | Path, words: Words) -> list[Draft]:
    """A draft of each trial in a file of another tool.

    Parameters
    ----------
    path : path
        JSON of ClinicalTrials.gov's API, or a CSV of RevMan Web or in the metapsy standard.
    words : Words
        Our vocabularies.

    Returns
    -------
    list of Draft
        At least one.

    Raises
    ------
    InvalidInput
        There is no such file, it has another format, is too large, or holds no trial.
    InvalidData
        With everything that is wrong in the file: line or JSON path, value and rule.
    """
    path = Path(path)
    if not path.is_file():
        raise InvalidInput(f"{path}: there is no such file")
    if path.stat().st_size > _LARGEST:
        raise InvalidInput(f"{path.name}: has more than {_LARGEST // 1_000_000} MB, no such record or table does")
    drafts = _of_json(path, words) if path.suffix.lower() == ".json" else _of_table(path, words)
    if not drafts:
        raise InvalidInput(f"{path.name}: holds no trial")
    return drafts


def chosen(drafts: list[Draft], key: str) -> list[Draft]:
    """The drafts that a key asks for: the one it names; all of them for ""; a single one takes it as its name.

    Parameters
    ----------
    drafts : list of Draft
        Drafts of a file.
    key : str
        Key of a trial, or "".

    Raises
    ------
    InvalidInput
        Several drafts, and none of this key; or more than anybody would fill in.
    """
    named = [draft for draft in drafts if draft.study == key]
    if named or (not key and len(drafts) <= _MOST):
        return named or drafts
    if not key:
        raise InvalidInput(f"the file holds {len(drafts)} trials, more than {_MOST}: name the one that is wanted")
    if len(drafts) == 1:
        return [replace(drafts[0], study=key)]
    keys = [draft.study for draft in drafts]
    shown = ", ".join(keys[:20]) + (f" and {len(keys) - 20} more" if len(keys) > 20 else "")
    raise InvalidInput(f"{key!r} is none of the trials in the file{did_you_mean(key, keys)}; they are {shown}")


def _of_json(path: Path, words: Words) -> list[Draft]:
    root = read_json(path)
    if not isinstance(root.value, dict) or not {"protocolSection", "studies"} & root.value.keys():
        raise InvalidInput(f"{path.name}: is no record of ClinicalTrials.gov: protocolSection is missing")
    drafts = clinicaltrials.drafts(root, words)
    for at, draft in enumerate(drafts):
        if not draft.study:
            place = f"studies[{at}]." if "studies" in root.value else ""
            column = f"{place}protocolSection.identificationModule.nctId"
            root.problems.append(Problem(path.name, 0, column, "", "must not be empty"))
    if root.problems:
        raise InvalidData(dict.fromkeys(root.problems))
    return drafts


def _of_table(path: Path, words: Words) -> list[Draft]:
    known = {column for one in TABLES for column in one.columns}
    table = _renamed(read_table(path, known | revman.ALIASES.keys()))
    for one in TABLES:
        if one.marks <= set(table.columns):
            return one.read(table, words)
    wanted = "; ".join(f"{one.name}: {', '.join(sorted(one.marks))}" for one in TABLES)
    found = ", ".join(table.columns[:12])
    raise InvalidInput(f"{path.name}: has the columns {found}; it needs those of one format ({wanted})")


def _renamed(table: Table) -> Table:
    """Columns of a RevMan table under their usual names."""
    if "Outcome" in table.columns and "Arm" in table.columns:  # study results have an Outcome of their own
        return table
    names = {old: new for old, new in revman.ALIASES.items() if old in table.columns and new not in table.columns}
    columns = tuple(names.get(column, column) for column in table.columns)
    other = Table(table.name, columns, [], table.decimal, table.problems)
    other.lines.extend(
        Line(dict(zip(columns, line.cells.values(), strict=True)), line.line, other) for line in table.lines
    )
    return other
