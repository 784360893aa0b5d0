"""What may be printed beside a claim."""

from __future__ import annotations

from ...languages import _, joined, ngettext, pgettext
from ..wording.missing import without_number
from ..wording.narrative import Audience, sentence
from ..wording.vocabulary import Vocabulary
from ..wording.words import GRADE_WORDS, WINDOWS, ended, number, placed, trials
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
    best, each = part.best, part.one_by_one.sentence() if part.one_by_one else ""
    if each and (best is None or best.certainty.synthesis.k == 1):
        return joined(each, _certainty(best) if best else "")
    if best is None:
        return _without_result(question, part, words)
    also = [result for result in part.results if result.comparator == "sham" != best.comparator]
    said = [_said(question, part, result, words, audience) for result in (best, *also)]
    return joined(each, *said, _stands_in(question))


def result_sentence(question: Question, part: Part, result: ComparisonResult, words: Vocabulary) -> str:
    """The sentence that the trials against one comparator permit, for the public."""
    return joined(_said(question, part, result, words, "public"), _stands_in(question))


def _stands_in(question: Question) -> str:
    return ended(pgettext("claims.stands_in", question.stands_in)) if question.stands_in else ""


def _certainty(result: ComparisonResult) -> str:
    return _("Certainty: {grade}.", grade=GRADE_WORDS[result.certainty.grade])


def _said(question: Question, part: Part, result: ComparisonResult, words: Vocabulary, audience: Audience) -> str:
    pool, graded, against = result.certainty.synthesis, result.certainty, words.comparators[result.comparator]
    where = part.group.whose(pool.frame, words)
    if result.votes is not None:
        votes, thing = result.votes.clause(), question.thing(words)
        said = _("{votes} (about {outcome}, against {comparator})", votes=votes, outcome=thing, comparator=against)
        return joined(ended(placed(where, said)), _certainty(result))
    if result.slope is not None:
        return _slope_sentence(result, result.slope, where, words)
    there = set(pool.frame["outcome"])
    row = result.numbers() | {
        "outcome": "|".join(name for name in question.outcomes if name in there),
        "condition": part.group.name,
        "where": where,
        "whom": _(part.whom),
        "time": result.time if result.time != "any" else "",
    }
    if not question.is_clinical:
        row["share_indirect"] = 0.0  # a marker is the same in every population
    text = sentence(row, audience, words=words)
    if part.whom:
        return text
    missing = without_number(graded.account.numbers(), against, more=True, marker=not question.is_clinical)
    return joined(text, ended(missing)) if missing else text


def _without_result(question: Question, part: Part, words: Vocabulary) -> str:
    where = words.conditions.get(part.group.name, "")
    if part.reason_only:
        return ended(placed(where, part.verdict.reason))
    thing, when = question.thing(words), WINDOWS.get(part.group.name, "")
    if part.verdict.verdict == "untested":
        thing = _("{outcome} {when}", outcome=thing, when=when) if when else thing
        return ended(placed(where, _("no trial in the data measures {outcome}", outcome=thing)))
    said = _none_answers(part.measured, thing, when)
    return ended(placed(where, said) if where else _("in the data, {said}", said=said))


def _none_answers(measured: int, thing: str, when: str) -> str:
    if when:
        return ngettext(
            "one trial measures {outcome}, but none gives a result that answers the claim {when}",
            "{n} trials measure {outcome}, but none gives a result that answers the claim {when}",
            measured,
            outcome=thing,
            when=when,
        )
    return ngettext(
        "one trial measures {outcome}, but none gives a result that answers the claim",
        "{n} trials measure {outcome}, but none gives a result that answers the claim",
        measured,
        outcome=thing,
    )


def _slope_sentence(result: ComparisonResult, slope: Slope, where: str, words: Vocabulary) -> str:
    pool = result.certainty.synthesis
    numbers = {"estimate": number(pool.estimate), "low": number(pool.ci_low), "high": number(pool.ci_high)}
    says, amount = _(slope.says), _("{estimate} standard deviations, {low} to {high}", **numbers)
    if pool.ci_low > 0:
        said = _("between trials, {finding}", finding=says)
    elif pool.ci_high < 0:
        said = _("between trials, it is the other way round: not so that {finding}", finding=says)
    else:
        said = _("trials leave open whether {finding}", finding=says)
    said = _(
        "{finding} ({amount}; against {comparator}, {trials})",
        finding=said,
        amount=_(slope.unit, amount=amount),
        comparator=words.comparators[result.comparator],
        trials=trials(pool.k),
    )
    return joined(ended(placed(where, said)), _("This compares trials with each other, not people in one trial."))
