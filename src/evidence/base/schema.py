"""Tables held against the rules of their columns; a pandera schema lists what breaks them."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import Problem
from .columns import Rule, column_rules
from .keys import did_you_mean, key_rows
from .package import fields, resources

if TYPE_CHECKING:
    import pandera.pandas as pa


def column_problems(frame: pd.DataFrame, table: str, file: str, lines: list[int]) -> list[Problem]:
    """Every cell that breaks a rule of its own column, and every key that stands twice.

    Parameters
    ----------
    frame : DataFrame
        Typed table with index 0, 1, ... (see `evidence.base.reading.typed`).
    table : str
        Name of the table.
    file : str
        Name of its file.
    lines : list of int
        Line each row starts on.
    """
    problems = [] if _keeps_rules(frame, table) else _broken_cells(frame, table, file, lines)
    key = resources()[table]["schema"].get("primaryKey")
    if key and len(key) > 1:
        seen = set()
        for line, cells in zip(lines, key_rows(frame, key), strict=True):
            if cells in seen and any(cell != "" for cell in cells):
                shown = " / ".join(map(_shown, cells))
                problems.append(Problem(file, line, " + ".join(key), shown, "key stands twice"))
            seen.add(cells)
    return problems


def _shown(cell: object) -> str:
    """A cell of a key, "" for a missing number."""
    return cell if isinstance(cell, str) else "" if cell == math.inf else f"{cell:g}"


@cache
def schema(table: str) -> pa.DataFrameSchema:
    """Pandera schema of one table: a column for each field that has a rule.

    Pandera takes longer to import than the tables take to read and check, so it comes only when it has something to
    list.
    """
    import pandera.pandas as pa

    def check(rule: Rule) -> pa.Check:
        return pa.Check(
            lambda cells: pd.Series(rule.holds(cells.to_numpy()), index=cells.index),
            name=rule.name,
            error=rule.words,
            ignore_na=False,
        )

    columns = {
        name: pa.Column(None, [check(rule) for rule in rules], nullable=True)
        for name, rules in column_rules(table).items()
    }
    return pa.DataFrameSchema(columns, name=table)


def _keeps_rules(frame: pd.DataFrame, table: str) -> bool:
    cells = {name: frame[name].to_numpy() for name in column_rules(table)}
    return all(rule.holds(cells[name]).all() for name, rules in column_rules(table).items() for rule in rules)


def _broken_cells(frame: pd.DataFrame, table: str, file: str, lines: list[int]) -> list[Problem]:
    import pandera.errors

    known = {field["name"]: field.get("constraints", {}).get("enum", ()) for field in fields(table)}
    try:
        schema(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        found = errors.failure_cases
    problems = []
    for case in found.itertuples():
        value = "" if pd.isna(case.failure_case) else f"{case.failure_case}"
        rule = f"{case.check}{did_you_mean(value, known[case.column])}"
        problems.append(Problem(file, lines[int(case.index)], str(case.column), value, rule))
    return problems
