"""Verdicts on claims: rules on what each comparison shows and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..sides import Side
from ..wording.vocabulary import Vocabulary

#: Order in which comparisons other than with sham speak for a claim.
OTHERS = ("no_treatment", "usual_care", "drug", "exercise", "physical_therapy", "other_active")
#: All that a claim may be judged against.
COMPARATORS = ("sham", *OTHERS)
_INERT = ("no_treatment", "usual_care")
_SURE = ("high", "moderate")


@dataclass(frozen=True)
class Reading:
    """What the verdict rules read of the trials against one comparator.

    Attributes
    ----------
    comparator : str
        What acupuncture is compared with.
    k : int
        Trials.
    side : {"better", "worse", "little", "open"}
        Where the interval lies (`evidence.answers.sides.side_of`), in the claimed direction.
    certainty : str
        A grade.
    sized : bool
        False where only directions are known, no sizes.
    small : bool
        The whole interval lies below the smallest worthwhile effect.
    turn : {1, -1}
        -1 where the claim is that acupuncture does worse.
    """

    comparator: str
    k: int
    side: Side
    certainty: str
    sized: bool = True
    small: bool = False
    turn: int = 1

    @property
    def does(self) -> str:
        """What acupuncture does when the claim is right."""
        return "better" if self.turn > 0 else "worse"


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
    In this order, two trials or more and a certainty above very low taken for granted:

    - contradicted: against sham an interval on the wrong side, or around no effect and without any worthwhile one;
    - supported: against sham an interval above no effect, certainty moderate or better, not below all that is
      worthwhile;
    - partly: against sham an interval above no effect with less certainty, below what is worthwhile, or without
      sizes; else one above no effect against another comparator;
    - contradicted: on the wrong side against no treatment or usual care, with nothing known against sham;
    - unclear: what is left, if anything was measured;
    - untested: nothing was.

    What only stands in for a claim can neither support nor contradict it: supported becomes partly, contradicted
    unclear.
    """
    found = _judge(readings, words, measured, asked)
    milder = {"supported": "partly", "contradicted": "unclear"}
    if stands_in and found.verdict in milder:
        return Verdict(milder[found.verdict], found.rests_on, f"{found.reason}; but {stands_in}")
    return found


def together(verdicts: Sequence[str]) -> str:
    """The verdict on a claim that names several populations or windows, from the verdict on each.

    All supported: supported. Some supported or partly: partly. Else contradicted where any is, unclear where any was
    measured, untested.
    """
    kinds = set(verdicts)
    if kinds == {"supported"}:
        return "supported"
    if kinds & {"supported", "partly"}:
        return "partly"
    return next((verdict for verdict in ("contradicted", "unclear") if verdict in kinds), "untested")


def _judge(readings: Sequence[Reading], words: Vocabulary, measured: int, asked: Sequence[str]) -> Verdict:
    if not readings:
        if not measured:
            return Verdict("untested", None, "no trial in the data measures it")
        word = "one trial measures" if measured == 1 else f"{measured} trials measure"
        return Verdict("unclear", None, f"{word} it, but none gives a result that answers it")
    for at, part in enumerate(readings):
        if part.comparator == "sham" and _counts(part):
            found = _against_sham(part)
            if found:
                return Verdict(found[0], at, found[1])
    for comparator in OTHERS:
        for at, part in enumerate(readings):
            if part.comparator == comparator and _counts(part) and part.side == "better":
                return Verdict(
                    "partly",
                    at,
                    f"shown against {words.comparators[comparator]} only" + _but_sham(readings, words, asked),
                )
    sham_known = any(part.comparator == "sham" and part.k >= 2 for part in readings)
    for at, part in enumerate(readings):
        if part.comparator in _INERT and _counts(part) and part.side == "worse" and not sham_known:
            return Verdict(
                "contradicted", at, f"against {words.comparators[part.comparator]} the result is on the wrong side"
            )
    at = _weightiest(readings)
    return Verdict("unclear", at, _why_unclear(readings[at], words))


def _counts(part: Reading) -> bool:
    return part.k >= 2 and part.certainty != "very low"


def _against_sham(part: Reading) -> tuple[str, str] | None:
    if part.side == "worse":
        return "contradicted", "against sham acupuncture the result is on the wrong side"
    if part.side == "little":
        return "contradicted", "against sham acupuncture the interval includes no effect and rules out a worthwhile one"
    if part.side == "open":
        return None
    if not part.sized:
        return "partly", "trials against sham acupuncture point the claimed way, but give no sizes"
    if part.small:
        return "partly", f"{part.does} than sham acupuncture, but by less than the smallest worthwhile effect"
    if part.certainty in _SURE:
        return "supported", f"{part.does} than sham acupuncture, certainty {part.certainty}"
    return "partly", f"{part.does} than sham acupuncture, but certainty is low"


def _but_sham(readings: Sequence[Reading], words: Vocabulary, asked: Sequence[str]) -> str:
    if "sham" not in asked:
        return ""
    sham = [part for part in readings if part.comparator == "sham"]
    why = _why_unclear(sham[0], words) if sham else ""
    return f"; against sham acupuncture: {why}" if sham else "; no trial against sham gives a result"


def _weightiest(readings: Sequence[Reading]) -> int:
    """Numbers before directions; sham first where there are two trials, else the comparison with most trials."""

    def weight(at: int) -> tuple[bool, bool, int, int]:
        part = readings[at]
        return part.sized, part.comparator == "sham" and part.k >= 2, part.k, -at

    return max(range(len(readings)), key=weight)


def _why_unclear(part: Reading, words: Vocabulary) -> str:
    if part.k < 2:
        return "a single trial"
    if part.certainty == "very low":
        side = {
            "better": "the interval is above no effect, but certainty is very low",
            "worse": "the interval is below no effect, but certainty is very low",
            "little": "the interval rules out a worthwhile effect, but certainty is very low",
            "open": "the interval includes no effect and certainty is very low",
        }[part.side]
        return side if part.sized else "only directions are known and certainty is very low"
    if part.side == "open":
        return "the interval includes no effect" if part.sized else "the directions leave it open"
    return f"an effect against {words.comparators[part.comparator]} alone does not answer it"
