"""Why a claim has its verdict, in the language that is spoken: clauses without a stop."""

from __future__ import annotations

from collections.abc import Callable

from ...languages import _, ngettext, pgettext
from ..wording.vocabulary import Vocabulary
from ..wording.words import GRADE_WORDS, trials
from .reading import Reading

Why = Callable[[], str]


def no_result(measured: int) -> str:
    """No comparison gives a result, though so many trials measure what the claim is about."""
    if not measured:
        return _("no trial in the data measures it")
    return ngettext(
        "one trial measures it, but none gives a result that answers it",
        "{n} trials measure it, but none gives a result that answers it",
        measured,
    )


def doubted(why: Why, stands_in: str) -> str:
    """What is measured only stands in for what is claimed."""
    return _("{reason}; but {doubt}", reason=why(), doubt=pgettext("claims.stands_in", stands_in))


def supported(part: Reading, words: Vocabulary) -> str:
    """Shown against sham, and sure enough."""
    return _("{shown}, certainty {grade}", shown=part.shows(words), grade=GRADE_WORDS[part.certainty])


def promising(part: Reading, words: Vocabulary, but: Why | None = None) -> str:
    """The direction is clear, with a doubt; and what is known against sham, where that is another comparison."""
    certainty = {"grade": GRADE_WORDS[part.certainty]}
    if not part.sized:
        why = _(
            "{n} of {trials} against {comparator} went the claimed way, without sizes; certainty is {grade}",
            n=part.agree,
            trials=trials(part.k),
            comparator=words.comparators[part.comparator],
            **certainty,
        )
    elif part.k == 1:
        why = _("{shown}, but in a single trial; certainty is {grade}", shown=part.shows(words), **certainty)
    else:
        why = _("{shown}, but certainty is {grade}", shown=part.shows(words), **certainty)
    return _with(why, but)


def not_borne_out(part: Reading, words: Vocabulary, but: Why | None) -> str:
    """Promising against another comparator, were it not for the trials against sham."""
    return _("{why}; so trials against sham acupuncture do not bear it out", why=promising(part, words, but))


def shown_elsewhere(part: Reading, words: Vocabulary, but: Why | None) -> str:
    """Firmly shown, but not against sham."""
    return _with(_("shown against {comparator} only", comparator=words.comparators[part.comparator]), but)


def wrong_side(part: Reading, words: Vocabulary) -> str:
    """The opposite of what is claimed."""
    return _("against {comparator} the result is on the wrong side", comparator=words.comparators[part.comparator])


def small(part: Reading, words: Vocabulary) -> str:
    """Not worth having."""
    if part.side == "better":
        return _("{shown}, but by less than the smallest worthwhile effect", shown=part.shows(words))
    return _("against sham acupuncture the interval is less than the smallest worthwhile effect")


def without_sizes() -> str:
    """Trials against sham tell no more than their direction."""
    return _("trials against sham acupuncture point the claimed way, but give no sizes")


def against_sham(part: Reading | None, words: Vocabulary) -> str:
    """What is known against sham, beside a result against something else."""
    if part is None:
        return _("no trial against sham gives a result")
    return promising(part, words) if part.clear else _("against sham acupuncture: {why}", why=unclear(part, words))


def unclear(part: Reading, words: Vocabulary) -> str:
    """Why a result decides nothing."""
    if part.k < 2:
        return _("a single trial")
    if part.certainty == "very low":
        if not part.sized:
            return _("only directions are known and certainty is very low")
        if part.side == "worse":
            return _("the interval is below no effect, but certainty is very low")
        if part.small:
            return _("the interval rules out a worthwhile effect, but certainty is very low")
        return _("the interval includes no effect and certainty is very low")
    if part.side == "worse":
        return _(
            "a result on the wrong side against {comparator} alone does not answer it",
            comparator=words.comparators[part.comparator],
        )
    return _("the interval includes no effect") if part.sized else _("the directions leave it open")


def _with(why: str, but: Why | None) -> str:
    return _("; ").join([why, but()]) if but else why
