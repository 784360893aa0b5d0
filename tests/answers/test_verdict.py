"""The verdict rules on a grid of made-up results."""

from __future__ import annotations

import itertools
from functools import partial

import pytest

from evidence.answers.claims.verdict import Reading, Verdict, together
from evidence.answers.claims.verdict import judge as judge_by
from evidence.answers.wording.vocabulary import bundled

judge = partial(judge_by, words=bundled())
GRADES = ("high", "moderate", "low", "very low")
SIDES = ("better", "worse", "little", "open")


@pytest.mark.parametrize(("k", "side", "certainty"), list(itertools.product((1, 2, 9), SIDES, GRADES)))
def test_against_sham_alone(k: int, side: str, certainty: str) -> None:
    found = judge([Reading("sham", k, side, certainty)])  # type: ignore[arg-type]
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
        (Reading("sham", 5, "open", "low"), Reading("usual_care", 3, "better", "low"), "partly", 1),
        (Reading("sham", 5, "better", "very low"), Reading("no_treatment", 3, "better", "moderate"), "partly", 1),
        (Reading("sham", 5, "little", "low"), Reading("no_treatment", 3, "better", "high"), "contradicted", 0),
        (Reading("sham", 5, "better", "moderate"), Reading("usual_care", 3, "worse", "high"), "supported", 0),
        (Reading("sham", 5, "open", "high"), Reading("usual_care", 3, "worse", "high"), "unclear", 0),
        (Reading("sham", 1, "better", "high"), Reading("usual_care", 3, "worse", "high"), "contradicted", 1),
        (Reading("sham", 1, "better", "high"), Reading("drug", 3, "worse", "high"), "unclear", 1),
        (Reading("sham", 1, "better", "high"), Reading("drug", 3, "better", "very low"), "unclear", 1),
        (Reading("sham", 2, "open", "low"), Reading("drug", 1, "better", "high"), "unclear", 0),
    ],
)
def test_sham_speaks_before_other_comparators(sham: Reading, other: Reading, expected: str, rests_on: int) -> None:
    found = judge([sham, other])
    assert (found.verdict, found.rests_on) == (expected, rests_on)


def test_better_by_less_than_is_worthwhile_or_without_sizes_is_only_partly_true() -> None:
    assert judge([Reading("sham", 5, "better", "high", small=True)]).verdict == "partly"
    assert judge([Reading("sham", 8, "better", "low", sized=False)]).verdict == "partly"


def test_a_claim_that_acupuncture_does_worse_is_told_in_its_own_words() -> None:
    assert (
        judge([Reading("sham", 5, "better", "high", turn=-1)]).reason == "worse than sham acupuncture, certainty high"
    )
    assert judge([Reading("sham", 5, "better", "low")]).reason.startswith("better than sham acupuncture, but")


def test_a_claim_that_is_not_about_sham_says_nothing_of_it() -> None:
    drug = [Reading("drug", 5, "better", "low")]
    assert judge(drug).reason == "shown against drugs only; no trial against sham gives a result"
    assert judge(drug, asked=("drug",)).reason == "shown against drugs only"


def test_a_stand_in_neither_supports_nor_contradicts() -> None:
    sham = Reading("sham", 5, "better", "high")
    found = judge([sham], stands_in="no trial counts recurrences")
    assert found.verdict == "partly" and found.reason.endswith("but no trial counts recurrences")
    assert judge([Reading("sham", 5, "worse", "high")], stands_in="no trial counts recurrences").verdict == "unclear"
    assert judge([Reading("sham", 5, "open", "high")], stands_in="so").reason == "the interval includes no effect"


def test_nothing_compared_is_unclear_and_nothing_measured_untested() -> None:
    assert judge([]) == Verdict("untested", None, "no trial in the data measures it")
    assert judge([], measured=1).reason == "one trial measures it, but none gives a result that answers it"
    assert judge([], measured=3).verdict == "unclear"


def test_better_numbers_never_give_a_worse_verdict() -> None:
    order = {"contradicted": 0, "unclear": 1, "partly": 2, "supported": 3}
    for certainty, k in itertools.product(GRADES, (1, 2, 9)):
        ranks = [order[judge([Reading("sham", k, side, certainty)]).verdict] for side in ("worse", "open", "better")]
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
