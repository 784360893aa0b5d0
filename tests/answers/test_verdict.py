"""The verdict rules on a grid of made-up results."""

from __future__ import annotations

import itertools

import pytest

from evidence.answers.claims.verdict import Shown, Verdict, judge, together

GRADES = ("high", "moderate", "low", "very low")
SIDES = ("better", "worse", "little", "open")


@pytest.mark.parametrize(("k", "side", "certainty"), list(itertools.product((1, 2, 9), SIDES, GRADES)))
def test_against_sham_alone(k: int, side: str, certainty: str) -> None:
    found = judge([Shown("sham", k, side, certainty)])  # type: ignore[arg-type]
    if k == 1 or certainty == "very low" or side == "open":
        expected = "unclear"
    elif side in ("worse", "little"):
        expected = "contradicted"
    else:
        expected = "supported" if certainty in ("high", "moderate") else "partly"
    assert found.verdict == expected and found.rests_on == 0 and found.reason


@pytest.mark.parametrize(
    ("sham", "other", "expected", "rests_on"),
    [
        (Shown("sham", 5, "open", "low"), Shown("usual_care", 3, "better", "low"), "partly", 1),
        (Shown("sham", 5, "better", "very low"), Shown("no_treatment", 3, "better", "moderate"), "partly", 1),
        (Shown("sham", 5, "little", "low"), Shown("no_treatment", 3, "better", "high"), "contradicted", 0),
        (Shown("sham", 5, "better", "moderate"), Shown("usual_care", 3, "worse", "high"), "supported", 0),
        (Shown("sham", 5, "open", "high"), Shown("usual_care", 3, "worse", "high"), "unclear", 0),
        (Shown("sham", 1, "better", "high"), Shown("usual_care", 3, "worse", "high"), "contradicted", 1),
        (Shown("sham", 1, "better", "high"), Shown("drug", 3, "worse", "high"), "unclear", 1),
        (Shown("sham", 1, "better", "high"), Shown("drug", 3, "better", "very low"), "unclear", 1),
        (Shown("sham", 2, "open", "low"), Shown("drug", 1, "better", "high"), "unclear", 0),
    ],
)  # fmt: skip
def test_sham_speaks_before_other_comparators(sham: Shown, other: Shown, expected: str, rests_on: int) -> None:
    found = judge([sham, other])
    assert (found.verdict, found.rests_on) == (expected, rests_on)


def test_better_by_less_than_is_worthwhile_or_without_sizes_is_only_partly_true() -> None:
    assert judge([Shown("sham", 5, "better", "high", small=True)]).verdict == "partly"
    assert judge([Shown("sham", 8, "better", "low", sized=False)]).verdict == "partly"


def test_a_stand_in_neither_supports_nor_contradicts() -> None:
    sham = Shown("sham", 5, "better", "high")
    found = judge([sham], stands_in="no trial counts recurrences")
    assert found.verdict == "partly" and found.reason.endswith("but no trial counts recurrences")
    assert judge([Shown("sham", 5, "worse", "high")], stands_in="no trial counts recurrences").verdict == "unclear"
    assert judge([Shown("sham", 5, "open", "high")], stands_in="so").reason == "the interval includes no effect"


def test_nothing_compared_is_unclear_and_nothing_measured_untested() -> None:
    assert judge([]) == Verdict("untested", None, "no trial in the data measures it")
    assert judge([], measured=1).reason == "one trial measures it, but none gives a result that answers it"
    assert judge([], measured=3).verdict == "unclear"


def test_better_numbers_never_give_a_worse_verdict() -> None:
    order = {"contradicted": 0, "unclear": 1, "partly": 2, "supported": 3}
    for certainty, k in itertools.product(GRADES, (1, 2, 9)):
        ranks = [order[judge([Shown("sham", k, side, certainty)]).verdict] for side in ("worse", "open", "better")]
        assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["supported"] * 5, "supported"),
        (["supported", "untested"], "partly"),
        (["partly", "contradicted"], "partly"),
        (["partly", "partly"], "partly"),
        (["contradicted", "unclear"], "contradicted"),
        (["unclear", "untested"], "unclear"),
        (["untested", "untested"], "untested"),
    ],
)
def test_a_claim_about_several_populations(parts: list[str], whole: str) -> None:
    assert together(parts) == together(parts[::-1]) == whole
