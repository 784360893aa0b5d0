"""A number as people write it: one reading, or the rule it breaks."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import numpy as np

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # or a number of three decimals
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_DECIMAL_POINT = re.compile(r"[+-]?\d*\.\d+")


def read_number(cell: str, decimal: str = ".", *, whole: bool = False, percent: bool = False) -> float | str:
    """The number in a cell, NaN when it is empty, or the rule it breaks.

    Parameters
    ----------
    cell : str
        Text of the cell.
    decimal : str
        What stands before decimals in its file: "." or ","; "" where that is not known.
    whole : bool
        The number must be whole.
    percent : bool
        It may end in a percent sign.
    """
    text = cell.replace("\u2212", "-")
    if percent:
        text = text.removesuffix("%").rstrip()
    if text[-4:-3] in (".", ",") and (whole or text[-4] != decimal) and _THOUSANDS.fullmatch(text):
        decimals = float(text.replace(",", "."))
        return f"could be {decimals:g} or {text[:-4] + text[-3:]}: write it without a thousands separator"
    if decimal != "." and _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not text:
        return np.nan
    if not _NUMBER.fullmatch(text):
        return _why_not_a_number(text)
    number = float(text)
    if math.isinf(number):
        return "is too large to be a number"
    return "must be a whole number" if whole and number % 1 else number


def decimal_of(cells: Iterable[str]) -> str:
    """What the cells that have one reading set before decimals; "" where they do not tell, or tell both."""
    clear = [cell for cell in cells if not _THOUSANDS.fullmatch(cell)]
    point, comma = (any(map(form.fullmatch, clear)) for form in (_DECIMAL_POINT, _DECIMAL_COMMA))
    return "" if point == comma else "." if point else ","


def _why_not_a_number(text: str) -> str:
    if _DECIMAL_COMMA.fullmatch(text):
        return f"decimal comma in a comma-separated file: write {text.replace(',', '.')}"
    if text.endswith("%"):
        return "must be a number without a percent sign"
    return "must be a number (leave the cell empty when it is not reported)"
