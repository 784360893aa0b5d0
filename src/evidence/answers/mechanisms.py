"""What trials measured of the mechanisms, marker by marker."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..derive.evidence_base import EvidenceBase
from ..languages import _, joined, pgettext
from .claims.comparison import ComparisonResult, judge_part
from .claims.question import WINDOW_ORDER, Group, mechanism_question
from .claims.sentences import part_sentence
from .context import Context
from .wording.vocabulary import Vocabulary
from .wording.words import GRADE_WORDS, ended, number, trials

_COLUMNS = [
    *("mechanism", "outcome", "comparator", "time", "k", "n", "estimate", "ci_low", "ci_high", "certainty", "method"),
    *("trials", "favouring", "against", "neither", "p_combined", "p_values", "measured", "sentence"),
]


def mechanism_pools(db: EvidenceBase) -> pd.DataFrame:
    """Every marker and every mechanism against each comparator.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    DataFrame
        ``mechanism, outcome`` ("all" for a mechanism's markers together), ``comparator, time, k, n, estimate, ci_low,
        ci_high`` (SMD, above 0 in the claimed direction), ``certainty, method, trials, favouring, against, neither``
        (directions, where fewer than two trials give numbers), ``p_combined`` (of ``p_values`` trials that print one,
        where two do), ``measured`` (trials with any result about it; for "all" about any marker of the mechanism) and
        ``sentence``. A marker that no admissible
        comparison reports has one row with k = 0.

    See Also
    --------
    mechanism_link : do marker and pain move together?
    claims : verdicts on what an article says of mechanisms.
    vote_count : directions where numbers are not printed.

    Examples
    --------
    >>> import evidence as ev
    >>> pools = ev.mechanism_pools(ev.load())
    >>> pools["mechanism"].nunique() == len(ev.load().mechanisms)
    True
    """
    context = Context.of(db)
    everyone = Group("any", tuple(db.conditions["condition"]), WINDOW_ORDER)
    whole = dict(zip(db.mechanisms["mechanism"], db.mechanisms["label"], strict=True))
    rows: list[dict[str, Any]] = []
    markers = db.outcomes[db.outcomes["mechanism"] != ""]
    for mechanism, own in markers.groupby("mechanism", sort=False):
        together = [(name,) for name in own["outcome"]]
        together.append(tuple(own.loc[own["claimed_direction"] != "", "outcome"]))
        for outcomes in together:
            head = {"mechanism": mechanism, "outcome": outcomes[0] if len(outcomes) == 1 else "all"}
            question = mechanism_question(outcomes)
            part = judge_part(context, question, everyone)
            every = tuple(own["outcome"]) if head["outcome"] == "all" else outcomes
            measured = context.measured(every, everyone.conditions)
            if len(outcomes) == 1:
                called = context.words.does(outcomes[0])[1]
            else:
                named = pgettext("mechanisms.label", whole[str(mechanism)].lower())
                called = _("{mechanism}, its markers together", mechanism=named)
            rows += [{**head, **_result_row(r, called, context.words), "measured": measured} for r in part.results]
            if not part.results:
                text = part_sentence(question, part, context.words, "public")
                rows.append({**head, "k": 0, "n": 0.0, "measured": measured, "sentence": text})
    frame = pd.DataFrame(rows).reindex(columns=_COLUMNS)
    words = ["comparator", "time", "certainty", "method", "trials"]
    frame[words] = frame[words].astype(object).fillna("")
    return frame


def _result_row(result: ComparisonResult, called: str, words: Vocabulary) -> dict[str, Any]:
    row = result.numbers()
    said = _moved(row) if result.votes is None else result.votes.clause()
    against = words.comparators[result.comparator]
    text = joined(
        ended(_("{outcome}, against {comparator}: {found}", outcome=called, comparator=against, found=said)),
        _("Certainty: {grade}.", grade=GRADE_WORDS[row["certainty"]]),
    )
    if result.votes is None:
        return {**row, "sentence": text}
    count, combined = result.votes.count, result.votes.combined
    return {
        **row,
        "favouring": count.favouring if count else 0,
        "against": count.against if count else 0,
        "neither": count.neither if count else len(result.votes.frame),
        "p_combined": combined.p_value if combined and combined.k > 1 else math.nan,
        "p_values": combined.k if combined else 0,
        "sentence": text,
    }


def _moved(row: Mapping[str, Any]) -> str:
    """Which way a marker moved, and how far."""
    amount = _(
        "{estimate} standard deviations, 95% interval {low} to {high}, above 0 as claimed; {trials}",
        **{name: number(row[key]) for name, key in (("estimate", "estimate"), ("low", "ci_low"), ("high", "ci_high"))},
        trials=trials(row["k"]),
    )
    if row["ci_low"] > 0:
        return _("moves as claimed ({amount})", amount=amount)
    if row["ci_high"] < 0:
        return _("moves the other way ({amount})", amount=amount)
    return _("open which way it moves ({amount})", amount=amount)
