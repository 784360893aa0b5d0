"""Published pools and grades beside ours."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import evidence as ev
from evidence.answers.literature.grades import difference, levels
from evidence.answers.literature.matching import outcome_of, window_of
from evidence.answers.literature.reasons import meet, reading

#: Of one base once.
against_reviews = cache(ev.against_reviews)


def test_every_published_row_is_set_beside_ours_or_says_why_not(db: ev.EvidenceBase) -> None:
    table = against_reviews(db)
    assert len(table) == len(db.published_reviews)
    without = table[table["overlap"] == ""]
    assert (without["why"] != "").all() and without["ours"].isna().all()
    matched = table[table["overlap"] != ""]
    assert len(matched) >= 10 and matched[["ours", "theirs", "theirs_low", "theirs_high"]].notna().all().all()
    assert ((matched["theirs_low"] <= matched["theirs"]) & (matched["theirs"] <= matched["theirs_high"])).all()
    meet = (matched["ours_low"] <= matched["theirs_high"]) & (matched["theirs_low"] <= matched["ours_high"])
    assert (meet == (matched["overlap"] == "yes")).all()


def test_published_signs_are_turned_as_their_notes_say(db: ev.EvidenceBase) -> None:
    table = against_reviews(db)
    knee = table.query("review_id == 'manheimer-2010-cochrane' and outcome == 'pain'").iloc[0]
    assert (knee["theirs"], knee["theirs_low"], knee["theirs_high"]) == pytest.approx((0.28, 0.11, 0.45))
    vickers = table.query("review_id == 'vickers-2012-ipd' and condition == 'chronic_overuse'").iloc[0]
    assert vickers["theirs"] == pytest.approx(0.23) and vickers["comparator"] == "sham"
    ratio = table.query("review_id == 'ji-2015-sciatica' and measure == 'RR'").iloc[0]
    assert ratio["theirs"] == pytest.approx(math.log(1.21)) and ratio["comparator"] == "drug"
    points = table.query("review_id == 'mu-2020-cochrane' and outcome == 'pain'").iloc[0]
    assert points["measure"] == "MD100" and points["theirs"] == pytest.approx(10.26)


def test_mixed_and_foreign_comparators_are_not_set_beside_a_pool_of_one(db: ev.EvidenceBase) -> None:
    table = against_reviews(db)
    one_drug = table[table["comparison"].str.endswith("ibuprofen")].iloc[0]
    assert one_drug["comparator"] == "drug" and "against one such treatment" in one_drug["why"]
    for review in ("lin-2016-koa", "ahrq-2020-skelly", "su-2021-acute"):
        rows = table[table["review_id"] == review]
        assert (rows["overlap"] == "").all() and rows["why"].str.startswith("a mixture of comparators").all()
    foreign = table[table["review_id"].isin(["zhao-2023-moxa-cytokines", "yang-2017-auricular", "shim-2016-ea-koa"])]
    assert (foreign["overlap"] == "").all()


def test_our_side_is_our_pool(db: ev.EvidenceBase) -> None:
    row = against_reviews(db).query("review_id == 'manheimer-2010-cochrane' and outcome == 'pain'").iloc[0]
    of = row["condition"]
    effects = db.select(condition=of, comparator="sham", outcome="pain", time="short").effects("SMD")
    fit = ev.pool(effects)
    assert (row["ours"], row["ours_k"]) == pytest.approx((fit.estimate, fit.k))


def test_limits_of_a_published_result_turn_with_its_sign(db: ev.EvidenceBase) -> None:
    table = against_reviews(db).dropna(subset=["theirs"])
    rows = db.published_reviews.reset_index(drop=True).loc[table.index]
    turned = rows["direction_note"].str.startswith("negative") & (rows["measure"] == "SMD")
    assert turned.any()
    np.testing.assert_allclose(table.loc[turned, "theirs_low"], -rows.loc[turned, "ci_high"])
    np.testing.assert_allclose(table.loc[turned, "theirs_high"], -rows.loc[turned, "ci_low"])
    single = table[table["ours_k"] == 1]
    assert single["why"].str.startswith("ours is a single trial").all() and len(single)
    more = table[(table["theirs_k"] > table["ours_k"]) & (table["overlap"] != "")]
    assert more["why"].str.contains("theirs has").all() and len(more)
    assert not table.loc[table["theirs_k"] == table["ours_k"], "why"].str.contains("theirs has").any()


MANHEIMER = "review_id == 'manheimer-2010-cochrane' and outcome == 'pain'"


@pytest.mark.parametrize(("move", "larger"), [(9.0, "ours"), (-9.0, "theirs")])  # negative favours acupuncture there
def test_intervals_that_do_not_meet_are_said_not_to(db: ev.EvidenceBase, move: float, larger: str) -> None:
    mine = db.published_reviews.query(MANHEIMER)
    far = mine.assign(**{name: mine[name] + move for name in ("estimate", "ci_low", "ci_high")})
    (near,) = ev.against_reviews(replace(db, published_reviews=mine)).to_dict("records")
    (row,) = ev.against_reviews(replace(db, published_reviews=far)).to_dict("records")
    assert (near["overlap"], row["overlap"]) == ("yes", "no") and row["ours"] == near["ours"]
    assert near["reading"].startswith("agrees: the intervals meet")
    assert row["reading"].startswith(f"differs: {larger} is larger, beyond both intervals") and row["why"]
    assert row["why"] in row["reading"] and f"theirs has 9 trials, ours {row['ours_k']}" in row["reading"]


def test_a_window_in_which_ours_meets_theirs_is_named(db: ev.EvidenceBase) -> None:
    """A review that finds less than ours at three months, and what ours is at six."""
    mine = db.published_reviews.query("review_id == 'mu-2020-cochrane' and measure == 'SMD'")
    question = {"condition": "chronic_overuse", "comparator": "usual_care", "outcome": "disability"}
    pools = ev.Results(db).pools_on(**question).set_index("time")
    low = (pools.loc["intermediate", "ci_low"] + pools.loc["short", "ci_low"]) / 2
    assert low < pools.loc["short", "ci_low"]
    mine = mine.assign(estimate=-low, ci_low=-low - 0.01, ci_high=-low + 0.01)
    (row,) = ev.against_reviews(replace(db, published_reviews=mine)).to_dict("records")
    assert row["theirs"] == pytest.approx(low) and row["overlap"] == "no"
    assert "ours is larger" in row["reading"] and "at another time (at 3 to 12 months" in row["reading"]


def test_what_an_agreement_is_worth_is_said() -> None:
    assert reading([0.3, 0.1, 0.5], [0.2, -0.1, 0.5], [], []) == (
        "agrees: the intervals meet, though only theirs excludes no difference"
    )
    assert reading([0.3, 0.1, 0.5], [0.2, 0.05, 0.4], [], []) == "agrees: the intervals meet"
    assert reading([0.9, 0.8, 1.0], [0.2, 0.1, 0.3], [], []).endswith("nothing in the data explains it")
    assert meet([0.3, 0.1, 0.5], [0.7, 0.5, 0.9]) and not meet([0.3, 0.1, 0.5], [0.7, 0.51, 0.9])


def test_points_stand_beside_points(db: ev.EvidenceBase) -> None:
    """Mu 2020 prints 10.26 of 100; ours is the headline pool in the points that every page tells."""
    row = against_reviews(db).query("review_id == 'mu-2020-cochrane' and outcome == 'pain'").iloc[0]
    ours = ev.summary_of_findings(db, comparator="usual_care").set_index(["condition", "outcome"])
    pain = ours.loc[("chronic_overuse", "pain")]
    assert row["measure"] == "MD100" and row["theirs"] == pytest.approx(10.26)
    assert (row["ours"], row["ours_low"], row["ours_high"]) == pytest.approx(
        (pain["points"], pain["points_low"], pain["points_high"])
    )
    assert row["ours_k"] == pain["k"] and row["ours_points"] == pytest.approx(pain["points"])


def test_later_trials_are_counted(db: ev.EvidenceBase) -> None:
    row = against_reviews(db).query("review_id == 'vickers-2012-ipd' and comparator == 'sham'").iloc[0]
    effects = db.select(condition="chronic_overuse", comparator="sham", outcome="pain", time="short").effects()
    later = (effects["year"] > 2012).sum()
    assert 1 < later < len(effects) and f"{later} of our {len(effects)} trials came out after the review" in row["why"]


@pytest.mark.parametrize(
    ("ours", "theirs", "levels_apart"),
    [
        ("low", "low", 0),
        ("very low", "low or very low", 0),
        ("low", "low or very low", 0),
        ("moderate", "low or very low", 1),
        ("very low", "low to moderate", -1),
        ("high", "low to moderate", 1),
        ("very low", "High", -3),
    ],
)
def test_a_range_counts_from_its_nearest_end(ours: str, theirs: str, levels_apart: int) -> None:
    assert difference(ours, theirs) == levels_apart


def test_words_of_reviews_are_read() -> None:
    assert levels("5% moderate, 35% low, 60% very low") == levels("") == []
    windows = {
        "": "short",
        "immediate (<7 days after sessions)": "short",
        "2 weeks": "short",
        "3 months": "short",
        "first assessment after treatment": "short",
        "6 months": "intermediate",
        "intermediate (6 months)": "intermediate",
        "long": "long",
        "within 30 min of the first treatment": "",
    }
    assert {words: window_of(words) for words in windows} == windows
    outcomes = {
        "pain and function": "pain",
        "disability (WOMAC activity)": "disability",
        "responder (total efficacy)": "responder",
        "responder": "responder",
        "responder (cure)": "",
        "function": "disability",
        "function (JOA)": "function",
        "255 outcomes": "",
    }
    assert {words: outcome_of(words) for words in outcomes} == outcomes


def test_each_published_grade_stands_beside_ours_or_says_why_not(db: ev.EvidenceBase) -> None:
    found = ev.against_grades(db)
    assert len(found.grades) + len(found.left_out) == len(db.published_grades) and (found.left_out["why"] != "").all()
    ours = ev.certainty_table(db).set_index(["condition", "comparator", "outcome", "time"])
    for row in found.grades.itertuples():
        pool = ours.loc[(row.condition, row.comparator, row.outcome, row.time)]
        assert (row.ours, row.k) == (pool["grade"], pool["k"]) and row.difference == difference(row.ours, row.theirs)
        if row.match == "any comparator":
            alike = ours.xs((row.condition, row.outcome, row.time), level=("condition", "outcome", "time"))
            assert row.n == alike["n"].drop("acupuncture", errors="ignore").max()
    cochrane = found.grades[found.grades["review"].str.startswith("Mu 2020")]
    assert set(cochrane["outcome"]) == {"pain", "disability"} and cochrane["match"].eq("same comparator").all()


def test_agreement_is_counted_by_hand(db: ev.EvidenceBase) -> None:
    found = ev.against_grades(db)
    apart = found.grades["difference"].tolist()
    assert found.mean_difference == pytest.approx(sum(apart) / len(apart))
    assert found.share_equal == pytest.approx(apart.count(0) / len(apart))
    assert found.share_within_one == pytest.approx(sum(abs(step) <= 1 for step in apart) / len(apart))
    shares = found.shares().set_index("match")
    assert shares.loc["all", "grades"] == shares["grades"].drop("all").sum() == len(apart)
    assert f"{found.share_within_one:.0%} within one level" in found.sentence()
    none = ev.against_grades(replace(db, published_grades=db.published_grades.head(0)))
    assert none.grades.empty and none.sentence().startswith("No published grade") and none.shares().empty
