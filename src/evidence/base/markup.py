"""Cells that are more than text: markup that a web page must never read, formulae that a spreadsheet would run."""

from __future__ import annotations

import re

import pandas as pd

from ..errors import Problem
from ..files import is_formula

#: The beginning of a tag, a closing tag or a comment; not "p < 0.05".
TAG = re.compile(r"<[A-Za-z/!?]")
RULE = "must be plain text: no HTML tag (write a space after <, or leave it out)"
NO_FORMULA = "must be plain text: a spreadsheet would run it as a formula (begin with a word)"
_LONGEST = 80


def markup_problems(frame: pd.DataFrame, file: str, lines: list[int]) -> list[Problem]:
    """Every cell that holds a tag, and every one that is a formula to a spreadsheet.

    Parameters
    ----------
    frame : DataFrame
        Typed table with index 0, 1, ... (see `evidence.base.reading.typed`).
    file : str
        Name of its file.
    lines : list of int
        Line each row starts on.
    """
    problems = []
    for name in frame:
        cells = [] if pd.api.types.is_numeric_dtype(frame[name]) else frame[name].tolist()
        wrong = {cell: rules for cell in set(cells) if isinstance(cell, str) and (rules := _broken(cell))}
        problems += [
            Problem(file, lines[at], str(name), cell if len(cell) <= _LONGEST else f"{cell[:_LONGEST]}…", rule)
            for at, cell in enumerate(cells if wrong else [])
            for rule in wrong.get(cell, ())
        ]
    return problems


def _broken(cell: str) -> list[str]:
    tag = "<" in cell and TAG.search(cell) is not None
    return [rule for rule, broken in ((RULE, tag), (NO_FORMULA, is_formula(cell))) if broken]
