"""Sentences for patients say which way an interval points, and no more than it does."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

import evidence as ev
from evidence.answers.wording.plain import plain_effect, plain_harms
from evidence.answers.wording.vocabulary import bundled
from evidence.answers.wording.words import GRADES
from evidence.base.rows import rows_of

TERMS = re.compile(
    r"\bSDs?\b|\bSMDs?\b|Hedges|comparator|heterogeneity|interval|neighbouring populations", re.IGNORECASE
)


def row(**changes: Any) -> dict[str, Any]:
    """Nine trials of pain against sham: 8 points less, 3 to 13."""
    base = dict(outcome="pain", comparator="sham", k=9, n=1300.0, certainty="moderate", worthwhile=0.49)
    base |= dict(estimate=0.4, ci_low=0.2, ci_high=0.6, points=8.0, points_low=3.0, points_high=13.0)
    return base | dict(trials_better=7, trials_worse=2) | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "People probably have less pain with acupuncture than with sham acupuncture: about 8 of 100 points less, "
            "anywhere from 3 to 13 less (9 trials, 1,300 people).",
        ),
        ({"certainty": "low"}, "People may have less pain"),
        ({"k": 1}, "One trial found less pain with acupuncture than with sham acupuncture"),
        (
            {"points_low": -3.0, "k": 2, "trials_better": 2, "trials_worse": 0},
            "Both trials favour acupuncture for pain, compared with sham acupuncture, but not beyond doubt: about 8 of "
            "100 points less, anywhere from 3 more to 13 less",
        ),
        (
            {"ci_low": -0.1, "ci_high": 0.9, "points_low": -0.4},
            "The trials leave open whether people have less pain with acupuncture than with sham acupuncture: about 8 "
            "of 100 points less, anywhere from no difference to 13 less",
        ),
        (
            {"estimate": 0.0, "ci_low": -0.2, "ci_high": 0.2, "points": 0.0, "points_low": -4.0, "points_high": 4.0},
            "Trials found little or no difference in pain from sham acupuncture: about no difference, anywhere from 4 "
            "more to 4 less",
        ),
        (
            {
                "estimate": -0.4,
                "ci_low": -0.6,
                "ci_high": -0.2,
                "points": -8.0,
                "points_low": -13.0,
                "points_high": -3.0,
            },
            "People probably have more pain with acupuncture than with sham acupuncture: about 8 of 100 points more",
        ),
        (
            {"points": float("nan")},
            "People probably have less pain with acupuncture than with sham acupuncture (9 trials, 1,300 people).",
        ),
    ],
)
def test_a_sentence_goes_no_further_than_its_interval(changes: dict[str, Any], said: str) -> None:
    assert plain_effect(row(**changes), bundled()).startswith(said)


#: Where an interval can lie: beside, over and within no difference and the worthwhile effect.
PLACES = ((0.5, 0.2, 0.8), (0.9, 0.6, 1.2), (0.3, -0.1, 0.7), (0.0, -0.2, 0.2), (-0.3, -0.7, 0.1), (-0.5, -0.8, -0.2))


@pytest.mark.parametrize(("place", "grade", "k", "agree"), list(product(PLACES, GRADES, (1, 3, 9), (True, False))))
def test_every_sentence_is_true_of_its_numbers(
    place: tuple[float, float, float], grade: str, k: int, agree: bool
) -> None:
    mean, low, high = place
    numbers = dict(zip(("estimate", "ci_low", "ci_high"), place, strict=True))
    numbers |= {f"points{end}": 20 * value for end, value in zip(("", "_low", "_high"), place, strict=True)}
    up = k if agree else max(k - 1, 0)
    votes = {"trials_better": up if mean >= 0 else k - up, "trials_worse": k - up if mean >= 0 else up}
    said = plain_effect(row(**numbers, **votes, k=k, certainty=grade, worthwhile=0.49), bundled())
    clear, little = low > 0 or high < 0, low > -0.49 and high < 0.49
    alike = k == 3 and agree  # few trials that all lie on one side are said to
    assert bool(re.search(r"(?<!whether people )(have|found) less pain with", said)) == (low > 0)
    assert bool(re.search(r"(have|found) more pain with", said)) == (high < 0)
    assert ("little or no difference" in said) == (little and not clear)
    assert ("open whether" in said) == (not clear and not little and not alike)
    assert ("all 3 trials favour" in said.lower()) == (not clear and not little and alike)
    assert ("probably" in said) == (grade == "moderate" and clear and k > 1)
    assert (" may " in said) == (grade in ("low", "very low") and clear and k > 1)
    assert ("one trial" in said.lower()) == (k == 1)
    ends = re.search(r"about (.+), anywhere from (.+) to (.+?) \(", said)
    assert ends is not None
    about, least, most = (text.replace(" of 100 points", "") for text in ends.groups())
    least = f"{least} less" if least.isdigit() else least
    for value, told in ((mean, about), (low, least), (high, most)):
        points = round(20 * value)
        side = f"{abs(points)} {'less' if points > 0 else 'more'}" if points else "no difference"
        assert told == side


def test_every_sentence_of_the_data_is_true_and_plain(results: ev.Results) -> None:
    told = 0
    for comparator in results.words.comparators:
        for found in rows_of(results.findings(comparator)):
            if found["outcome"] not in results.words.critical:
                continue
            said = plain_effect(found, results.words)
            told += 1
            assert TERMS.findall(said) == [] and f"{found['n']:,.0f}" in said
            if re.match(r"People (probably |may )?have less|One trial found less", said):
                assert found["ci_low"] > 0 and not found["points_low"] <= 0 <= found["points_high"]
            if "leave" in said or "beyond doubt" in said:
                assert found["ci_low"] <= 0 <= found["ci_high"] or found["points_low"] <= 0 <= found["points_high"]
            if "little or no" in said:
                assert max(-found["ci_low"], found["ci_high"]) < found["worthwhile"]
            if "probably" in said:
                assert found["certainty"] == "moderate"
    assert told > 20


def test_harms_are_those_that_arms_count(results: ev.Results) -> None:
    for condition in results.words.headline:
        both = results.benefit_and_harm(condition)
        said, own = plain_harms(both), both.harm[both.harm["condition"] == condition].set_index("kind")
        for kind, where in (("minor", "side effects"), ("serious", "serious ones")):
            if kind not in own.index:
                assert f"o trial counts how many people had {where}" in said
                continue
            events = f"{own['events'][kind]:.0f}" if own["events"][kind] else "none"
            assert f"ith acupuncture, {events} of {own['n'][kind]:,.0f} people had {where}" in said
        assert f"Of {both.trials} trials" in said and TERMS.findall(said) == []
