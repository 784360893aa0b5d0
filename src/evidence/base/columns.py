"""Rules that one column can break alone, as the data package descriptor states them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from .package import Descriptor, fields

Cells = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Rule:
    """What every cell of a column must keep.

    Attributes
    ----------
    name : str
        The constraint of the descriptor.
    words : str
        What would be right.
    holds : function
        Cells of the column to a mask of those that keep the rule.
    """

    name: str
    words: str
    holds: Callable[[Cells], Cells]


@cache
def column_rules(table: str) -> dict[str, list[Rule]]:
    """Column to its rules, for each column of a table that has one."""
    return {field["name"]: list(_rules(field)) for field in fields(table) if "constraints" in field}


def _rules(field: Descriptor) -> list[Rule]:
    limits = field["constraints"]
    numeric = field["type"] in ("number", "integer")
    may_be_empty = not limits.get("required")
    rules = []
    if "enum" in limits:
        allowed = {*limits["enum"], *([""] if may_be_empty else [])}
        rules.append(Rule("enum", "must be one of: " + ", ".join(limits["enum"]), _each(allowed.__contains__)))
    elif "pattern" in limits:
        pattern = re.compile(f"|{limits['pattern']}" if may_be_empty else limits["pattern"])
        rules.append(Rule("pattern", f"must match {limits['pattern']}", _each(pattern.fullmatch)))
    elif not may_be_empty:
        rules.append(Rule("required", "must not be empty", _filled_number if numeric else _each(bool)))
    if limits.get("unique"):
        rules.append(Rule("unique", "must not stand twice", _first_of_its_kind))
    for name, words, breaks in (
        ("minimum", "must be at least", np.less),
        ("exclusiveMinimum", "must be above", np.less_equal),
        ("maximum", "must be at most", np.greater),
        ("exclusiveMaximum", "must be below", np.greater_equal),
    ):
        if name in limits:
            rules.append(Rule(name, f"{words} {limits[name]}", partial(_within, breaks, limits[name])))
    return rules


def _each(keeps: Callable[[str], object]) -> Callable[[Cells], Cells]:
    """Ask once for each distinct cell: tables repeat their words a lot."""

    def holds(cells: Cells) -> Cells:
        words = cells.tolist()
        wrong = {word for word in set(words) if not keeps(word)}
        return np.array([word not in wrong for word in words] if wrong else np.ones(len(words)), dtype=bool)

    return holds


def _filled_number(cells: Cells) -> Cells:
    return ~np.isnan(cells)


def _first_of_its_kind(cells: Cells) -> Cells:
    if len(set(cells.tolist())) == len(cells):
        return np.ones(len(cells), dtype=bool)
    first: Cells = (cells == "") | ~pd.Series(cells, dtype=object).duplicated().to_numpy()
    return first


def _within(breaks: np.ufunc, limit: float, cells: Cells) -> Cells:
    within: Cells = ~breaks(cells, limit)  # a missing number breaks no limit
    return within
