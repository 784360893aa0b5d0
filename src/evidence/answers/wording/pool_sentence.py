"""Sentences that say what an interval says and no more."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...languages import N_, Spoken, _, joined, ngettext
from .vocabulary import Vocabulary
from .words import WINDOWS, listed, number, one_sided, outcome_words, people, points_words, trials

_UNITS = {"SMD": N_("{n} standard deviations"), "MD100": N_("{n} points of 100")}
_RATIOS: Mapping[str, str] = Spoken({"RR": N_("risk ratio"), "OR": N_("odds ratio"), "ROM": N_("ratio of means")})


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
    about = _(
        "In {condition}, against {comparator} ({outcome} {when})",
        condition=words.conditions.get(row["condition"], row["condition"]),
        comparator=words.comparators.get(row["comparator"], row["comparator"]),
        outcome=outcome_words(row["outcome"]),
        when=WINDOWS.get(row["time"], row["time"]),
    )
    single = row["k"] == 1
    named = row["labels"] if single and row.get("labels") else trials(row["k"])
    said = _(
        "{about} {verdict}: {amount} ({trials}, {people}).",
        about=about,
        verdict=_verdict(row, words, single),
        amount=_amount(row, brief),
        trials=named,
        people=people(row["n"]),
    )
    caution = _("Two trials are too few to say how much results vary.") if row["k"] == 2 else ""
    return joined(said, caution, _left_out(row, brief))


def _verdict(row: Mapping[str, Any], words: Vocabulary, single: bool) -> str:
    """What the interval says."""
    what = words.better(row["outcome"])
    if row["ci_low"] > 0 and single:
        return _("one trial found {what} with acupuncture", what=what)
    if row["ci_low"] > 0:
        return _("acupuncture gave {what}", what=what)
    if row["ci_high"] < 0 and single:
        return _("one trial found the opposite of {what} with acupuncture", what=what)
    if row["ci_high"] < 0:
        other = words.comparators.get(row["comparator"], row["comparator"])
        return _("{comparator} did better: acupuncture did not give {what}", comparator=other, what=what)
    if single:
        return _("one trial leaves open whether acupuncture gives {what}", what=what)
    return _agreed(row, words) or _("trials leave open whether acupuncture gives {what}", what=what)


def _left_out(row: Mapping[str, Any], brief: bool) -> str:
    """What the pool would be with the trials that it leaves out for their numbers; empty where there are none."""
    names, tight = (
        [name for name in str(row.get(column, "")).split("|") if name] for column in ("serious", "too_tight")
    )
    if not names:
        return ""
    wrong = [name for name in names if name not in tight]
    whose = [
        _("{trials} whose numbers cannot be right as printed ({names})", **_these(wrong)) if wrong else "",
        _("{trials} whose scores spread far too little ({names})", **_these(tight)) if tight else "",
    ]
    ends = {name: row[f"with_serious_{name}"] for name in ("estimate", "ci_low", "ci_high")}
    return ngettext(
        "It leaves out {those}; with it: {amount}.",
        "It leaves out {those}; with them: {amount}.",
        len(names),
        those=listed([each for each in whose if each]),
        amount=_amount({"measure": row["measure"], **ends}, brief),
    )


def _these(names: Sequence[str]) -> dict[str, str]:
    return {"trials": trials(len(names)), "names": ", ".join(names)}


def _agreed(row: Mapping[str, Any], words: Vocabulary) -> str:
    other = words.comparators.get(row["comparator"], row["comparator"])
    return one_sided(row["k"], row.get("trials_better", 0), row.get("trials_worse", 0), other)


def _amount(row: Mapping[str, Any], brief: bool) -> str:
    measure, estimate, low, high = row["measure"], row["estimate"], row["ci_low"], row["ci_high"]
    if measure in _RATIOS:
        return _(
            "{measure} {estimate}, 95% interval {low} to {high}, above 1 favours acupuncture",
            measure=_RATIOS[measure],
            **{name: number(math.exp(end)) for name, end in (("estimate", estimate), ("low", low), ("high", high))},
        )
    known = not math.isnan(row.get("points", math.nan))
    if brief and known and (low <= 0 <= high) == (row["points_low"] <= 0 <= row["points_high"]):
        return _("{amount}, above 0 favours acupuncture", amount=points_words(row))
    digits = 1 if measure == "MD100" else 2
    amount = _(_UNITS.get(measure, "{n}"), n=number(estimate, digits))
    interval = _("95% interval {low} to {high}", low=number(low, digits), high=number(high, digits))
    if known:
        text = _("{points} ({amount}, {interval})", points=points_words(row), amount=amount, interval=interval)
    else:
        text = _("difference {amount}, {interval}", amount=amount, interval=interval)
    return _("{amount}, above 0 favours acupuncture", amount=text)
