"""Sentences for patients: what an effect says in points of 100, and what is known of harms, without statistics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ...base.rows import rows_of
from ..harm.benefit_and_harm import BenefitAndHarm
from ..sides import side_of
from .vocabulary import Vocabulary
from .words import capital, one_sided, people, trials, whole

_MODAL = {"high": "have", "moderate": "probably have", "low": "may have", "very low": "may have"}
#: What each grade of certainty means (Balshem 2011, 10.1016/j.jclinepi.2010.07.015).
MEANING: Mapping[str, str] = {
    "high": "the true effect is close to this",
    "moderate": "the true effect is probably close to this, but it may differ",
    "low": "the true effect may be quite different",
    "very low": "we hardly know the true effect",
}


def plain_effect(row: Mapping[str, Any], words: Vocabulary) -> str:
    """What one result means for a patient, in one sentence.

    Parameters
    ----------
    row : mapping
        A row of `summary_of_findings` about an outcome of which less is better: pain or disability.
    words : Vocabulary
        What comparators and outcomes are called.

    Returns
    -------
    str
        What `plain_finding` and `plain_amount` say, and what it rests on.
    """
    amount = plain_amount(row)
    return f"{plain_finding(row, words)}{amount and f': {amount}'} ({trials(row['k'])}, {people(row['n'])})."


def plain_finding(row: Mapping[str, Any], words: Vocabulary) -> str:
    """Which way one result points, without a number and without a stop.

    Parameters
    ----------
    row : mapping
        As for `plain_effect`.
    words : Vocabulary
        As for `plain_effect`.

    Notes
    -----
    It says that people have less only where both the pooled effect and its points of 100 exclude no difference; where
    one of them includes it, that trials favour a side, not beyond doubt.
    """
    better, other = words.better(row["outcome"]), words.comparators[row["comparator"]]
    thing = better.removeprefix("less ")
    side = side_of(row["estimate"], row["ci_low"], row["ci_high"], row["worthwhile"])
    doubtful = not math.isnan(row["points"]) and row["points_low"] <= 0 <= row["points_high"]
    single, than = row["k"] == 1, f"with acupuncture than with {other}"
    agreed = one_sided(row["k"], row["trials_better"], row["trials_worse"], other)
    if (side in ("better", "worse") and doubtful) or (side == "open" and agreed):
        who = agreed or ("one trial favours" if single else "the trials favour") + (
            f" {'acupuncture' if side == 'better' else other}"
        )
        said = f"{who} for {thing}, compared with {other}, but not beyond doubt"
    elif side in ("better", "worse"):
        what = better if side == "better" else f"more {thing}"
        said = f"one trial found {what} {than}" if single else f"people {_MODAL[row['certainty']]} {what} {than}"
    elif side == "little":
        said = f"{'one trial found' if single else 'trials found'} little or no difference in {thing} from {other}"
    else:
        who = "one trial leaves" if single else "the trials leave"
        said = f"{who} open whether people have {better} {than}"
    return capital(said)


def plain_amount(row: Mapping[str, Any]) -> str:
    """How far one result goes, in running text; "" where it is not known in points.

    Parameters
    ----------
    row : mapping
        As for `plain_effect`.

    Returns
    -------
    str
        Points with both ends, each with its direction: "about 8 of 100 points less, anywhere from 3 to 13 less".
    """
    if math.isnan(row["points"]):
        return ""
    middle, low, high = (_directed(row[name]) for name in ("points", "points_low", "points_high"))
    if low.endswith(" less") and high.endswith(" less"):
        low = low.removesuffix(" less")
    number, _, way = middle.partition(" ")
    about = middle if number == "no" else f"{number} of 100 points {way}"
    return f"about {about}, anywhere from {low} to {high}"


def plain_harms(both: BenefitAndHarm) -> str:
    """What is known of harms in one condition, in three short sentences.

    Parameters
    ----------
    both : BenefitAndHarm
        Of the condition.
    """
    own = {row["kind"]: row for row in rows_of(both.harm) if row["condition"] == both.condition}
    told = both.trials - both.silent
    minor, serious = (_had(own.get(kind)) for kind in ("minor", "serious"))
    return (
        f"{capital(minor)} had side effects, minor or of no stated severity. {capital(serious)} had serious ones. "
        f"Of {trials(both.trials)}, {told or 'none'} {'say' if told > 1 else 'says'} anything of harms."
    )


def _had(row: Mapping[str, Any] | None) -> str:
    """Who had an event with acupuncture."""
    if row is None:
        return "no trial counts how many people"
    events = f"{row['events']:.0f}" if row["events"] else "none"
    return f"with acupuncture, {events} of {people(row['n'])}"


def _directed(points: float) -> str:
    """Points above 0 are less of what hurts: "8 less", "1 more", "no difference"."""
    if round(points) == 0:
        return "no difference"
    return f"{whole(abs(points))} {'less' if points > 0 else 'more'}"
