"""What a reader sees when pointing at a mark, and hears from the table under the chart: the row in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..answers.wording.vocabulary import bundled
from ..answers.wording.words import WINDOWS, outcome_words
from ..base.rows import rows_of
from ..languages import N_, Spoken, _, joined, pgettext
from ..plots.parts.effect_axis import Measure
from ..plots.parts.text import number, one_line
from .sources import web_address

UNKNOWN = N_("not reported")
#: Columns of the frames and what they are called, in the order in which they are told.
_NAMES: Mapping[str, str] = Spoken(
    {
        "year": N_("Year"),
        "condition": N_("Condition"),
        "comparator": N_("Compared with"),
        "outcome": N_("Outcome"),
        "k_pooled": N_("Trials in the effect"),
        "k": N_("Trials"),
        "n": N_("People"),
        "n_acupuncture": N_("People, acupuncture"),
        "n_comparator": N_("People, comparator"),
        "time": N_("Window"),
        "week": N_("Week"),
        "style": N_("Style"),
        "sessions": N_("Sessions"),
        "sessions_per_week": N_("Sessions a week"),
        "measured": N_("Measured"),
        "route": N_("Read from"),
        "derivation": N_("How derived"),
        "confidence": N_("Confidence in the numbers"),
        "directness": N_("Directness"),
        "participants_blinded": N_("Participants blinded"),
        "risk_of_bias": N_("Risk of bias"),
        "integrity": N_("The numbers"),
        "certainty": N_("Certainty"),
        "doubts": N_("Doubts"),
        "basis": N_("Effect of"),
        "reason": N_("Why"),
        "settles": N_("What would settle it"),
        "sentence": N_("In words"),
    }
)
#: What screening says of a trial's numbers, by its word.
_NUMBERS: Mapping[str, str] = Spoken(
    {
        "": N_("no misfit found"),
        "some": N_("one does not fit the others"),
        "serious": N_("cannot be right as printed, or spread far too little; kept out of headline results"),
    }
)
#: Words of the data that stand in several columns, and how an effect was made.
_ANSWERS: Mapping[str, str] = Spoken(
    {word: word for word in (N_("yes"), N_("no"), N_("unclear"), N_("some concerns"), N_("direct"), N_("indirect"))}
    | {word: word for word in (N_("very low"), N_("low"), N_("moderate"), N_("high"))}
)
_ANSWERED = ("confidence", "directness", "participants_blinded", "risk_of_bias", "certainty")
_ROUTES: Mapping[str, str] = Spoken(
    {
        "arm means": N_("arm means"),
        "contrast / SD": N_("contrast / SD"),
        "contrast t": N_("contrast t"),
        "counts": N_("counts"),
        "exact p": N_("exact p"),
        "printed SMD": N_("printed SMD"),
        "printed ratio": N_("printed ratio"),
    }
)


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
    words: dict[str, list[str]] = {name: [one_line(v) or _(UNKNOWN) for v in values] for name, values in first.items()}
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


def headed(title: str | None, said: str) -> str:
    """What a listener needs, after the chart's title."""
    return joined(_("{what}.", what=one_line(title)), said) if title else said


def _word(column: str, value: Any) -> str:
    if isinstance(value, str):
        words = bundled()  # for frames of no known base; pages put the words of theirs in beforehand
        known: dict[str, Mapping[str, str]] = {
            "condition": words.conditions,
            "comparator": words.comparators,
            "time": WINDOWS,
            "integrity": _NUMBERS,
            "route": _ROUTES,
            **dict.fromkeys(_ANSWERED, _ANSWERS),
        }
        if column in ("outcome", "measured"):
            return outcome_words(one_line(value)) or _(UNKNOWN)
        if column == "style":
            return "|".join(
                pgettext("styles.style", one_line(word.replace("_", " "))) for word in value.split("|")
            ) or _(UNKNOWN)
        return one_line(known.get(column, {}).get(value, value)) or _(UNKNOWN)
    if pd.isna(value):
        return _(UNKNOWN)
    if column == "year":
        return f"{value:.0f}"
    return number(value, 0 if float(value).is_integer() else 1)
