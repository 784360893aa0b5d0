"""What the claims of the practitioner's article are worth: a verdict on each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ...derive.evidence_base import EvidenceBase
from .comparisons import frequency, larger_than_others, weekly_or_rarer
from .evidence import Answer, Evidence, Gathering
from .question import Group, Question, questions
from .sentences import answer_sentence
from .verdict import Verdict, together

_NUMBERS = [
    "estimate",
    "ci_low",
    "ci_high",
    "k",
    "n",
    "trials",
    "certainty",
    "measure",
    "method",
    "comparator",
    "time",
    "pi_low",
    "pi_high",
    "tau2",
    "i2",
    "worthwhile_low",
    "points",
    "points_low",
    "points_high",
    "share_indirect",
    "doubts",
    "trials_missing",
    "people_missing",
    "missing",
]
_WORDS = ("trials", "certainty", "measure", "method", "comparator", "time", "doubts", "missing")
_COUNTS = ("k", "n", "trials_missing", "people_missing")


def claims(db: EvidenceBase) -> pd.DataFrame:
    """Give every claim of ``claims.csv`` a verdict.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    DataFrame
        One row a claim: ``claim_id, theme, claim, kind, verdict, estimate, ci_low, ci_high, k, n, trials, certainty,
        reason, sentence, sentence_clinician``; what the estimate is: ``measure, method, comparator, time, outcome,
        condition, part``; ``pi_low, pi_high, tau2, i2, worthwhile_low, points, points_low, points_high,
        share_indirect, doubts``; what is missing: ``trials_missing, people_missing, missing`` (trials joined by "|");
        and ``measured``, the number of trials with any result about it. An estimate is in the claimed direction:
        above 0 supports the claim. Where a claim names several populations or windows, each has a verdict and a
        sentence, and the numbers are those of ``part``: of the parts that decide, the one with most people.
        `claim_evidence` has all.

    Notes
    -----
    Rules: `evidence.answers.claims.verdict`. Against each comparator standardised differences are pooled, one window
    where two trials share one, several outcomes of a trial as such (`evidence.answers.grade.synthesis`). Claims about a
    mechanism go by directions and p values where fewer than two trials give numbers. Comparators are never mixed.

    Examples
    --------
    >>> import evidence as ev
    >>> verdicts = ev.claims(ev.load()).set_index("claim_id")["verdict"]
    >>> verdicts["focus-overuse-posture"]
    'untested'
    """
    return pd.DataFrame([_claim_row(*judged) for judged in _judged(db)])


def claim_evidence(db: EvidenceBase) -> pd.DataFrame:
    """The parts behind the verdicts: each population or window of a claim, against each comparator.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    DataFrame
        ``claim_id, part`` (a condition, a window, or any), ``verdict, reason, rests_on`` (True for the comparison that
        the part's verdict rests on), the numbers as in `claims`, and ``sentence``. A part without any trial has one
        row with k = 0.
    """
    rows = []
    for question, answers, _ in _judged(db):
        for answer in answers:
            head = {"claim_id": question.row["claim_id"], "part": answer.group.name, "verdict": answer.verdict.verdict,
                    "reason": answer.verdict.reason}  # fmt: skip
            for at, part in enumerate(answer.evidence):
                alone = replace(answer, evidence=(part,))
                rows.append({**head, "rests_on": at == answer.verdict.rests_on, **_numbers(part),
                             "sentence": answer_sentence(question, alone, "public")})  # fmt: skip
            if not answer.evidence:
                rows.append({**head, "rests_on": False, **_numbers(None),
                             "sentence": answer_sentence(question, answer, "public")})  # fmt: skip
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class _Whole:
    """The verdict on a whole claim, and the result shown beside it."""

    verdict: str
    reason: str
    answer: Answer


def _judged(db: EvidenceBase) -> Iterator[tuple[Question, list[Answer], _Whole]]:
    gathering = Gathering(db)
    for question in questions(db.claims, db.outcomes, db.conditions):
        answers = [_answer(gathering, question, group) for group in question.groups]
        if len(answers) == 1:
            only = answers[0]
            yield question, answers, _Whole(only.verdict.verdict, only.verdict.reason, only)
            continue
        parts = [f"{_name(answer)}: {answer.verdict.verdict} ({answer.verdict.reason})" for answer in answers]
        verdict = together([answer.verdict.verdict for answer in answers])
        yield question, answers, _Whole(verdict, "; ".join(parts), _deciding(verdict, answers))


def _deciding(verdict: str, answers: list[Answer]) -> Answer:
    """Of the parts with the verdict of the whole (or, where none has it, the one nearest), that of most people."""

    def weight(answer: Answer) -> tuple[bool, bool, float]:
        own = answer.verdict.verdict
        people = answer.best.certainty.found.n if answer.best else 0.0
        return own == verdict, own == "supported", people if people == people else 0.0

    return max(answers, key=weight)


def _answer(gathering: Gathering, question: Question, group: Group) -> Answer:
    moderator, expects = question.row["moderator"], question.row["expects"]
    if moderator == "symptom_duration":
        why = "no trial in the data tells, or was randomised by, how long symptoms had lasted when treatment began"
        return Answer(group, (), 0, given=Verdict("untested", None, why))
    if moderator == "sessions_per_week" and expects == "more_is_better":
        return frequency(gathering, question, group)
    if moderator == "sessions_per_week":
        return weekly_or_rarer(gathering, question, group)
    if expects == "larger_than_other_conditions":
        return larger_than_others(gathering, question, group)
    return gathering.answer(question, group)


def _claim_row(question: Question, answers: list[Answer], whole: _Whole) -> dict[str, Any]:
    row = {name: question.row[name] for name in ("claim_id", "theme", "claim", "kind")}
    row |= {"verdict": whole.verdict, **_numbers(whole.answer.best)}
    row |= {"reason": whole.reason, "outcome": question.row["outcome"], "condition": question.row["condition"]}
    row |= {"part": whole.answer.group.name, "measured": whole.answer.measured}
    for name, audience in (("sentence", "public"), ("sentence_clinician", "clinician")):
        row[name] = " ".join(answer_sentence(question, answer, audience) for answer in answers)  # type: ignore[arg-type]
    return row


def _numbers(evidence: Evidence | None) -> dict[str, Any]:
    found = evidence.row() if evidence else {}
    empty = {name: "" if name in _WORDS else 0 if name in _COUNTS else math.nan for name in _NUMBERS}
    return {name: found.get(name, empty[name]) for name in _NUMBERS}


def _name(answer: Answer) -> str:
    return answer.where or answer.group.name
