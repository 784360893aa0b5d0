"""Our pools beside those of published reviews."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..derive.evidence_base import EvidenceBase
from ..errors import NotEstimable
from .context import Context
from .grade.synthesis import Synthesis, synthesise
from .wording.vocabulary import Vocabulary

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
_ONE_OF_MANY = r"ibuprofen|diclofenac|meloxicam|sulfasalazine|traction"
_OUTCOMES = {
    "pain": "pain",
    "back pain": "pain",
    "disability": "disability",
    "function": "function",
    "function (JOA)": "function",
    "total effective rate": "responder",
    "effective rate": "responder",
    "effectiveness rate": "responder",
    "effectiveness (totally or partly improved)": "responder",
    "improved patients": "responder",
    "crp": "crp",
    "esr": "esr",
    "il_6": "il_6",
}
_OTHERS = "a population that is none of the five conditions"
_TIMES = {
    "": "short",
    "short": "short",
    "immediate": "short",
    "end of treatment": "short",
    "intermediate": "intermediate",
    "long": "long",
}


def against_reviews(db: EvidenceBase) -> pd.DataFrame:
    """Set our pooled results beside every row of ``published_reviews.csv``.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    DataFrame
        One row a published result: ``review_id, citation, year, condition, comparison, outcome, time`` as there;
        ``comparator, our_outcome, our_time, measure`` as matched; ``theirs, theirs_low, theirs_high, theirs_k``
        (turned so that above 0 favours acupuncture; ratios as logs; means on 0-10 in points of 100), ``ours, ours_low,
        ours_high, ours_k, ours_n``, ``overlap`` (the intervals meet), ``why`` (what differs, or why nothing can be
        set beside it).

    See Also
    --------
    pooled_table : our pools.
    summary_of_findings : the same with their certainty.

    Notes
    -----
    A sign is turned only where ``direction_note`` says which way it runs. A comparison that names several comparators
    is not set beside a pool of one. A review that gives no time is read as the end of treatment: the short window.
    "immediate" in reviews means right after treatment, which here is the short window too.

    Examples
    --------
    >>> import evidence as ev
    >>> beside = ev.against_reviews(ev.load())
    >>> len(beside) == len(ev.load().published_reviews)
    True
    """
    context = Context.of(db)
    return pd.DataFrame([_row(row, context) for row in rows_of(db.published_reviews)])


def _row(review: dict[str, Any], context: Context) -> dict[str, Any]:
    head = {
        name: review[name] for name in ("review_id", "citation", "year", "condition", "comparison", "outcome", "time")
    }
    comparator, fault = _comparator(review["comparison"], context.words)
    theirs, measure, reason = _turned(review)
    outcome = _OUTCOMES.get(review["outcome"], "")
    time = _TIMES.get(review["time"], "")
    row = head | {"comparator": comparator, "our_outcome": outcome, "our_time": time, "measure": measure}
    names = ("theirs", "theirs_low", "theirs_high")
    row |= dict(zip(names, theirs, strict=True)) | {"theirs_k": review["k_studies"]}
    ours = dict.fromkeys(("ours", "ours_low", "ours_high", "ours_n"), math.nan) | {"ours_k": 0}
    faults = [
        fault,
        reason,
        "" if outcome else "an outcome that is not pooled here",
        "" if review["condition"] in context.words.headline else _OTHERS,
    ]
    fault = next((words for words in faults if words), "")
    if fault:
        return row | ours | {"overlap": "", "why": fault}
    rows = context.effects(measure)
    chosen = (rows["condition"] == review["condition"]) & (rows["comparator"] == comparator)
    chosen &= (rows["outcome"] == outcome) & (rows["time"] == time)
    try:
        found = synthesise(context.pooling, rows[chosen])
    except NotEstimable:
        return row | ours | {"overlap": "", "why": "no trial in the data gives a number for it"}
    ours = {
        "ours": found.estimate,
        "ours_low": found.ci_low,
        "ours_high": found.ci_high,
        "ours_k": found.k,
        "ours_n": found.n,
    }
    meet = found.ci_low <= row["theirs_high"] and row["theirs_low"] <= found.ci_high
    return row | ours | {"overlap": "yes" if meet else "no", "why": _why(review, found, meet)}


def _comparator(comparison: str, words: Vocabulary) -> tuple[str, str]:
    """(comparator, why there is none)."""
    if re.search(_NOT_THE_SAME, comparison):
        return "", "another treatment, or a comparator that is not stated"
    matched = [name for name, pattern in _COMPARATORS if re.search(pattern, comparison, re.IGNORECASE)]
    if len(matched) > 1:
        return "", "a mixture of comparators: " + ", ".join(words.comparators[name] for name in matched)
    if not matched:
        return "", "a comparator that is not one of ours"
    return matched[0], ""


def _turned(review: dict[str, Any]) -> tuple[list[float], str, str]:
    """(estimate and limits in our direction and measure, measure, why not)."""
    nothing = [math.nan] * 3
    values = [review[name] for name in ("estimate", "ci_low", "ci_high")]
    note = review["direction_note"]
    if any(math.isnan(value) for value in values):
        return nothing, "", "no pooled number with an interval"
    if review["measure"] == "RR" and note == "RR>1 favours acupuncture":
        return [math.log(value) for value in values], "RR", ""
    turn = -1.0 if note.startswith("negative favours acupuncture") else 1.0
    if turn == 1.0 and not note.startswith("positive favours acupuncture"):
        return nothing, "", "which way its sign runs, or what it measures, does not fit a pool of ours"
    if review["measure"] == "SMD":
        factor, measure = turn, "SMD"
    elif review["measure"] == "MD" and re.search(r"\b0-100\b", review["scale"]):
        factor, measure = turn, "MD100"
    elif review["measure"] == "MD" and re.search(r"\b0-10\b", review["scale"]):
        factor, measure = 10 * turn, "MD100"
    else:
        return nothing, "", "a scale whose range is not stated"
    turned = [factor * value for value in values]
    return [turned[0], min(turned[1:]), max(turned[1:])], measure, ""


def _why(review: dict[str, Any], found: Synthesis, meet: bool) -> str:
    parts = []
    if found.k == 1:
        parts.append("ours is a single trial")
    elif found.k == 2:
        parts.append("ours are two trials, whose interval is wide")
    k = review["k_studies"]
    if not math.isnan(k) and k > found.k:
        parts.append(f"theirs has {k:.0f} trials, ours {found.k}")
    if re.search(_ONE_OF_MANY, review["comparison"]):
        parts.append("theirs is against one such treatment, ours against any of the kind")
    if not review["time"]:
        parts.append("theirs states no time; taken as the end of treatment")
    if "presumed" in review["scale"]:
        parts.append("their scale is presumed")
    indirect = found.weight(word == "indirect" for word in found.columns["directness"])
    if indirect > 50:
        parts.append("ours is mostly from neighbouring populations, as theirs may be")
    if not meet and not parts:
        parts.append("which trials theirs rests on is not in the data, so the difference cannot be traced")
    return "; ".join(parts)
