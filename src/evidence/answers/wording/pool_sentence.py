"""Sentences that say what an interval says and no more."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ...models.wording import number
from .vocabulary import Vocabulary
from .words import WINDOWS, one_sided, outcome_words, people, points_words, trials

UNITS: Mapping[str, str] = {
    "SMD": "standard deviations",
    "MD100": "points of 100",
    "RR": "",
    "OR": "",
    "RD": "",
}
_RATIOS: Mapping[str, str] = {"RR": "risk ratio", "OR": "odds ratio", "ROM": "ratio of means"}


def pool_sentence(row: Mapping[str, Any], words: Vocabulary, *, brief: bool = False) -> str:
    """What one row of the pooled table says, in one or two plain sentences.

    Parameters
    ----------
    row : mapping
        ``measure, condition, comparator, outcome, time, k, n, estimate, ci_low, ci_high`` and, where there are,
        ``points, points_low, points_high`` and ``labels``.
    words : Vocabulary
        What conditions, comparators and outcomes are called.
    brief : bool
        In points of 100 alone, where the pool has them and their interval says what that of its measure says.

    Returns
    -------
    str
        Which side the interval lies on, the estimate with its interval, and what it rests on.
    """
    other = words.comparators.get(row["comparator"], row["comparator"])
    about = (
        f"In {words.conditions.get(row['condition'], row['condition'])}, against {other} "
        f"({outcome_words(row['outcome'])} {WINDOWS.get(row['time'], row['time'])})"
    )
    what = words.better(row["outcome"])
    low, high = row["ci_low"], row["ci_high"]
    single = row["k"] == 1
    whom = (
        f"{row['labels']}, {people(row['n'])}"
        if single and row.get("labels")
        else f"{trials(row['k'])}, {people(row['n'])}"
    )
    if low > 0:
        verdict = f"one trial found {what} with acupuncture" if single else f"acupuncture gave {what}"
    elif high < 0:
        verdict = (
            f"one trial found the opposite of {what} with acupuncture"
            if single
            else f"{other} did better: acupuncture did not give {what}"
        )
    else:
        verdict = (
            f"one trial leaves open whether acupuncture gives {what}"
            if single
            else _agreed(row, words) or f"trials leave open whether acupuncture gives {what}"
        )
    caution = " Two trials are too few to say how much results vary." if row["k"] == 2 else ""
    return f"{about} {verdict}: {_amount(row, brief)} ({whom}).{caution}{_left_out(row, brief)}"


def _left_out(row: Mapping[str, Any], brief: bool) -> str:
    """What the pool would be with the trials that it leaves out for their numbers; empty where there are none."""
    names, tight = (
        [name for name in str(row.get(column, "")).split("|") if name] for column in ("serious", "too_tight")
    )
    if not names:
        return ""
    wrong = [name for name in names if name not in tight]
    whose = " and ".join(
        f"{trials(len(those))} whose {what} ({', '.join(those)})"
        for those, what in ((wrong, "numbers cannot be right as printed"), (tight, "scores spread far too little"))
        if those
    )
    ends = {name: row[f"with_serious_{name}"] for name in ("estimate", "ci_low", "ci_high")}
    amount = _amount({"measure": row["measure"], **ends}, brief)
    them = "it" if len(names) == 1 else "them"
    return f" It leaves out {whose}; with {them}: {amount}."


def _agreed(row: Mapping[str, Any], words: Vocabulary) -> str:
    other = words.comparators.get(row["comparator"], row["comparator"])
    return one_sided(row["k"], row.get("trials_better", 0), row.get("trials_worse", 0), other)


def _amount(row: Mapping[str, Any], brief: bool) -> str:
    measure, estimate, low, high = row["measure"], row["estimate"], row["ci_low"], row["ci_high"]
    if measure in _RATIOS:
        name = _RATIOS[measure]
        return (
            f"{name} {number(math.exp(estimate))}, 95% interval {number(math.exp(low))} to "
            f"{number(math.exp(high))}, above 1 favours acupuncture"
        )
    known = not math.isnan(row.get("points", math.nan))
    if brief and known and (low <= 0 <= high) == (row["points_low"] <= 0 <= row["points_high"]):
        return f"{points_words(row)}, above 0 favours acupuncture"
    digits = 1 if measure == "MD100" else 2
    unit = UNITS.get(measure, "")
    interval = f"95% interval {number(low, digits)} to {number(high, digits)}"
    text = f"difference {number(estimate, digits)} {unit}".rstrip() + f", {interval}"
    if known:
        text = f"{points_words(row)} ({number(estimate, digits)} {unit}, {interval})"
    return text + ", above 0 favours acupuncture"
