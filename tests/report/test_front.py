"""The three sentences of the front page follow the ranking."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence as ev
from evidence.answers.known_trials import SUMMED
from evidence.report.pages.front import three_sentences


def ranking(*rows: dict[str, object]) -> pd.DataFrame:
    base = {"certainty": "low", "share_indirect": 0.0, "trials_better": 1} | dict.fromkeys(SUMMED, 0)
    return pd.DataFrame([base | row for row in rows])


def test_each_kind_of_result_is_said_as_what_it_is() -> None:
    first, sure, lost = three_sentences(
        ranking(
            {"label": "a", "k": 3, "ci_low": 0.1, "ci_high": 0.9, "share_indirect": 1.0},
            {"label": "b", "k": 2, "ci_low": -0.9, "ci_high": -0.1},
            {"label": "c", "k": 2, "ci_low": -0.9, "ci_high": 0.1, "certainty": "very low", "trials_missing": 2,
             "people_missing": 40, "unsized_missing": 1, "said_better": 1, "trials_unreadable": 1},
            {"label": "f", "k": 2, "ci_low": -0.1, "ci_high": 1.5, "trials_better": 2},
            {"label": "d", "k": 1, "ci_low": 0.1, "ci_high": 0.9},
            {"label": "e", "k": 0, "certainty": ""},
        )
    )  # fmt: skip
    assert first == (
        "Against sham acupuncture, up to 3 months, trials show less pain in a (all from neighbouring populations); "
        "trials show more pain in b; the few trials all favour acupuncture in f; "
        "they leave it open in c; d rests on a single trial; no trial gives a number for e."
    )
    assert sure == "The certainty of these results is low or very low: the true effects may be quite different."
    assert lost == (
        "2 more trials, 40 people (not stated in one), give no number for this: the one trial that says which way it "
        "went favoured acupuncture; of one nothing can be read. They could change this."
    )


@pytest.mark.parametrize("grade", ["moderate", "high"])
def test_doubt_is_said_only_where_there_is_some(grade: str) -> None:
    _, sure, lost = three_sentences(ranking({"label": "a", "k": 3, "ci_low": 0.1, "ci_high": 0.9, "certainty": grade}))
    assert sure == f"The certainty of these results is {grade}."
    assert lost == "No other trial of these comparisons is known to the data."


def test_the_real_answer_says_where_it_comes_from(db: ev.EvidenceBase) -> None:
    first, sure, _ = three_sentences(ev.rank_conditions(db, comparator="sham").to_frame())
    assert "osteoarthritis of knee or hip (neighbouring evidence)" in first
    assert sure.startswith("The certainty of these results is ")
