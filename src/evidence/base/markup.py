"""Cells that hold markup: no table of trials needs any, and a web page must never read one."""

from __future__ import annotations

import re

import pandas as pd

from ..errors import Problem

#: The beginning of a tag, a closing tag or a comment; not "p < 0.05".
TAG = re.compile(r"<[A-Za-z/!?]")
RULE = "must be plain text: no HTML tag (write a space after <, or leave it out)"
_LONGEST = 80


def markup_problems(frame: pd.DataFrame, file: str, lines: list[int]) -> list[Problem]:
    """Every cell that holds a tag.

    Parameters
    ----------
    frame : DataFrame
        Typed table with index 0, 1, ... (see `evidence.base.reading.typed`).
    file : str
        Name of its file.
    lines : list of int
        Line each row starts on.
    """
    worded = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    return [
        Problem(file, lines[at], str(name), cell if len(cell) <= _LONGEST else f"{cell[:_LONGEST]}…", RULE)
        for name in worded
        for at, cell in enumerate(frame[name].tolist())
        if isinstance(cell, str) and "<" in cell and TAG.search(cell)
    ]
