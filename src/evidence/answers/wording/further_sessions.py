"""What trials found of going on after the same first course, trial by trial."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...base.rows import rows_of
from ...languages import _, decimal, joined, pgettext, pointed
from .vocabulary import Vocabulary
from .words import listed, number, people

Row = Mapping[str, Any]


def trial_by_trial(
    found: pd.DataFrame, arms: Mapping[tuple[str, str], Row], printed: Mapping[str, Row], words: Vocabulary
) -> str:
    """A sentence or two for each trial and comparison.

    Parameters
    ----------
    found : DataFrame
        As `Maintenance.found`.
    arms : mapping
        Trial and arm to its row of arms.csv, of arms with acupuncture.
    printed : mapping
        ``result_id`` to its row of results.csv.
    words : Vocabulary
        What conditions, comparators and outcomes are called.
    """
    if found.empty:
        return _("No trial in the data compared further sessions with fewer or none after the same first course.")
    parts, last = [], ""
    for (study, _comparator), rows in found.groupby(["study", "comparator"], sort=False):
        parts.append(_told(rows_of(rows), study == last, arms, printed, words))
        last = str(study)
    return joined(*parts)


def often_words(arms: Sequence[Row]) -> str:
    """How often arms had sessions, in words: "every 4 weeks", "2 times a week", "up to 15 times in 12 weeks"."""
    weekly = [arm["sessions_per_week"] for arm in arms]
    if any(math.isnan(times) or times <= 0 for times in weekly):
        totals = {(arm["sessions"], arm["weeks"]) for arm in arms}
        ((sessions, weeks), *others) = totals
        if others or math.isnan(sessions + weeks):
            return _("at intervals that are not stated")
        return _("up to {n} times in {weeks} weeks", n=decimal(sessions), weeks=decimal(weeks))
    said = [
        _("every {n} weeks", n=number(1 / times, 0)) if times < 1 else _("every week") for times in weekly if times <= 1
    ]
    said += [_("{n} times a week", n=pointed(f"{times:g}")) for times in weekly if times > 1]
    return listed(list(dict.fromkeys(said)), "or")


def counted_words(used: Sequence[Row], arm: str, versus: str) -> str:
    """People with an event in each arm, where both arms print them: "stopped medication: 9 of 20 against 3 of 20"."""
    known = {row["arm"]: row for row in used if row["events"] + row["n"] > 0}
    if not {arm, versus} <= known.keys():
        return ""
    counts = {"n": decimal(known[arm]["events"]), "of": decimal(known[arm]["n"])}
    counts |= {"their": decimal(known[versus]["events"]), "theirs": decimal(known[versus]["n"])}
    said = _("{n} of {of} people against {their} of {theirs}", **counts)
    what = pgettext("results.definition", used[0]["definition"])
    return _("{name}: {told}", name=what, told=said) if what else said


def _told(
    rows: Sequence[Row],
    again: bool,
    arms: Mapping[tuple[str, str], Row],
    printed: Mapping[str, Row],
    words: Vocabulary,
) -> str:
    """One trial and comparison."""
    told = [row for row in rows if row["outcome"]]
    silent = [row for row in rows if not row["outcome"]]
    compared = _compared((told or silent)[0], again, arms, words)
    if not told:
        return _("{compared}; it prints no result of this comparison.", compared=compared)
    found = listed([_finding(row, printed, words) for row in told])
    parts = [_("{compared}: {found}.", compared=compared, found=found)]
    if not again and any(row["confidence"] == "low" for row in rows):
        parts.append(_("What its source prints is partly in doubt."))
    if not again and told[0]["directness"] == "indirect":
        parts.append(_("The trial studied a related condition."))
    for row in silent:
        sides = _sides(row, arms, words)
        parts.append(_("It prints nothing separate on sessions {often} against {other}.", **sides))
    return joined(*parts)


def _compared(row: Row, again: bool, arms: Mapping[tuple[str, str], Row], words: Vocabulary) -> str:
    sides = _sides(row, arms, words)
    if again:
        return _("The same trial compared sessions {often} with {other} after the same first course", **sides)
    trial, where = row["label"], words.condition_names.get(row["condition"], "")
    trial = _("{trial}, {condition}", trial=trial, condition=where) if where else trial
    return _(
        "One trial ({trial}) compared sessions {often} with {other} after the same first course", trial=trial, **sides
    )


def _sides(row: Row, arms: Mapping[tuple[str, str], Row], words: Vocabulary) -> dict[str, str]:
    """How often the arms of either side had acupuncture, or what the other side had."""

    def often(side: str) -> str:
        return often_words([arms[row["study"], arm] for arm in row[side].split("|")])

    if row["comparator"] == "acupuncture":
        other = often("versus")
    else:
        other = _("none") if row["comparator"] == "no_treatment" else words.comparators[row["comparator"]]
    return {"often": often("arm"), "other": other}


def _finding(row: Row, printed: Mapping[str, Row], words: Vocabulary) -> str:
    thing = words.does(row["outcome"])[1]
    if row["direction"] == 1:
        said = words.better(row["outcome"])
    elif row["direction"] == -1:
        said = _("a worse result for {outcome}", outcome=thing)
    else:
        said = _("no clear difference in {outcome}", outcome=thing)
    return _("{sentence} ({numbers})", sentence=said, numbers=_numbers(row, printed))


def _numbers(row: Row, printed: Mapping[str, Row]) -> str:
    if math.isnan(row["yi"]):
        return _("in words only")
    if row["counts"]:
        used = [printed[name] for name in row["result_ids"].split("|")]
        return counted_words(used, row["arm"], row["versus"])
    ends = {name: number(row[key]) for name, key in (("estimate", "yi"), ("low", "ci_low"), ("high", "ci_high"))}
    amount = _("{estimate} standard deviations, {low} to {high}", **ends)
    return _("{amount}; {people}", amount=amount, people=people(row["n"]))
