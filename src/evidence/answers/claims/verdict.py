"""The ladder of verdicts: rules on what each comparison shows and how sure that is.

What each rung means stands in `evidence.answers.wording.words.VERDICTS`, which the claims page and the method page
print; `judge` is the one place that gives a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..sides import Side
from ..wording.vocabulary import Vocabulary
from ..wording.words import trials

#: Order in which comparisons other than with sham speak for a claim.
OTHERS = ("no_treatment", "usual_care", "drug", "exercise", "physical_therapy", "other_active")
#: All that a claim may be judged against.
COMPARATORS = ("sham", *OTHERS)
_INERT = ("no_treatment", "usual_care")
_SURE = ("high", "moderate")
#: A direction is clear from this probability on: where a 95% interval excludes no effect.
CLEAR = 0.975
#: Where results are known in words only: so many trials, and this share of all that tell, agree.
AGREEING, SHARE = 4, 0.75
#: What is left of a verdict where the outcome only stands in for what is claimed: neither support nor refusal, and a
#: direction of something else is no direction of the claim.
_STANDING_IN = dict.fromkeys(("promising", "no worthwhile effect", "contradicted"), "unclear") | {"supported": "partly"}
#: From the weakest. One part that is refuted refutes a claim about each, one without a worthwhile effect leaves nothing
#: of "each"; what nobody knows of one part is not known of all, whether trials left it open or nobody asked.
_FROM_WEAKEST = ("contradicted", "no worthwhile effect", "unclear", "promising", "partly", "supported")
#: From the one that says most: of two ways to ask the same question.
_FROM_SUREST = ("supported", "partly", "contradicted", "no worthwhile effect", "promising", "unclear", "untested")


@dataclass(frozen=True)
class Reading:
    """What the verdict rules read of the trials against one comparator; "better" is the way that is claimed.

    Attributes
    ----------
    comparator : str
        What acupuncture is compared with.
    k : int
        Trials.
    side : {"better", "worse", "little", "open"}
        Where the interval lies (`evidence.answers.sides.side_of`).
    certainty : str
        A grade.
    sized : bool
        False where only directions are known, no sizes.
    small : bool
        The whole interval lies below the smallest worthwhile effect.
    p_better : float
        Probability of an effect the claimed way; NaN where only directions are known.
    agree : int
        Of directions: trials that went the claimed way.
    turn : {1, -1}
        -1 where the claim is that acupuncture does worse.
    slope : bool
        The result compares trials with each other.
    """

    comparator: str
    k: int
    side: Side
    certainty: str
    sized: bool = True
    small: bool = False
    p_better: float = math.nan
    agree: int = 0
    turn: int = 1
    slope: bool = False

    @property
    def firm(self) -> bool:
        """Two trials or more, and a certainty above very low."""
        return self.k >= 2 and self.certainty != "very low"

    @property
    def clear(self) -> bool:
        """Is the direction clear, and the claimed one?"""
        agreed = not self.sized and self.agree >= max(AGREEING, SHARE * self.k)
        return self.side == "better" or self.p_better >= CLEAR or agreed

    @property
    def denies(self) -> bool:
        """Does it speak against the claim, however unsurely: trials lean the other way, or leave nothing worthwhile?"""
        return self.side == "worse" or self.small or (self.k >= 2 and self.p_better < 0.5)

    def shows(self, words: Vocabulary) -> str:
        """What trials show when the claim is right."""
        other = words.comparators[self.comparator]
        if self.slope:
            return f"a line between trials the claimed way, against {other}"
        return f"{'better' if self.turn > 0 else 'worse'} than {other}"


@dataclass(frozen=True)
class Verdict:
    """A verdict and what it rests on.

    Attributes
    ----------
    verdict : str
        One of `evidence.answers.wording.words.VERDICTS`.
    rests_on : int or None
        Place of the comparison in the list that was judged, None for none.
    reason : str
        Why, in words.
    """

    verdict: str
    rests_on: int | None
    reason: str


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
        return Verdict(_STANDING_IN[found.verdict], found.rests_on, f"{found.reason}; but {stands_in}")
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
        if not measured:
            return Verdict("untested", None, "no trial in the data measures it")
        word = "one trial measures" if measured == 1 else f"{measured} trials measure"
        return Verdict("unclear", None, f"{word} it, but none gives a result that answers it")
    places = sorted(range(len(readings)), key=lambda at: COMPARATORS.index(readings[at].comparator))
    sham = next((part for part in readings if part.comparator == "sham"), None)
    but = _but_sham(sham, words, asked)
    for at in places:
        part = readings[at]
        if part is sham and part.firm and (found := _against_sham(part, words)):
            return Verdict(found[0], at, found[1])
        if part is not sham and part.firm and part.side == "better":
            return Verdict("partly", at, f"shown against {words.comparators[part.comparator]} only{but}")
    for at in places:
        part = readings[at]
        if part.comparator in _INERT and part.firm and part.side == "worse" and (sham is None or sham.k < 2):
            other = words.comparators[part.comparator]
            return Verdict("contradicted", at, f"against {other} the result is on the wrong side")
    clear = [at for at in places if readings[at].clear and (readings[at] is sham or readings[at].k >= 2)]
    if clear:
        at = min(clear, key=lambda at: (readings[at] is not sham, -readings[at].k))
        part = readings[at]
        why = _why_promising(part, words) + ("" if part is sham else but)
        if part is sham or sham is None or not sham.denies:
            return Verdict("promising", at, why)
        return Verdict("unclear", at, f"{why}; so trials against sham acupuncture do not bear it out")
    at = _weightiest(readings)
    return Verdict("unclear", at, _why_unclear(readings[at], words))


def _against_sham(part: Reading, words: Vocabulary) -> tuple[str, str] | None:
    shown = part.shows(words)
    if part.side == "worse":
        return "contradicted", "against sham acupuncture the result is on the wrong side"
    if part.small:
        some = f"{shown}, but by" if part.side == "better" else "against sham acupuncture the interval is"
        return "no worthwhile effect", f"{some} less than the smallest worthwhile effect"
    if part.side != "better":
        return None
    if not part.sized:
        return "partly", "trials against sham acupuncture point the claimed way, but give no sizes"
    if part.certainty not in _SURE:
        return "partly", f"{shown}, but certainty is low"
    return "supported", f"{shown}, certainty {part.certainty}"


def _but_sham(sham: Reading | None, words: Vocabulary, asked: Sequence[str]) -> str:
    if "sham" not in asked:
        return ""
    if sham is None:
        return "; no trial against sham gives a result"
    why = _why_promising(sham, words) if sham.clear else f"against sham acupuncture: {_why_unclear(sham, words)}"
    return f"; {why}"


def _weightiest(readings: Sequence[Reading]) -> int:
    """Numbers before directions; sham first where there are two trials, else the comparison with most trials."""

    def weight(at: int) -> tuple[bool, bool, int, int]:
        part = readings[at]
        return part.sized, part.comparator == "sham" and part.k >= 2, part.k, -at

    return max(range(len(readings)), key=weight)


def _why_promising(part: Reading, words: Vocabulary) -> str:
    doubt = f"certainty is {part.certainty}"
    if not part.sized:
        other = words.comparators[part.comparator]
        return f"{part.agree} of {trials(part.k)} against {other} went the claimed way, without sizes; {doubt}"
    return (
        f"{part.shows(words)}, but in a single trial; {doubt}" if part.k == 1 else f"{part.shows(words)}, but {doubt}"
    )


def _why_unclear(part: Reading, words: Vocabulary) -> str:
    if part.k < 2:
        return "a single trial"
    if part.certainty == "very low":
        if not part.sized:
            return "only directions are known and certainty is very low"
        if part.side == "worse":
            return "the interval is below no effect, but certainty is very low"
        if part.small:
            return "the interval rules out a worthwhile effect, but certainty is very low"
        return "the interval includes no effect and certainty is very low"
    if part.side == "worse":
        return f"a result on the wrong side against {words.comparators[part.comparator]} alone does not answer it"
    return "the interval includes no effect" if part.sized else "the directions leave it open"
