"""The ladder of verdicts: rules on what each comparison shows and how sure that is.

What each rung means stands in `evidence.answers.wording.words.VERDICTS`, which the claims page and the method page
print; `judge` is the one place that gives a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ..wording.vocabulary import Vocabulary
from . import reasons
from .reading import Reading

#: Order in which comparisons other than with sham speak for a claim.
OTHERS = ("no_treatment", "usual_care", "drug", "exercise", "physical_therapy", "other_active")
#: All that a claim may be judged against.
COMPARATORS = ("sham", *OTHERS)
_INERT = ("no_treatment", "usual_care")
_SURE = ("high", "moderate")
#: What is left of a verdict where the outcome only stands in for what is claimed: neither support nor refusal, and a
#: direction of something else is no direction of the claim.
_STANDING_IN = dict.fromkeys(("promising", "no worthwhile effect", "contradicted"), "unclear") | {"supported": "partly"}
#: From the weakest. One part that is refuted refutes a claim about each, one without a worthwhile effect leaves nothing
#: of "each"; what nobody knows of one part is not known of all, whether trials left it open or nobody asked.
_FROM_WEAKEST = ("contradicted", "no worthwhile effect", "unclear", "promising", "partly", "supported")
#: From the one that says most: of two ways to ask the same question.
_FROM_SUREST = ("supported", "partly", "contradicted", "no worthwhile effect", "promising", "unclear", "untested")


@dataclass(frozen=True)
class Verdict:
    """A verdict and what it rests on.

    Attributes
    ----------
    verdict : str
        One of `evidence.answers.wording.words.VERDICTS`.
    rests_on : int or None
        Place of the comparison in the list that was judged, None for none.
    why : callable
        Says why.
    """

    verdict: str
    rests_on: int | None
    why: Callable[[], str]

    @property
    def reason(self) -> str:
        """Why, in the language that is spoken now."""
        return self.why()


def judge(
    readings: Sequence[Reading],
    words: Vocabulary,
    *,
    measured: int = 0,
    stands_in: str = "",
    asked: Sequence[str] = COMPARATORS,
) -> Verdict:
    """The verdict on one claim in one population.

    Parameters
    ----------
    readings : sequence of Reading
        One for each comparator with trials.
    words : Vocabulary
        What the comparators are called.
    measured : int
        Trials that measure what the claim is about, whatever they compare.
    stands_in : str
        Why what is measured only stands in for what is claimed, "" where it does not.
    asked : sequence of str
        Comparators that the claim allows.

    Notes
    -----
    Firm results are of two trials or more with a certainty above very low. In this order:

    - contradicted: against sham a firm interval on the wrong side;
    - no worthwhile effect: against sham a firm interval below the smallest worthwhile effect;
    - supported: against sham a firm interval above no effect, certainty moderate or better;
    - partly: the same with low certainty or without sizes; else a firm interval above no effect against another
      comparator;
    - contradicted: firmly on the wrong side against no treatment or usual care, with nothing known against sham;
    - promising: a clear direction, an interval above no effect (a probability of `CLEAR`), or `AGREEING` trials and a
      share of `SHARE` that agree in words: against sham, where one trial is enough, or in two trials or more against
      another comparator where sham does not speak against it;
    - unclear: what is left, if anything was measured;
    - untested: nothing was.

    "Promising" has its caution in the word. "Contradicted" and "no worthwhile effect" have none, so very low certainty
    does not reach them. What only stands in for a claim neither supports nor refutes it: see `_STANDING_IN`.
    """
    found = _judge(readings, words, measured, asked)
    if stands_in and found.verdict in _STANDING_IN:
        return replace(found, verdict=_STANDING_IN[found.verdict], why=partial(reasons.doubted, found.why, stands_in))
    return found


def weakest(verdicts: Iterable[str]) -> str:
    """The verdict on a claim about each of several populations or windows: that of its weakest part.

    An untested part counts as unclear: "untested" says that no trial measures the claim, so all parts have to be.
    """
    kinds = set(verdicts)
    known = {"unclear" if verdict == "untested" else verdict for verdict in kinds}
    return "untested" if kinds == {"untested"} else next(verdict for verdict in _FROM_WEAKEST if verdict in known)


def surest(verdicts: Iterable[str]) -> str:
    """The verdict on a claim that is asked in several ways: of the way that says most."""
    kinds = set(verdicts)
    return next(verdict for verdict in _FROM_SUREST if verdict in kinds)


def _judge(readings: Sequence[Reading], words: Vocabulary, measured: int, asked: Sequence[str]) -> Verdict:
    if not readings:
        return Verdict("unclear" if measured else "untested", None, partial(reasons.no_result, measured))
    places = sorted(range(len(readings)), key=lambda at: COMPARATORS.index(readings[at].comparator))
    sham = next((part for part in readings if part.comparator == "sham"), None)
    but = partial(reasons.against_sham, sham, words) if "sham" in asked else None
    for at in places:
        part = readings[at]
        if part is sham and part.firm and (found := _against_sham(part, words)):
            return Verdict(found[0], at, found[1])
        if part is not sham and part.firm and part.side == "better":
            return Verdict("partly", at, partial(reasons.shown_elsewhere, part, words, but))
    for at in places:
        part = readings[at]
        if part.comparator in _INERT and part.firm and part.side == "worse" and (sham is None or sham.k < 2):
            return Verdict("contradicted", at, partial(reasons.wrong_side, part, words))
    clear = [at for at in places if readings[at].clear and (readings[at] is sham or readings[at].k >= 2)]
    if clear:
        at = min(clear, key=lambda at: (readings[at] is not sham, -readings[at].k))
        part = readings[at]
        if part is sham:
            return Verdict("promising", at, partial(reasons.promising, part, words))
        if sham is None or not sham.denies:
            return Verdict("promising", at, partial(reasons.promising, part, words, but))
        return Verdict("unclear", at, partial(reasons.not_borne_out, part, words, but))
    at = _weightiest(readings)
    return Verdict("unclear", at, partial(reasons.unclear, readings[at], words))


def _against_sham(part: Reading, words: Vocabulary) -> tuple[str, Callable[[], str]] | None:
    if part.side == "worse":
        return "contradicted", partial(reasons.wrong_side, part, words)
    if part.small:
        return "no worthwhile effect", partial(reasons.small, part, words)
    if part.side != "better":
        return None
    if not part.sized:
        return "partly", reasons.without_sizes
    if part.certainty not in _SURE:
        return "partly", partial(reasons.promising, part, words)
    return "supported", partial(reasons.supported, part, words)


def _weightiest(readings: Sequence[Reading]) -> int:
    """Numbers before directions; sham first where there are two trials, else the comparison with most trials."""

    def weight(at: int) -> tuple[bool, bool, int, int]:
        part = readings[at]
        return part.sized, part.comparator == "sham" and part.k >= 2, part.k, -at

    return max(range(len(readings)), key=weight)
