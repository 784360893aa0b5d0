"""Missing trials are counted, and the what-if is the pool with zeros in it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import evidence as ev
from evidence.answers.grade.missing_results import MissingResults


def test_the_what_if_adds_a_zero_for_every_missing_trial(db: ev.EvidenceBase) -> None:
    row = ev.missing_results(db).query("condition == 'spinal_stenosis' and comparator == 'sham'").iloc[0]
    # qin-2020 gives a number for pain; zhu-2024, 196 people, measured disability only
    qin = db.effects("SMD").query("study == 'qin-2020' and outcome == 'pain'").iloc[0]
    assert (row["k"], row["trials_missing"], row["people_missing"]) == (1, 1, 196)
    assert row["estimate"] == pytest.approx(qin["yi"])
    with pytest.warns(ev.SmallSample):
        fit = ev.pool([qin["yi"], 0.0], [qin["vi"], 4 / 196])
    assert (row["null_estimate"], row["null_ci_low"]) == pytest.approx((fit.estimate, fit.ci.low))


def test_counts_agree_with_the_ranking(db: ev.EvidenceBase) -> None:
    missing = ev.missing_results(db).set_index(["condition", "comparator"])
    ranking = ev.rank_conditions(db, comparator="sham").to_frame()
    for row in ranking.itertuples():
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
            assert "no trial gives a number" in row.sentence and math.isnan(row.estimate)


def test_the_sentence_reads_above_and_below_as_the_interval_lies(db: ev.EvidenceBase) -> None:
    frame = ev.missing_results(db)
    frame = frame[(frame["k"] > 0) & (frame["trials_missing"] > 0)]
    above = frame["sentence"].str.contains("would still lie above no difference", regex=False)
    assert (above == (frame["null_ci_low"] > 0)).all() and above.any()
    below = frame["sentence"].str.contains("would lie below no difference", regex=False)
    assert (below == (frame["null_ci_high"] < 0)).all()


def test_a_missing_trial_of_unknown_size_counts_as_one_of_median_size(db: ev.EvidenceBase) -> None:
    studies = db.studies.set_index("study_id")
    studies.loc["zhu-2024", "n_randomised"] = np.nan
    base = replace(db, studies=studies.reset_index()[list(db.studies.columns)])
    row = ev.missing_results(base).query("condition == 'spinal_stenosis' and comparator == 'sham'").iloc[0]
    known = ev.missing_results(db).query("condition == 'spinal_stenosis' and comparator == 'sham'").iloc[0]
    assert (row["trials_missing"], row["people_missing"]) == (known["trials_missing"], 0)
    usual = float(studies.loc["qin-2020", "n_randomised"])
    qin = db.effects("SMD").query("study == 'qin-2020' and outcome == 'pain'").iloc[0]
    with pytest.warns(ev.SmallSample):
        fit = ev.pool([qin["yi"], 0.0], [qin["vi"], 4 / usual])
    assert row["null_estimate"] == pytest.approx(fit.estimate) and "size not known" in row["sentence"]


def test_a_trial_is_missing_where_it_is_silent_or_has_words_only(db: ev.EvidenceBase) -> None:
    effects = db.effects("SMD")
    numbers = set(zip(effects["study"], effects["outcome"], strict=True))
    against = set(zip(effects["study"], effects["comparator"], strict=True))
    spoken = set(zip(db.results["study_id"], db.results["outcome"], strict=True))
    lookup, why = MissingResults(db), set()
    for condition in db.conditions["condition"]:
        for outcome in ("pain", "cortisol"):
            for clinical in (True, False):
                given = set(effects.query("condition == @condition and outcome == @outcome").head(2)["study"])
                found = {row["study_id"]: row for row in lookup.of([condition], "sham", [outcome], clinical, given)}
                for trial in lookup.compared["sham"]:
                    key = trial.study, outcome
                    silent = clinical and (trial.study, "sham") not in against
                    worded = key in spoken and key not in numbers
                    expected = trial.condition == condition and trial.study not in given and (silent or worded)
                    assert (trial.study in found) == expected, key
                    if expected:
                        reason = "words or a threshold only" if key in spoken else "no result that can be read"
                        assert found[trial.study]["why"] == reason
                        why.add(reason)
    assert len(why) == 2


def test_the_sentence_counts_trials_in_english(db: ev.EvidenceBase) -> None:
    for row in ev.missing_results(db).itertuples():
        there = row.sentence.split(": ", 1)[1]
        if not row.trials_missing:
            assert there.startswith("the one trial gives" if row.k == 1 else f"all {row.k} trials give a number")
        elif row.k:
            assert there.startswith("one trial gives " if row.k == 1 else f"{row.k} trials give ")
        else:
            assert there.startswith(f"no trial gives a number; missing {'is' if row.trials_missing == 1 else 'are'} ")
