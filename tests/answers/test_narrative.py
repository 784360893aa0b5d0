"""Sentences on a grid of intervals, certainties, outcomes and comparators: what they say is true, and is English."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.sides import side_of
from evidence.answers.wording.pool_sentence import _verdict
from evidence.answers.wording.vocabulary import Vocabulary, bundled
from evidence.answers.wording.words import CERTAINTY, GRADE_WORDS

GRADES = ("high", "moderate", "low", "very low")
INTERVALS = [
    (estimate, estimate - half, estimate + half)
    for estimate, half in itertools.product([-1.2, -0.4, -0.1, 0.0, 0.1, 0.4, 1.2], [0.05, 0.3, 0.5, 1.5])
]
OUTCOMES = [*ev.load().outcomes["outcome"], "tissue_repair", "pain|leg_pain", "tnf_alpha|il_10", "something_new"]


def result(**change: object) -> dict[str, object]:
    base: dict[str, object] = {
        "outcome": "pain", "comparator": "sham", "condition": "osteoarthritis", "time": "short", "k": 5, "n": 500,
        "estimate": 0.4, "ci_low": 0.2, "ci_high": 0.6, "certainty": "low", "worthwhile": 0.7,
    }  # fmt: skip
    return base | change


@pytest.mark.parametrize("audience", ["public", "clinician"])
def test_every_sentence_of_the_grid_is_true(audience: str) -> None:
    seen = set()
    for (estimate, low, high), grade, k in itertools.product(INTERVALS, GRADES, (1, 2, 6)):
        text = ev.sentence(result(estimate=estimate, ci_low=low, ci_high=high, certainty=grade, k=k), audience)
        seen.add(text)
        says_better = bool(re.search(r"acupuncture (may |probably )?(slightly )?reduce[sd]? pain", text))
        hedged = "leave open whether" in text or "leaves open whether" in text
        assert (says_better and not hedged) == (low > 0)
        assert ("worse than" in text) == (high < 0)
        assert ("little or no difference" in text) == (low <= 0 <= high and low > -0.7 and high < 0.7)
        assert hedged == (low <= 0 <= high and not (low > -0.7 and high < 0.7))
        assert ("slightly" in text) == (low > 0 and high < 0.7)
        assert ("very uncertain" in text) == (grade == "very low")
        if not hedged and k > 1:
            assert (" may " in text) == (grade in ("low", "very low"))
            assert ("probably" in text) == (grade == "moderate")
        if k == 1:
            assert "ne trial" in text and ("found" in text or hedged)
            assert " may " not in text and "probably" not in text
        assert ("Two trials are too few" in text) == (k == 2)
        assert text.endswith(".") and f"Certainty: {grade}" in text
        assert ("above 0 favours acupuncture" in text) == (audience == "public" and low <= 0)
    assert len(seen) == len(INTERVALS) * len(GRADES) * 3


def test_a_ratio_is_read_against_one() -> None:
    text = ev.sentence(result(measure="RR", outcome="responder", estimate=0.1, ci_low=-0.2, ci_high=0.4))
    assert "above 1 favours acupuncture" in text and "above 0" not in text


def test_every_outcome_and_comparator_makes_english() -> None:
    for outcome, comparator, time, grade, k, interval in itertools.product(
        OUTCOMES,
        bundled().comparators,
        ["immediate", "unstated", ""],
        GRADES,
        (1, 3),
        [(0.4, 0.1, 0.7), (0.4, -0.1, 2.0), (-2.0, -3.0, -1.0)],
    ):
        estimate, low, high = interval
        row = result(outcome=outcome, comparator=comparator, time=time, certainty=grade, k=k, estimate=estimate)
        text = ev.sentence(row | {"ci_low": low, "ci_high": high, "condition": ""})
        assert not re.search(r"  |\bnan\b|_|\(\)|\bmay \w+s\b|\.\.|,,| ,|\bNone\b|probably probably", text), text
        assert not re.search(r"signific", text, re.IGNORECASE)
        assert re.match(r"(Acupuncture|One trial|The trials) ", text), text
        assert text.count("(") == text.count(")")


def test_numbers_are_those_of_the_result() -> None:
    public = ev.sentence(result(points=6.04, points_low=2.6, points_high=9.4))
    assert "about 6 of 100 points, 95% interval 3 to 9;" in public and "5 trials, 500 people" in public
    clinician = ev.sentence(result(pi_low=-0.23, pi_high=1.07, i2=71.8), "clinician")
    assert "SMD 0.40, 95% CI 0.20 to 0.60; 95% prediction interval −0.23 to 1.07; I² 72%; 5 trials" in clinician
    ratio = ev.sentence(
        result(
            measure="RR",
            outcome="responder",
            estimate=math.log(1.5),
            ci_low=math.log(1.2),
            ci_high=math.log(1.9),
            worthwhile=math.nan,
        )
    )
    assert "risk ratio 1.50, 1.20 to 1.90" in ratio and "increase the number of people who improve" in ratio


def test_without_a_smallest_worthwhile_effect_nothing_is_called_little() -> None:
    assert side_of(0.0, -0.01, 0.01) == "open"
    assert side_of(0.0, -0.01, 0.01, 0.5) == "little"
    for estimate, low, high in ((0.1, 0.0, 0.2), (-0.1, -0.2, 0.0)):
        assert side_of(estimate, low, high, 0.1) == "open", "an interval that ends at no effect does not exclude it"


def test_rows_of_the_ranking_make_sentences(db: ev.EvidenceBase) -> None:
    ranking = ev.rank_conditions(db, comparator="sham").to_frame().set_index("condition", drop=False)
    text = ev.sentence(ranking.loc["osteoarthritis"])
    assert text.startswith("In osteoarthritis of knee or hip (related condition), acupuncture ")
    assert "reduce" in text and "pain up to 3 months compared with sham" in text
    assert f"{ranking.loc['osteoarthritis', 'k']:.0f} trials" in text
    certainty = ranking.loc["osteoarthritis", "certainty"]
    assert ("very uncertain" if certainty == "very low" else f"Certainty: {certainty}.") in text
    between = ranking.loc["osteoarthritis"].copy()
    for top, slight in ((0.99 * between["worthwhile"], True), (1.01 * between["worthwhile"], False)):
        between["ci_low"], between["estimate"], between["ci_high"] = top / 4, top / 2, top
        assert ("slightly" in ev.sentence(between)) == slight
    alone = ev.sentence(ranking.loc[["osteoarthritis"]].assign(k=1))
    assert alone.startswith("In osteoarthritis of knee or hip (related condition), one trial found that")


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"estimate": np.nan}, "no estimate"),
        ({"certainty": ""}, "no certainty"),
        ({"certainty": "sure"}, "choose among"),
        ({"ci_low": 0.5}, "does not hold the estimate"),
    ],
)
def test_what_is_missing_is_said(bad: dict[str, object], says: str) -> None:
    with pytest.raises(ev.InvalidInput, match=says):
        ev.sentence(result(**bad))
    with pytest.raises(ev.InvalidInput, match="audience"):
        ev.sentence(result(), "nobody")  # type: ignore[arg-type]
    with pytest.raises(ev.InvalidInput, match="one row"):
        ev.sentence(pd.DataFrame([result(), result()]))


def test_an_interval_that_reaches_the_worthwhile_effect_does_not_rule_it_out() -> None:
    assert side_of(-0.1, -0.5, 0.3, 0.5) == "open" and side_of(-0.1, -0.49, 0.3, 0.5) == "little"
    assert side_of(0.1, -0.3, 0.5, 0.5) == "open" and side_of(0.1, -0.3, 0.49, 0.5) == "little"


@pytest.mark.parametrize("grade", GRADES)
def test_each_grade_has_its_official_words(grade: str) -> None:
    assert (GRADE_WORDS[grade], CERTAINTY[grade]) == (grade, f"{grade} certainty")


def test_a_single_trial_is_told_as_one(db: ev.EvidenceBase) -> None:
    words = Vocabulary.of(db)
    row = {"outcome": "pain", "ci_low": 0.2, "ci_high": 0.9}
    what = words.better("pain")
    assert _verdict(row, words, True) == f"one trial found {what} with acupuncture"
    assert _verdict(row, words, False) == f"acupuncture gave {what}"
    worse = row | {"ci_low": -0.9, "ci_high": -0.2}
    assert _verdict(worse, words, True) == f"one trial found the opposite of {what} with acupuncture"
