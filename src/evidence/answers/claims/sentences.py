"""What may be printed beside a claim."""

from __future__ import annotations

from ...models.wording import number
from ..wording.narrative import Audience, sentence
from ..wording.words import COMPARATORS, WINDOWS, people, trials
from .evidence import Answer, Evidence
from .question import Question


def answer_sentence(question: Question, answer: Answer, audience: Audience) -> str:
    """The sentence that one part of a claim permits.

    Parameters
    ----------
    question : Question
    answer : Answer
        Its part, with the verdict.
    audience : {"public", "clinician"}
    """
    best = answer.best
    where = f"In {answer.where}, " if answer.where else ""
    if best is None:
        return _without_result(question, answer, where)
    said = _said(question, answer, best, where, audience)
    for part in answer.evidence:
        if part.comparator == "sham" and best.comparator != "sham":
            said += " " + _said(question, answer, part, where, audience)
    if question.stands_in:
        said += f" {question.stands_in[0].upper()}{question.stands_in[1:]}."
    return said


def _said(question: Question, answer: Answer, part: Evidence, where: str, audience: Audience) -> str:
    found = part.certainty.found
    if part.votes is not None:
        votes = part.votes.sentence()
        votes = where + votes[0].lower() + votes[1:] if where else votes
        about = f"about {question.thing}, against {COMPARATORS[part.comparator]}"
        return f"{votes} ({about}). Certainty: {part.certainty.grade}."
    if found.model == "meta-regression":
        return _slope_sentence(question, part, where)
    there = set(found.frame["outcome"])
    row = part.row() | {
        "outcome": "|".join(name for name in question.outcomes if name in there),
        "condition": answer.group.name,
        "time": part.time if part.time != "any" else "",
    }
    if question.row["kind"] == "mechanism":
        row["share_indirect"] = 0.0  # a marker is the same in every population
    text = sentence(row, audience)
    if _is_spacing(question):
        text = "In trials that treated once a week or more rarely, " + text[0].lower() + text[1:]
    if part.certainty.missing and not _is_spacing(question):
        k = len(part.certainty.missing)
        unseen = f", {people(part.certainty.people_missing)}," if part.certainty.people_missing else ""
        text += f" {'One more trial' if k == 1 else f'{k} more trials'}{unseen} measured it without a usable number."
    return text


def _is_spacing(question: Question) -> bool:
    return bool(question.row["moderator"] == "sessions_per_week" and question.row["expects"] == "benefit")


def _without_result(question: Question, answer: Answer, where: str) -> str:
    when = f" {WINDOWS[answer.group.name]}" if answer.group.name in WINDOWS else ""
    if question.row["moderator"] in ("symptom_duration", "sessions_per_week"):
        text = f"{where}{answer.verdict.reason}"
    elif answer.verdict.verdict == "untested":
        text = f"{where}no trial in the data measures {question.thing}{when}"
    else:
        k = answer.measured
        few = f"{'one trial measures' if k == 1 else f'{k} trials measure'} {question.thing}"
        text = f"{where or 'in the data, '}{few}, but none gives a result that answers the claim{when}"
    return f"{text[0].upper()}{text[1:]}."


def _slope_sentence(question: Question, best: Evidence, where: str) -> str:
    found = best.certainty.found
    amount = f"{number(found.estimate)} standard deviations, {number(found.ci_low)} to {number(found.ci_high)}"
    if question.row["expects"] == "larger_than_other_conditions":
        more = "the effect in the conditions named is larger than elsewhere"
        what = f"difference {amount}"
    else:
        more = "more sessions a week go with a larger effect"
        what = f"{amount} for each session a week"
    if found.ci_low > 0:
        said = f"between trials, {more}"
    elif found.ci_high < 0:
        said = f"between trials, it is the other way round: not so that {more}"
    else:
        said = f"trials leave open whether {more}"
    text = f"{where}{said} ({what}; against {COMPARATORS[best.comparator]}, {trials(found.k)})"
    return f"{text[0].upper()}{text[1:]}. This compares trials with each other, not people in one trial."
