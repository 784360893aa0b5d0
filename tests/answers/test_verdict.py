"""The ladder of verdicts on made-up results: every rung, and the borders between them."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path

import pytest

from evidence.answers.claims.reading import Reading
from evidence.answers.claims.verdict import judge as judge_by
from evidence.answers.claims.verdict import surest, weakest
from evidence.answers.wording.vocabulary import bundled
from evidence.answers.wording.words import OF_PARTS, SETTLING, VERDICTS
from evidence.plots.claims import VERDICTS as DRAWN

judge = partial(judge_by, words=bundled())
GRADES = ("high", "moderate", "low", "very low")
SIDES = ("better", "worse", "little", "open")
ROOT = Path(__file__).resolve().parents[2]


def sham(k: int, side: str, certainty: str, **more: object) -> Reading:
    return Reading("sham", k, side, certainty, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("k", "side", "certainty"), list(itertools.product((1, 2, 9), SIDES, GRADES)))
def test_against_sham_alone(k: int, side: str, certainty: str) -> None:
    found = judge([sham(k, side, certainty, small=side == "little")])
    firm = k > 1 and certainty != "very low"
    rungs = {
        "better": ("supported" if certainty in ("high", "moderate") else "partly") if firm else "promising",
        "worse": "contradicted" if firm else "unclear",
        "little": "no worthwhile effect" if firm else "unclear",
        "open": "unclear",
    }
    assert found.verdict == rungs[side] and found.rests_on == 0 and found.reason


@pytest.mark.parametrize(
    ("expected", "readings"),
    [
        # supported, and what takes it away
        ("supported", [sham(2, "better", "moderate")]),
        ("partly", [sham(2, "better", "low")]),
        ("partly", [sham(9, "better", "low", sized=False, agree=9)]),
        ("promising", [sham(1, "better", "high")]),
        # the smallest worthwhile effect outranks a difference that is smaller
        ("no worthwhile effect", [sham(5, "better", "high", small=True)]),
        ("no worthwhile effect", [sham(5, "open", "low", small=True)]),
        ("unclear", [sham(5, "open", "very low", small=True)]),
        ("contradicted", [sham(5, "worse", "low", small=True)]),
        # against others only
        ("partly", [Reading("usual_care", 2, "better", "low")]),
        ("promising", [Reading("usual_care", 2, "better", "very low")]),
        ("unclear", [Reading("usual_care", 1, "better", "very low")]),
        ("unclear", [Reading("usual_care", 1, "better", "high")]),
        # a direction is clear from a probability of 97.5%
        ("promising", [sham(3, "open", "very low", p_better=0.975)]),
        ("unclear", [sham(3, "open", "very low", p_better=0.9749)]),
        ("promising", [sham(3, "open", "low", p_better=0.98)]),
        # in words: four trials that agree, and three of four of all that tell
        ("promising", [sham(4, "open", "very low", sized=False, agree=4)]),
        ("promising", [sham(5, "open", "very low", sized=False, agree=4)]),
        ("unclear", [sham(4, "open", "very low", sized=False, agree=3)]),
        ("unclear", [sham(3, "open", "very low", sized=False, agree=3)]),
        ("promising", [sham(8, "open", "low", sized=False, agree=6)]),
        ("unclear", [sham(9, "open", "low", sized=False, agree=6)]),
        ("unclear", [sham(9, "open", "very low", agree=9)]),  # signs of numbers are no words: their interval counts
        # other comparators promise nothing that sham denies
        ("promising", [sham(3, "open", "very low", p_better=0.5), Reading("drug", 3, "better", "very low")]),
        ("unclear", [sham(3, "open", "very low", p_better=0.49), Reading("drug", 3, "better", "very low")]),
        ("promising", [sham(1, "open", "very low", p_better=0.2), Reading("drug", 3, "better", "very low")]),
        ("unclear", [sham(1, "worse", "very low"), Reading("drug", 3, "better", "very low")]),
        ("unclear", [sham(1, "open", "very low", small=True), Reading("drug", 3, "better", "very low")]),
        # nothing
        ("unclear", [sham(9, "open", "high")]),
        ("untested", []),
    ],
)
def test_each_rung_and_its_borders(expected: str, readings: list[Reading]) -> None:
    assert judge(readings).verdict == judge(readings[::-1]).verdict == expected


@pytest.mark.parametrize(
    ("first", "other", "expected", "rests_on"),
    [
        (sham(5, "open", "low"), Reading("usual_care", 3, "better", "low"), "partly", 1),
        (sham(5, "better", "very low"), Reading("no_treatment", 3, "better", "moderate"), "partly", 1),
        (sham(5, "little", "low", small=True), Reading("no_treatment", 3, "better", "high"), "no worthwhile effect", 0),
        (sham(5, "worse", "low"), Reading("no_treatment", 3, "better", "high"), "contradicted", 0),
        (sham(5, "better", "moderate"), Reading("usual_care", 3, "worse", "high"), "supported", 0),
        (sham(5, "open", "high"), Reading("usual_care", 3, "worse", "high"), "unclear", 0),
        (sham(1, "better", "high"), Reading("usual_care", 3, "worse", "high"), "contradicted", 1),
        (sham(1, "open", "high"), Reading("drug", 3, "worse", "high"), "unclear", 1),
        (sham(1, "better", "high"), Reading("drug", 3, "better", "very low"), "promising", 0),
        (Reading("drug", 3, "better", "very low"), Reading("exercise", 5, "better", "very low"), "promising", 1),
        (sham(2, "open", "low"), Reading("drug", 1, "better", "high"), "unclear", 0),
        (sham(2, "open", "low"), Reading("usual_care", 3, "worse", "high"), "unclear", 0),
        (Reading("drug", 3, "open", "low"), Reading("exercise", 3, "open", "low"), "unclear", 0),
    ],
)
def test_sham_speaks_before_other_comparators(first: Reading, other: Reading, expected: str, rests_on: int) -> None:
    found = judge([first, other])
    assert (found.verdict, found.rests_on) == (expected, rests_on)


def test_reasons_say_what_was_shown_and_what_is_missing() -> None:
    assert judge([sham(5, "better", "high", turn=-1)]).reason == "worse than sham acupuncture, certainty high"
    assert judge([sham(5, "better", "low")]).reason.startswith("better than sham acupuncture, but")
    assert judge([sham(5, "better", "high", slope=True)]).reason.startswith("a line between trials the claimed way")
    assert "in a single trial" in judge([sham(1, "better", "low")]).reason
    assert judge([sham(5, "better", "high", small=True)]).reason == (
        "better than sham acupuncture, but by less than the smallest worthwhile effect"
    )
    words = judge([sham(5, "open", "very low", sized=False, agree=4)]).reason
    assert words.startswith("4 of 5 trials against sham acupuncture went the claimed way")
    denied = judge([sham(3, "worse", "very low"), Reading("drug", 3, "better", "very low")])
    assert denied.rests_on == 1 and denied.reason.endswith("trials against sham acupuncture do not bear it out")


def test_what_is_known_against_sham_stands_beside_what_is_shown_elsewhere() -> None:
    shown = Reading("usual_care", 3, "better", "low")
    leaning, open_ = sham(3, "open", "low", p_better=0.98), sham(3, "open", "low", p_better=0.8)
    assert "against sham acupuncture: the interval includes no effect" in judge([open_, shown]).reason
    told = judge([leaning, shown]).reason
    assert "against sham acupuncture: " not in told and judge([leaning]).reason in told


def test_a_claim_that_is_not_about_sham_says_nothing_of_it() -> None:
    drug = [Reading("drug", 5, "better", "low")]
    assert judge(drug).reason == "shown against drugs only; no trial against sham gives a result"
    assert judge(drug, asked=("drug",)).reason == "shown against drugs only"


def test_a_stand_in_neither_supports_nor_refutes_nor_promises() -> None:
    found = judge([sham(5, "better", "high")], stands_in="no trial counts recurrences")
    assert found.verdict == "partly" and found.reason.endswith("but no trial counts recurrences")
    for reading in (sham(5, "worse", "high"), sham(5, "open", "high", small=True), sham(5, "better", "very low")):
        assert judge([reading], stands_in="no trial counts recurrences").verdict == "unclear"
    assert judge([sham(5, "open", "high")], stands_in="so").reason == "the interval includes no effect"


def test_nothing_compared_is_unclear_and_nothing_measured_untested() -> None:
    found = judge([])
    assert (found.verdict, found.rests_on, found.reason) == ("untested", None, "no trial in the data measures it")
    assert judge([], measured=1).reason == "one trial measures it, but none gives a result that answers it"
    assert judge([], measured=3).verdict == "unclear"


def test_better_numbers_and_more_certainty_never_give_a_worse_verdict() -> None:
    order = ["contradicted", "no worthwhile effect", "unclear", "promising", "partly", "supported"]
    for certainty, k in itertools.product(GRADES, (1, 2, 9)):
        ranks = [order.index(judge([sham(k, side, certainty)]).verdict) for side in ("worse", "open", "better")]
        assert ranks == sorted(ranks)
    for k in (1, 2, 9):
        ranks = [order.index(judge([sham(k, "better", certainty)]).verdict) for certainty in GRADES]
        assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize(
    ("parts", "whole", "ways"),
    [
        (["supported"] * 5, "supported", "supported"),
        (["supported", "partly"], "partly", "supported"),
        (["supported", "promising"], "promising", "supported"),
        (["supported", "untested"], "unclear", "supported"),
        (["partly", "contradicted"], "contradicted", "partly"),
        (["contradicted", "no worthwhile effect"], "contradicted", "contradicted"),
        (["no worthwhile effect", "unclear", "untested"], "no worthwhile effect", "no worthwhile effect"),
        (["promising", "unclear"], "unclear", "promising"),
        (["unclear", "untested"], "unclear", "unclear"),
        (["untested", "untested"], "untested", "untested"),
    ],
)
def test_each_is_as_weak_as_its_weakest_part_and_several_ways_as_sure_as_the_surest(
    parts: list[str], whole: str, ways: str
) -> None:
    assert weakest(parts) == weakest(parts[::-1]) == whole
    assert surest(parts) == surest(parts[::-1]) == ways


def test_verdicts_have_one_order_and_one_wording() -> None:
    assert list(DRAWN) == list(VERDICTS), "figures know the same verdicts"
    page = " ".join((ROOT / "docs" / "method.md").read_text(encoding="utf-8").split())
    for verdict, rule in VERDICTS.items():
        assert f"| *{verdict}* | {rule} |" in page, verdict
    assert OF_PARTS in page and SETTLING in page
