"""The ranking shows what there is and what is missing, and its words say no more than its numbers."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence as ev
from evidence.answers.grade.worthwhile import Worthwhile
from evidence.answers.pooling import Pooling
from evidence.answers.ranked import in_order
from evidence.answers.sound import sound
from evidence.answers.stricter import stricter
from evidence.answers.wording.pool_sentence import pool_sentence
from evidence.answers.wording.vocabulary import bundled
from evidence.answers.wording.words import GRADES, people


def test_all_conditions_stand_in_the_ranking_with_what_is_missing(db: ev.EvidenceBase) -> None:
    ranking = ev.rank_conditions(db, comparator="sham", outcome="pain", time="short").to_frame().set_index("condition")
    assert set(ranking.index) == set(db.conditions.query("headline != 'no'")["condition"])
    sprain = ranking.loc["lumbar_sprain"]
    assert sprain["k"] == 0 and np.isnan(sprain["estimate"])
    missing = sprain["missing"].split("|")  # vas-2012 gives a count of responders, which stands for nothing else
    assert {"hasegawa-2014", "lin-2016"} <= set(missing) and "vas-2012" not in missing
    people_missing = db.studies.set_index("study_id").loc[missing, "n_randomised"].sum()
    assert sprain["trials_missing"] == len(missing) and people(people_missing) in sprain["note"]
    assert sprain["said_better"] >= 2 and "favoured acupuncture" in sprain["note"]
    pools = ranking[ranking["k"] > 1]
    sure = pools["certainty"].map(list(GRADES).index)
    assert sure.is_monotonic_decreasing and all(
        rows["shrunken"].is_monotonic_decreasing for _, rows in pools.groupby("certainty")
    )
    assert ranking["k"].clip(upper=2).is_monotonic_decreasing, "pools, then single trials, then none"


def test_the_ranking_is_the_pool_of_the_effects(db: ev.EvidenceBase) -> None:
    effects = db.select(condition="osteoarthritis", comparator="sham", outcome="pain", time="short").effects()
    fit = ev.pool(effects)
    row = ev.rank_conditions(db, comparator="sham").to_frame().set_index("condition").loc["osteoarthritis"]
    assert (row["estimate"], row["ci_low"], row["ci_high"]) == pytest.approx((fit.estimate, *fit.ci))
    assert row["k"] == fit.k == len(effects)
    assert row["n"] == pytest.approx(effects["n_acupuncture"].sum() + effects["n_comparator"].sum())


BASE = {
    "measure": "SMD", "condition": "osteoarthritis", "comparator": "sham", "outcome": "pain", "time": "short", "k": 5,
    "n": 500, "estimate": 0.4, "ci_low": 0.2, "ci_high": 0.6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says", "never"),
    [
        ({}, "acupuncture gave less pain", "leave open"),
        ({"ci_low": -0.1}, "leave open whether", "gave less pain"),
        ({"estimate": -0.4, "ci_low": -0.6, "ci_high": -0.2}, "did not give less pain", "acupuncture gave"),
        ({"k": 1, "labels": "Qin 2020"}, "one trial found less pain with acupuncture", "trials"),
        ({"k": 1, "ci_low": -0.2}, "one trial leaves open", "found"),
        ({"k": 2}, "Two trials are too few to say how much results vary", "leave open"),
        ({"k": 2, "ci_low": -0.1, "trials_better": 2}, "both trials favour acupuncture", "leave open"),
        ({"k": 3, "ci_low": -0.1, "trials_better": 3}, "all 3 trials favour acupuncture", "leave open"),
        ({"k": 2, "ci_low": -0.1, "trials_better": 1, "trials_worse": 1}, "leave open whether", "favour acupuncture:"),
        ({"k": 6, "ci_low": -0.1, "trials_better": 6}, "leave open whether", "all 6"),
        ({"measure": "RR", "estimate": np.log(1.5), "ci_low": np.log(1.2), "ci_high": np.log(1.9)},
         "risk ratio 1.50, 95% interval 1.20 to 1.90", "standard deviations"),
        ({"points": 9.6, "points_low": 4.8, "points_high": 14.4},
         ": about 10 of 100 points, 95% interval 5 to 14 (0.40 standard deviations, 95%", "leave open"),
        ({"points": 9.6, "points_low": -0.4, "points_high": 19.6},
         "interval 0 to 20, which includes no difference (0.40 standard", "leave open"),
        ({"points": 60.0, "points_low": 20.0, "points_high": 100.0, "points_cut": True},
         "interval 20 to 100, cut at the end of the scale", "leave open"),
        ({"points": 8.0, "points_low": 4.0, "points_high": 12.0, "points_sd": 20.0, "points_sd_low": 15.0,
          "points_sd_high": 25.0}, "the 8 is 6 to 10, depending on how far scores spread in a trial", "leave open"),
        ({"points": np.nan}, "0.20 to 0.60, above 0 favours acupuncture", "points"),
        ({"k": 1}, "(one trial, 500 people)", "Two trials"),
        ({"k": 1, "estimate": -0.4, "ci_low": -0.6, "ci_high": -0.2}, "one trial found the opposite of less", "gave"),
        ({"ci_low": 0.0}, "trials leave open whether", "acupuncture gave"),
        ({"estimate": -0.4, "ci_low": -0.6, "ci_high": 0.0}, "trials leave open whether", "did better"),
        ({"measure": "MD100", "estimate": 7.0, "ci_low": 2.0, "ci_high": 12.0}, "7.0 points of 100", "deviations"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_the_interval_says(change: dict[str, object], says: str, never: str) -> None:
    sentence = pool_sentence(BASE | change, bundled())
    assert says in sentence and never not in sentence.replace("Two trials", "")
    assert "significant" not in sentence
    assert re.fullmatch(r"In [a-z].*\.", sentence)


def test_overlapping_intervals_are_called_chance_and_separate_ones_are_not() -> None:
    frame = pd.DataFrame([
        {"label": "a", "estimate": 1.0, "ci_low": 0.8, "ci_high": 1.2, "k": 4, "share_indirect": 0.0},
        {"label": "b", "estimate": 0.2, "ci_low": 0.1, "ci_high": 0.3, "k": 4, "share_indirect": 1.0},
    ]).assign(measure="SMD")  # fmt: skip
    frame["p_better"] = np.nan

    def sentence() -> str:
        return ev.Ranking("sham", "pain", "short", "SMD", frame, bundled()).sentence()

    apart = sentence()
    assert "The interval of a lies above all others" in apart and "all of related conditions" in apart
    frame["k"] = 2
    assert "The interval of a lies above all others" in sentence(), "two trials are enough for the order"
    frame.loc[1, "ci_high"] = 0.9
    assert "may be chance" in sentence()
    frame[["ci_low", "ci_high"]] = [[-0.1, 2.1], [-0.2, 0.6]]
    assert "no condition with two or more trials shows" in sentence()


def test_few_trials_that_all_favour_acupuncture_are_said_to() -> None:
    row = {"estimate": 0.4, "ci_low": -0.1, "ci_high": 0.9, "k": 3, "share_indirect": 0.0, "measure": "SMD"}
    votes = {"a": (3, 0), "b": (2, 1)}
    frame = pd.DataFrame(
        [row | {"label": name, "trials_better": up, "trials_worse": down} for name, (up, down) in votes.items()]
    ).assign(p_better=np.nan)
    text = ev.Ranking("sham", "pain", "short", "SMD", frame, bundled()).sentence()
    assert "All of the few trials favour acupuncture in a (0.40 SD, −0.10 to 0.90, 3 trials)." in text
    assert "The interval includes no difference in b (0.40 SD, −0.10 to 0.90, 3 trials)." in text


def test_the_ranking_tells_each_condition_on_its_side_and_how_much_is_indirect() -> None:
    frame = pd.DataFrame([
        {"label": "a", "estimate": 1.0, "ci_low": 0.9, "ci_high": 1.2, "k": 4, "share_indirect": 0.5},
        {"label": "b", "estimate": 0.2, "ci_low": -0.1, "ci_high": 0.3, "k": 3, "share_indirect": 0.0},
        {"label": "c", "estimate": -0.4, "ci_low": -0.6, "ci_high": -0.2, "k": 2, "share_indirect": 1.0},
        {"label": "d", "estimate": 2.0, "ci_low": 1.0, "ci_high": 3.0, "k": 1, "share_indirect": 1.0},
        {"label": "e", "estimate": np.nan, "ci_low": np.nan, "ci_high": np.nan, "k": 0, "share_indirect": 0.0},
    ]).assign(measure="SMD", p_best=[0.25, 0.1, 0.05, 0.6, np.nan], p_better=[0.997, 0.8, 0.001, 0.99, np.nan],
             p_worthwhile=[0.9, 0.12, 0.0, 0.9, np.nan])  # fmt: skip
    text = ev.Ranking("sham", "pain", "short", "SMD", frame, bundled(), 10.0).sentence()
    assert (
        "doing better than sham acupuncture in a (1.00 SD, 0.90 to 1.20, 4 trials, 2 of them of related conditions)."
        in text
    )
    assert "It did worse in c (−0.40 SD, −0.60 to −0.20, 2 trials, all of related conditions)." in text
    assert "The interval includes no difference in b (0.20 SD, −0.10 to 0.30, 3 trials)." in text
    assert "A single trial stands for d (2.00 SD, 1.00 to 3.00, one trial, of a related condition)." in text
    assert "No trial gives a number for e." in text
    assert "The interval of a lies above all others." in text, "a single trial has no place in the order"
    assert text.endswith(
        "the probability that acupuncture is better than sham acupuncture, and at least 10 of 100 points better, is "
        "more than 99% and 90% in a, 80% and 12% in b and less than 1% and less than 1% in c."
    )
    assert "largest" not in text, "which is best is left to the table"
    text = ev.Ranking("sham", "pain", "short", "SMD", frame, bundled()).sentence()
    assert text.endswith("better than sham acupuncture, is more than 99% in a, 80% in b and less than 1% in c.")


def test_what_is_shrunken_comes_from_the_comparison_of_the_conditions(db: ev.EvidenceBase) -> None:
    ranking = ev.rank_conditions(db, comparator="sham").to_frame().set_index("condition")
    there = ranking[ranking["k"] > 0]
    assert there["p_best"].sum() == pytest.approx(1, abs=1e-6)
    assert np.isnan(ranking.loc["lumbar_sprain", "p_best"])
    threshold = 10 / ev.reference_sd(db).loc["pain", "sd"]
    np.testing.assert_allclose(there["worthwhile"], threshold)
    effects = db.effects("SMD").query("comparator == 'sham' and outcome == 'pain' and time == 'short'")
    groups = ev.bayes_compare(effects[effects["condition"] != "other"], by="condition").groups
    for name, source in {"shrunken": "median", "shrunken_low": "ci_low", "p_best": "p_best"}.items():
        np.testing.assert_allclose(there[name], groups[source].reindex(there.index))


def test_probabilities_never_contradict_the_interval_that_they_stand_beside(results: ev.Results) -> None:
    """Chronic pain against sham once had "more than 99%" beside −0.03 to 0.65: other conditions spoke for it."""
    tables = [results.ranking(name).to_frame() for name in ("sham", "drug", "physical_therapy")]
    seen = 0
    for row in pd.concat([*tables, results.side_by_side.cells]).query("k > 0").itertuples():
        assert (row.p_better > 0.975) == (row.ci_low > 0) and (row.p_better < 0.025) == (row.ci_high < 0)
        assert (row.p_worthwhile > 0.975) == (row.ci_low > row.worthwhile) and row.p_worthwhile <= row.p_better
        seen += not row.ci_low <= 0 <= row.ci_high
    assert seen > 5
    effects = results.effects_on(condition="chronic_overuse", comparator="sham", outcome="pain", time="short")
    fit, row = ev.pool(effects), tables[0].set_index("condition").loc["chronic_overuse"]
    assert row["p_better"] == pytest.approx(1 - fit.p_value / 2)
    assert row["p_worthwhile"] == pytest.approx(stats.t.sf((row["worthwhile"] - fit.estimate) / fit.se, fit.df))


def test_one_condition_by_itself_has_its_own_posterior(db: ev.EvidenceBase) -> None:
    only = db.select(condition="osteoarthritis", comparator="sham")
    row = ev.rank_conditions(only, comparator="sham").to_frame().set_index("condition").loc["osteoarthritis"]
    effects = only.effects("SMD").query("outcome == 'pain' and time == 'short'")
    post = ev.bayes(effects)
    assert row["shrunken"] == pytest.approx(post.mu["median"]) and np.isnan(row["p_best"])


def test_single_trials_are_never_first() -> None:
    rows = pd.DataFrame(
        {
            "k": [1, 0, 3, 9, 2],
            "certainty": ["moderate", "", "very low", "low", "low"],
            "shrunken": [2.0, 3.0, 1.0, 0.2, 0.3],
        }
    )
    assert in_order(rows)["k"].tolist() == [2, 9, 3, 1, 0]


def test_stricter_choices_are_pools_of_the_chosen_trials(db: ev.EvidenceBase) -> None:
    row = ev.rank_conditions(db, comparator="sham").to_frame().set_index("condition").loc["chronic_overuse"]
    effects = db.effects("SMD").query(
        "condition == 'chronic_overuse' and comparator == 'sham' and outcome == 'pain' and time == 'short'"
    )
    large = ev.pool(effects.query("n_acupuncture > 50 and n_comparator > 50"))
    assert (row["large"], row["large_low"], row["large_high"], row["large_k"]) == pytest.approx(
        (large.estimate, *large.ci, large.k)
    )
    assert row["blinded_k"] == (effects["participants_blinded"] == "yes").sum()
    assert row["direct"] == pytest.approx(row["estimate"]) and row["direct_k"] == row["k"]
    spine = ev.rank_conditions(db, comparator="sham").to_frame().set_index("condition").loc["arthritis"]
    assert spine["direct_k"] == 0 and np.isnan(spine["direct"])


def test_the_adjusted_effect_is_the_level_at_no_sampling_error(db: ev.EvidenceBase) -> None:
    n = np.array([20.0, 40, 80, 160, 320, 30, 60, 120, 240, 480])
    small = np.sqrt(2 / n)
    frame = pd.DataFrame(
        {
            "condition": ["osteoarthritis"] * 5 + ["disc_herniation"] * 5,
            "measure": "SMD",
            "outcome": "pain",
            "vi": 2 / n,
            "n_acupuncture": n,
            "n_comparator": n,
            "participants_blinded": "",
            "directness": "direct",
            "yi": 1.5 * small + np.repeat([0.1, 0.4], 5),
        }
    )
    pooling = Pooling(db)
    adjusted = stricter(pooling, frame)
    assert adjusted["adjusted"].to_dict() == pytest.approx({"osteoarthritis": 0.1, "disc_herniation": 0.4})
    assert (adjusted["blinded_k"] == 0).all() and (adjusted["large_k"] == [3, 4]).all()
    large = frame.iloc[2:5]  # three trials of over 50 people an arm
    row = adjusted.loc["osteoarthritis"]
    assert (row["large"], row["large_low"], row["large_high"]) == pytest.approx(
        ev.bayes(large, tau_prior=ev.HalfNormal(0.5)).mu[["median", "ci_low", "ci_high"]].tolist()
    )
    assert stricter(pooling, frame.iloc[:9])["adjusted"].isna().all()


def test_certainty_of_the_ranking_is_that_of_its_pools(db: ev.EvidenceBase) -> None:
    ranked = ev.rank_conditions(db, comparator="sham")
    ranking = ranked.to_frame().set_index("condition")
    table = ev.certainty_table(db).query("comparator == 'sham' and outcome == 'pain' and time == 'short'")
    graded = table.set_index("condition")["grade"].drop("other")
    assert ranking.loc[graded.index, "certainty"].tolist() == graded.tolist()
    assert ranking.loc["lumbar_sprain", "certainty"] == ""
    assert "at least 10 of 100 points better, is" in ranked.sentence() and "largest" not in ranked.sentence()


def test_a_question_nobody_answers_gives_empty_rows(db: ev.EvidenceBase) -> None:
    ranked = ev.rank_conditions(db, comparator="other_active", outcome="disability")
    ranking = ranked.to_frame()
    assert (ranking["k"] == 0).all() and (ranking["certainty"] == "").all() and len(ranking) > 5
    assert "No trial gives a number for" in ranked.sentence()


def test_the_pooled_table_counts_its_own_rows(db: ev.EvidenceBase) -> None:
    frames = [sound(db.effects(measure)).query("outcome == 'pain'") for measure in ("SMD", "MD100")]
    table = ev.pooled_table(pd.concat(frames, ignore_index=True), db)
    assert table.loc[table["measure"] == "SMD", "points"].notna().all()
    assert table.loc[table["measure"] == "MD100", "points"].isna().all(), "points are points already"
    keys = ["measure", "condition", "comparator", "outcome", "time"]
    groups = pd.concat(frames).groupby(keys)
    for name, column, word in (("share_indirect", "directness", "indirect"), ("share_doubtful", "confidence", "low")):
        own = groups[column].agg(lambda words, word=word: (words == word).mean())
        np.testing.assert_allclose(table.set_index(keys)[name].sort_index(), own.sort_index())
        assert 0 < own.mean() < 1


def test_a_pool_of_several_outcomes_takes_the_smallest_worthwhile_effect(db: ev.EvidenceBase) -> None:
    worthwhile, usual = Worthwhile(db), ev.reference_sd(db)["sd"]
    points = db.thresholds.set_index("outcome")["points"]
    outcomes = ["pain", "disability"]
    each = [points[name] / usual[name] for name in outcomes]
    assert worthwhile.of(outcomes, "SMD") == pytest.approx(min(each)) and min(each) < max(each)
    assert worthwhile.of(outcomes, "MD100") == points[outcomes].min()
    assert np.isnan(worthwhile.of([*outcomes, "function"], "SMD")) and np.isnan(worthwhile.of(["pain"], "RR"))
    assert worthwhile.for_precision(["function"], "SMD") == 0.2
