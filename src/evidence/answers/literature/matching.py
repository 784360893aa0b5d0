"""Which pool of ours a published result is about, and its numbers turned into our direction and units."""

from __future__ import annotations

import math
import re
from typing import Any

from ...languages import _
from ..wording.vocabulary import Vocabulary

#: Words of a comparison to our comparator, tried in this order; two that match make a mixture.
_COMPARATORS = (
    ("sham", r"\bsham\b|placebo"),
    ("no_treatment", r"no acupuncture|no treatment|no intervention|waiting list"),
    ("usual_care", r"usual care"),
    ("drug", r"drug|medicine|ibuprofen|diclofenac|meloxicam|sulfasalazine"),
    ("physical_therapy", r"traction"),
    ("other_active", r"attention control"),
)
_NOT_THE_SAME = (
    r"control \((mixed|comparators|no needles)|control intervention|vs control$|NOT acupuncture|plus analgesic"
    r"|moxibustion|acupressure|laser|internal heat|TENS"
)
#: Words of an outcome to ours; reviews call disability "function" (Roland-Morris, Oswestry, WOMAC).
_OUTCOMES = {
    "pain": "pain",
    "back pain": "pain",
    "pain and function": "pain",
    "disability": "disability",
    "function": "disability",
    "function (JOA)": "function",
    "quality_of_life": "quality_of_life",
    "responder": "responder",
    "total effective rate": "responder",
    "total efficacy": "responder",
    "efficacy": "responder",
    "effective rate": "responder",
    "effectiveness rate": "responder",
    "effectiveness (totally or partly improved)": "responder",
    "improved patients": "responder",
    "crp": "crp",
    "esr": "esr",
    "il_6": "il_6",
    "adverse_event": "adverse_event",
}
#: Words of a time to our window, tried in this order; "" and "immediate" mean the end of treatment in reviews.
_TIMES = (
    ("intermediate", r"^intermediate|^6 months"),
    ("long", r"^long"),
    ("short", r"^$|^short|^immediate|end of treatment|after treatment|post-intervention|weeks$|^3 months"),
)


def comparator_of(comparison: str, words: Vocabulary) -> tuple[str, str]:
    """(comparator, why there is none) of a comparison in a review's words."""
    if re.search(_NOT_THE_SAME, comparison):
        return "", _("another treatment, or a comparator that is not stated")
    matched = [name for name, pattern in _COMPARATORS if re.search(pattern, comparison, re.IGNORECASE)]
    if len(matched) > 1:
        named = _(", ").join(words.comparators[name] for name in matched)
        return "", _("a mixture of comparators: {comparators}", comparators=named)
    if not matched:
        return "", _("a comparator that is not one of ours")
    return matched[0], ""


def outcome_of(outcome: str) -> str:
    """Our outcome; "" for one that is not pooled here. "responder (total efficacy)" is read by its brackets."""
    kind, _bracket, inside = outcome.removesuffix(")").partition(" (")
    return _OUTCOMES.get(outcome) or _OUTCOMES.get(inside if kind == "responder" else kind, "")


def window_of(time: str) -> str:
    """Our window; "" for a time that fits none."""
    return next((name for name, pattern in _TIMES if re.search(pattern, time)), "")


def turned(review: dict[str, Any]) -> tuple[list[float], str, str]:
    """(estimate and limits in our direction and measure, measure, why not) of a row of published_reviews.csv."""
    nothing = [math.nan] * 3
    values = [review[name] for name in ("estimate", "ci_low", "ci_high")]
    note = review["direction_note"]
    if any(math.isnan(value) for value in values):
        return nothing, "", _("no pooled number with an interval")
    if review["measure"] == "RR" and note == "RR>1 favours acupuncture":
        return [math.log(value) for value in values], "RR", ""
    turn = -1.0 if note.startswith("negative favours acupuncture") else 1.0
    if turn == 1.0 and not note.startswith("positive favours acupuncture"):
        return nothing, "", _("which way its sign runs, or what it measures, does not fit a pool of ours")
    if review["measure"] == "SMD":
        factor, measure = turn, "SMD"
    elif review["measure"] == "MD" and re.search(r"\b0-100\b", review["scale"]):
        factor, measure = turn, "MD100"
    elif review["measure"] == "MD" and re.search(r"\b0-10\b", review["scale"]):
        factor, measure = 10 * turn, "MD100"
    else:
        return nothing, "", _("a scale whose range is not stated")
    found = [factor * value for value in values]
    return [found[0], min(found[1:]), max(found[1:])], measure, ""
