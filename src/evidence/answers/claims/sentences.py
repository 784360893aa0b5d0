"""What may be printed beside a claim."""

from __future__ import annotations

from ...models.wording import number
from ..wording.missing import without_number
from ..wording.narrative import Audience, sentence
from ..wording.vocabulary import Vocabulary
from ..wording.words import WINDOWS, trials
from .comparison import ComparisonResult, Part, Slope
from .question import Question


def part_sentence(question: Question, part: Part, words: Vocabulary, audience: Audience) -> str:
    """The sentence that one part of a claim permits.

    Parameters
    ----------
    question : Question
        The claim.
    part : Part
        Its part, with the verdict.
    words : Vocabulary
        What conditions, comparators and outcomes are called.
    audience : {"public", "clinician"}
        As for `sentence`.
    """
    best = part.best
    if part.one_by_one and (best is None or best.certainty.synthesis.k == 1):
        return part.one_by_one + (f" Certainty: {best.certainty.grade}." if best else "")
    if best is None:
        return _without_result(question, part, words)
    also = [result for result in part.results if result.comparator == "sham" != best.comparator]
    said = [_said(question, part, result, words, audience) for result in (best, *also)]
    return " ".join([*filter(None, [part.one_by_one]), *said, *_stands_in(question)])


def result_sentence(question: Question, part: Part, result: ComparisonResult, words: Vocabulary) -> str:
    """The sentence that the trials against one comparator permit, for the public."""
    return " ".join([_said(question, part, result, words, "public"), *_stands_in(question)])


def _stands_in(question: Question) -> list[str]:
    why = question.stands_in
    return [f"{why[0].upper()}{why[1:]}."] if why else []


def _where(part: Part, words: Vocabulary, result: ComparisonResult | None = None) -> str:
    name = words.conditions.get(part.group.name, "")
    if result is not None:
        name = part.group.whose(result.certainty.synthesis.frame, words)
    return f"In {name}, " if name else ""


def _said(question: Question, part: Part, result: ComparisonResult, words: Vocabulary, audience: Audience) -> str:
    pool, graded, where = result.certainty.synthesis, result.certainty, _where(part, words, result)
    if result.votes is not None:
        votes = result.votes.sentence()
        votes = where + votes[0].lower() + votes[1:] if where else votes
        about = f"about {question.thing(words)}, against {words.comparators[result.comparator]}"
        return f"{votes} ({about}). Certainty: {graded.grade}."
    if result.slope is not None:
        return _slope_sentence(result, result.slope, where, words)
    there = set(pool.frame["outcome"])
    row = result.numbers() | {
        "outcome": "|".join(name for name in question.outcomes if name in there),
        "condition": part.group.name,
        "where": part.group.whose(pool.frame, words),
        "time": result.time if result.time != "any" else "",
    }
    if not question.is_clinical:
        row["share_indirect"] = 0.0  # a marker is the same in every population
    text = sentence(row, audience, words=words)
    if part.whom:
        return f"{part.whom}, {text[0].lower()}{text[1:]}"
    against = words.comparators[result.comparator]
    missing = without_number(graded.account.numbers(), against, more=True, marker=not question.is_clinical)
    return f"{text} {missing[0].upper()}{missing[1:]}." if missing else text


def _without_result(question: Question, part: Part, words: Vocabulary) -> str:
    where, thing = _where(part, words), question.thing(words)
    when = f" {WINDOWS[part.group.name]}" if part.group.name in WINDOWS else ""
    if part.reason_only:
        text = f"{where}{part.verdict.reason}"
    elif part.verdict.verdict == "untested":
        text = f"{where}no trial in the data measures {thing}{when}"
    else:
        k = part.measured
        few = f"{'one trial measures' if k == 1 else f'{k} trials measure'} {thing}"
        text = f"{where or 'in the data, '}{few}, but none gives a result that answers the claim{when}"
    return f"{text[0].upper()}{text[1:]}."


def _slope_sentence(result: ComparisonResult, slope: Slope, where: str, words: Vocabulary) -> str:
    pool = result.certainty.synthesis
    amount = f"{number(pool.estimate)} standard deviations, {number(pool.ci_low)} to {number(pool.ci_high)}"
    if pool.ci_low > 0:
        said = f"between trials, {slope.says}"
    elif pool.ci_high < 0:
        said = f"between trials, it is the other way round: not so that {slope.says}"
    else:
        said = f"trials leave open whether {slope.says}"
    against = f"against {words.comparators[result.comparator]}, {trials(pool.k)}"
    text = f"{where}{said} ({slope.unit.format(amount)}; {against})"
    return f"{text[0].upper()}{text[1:]}. This compares trials with each other, not people in one trial."
