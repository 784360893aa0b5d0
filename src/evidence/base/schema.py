"""Rules that one column can break alone: pandera schemas made from the data package descriptor."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pandera.backends.pandas.builtin_checks  # what the first validation would import: load it with the module
import pandera.errors
import pandera.pandas as pa

from ..errors import Problem
from .package import Descriptor, fields, resources


def schema(table: str) -> pa.DataFrameSchema:
    """Pandera schema of one table: a column for each field that has a rule."""
    return pa.DataFrameSchema(
        {field["name"]: _column(field) for field in fields(table) if "constraints" in field}, name=table
    )


def column_problems(frame: pd.DataFrame, table: str, file: str, lines: list[int]) -> list[Problem]:
    """Every cell that breaks a rule of its own column, and every key that stands twice.

    Parameters
    ----------
    frame : DataFrame
        Typed table with index 0, 1, ... (see `evidence.base.reading.typed`).
    table, file : str
        Name of the table and of its file.
    lines : list of int
        Line each row starts on.
    """
    problems = []
    try:
        SCHEMAS[table].validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            value = "" if pd.isna(case.failure_case) else f"{case.failure_case}"
            problems.append(Problem(file, lines[int(case.index)], str(case.column), value, str(case.check)))
    key = resources()[table]["schema"].get("primaryKey")
    if key and len(key) > 1:
        repeated = frame.duplicated(key) & (frame[key] != "").any(axis=1)
        problems += [
            Problem(
                file, lines[i], " + ".join(key), " / ".join(frame[name].tolist()[i] for name in key), "key stands twice"
            )
            for i in np.flatnonzero(repeated)
        ]
    return problems


def _column(field: Descriptor) -> pa.Column:
    rules = field["constraints"]
    numeric = field["type"] in ("number", "integer")
    checks = []

    def check(name: str, holds: Callable[[pd.Series], pd.Series], words: str) -> None:
        checks.append(pa.Check(holds, name=name, error=words, ignore_na=False))

    if "enum" in rules:
        allowed = rules["enum"] if rules.get("required") else ["", *rules["enum"]]
        check("enum", lambda cells: cells.isin(allowed), "must be one of: " + ", ".join(rules["enum"]))
    elif "pattern" in rules:
        pattern = re.compile(rules["pattern"] if rules.get("required") else f"|{rules['pattern']}")
        check(
            "pattern",
            lambda cells: _holds(cells, lambda cell: pattern.fullmatch(cell) is not None),
            f"must match {rules['pattern']}",
        )
    elif rules.get("required"):
        check("required", lambda cells: cells.notna() if numeric else cells != "", "must not be empty")
    if rules.get("unique"):
        check("unique", lambda cells: ~cells.duplicated() | (cells == ""), "must not stand twice")
    for name, words, breaks in (
        ("minimum", "must be at least", np.less),
        ("exclusiveMinimum", "must be above", np.less_equal),
        ("maximum", "must be at most", np.greater),
        ("exclusiveMaximum", "must be below", np.greater_equal),
    ):
        if name in rules:
            check(name, partial(_within, breaks, rules[name]), f"{words} {rules[name]}")
    return pa.Column(None, checks, nullable=True)


def _within(breaks: np.ufunc, limit: float, cells: pd.Series) -> pd.Series:
    within: pd.Series = ~breaks(cells, limit)
    return within


def _holds(cells: pd.Series, rule: Callable[[str], bool]) -> pd.Series:
    """Ask ``rule`` once for each distinct cell: tables repeat their words a lot."""
    words = cells.tolist()
    known = {word: rule(word) for word in set(words)}
    return pd.Series([known[word] for word in words], index=cells.index)


#: The schema of every table, by name.
SCHEMAS = {name: schema(name) for name in resources()}
