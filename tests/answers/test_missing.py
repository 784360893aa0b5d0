"""Missing trials are counted, and the what-if is the pool with zeros in it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.grade.missing_results import _if_nothing
from evidence.answers.pooling import Pooling, Summary, summary_of
from evidence.answers.wording.missing import said_elsewhere
from evidence.derive.comparisons import admissible


def sham(db: ev.EvidenceBase, condition: str) -> pd.Series:
    return ev.missing_results(db).query("condition == @condition and comparator == 'sham'").iloc[0]


def with_zeros(db: ev.EvidenceBase, condition: str, people: list[float]) -> Summary:
    """The pool, as the tables summarise so many trials, with one without any effect for each number of people."""
    there = db.effects("SMD").query(
        "condition == @condition and comparator == 'sham' and outcome == 'pain' and time == 'short'"
    )
    zeros = np.array(people)
    yi, vi = np.r_[there["yi"], 0 * zeros], np.r_[there["vi"], 4 / zeros]
    return summary_of(Pooling(db).fit(pd.DataFrame({"yi": yi, "vi": vi, "measure": "SMD", "outcome": "pain"})))


def test_the_what_if_adds_a_zero_for_every_missing_trial(db: ev.EvidenceBase) -> None:
    row, size = sham(db, "disc_herniation"), db.studies.set_index("study_id")["n_randomised"]
    missing = row["missing"].split("|")
    assert {"ghoname-1999b", "li-cheng-ijps"} <= set(missing) and len(missing) == row["trials_missing"]
    assert row["people_missing"] == size[missing].sum()
    fit, alone = (with_zeros(db, "disc_herniation", people) for people in (size[missing].tolist(), []))
    assert row["estimate"] == pytest.approx(alone.estimate)
    assert (row["null_estimate"], row["null_ci_low"]) == pytest.approx((fit.estimate, fit.ci_low))


def test_pools_are_those_of_the_table(db: ev.EvidenceBase) -> None:
    names = ["estimate", "ci_low", "ci_high"]
    key = ["condition", "comparator"]
    table = ev.pooled_table(db.select(outcome="pain", time="short").effects(), db).set_index(key)
    missing = ev.missing_results(db).query("k > 0").set_index(key)
    assert len(missing) == len(table)
    np.testing.assert_allclose(missing[names], table.loc[missing.index, names])


def test_counts_agree_with_the_ranking(db: ev.EvidenceBase) -> None:
    missing = ev.missing_results(db).set_index(["condition", "comparator"])
    ranking = ev.rank_conditions(db, comparator="sham").to_frame()
    for row in ranking.itertuples():
        if (row.condition, "sham") not in missing.index:
            assert row.k == row.trials_missing == 0
            continue
        here = missing.loc[row.condition, "sham"]
        assert (here["k"], here["trials_missing"]) == (row.k, row.trials_missing)


def test_zeros_never_move_the_answer_away_from_nothing(db: ev.EvidenceBase) -> None:
    frame = ev.missing_results(db).dropna(subset=["estimate"])
    touched = frame[frame["trials_missing"] > 0]
    assert len(touched) > 5
    assert (touched["null_estimate"].abs() <= touched["estimate"].abs() + 1e-9).all()
    same = frame[frame["trials_missing"] == 0]
    np.testing.assert_allclose(same["null_estimate"], same["estimate"])


def test_the_sentence_says_which_side_the_interval_lies_on(db: ev.EvidenceBase) -> None:
    for row in ev.missing_results(db).itertuples():
        if row.k and row.trials_missing:
            assert ("include no difference" in row.sentence) == (row.null_ci_low <= 0 <= row.null_ci_high)
        if not row.k:
            assert math.isnan(row.estimate)
            assert ("no trial gives a number" in row.sentence) == (row.trials_missing > 0)


def test_the_sentence_ends_with_the_trials_that_tell_something_else(db: ev.EvidenceBase) -> None:
    frame = ev.missing_results(db)
    assert (frame["trials_elsewhere"] > 0).any() and (frame["trials_elsewhere"] == 0).any()
    for row in frame.itertuples():
        beside = said_elsewhere(row.trials_elsewhere) if row.trials_elsewhere else ""
        assert row.sentence.endswith(f" {beside.capitalize()}.") if beside else "tell of other" not in row.sentence


def test_the_sentence_reads_above_and_below_as_the_interval_lies(db: ev.EvidenceBase) -> None:
    frame = ev.missing_results(db)
    frame = frame[(frame["k"] > 0) & (frame["trials_missing"] > 0)]
    above = frame["sentence"].str.contains("would still lie above no difference", regex=False)
    assert (above == (frame["null_ci_low"] > 0)).all() and above.any()
    below = frame["sentence"].str.contains("would lie below no difference", regex=False)
    assert (below == (frame["null_ci_high"] < 0)).all()


def test_the_effect_is_told_in_points_where_they_are_known_and_in_standard_deviations_elsewhere() -> None:
    row = {"k": 3, "trials_missing": 2, "people_missing": 80.0, "unsized_missing": 0}
    row |= {"estimate": 0.4, "null_estimate": 0.3, "null_ci_low": 0.1, "null_ci_high": 0.5}
    assert "3 trials give 8 of 100 points; if" in _if_nothing(row | {"points": 8.0}, 20.0)
    assert "it would be 6, and the interval (2 to 10) would still" in _if_nothing(row | {"points": 8.0}, 20.0)
    for points, sd in ((math.nan, 20.0), (8.0, math.nan)):
        told = _if_nothing(row | {"points": points}, sd)
        assert "3 trials give 0.40 standard deviations; if" in told and "(0.10 to 0.50)" in told


def test_a_missing_trial_of_unknown_size_counts_as_one_of_median_size(db: ev.EvidenceBase) -> None:
    known = sham(db, "disc_herniation")
    studies = db.studies.set_index("study_id")
    first, *others = known["missing"].split("|")
    gone = studies.loc[first, "n_randomised"]
    studies.loc[first, "n_randomised"] = np.nan
    row = sham(replace(db, studies=studies.reset_index()[list(db.studies.columns)]), "disc_herniation")
    assert row["trials_missing"] == known["trials_missing"]
    assert (row["unsized_missing"], row["people_missing"]) == (1, known["people_missing"] - gone)
    assert "(not stated in one)" in row["sentence"]
    pairs = admissible(db).query("comparator == 'sham'")["study_id"].unique()
    everyone = studies.loc[[study for study in pairs if studies.loc[study, "condition"] == "disc_herniation"]]
    usual = everyone["n_randomised"].median()
    fit = with_zeros(db, "disc_herniation", [usual, *studies.loc[others, "n_randomised"]])
    assert row["null_estimate"] == pytest.approx(fit.estimate)


def test_the_sentence_counts_trials_in_english(db: ev.EvidenceBase) -> None:
    for row in ev.missing_results(db).itertuples():
        there = row.sentence.split(": ", 1)[1]
        if not row.trials_missing:
            assert there.startswith(
                "one trial gives " if row.k == 1 else f"{row.k} trials give " if row.k else "no trial is"
            )
        elif row.k:
            assert there.startswith("one trial gives " if row.k == 1 else f"{row.k} trials give ")
        else:
            assert there.startswith(f"no trial gives a number; missing {'is' if row.trials_missing == 1 else 'are'} ")
