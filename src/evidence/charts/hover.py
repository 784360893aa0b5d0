"""What a reader sees when pointing at a mark, and hears from the table under the chart: the row in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..answers.wording.vocabulary import bundled
from ..answers.wording.words import WINDOWS
from ..base.rows import rows_of
from ..plots.parts.effect_axis import Measure
from ..plots.parts.text import number, one_line
from .sources import web_address

UNKNOWN = "not reported"
#: Columns of the frames and what they are called, in the order in which they are told.
_NAMES: Mapping[str, str] = {
    "year": "Year",
    "condition": "Condition",
    "comparator": "Compared with",
    "outcome": "Outcome",
    "k_pooled": "Trials in the effect",
    "k": "Trials",
    "n": "People",
    "n_acupuncture": "People, acupuncture",
    "n_comparator": "People, comparator",
    "time": "Window",
    "week": "Week",
    "style": "Style",
    "sessions": "Sessions",
    "sessions_per_week": "Sessions a week",
    "measured": "Measured",
    "route": "Read from",
    "derivation": "How derived",
    "confidence": "Confidence in the numbers",
    "directness": "Directness",
    "participants_blinded": "Participants blinded",
    "risk_of_bias": "Risk of bias",
    "integrity": "The numbers",
    "certainty": "Certainty",
    "doubts": "Doubts",
    "basis": "Effect of",
    "reason": "Why",
    "settles": "What would settle it",
    "sentence": "In words",
}
#: What screening says of a trial's numbers, by its word.
_NUMBERS: Mapping[str, str] = {
    "": "no misfit found",
    "some": "one does not fit the others",
    "serious": "cannot be right as printed, or spread far too little; kept out of headline results",
}
_CODES = ("outcome", "measured", "style")  # words of the vocabulary, written with underscores


def told(frame: pd.DataFrame, first: Mapping[str, list[str]]) -> pd.DataFrame:
    """Each row of ``frame`` in words, one text column per thing told, and where a click leads.

    Parameters
    ----------
    frame : DataFrame
        Of its columns, those this file has a name for are told; an ``href`` becomes the link.
    first : mapping of str to list of str
        Columns that come before, already in words: the row's name, the estimate.

    Returns
    -------
    DataFrame
        Columns by their names for readers, and ``href`` ("" when there is none or it is no web address).
    """
    words: dict[str, list[str]] = {name: [one_line(v) or UNKNOWN for v in values] for name, values in first.items()}
    rows = rows_of(frame)
    for column, name in _NAMES.items():
        if column in frame.columns and name not in words:
            words[name] = [_word(column, row[column]) for row in rows]
    words["href"] = [web_address(value) for value in (frame["href"] if "href" in frame else [""] * len(frame))]
    return pd.DataFrame(words, dtype=object)


def tooltips(words: pd.DataFrame) -> list[alt.Tooltip]:
    """The tooltip of a frame made by `told`."""
    return [alt.Tooltip(field=name, type="nominal", title=name) for name in words.columns if name != "href"]


def estimate_words(shown: Measure, estimate: float, low: float, high: float) -> str:
    """``SMD 0.36 [0.10, 0.62]``; "" without an estimate."""
    return f"{shown.short} {shown.number(estimate)} {shown.interval(low, high)}" if math.isfinite(estimate) else ""


def _word(column: str, value: Any) -> str:
    if isinstance(value, str):
        words = bundled()  # for frames of no known base; pages put the words of theirs in beforehand
        known = {
            "condition": words.conditions,
            "comparator": words.comparators,
            "time": WINDOWS,
            "integrity": _NUMBERS,
        }
        text = known.get(column, {}).get(value, value)
        return one_line(text.replace("_", " ") if column in _CODES else text) or UNKNOWN
    if pd.isna(value):
        return UNKNOWN
    if column == "year":
        return f"{value:.0f}"
    return number(value, 0 if float(value).is_integer() else 1)
