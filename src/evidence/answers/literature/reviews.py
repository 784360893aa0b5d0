"""Our pools beside those of published reviews."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import pandas as pd

from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ...errors import NotEstimable
from ...languages import _
from ..context import Context
from ..grade.synthesis import Synthesis
from ..headline_pools import headline_pools
from ..wording.words import WINDOWS
from .matching import comparator_of, outcome_of, turned, window_of
from .reasons import meet, reading, reasons

_HEAD = ("review_id", "citation", "year", "source_url", "condition", "comparison", "outcome", "time")
_ENDS = ("", "_low", "_high")


def against_reviews(db: EvidenceBase) -> pd.DataFrame:
    """Set our pooled results beside every row of ``published_reviews.csv``.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    DataFrame
        One row a published result: ``review_id, citation, year, source_url, condition, comparison, outcome, time`` as
        there; ``comparator, our_outcome, our_time`` as matched; ``measure``, the unit of both: "SMD", "MD100" (points
        of 100) or "RR" (as logs); ``theirs, theirs_low, theirs_high, theirs_k`` (turned so that above 0 favours
        acupuncture), ``ours, ours_low, ours_high, ours_k, ours_n``, ``ours_points`` (of 100, where the outcome has a
        scale); ``overlap`` (the intervals meet: "yes", "no"), ``why`` (what differs, or why nothing can be set beside
        it), ``reading`` (agrees or differs, in words).

    See Also
    --------
    against_grades : the certainty that reviews gave beside ours.
    pooled_table : our pools.
    summary_of_findings : the same with their certainty.

    Notes
    -----
    Ours is the headline pool: standardised differences, or risk ratios for responders. Beside a published difference in
    points it stands in points, as every page tells them, beside an SMD in standard deviations. A sign is turned only
    where ``direction_note`` says which way it runs. A comparison that names several comparators is not set beside a
    pool of one. A review that gives no time is read as the end of treatment: the short window. "immediate" in reviews
    means right after treatment, which here is the short window too. What reviews call function is disability here.
    Results differ where the intervals do not meet; what may be behind it is told and not judged.

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
    comparator, mixture = comparator_of(review["comparison"], context.words)
    theirs, measure, unreadable = turned(review)
    outcome, time = outcome_of(review["outcome"]), window_of(review["time"])
    row = {name: review[name] for name in _HEAD}
    row |= {"comparator": comparator, "our_outcome": outcome, "our_time": time, "measure": measure}
    row |= _named("theirs", theirs) | {"theirs_k": review["k_studies"]}
    row |= _named("ours", [math.nan] * 3) | {"ours_k": 0, "ours_n": math.nan}
    row |= {"ours_points": math.nan, "overlap": "", "why": "", "reading": ""}
    faults = [
        mixture,
        unreadable,
        "" if outcome else _("an outcome that is not pooled here"),
        "" if review["condition"] in context.words.headline else _("a population that is none of the conditions here"),
    ]
    fault = next((words for words in faults if words), "")
    pools = {} if fault else _pools(context, review["condition"], comparator, outcome, measure)
    found = pools.get(time)
    ours = _ours(found, measure, context) if found else [math.nan] * 3
    if found is None or math.isnan(ours[0]):
        return row | {"why": fault or _("no trial in the data gives a number for it")}
    agree, why = meet(theirs, ours), reasons(review, found)
    others = [] if agree else [WINDOWS[at] for at, pool in pools.items() if meet(theirs, _ours(pool, measure, context))]
    return (
        row
        | _named("ours", ours)
        | {"ours_k": found.k, "ours_n": found.n, "ours_points": context.points.of(found)["points"]}
        | {"overlap": "yes" if agree else "no", "why": _("; ").join(why), "reading": reading(theirs, ours, why, others)}
    )


def _pools(context: Context, condition: str, comparator: str, outcome: str, measure: str) -> dict[str, Synthesis]:
    """Our pool of each window."""
    about = ("RR" if measure == "RR" else "SMD", condition, comparator, outcome)
    pools = headline_pools(context.db, about[0])
    found: dict[str, Synthesis] = {}
    for *head, time in pools:
        if tuple(head) == about:
            with suppress(NotEstimable):
                found[str(time)] = pools[*about, time]
    return found


def _ours(found: Synthesis, measure: str, context: Context) -> list[float]:
    """Estimate and limits of a pool in the unit of a published result."""
    if measure != "MD100":
        return [found.estimate, found.ci_low, found.ci_high]
    points = context.points.of(found)
    return [float(points[f"points{end}"]) for end in _ENDS]


def _named(name: str, values: list[float]) -> dict[str, float]:
    return {f"{name}{end}": value for end, value in zip(_ENDS, values, strict=True)}
