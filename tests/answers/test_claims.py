"""Every claim has a verdict that its own trials give, and its sentence says no more than they do."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.claims.comparison import ComparisonResult, judge_part
from evidence.answers.claims.question import WINDOW_ORDER, Group, Question, read_question
from evidence.answers.context import Context
from evidence.answers.directions import Directions, Votes
from evidence.answers.pooling import Pooling, summary_of
from evidence.answers.wording.words import VERDICTS

from .conftest import Effects


@pytest.fixture(scope="module")
def claims(db: ev.EvidenceBase) -> ev.Claims:
    return ev.claims(db)


@pytest.fixture(scope="module")
def judged(claims: ev.Claims) -> pd.DataFrame:
    return claims.to_frame().set_index("claim_id")


@pytest.fixture(scope="module")
def parts(db: ev.EvidenceBase) -> pd.DataFrame:
    return ev.claim_evidence(db)


def test_every_claim_gets_a_verdict_and_a_sentence(db: ev.EvidenceBase, judged: pd.DataFrame) -> None:
    assert judged.index.tolist() == db.claims["claim_id"].tolist()
    assert judged["verdict"].isin(list(VERDICTS)).all()
    assert (judged[["reason", "sentence", "sentence_clinician"]] != "").all().all()
    contract = ["verdict", "estimate", "ci_low", "ci_high", "k", "n", "trials", "certainty", "reason", "sentence"]
    assert set(contract) <= set(judged.columns)


def test_what_nobody_measured_is_untested(db: ev.EvidenceBase, judged: pd.DataFrame) -> None:
    absent = db.claims[db.claims["outcome"].isin(["posture_or_alignment", "tissue_repair", "systemic_balance"])]
    assert (judged.loc[absent["claim_id"], "verdict"] == "untested").all()
    untested = judged[judged["verdict"] == "untested"]
    assert (untested["k"] == 0).all() and untested["estimate"].isna().all()
    sentence = judged.loc["focus-overuse-posture", "sentence"]
    assert sentence == "In chronic low back pain, no trial in the data measures posture or alignment."
    for claim in untested.index:
        row = db.claims.set_index("claim_id").loc[claim]
        where = db.studies if row["condition"] == "any" else db.studies.query("condition in @row.condition.split('|')")
        named = row["outcome"].split("|")
        rows = db.results[db.results["study_id"].isin(where["study_id"]) & db.results["outcome"].isin(named)]
        assert rows.empty, claim


def test_numbers_agree_with_the_verdict(judged: pd.DataFrame) -> None:
    sized = judged[judged["estimate"].notna()]
    assert ((sized["ci_low"] <= sized["estimate"]) & (sized["estimate"] <= sized["ci_high"])).all()
    for verdict, group in judged.groupby("verdict"):
        if verdict in ("supported", "partly", "no worthwhile effect", "contradicted"):
            assert (group["k"] >= 2).all() and (group["certainty"] != "very low").all()
        if verdict in ("supported", "partly"):
            assert (group["ci_low"].dropna() > 0).all()
        if verdict == "supported":
            assert (group["comparator"] == "sham").all() and group["certainty"].isin(["high", "moderate"]).all()


def test_a_claim_by_hand_chronic_pain(db: ev.EvidenceBase, parts: pd.DataFrame) -> None:
    effects = db.effects("SMD").query("condition == 'chronic_overuse' and outcome == 'pain' and time == 'short'")
    fit = ev.pool(effects[effects["comparator"] == "sham"])
    row = parts.query("claim_id == 'overall-conditions-all' and part == 'chronic_overuse' and comparator == 'sham'")
    assert len(row) == 1
    row = row.iloc[0]
    assert (row["estimate"], row["ci_low"], row["ci_high"], row["k"]) == pytest.approx((fit.estimate, *fit.ci, fit.k))
    assert set(row["trials"].split("|")) == set(effects.loc[effects["comparator"] == "sham", "study"])
    grade = ev.certainty(effects[effects["comparator"] == "sham"], db).grade
    assert row["certainty"] == grade


def test_a_claim_by_hand_low_back_pain_is_about_the_low_back(db: ev.EvidenceBase, parts: pd.DataFrame) -> None:
    effects = db.effects("SMD").query("comparator == 'sham' and outcome == 'pain' and time == 'short'")
    direct = effects[(effects["directness"] == "direct") & ~effects["condition"].isin(["other", "osteoarthritis"])]
    row = parts.query("claim_id == 'overall-lbp' and comparator == 'sham'").iloc[0]
    assert row["estimate"] == pytest.approx(ev.pool(direct).estimate) and row["share_indirect"] == 0


def test_a_claim_by_hand_recurrence(db: ev.EvidenceBase, judged: pd.DataFrame, parts: pd.DataFrame) -> None:
    row = judged.loc["phase-maintenance-recurrence"]
    assert row["verdict"] == "unclear"
    assert row["sentence"].endswith("No trial counts recurrences: what is measured months later stands in.")
    effects = db.effects("SMD").query("comparator == 'sham' and time == 'intermediate' and directness == 'direct'")
    effects = effects[
        effects["outcome"].isin(["pain", "disability"]) & ~effects["condition"].isin(["other", "osteoarthritis"])
    ]
    own = parts.query("claim_id == 'phase-maintenance-recurrence' and part == 'any' and comparator == 'sham'").iloc[0]
    assert set(own["trials"].split("|")) == set(effects["study"]) and own["k"] == effects["study"].nunique()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        assert own["estimate"] == pytest.approx(ev.multilevel(effects).estimate)


def test_a_leg_pain_score_is_not_counted_again_as_pain(db: ev.EvidenceBase, parts: pd.DataFrame) -> None:
    row = parts.query("claim_id == 'focus-disc-pain' and comparator == 'sham'").iloc[0]
    effects = db.effects("SMD").query("condition == 'disc_herniation' and comparator == 'sham' and time == 'short'")
    own = effects[effects["outcome"] == "leg_pain"]
    assert row["k"] == len(own) == len(row["trials"].split("|"))
    assert row["estimate"] == pytest.approx(summary_of(Pooling(db).fit(own)).estimate)


def test_parts_hold_every_comparison_and_one_they_rest_on(judged: pd.DataFrame, parts: pd.DataFrame) -> None:
    assert set(parts["claim_id"]) == set(judged.index)
    each = parts[parts["claim_id"] == "overall-conditions-all"]
    assert set(each["part"]) == {"spinal_stenosis", "disc_herniation", "arthritis", "lumbar_sprain", "chronic_overuse"}
    resting = parts.groupby(["claim_id", "part"])["rests_on"].sum()
    assert (resting <= 1).all() and not parts.duplicated(["claim_id", "part", "comparator"]).any()
    chosen = parts[parts["rests_on"]].set_index(["claim_id", "part"])
    for claim, row in judged[judged["k"] > 0].iterrows():
        assert chosen.loc[(claim, row["part"]), "trials"] == row["trials"]


def test_sentences_never_say_more_than_the_verdict(judged: pd.DataFrame, parts: pd.DataFrame) -> None:
    for text in [*judged["sentence"], *judged["sentence_clinician"], *parts["sentence"]]:
        assert not re.search(r"signific|\bprove[sn]?\b|\bnan\b|_|  |\.\.", text, re.IGNORECASE), text
        assert text[0].isupper() and text.endswith(".")
    assert not judged.loc[judged["verdict"] == "untested", "sentence"].str.contains("may |probably|reduces").any()


def test_markers_without_numbers_go_by_directions(db: ev.EvidenceBase, judged: pd.DataFrame) -> None:
    row = judged.loc["mech-endorphin"]
    assert row["method"] == "vote count" and np.isnan(row["estimate"]) and row["verdict"] == "unclear"
    # anon-thoracic-nd: higher; bao-2013: no difference (results.csv)
    assert row["trials"] == "anon-thoracic-nd|bao-2013"
    assert "1 in the claimed direction, 0 in the other, 1 neither" in row["sentence"]


def test_directions_of_a_trial_are_one_vote(db: ev.EvidenceBase) -> None:
    effects = db.effects("SMD")
    votes = Directions(db).of(
        ["disc_herniation"], "physical_therapy", ["tnf_alpha", "il_1b", "il_6"], ["short"], effects.iloc[:0]
    )
    assert votes is not None and votes.count is not None and votes.combined is not None
    assert votes.frame["study"].tolist() == ["anon-ldh-nd-i", "niu-geng-2022"]
    assert (votes.frame["direction"] == 1).all() and votes.count.favouring == 2
    by_hand = ev.combine_pvalues(votes.frame["p_value"], [1, 1], relation=votes.frame["p_relation"].tolist())
    assert votes.combined.p_value == by_hand.p_value
    assert Directions(db).of(["spinal_stenosis"], "sham", ["tnf_alpha"], ["short"], effects.iloc[:0]) is None


def test_the_same_base_gives_the_same_answers(db: ev.EvidenceBase, judged: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(ev.claims(db).to_frame().set_index("claim_id"), judged)


def test_limits_in_points_are_the_limits_times_the_same_spread(judged: pd.DataFrame, parts: pd.DataFrame) -> None:
    for frame in (judged, parts):
        sized = frame[frame["points_basis"].str.startswith("SD")]
        assert len(sized)
        for limit in ("low", "high"):
            np.testing.assert_allclose(
                sized[f"points_{limit}"] * sized["estimate"], sized["points"] * sized[f"ci_{limit}"], atol=1e-9
            )


@pytest.mark.parametrize(("ups", "side"), [(8, "better"), (0, "worse"), (6, "open")])
def test_votes_decide_where_the_interval_of_their_share_excludes_a_half(
    db: ev.EvidenceBase, made_up: Effects, ups: int, side: str
) -> None:
    ways = np.repeat([1.0, -1.0], [ups, 8 - ups])
    votes = Votes(pd.DataFrame({"direction": ways}))
    reading = ComparisonResult("sham", "any", ev.certainty(made_up([0.5] * 8), db), votes).reading
    assert (reading.side, reading.k, reading.sized) == (side, 8, False)


def test_one_number_among_directions_is_a_vote_and_two_numbers_are_a_pool(
    db: ev.EvidenceBase, made_up: Effects
) -> None:
    markers = ("beta_endorphin", "enkephalin")
    about = {"kind": "mechanism", "outcome": "|".join(markers), "time": "any", "stands_in": ""}
    question = Question(about, markers, ("sham",))
    group = Group("any", tuple(db.conditions["condition"]), WINDOW_ORDER)
    without, one, two = (
        judge_part(Context.of(db), question, group, made_up(yi, outcome=markers[0], measured=markers[0])).results[0]
        for yi in ([], [0.4], [0.4, 0.5])
    )
    assert without.votes is not None and one.votes is not None and two.votes is None
    assert len(one.votes.frame) == len(without.votes.frame) + 1 and one.reading.k == len(one.votes.frame)
    assert two.certainty.synthesis.k == 2 and two.certainty.synthesis.estimate == pytest.approx(0.45)


def test_a_claim_of_several_parts_is_told_by_the_part_of_most_people(judged: pd.DataFrame, parts: pd.DataFrame) -> None:
    several = 0
    for claim, row in judged.iterrows():
        own = parts[(parts["claim_id"] == claim) & parts["rests_on"] & (parts["verdict"] == row["verdict"])]
        if own["part"].nunique() > 1 and own["n"].notna().all():
            assert row["n"] == own["n"].max(), claim
            several += own["n"].nunique() > 1
    assert several


def test_verdicts_are_counted_from_the_most_to_the_fewest(claims: ev.Claims, judged: pd.DataFrame) -> None:
    text = claims.sentence()
    counts = [int(k) for k in re.findall(rf"(\d+) (?:{'|'.join(VERDICTS)})", text)]
    assert counts == sorted(judged["verdict"].value_counts(), reverse=True)


def test_a_claim_about_each_is_as_weak_as_its_weakest_part(judged: pd.DataFrame, parts: pd.DataFrame) -> None:
    from_weakest = ["contradicted", "no worthwhile effect", "unclear", "untested", "promising", "partly", "supported"]
    own = parts.drop_duplicates(["claim_id", "part"]).groupby("claim_id")["verdict"].agg(list)
    for claim in ("overall-conditions-all", "phase-initial-rapid-chronic", "final-immediate-and-long"):
        assert len(own[claim]) > 1
        assert judged.loc[claim, "verdict"] == min(own[claim], key=from_weakest.index)
        names = parts.loc[parts["claim_id"] == claim, "part"]
        assert judged.loc[claim, "part"] in set(names[parts["verdict"] == judged.loc[claim, "verdict"]])


def test_which_claims_are_about_each_is_a_rule_on_their_columns(db: ev.EvidenceBase) -> None:
    row = db.claims.iloc[0].to_dict() | {"condition": "any", "time": "any"}
    told = {
        key: read_question(row | more, db).is_about_each
        for key, more in {
            "any": {}, "one": {"condition": "arthritis"}, "each": {"condition": "each"},
            "two": {"condition": "arthritis|disc_herniation"}, "apart": {"time": "immediate|long"},
            "side by side": {"time": "intermediate|long"}, "rapid": {"time": "immediate|short"},
        }.items()
    }  # fmt: skip
    assert [key for key, is_it in told.items() if is_it] == ["each", "two", "apart"]


def test_low_back_pain_is_more_than_unclear_where_sham_trials_exclude_no_effect(parts: pd.DataFrame) -> None:
    row = parts.query("claim_id == 'overall-lbp' and comparator == 'sham'").iloc[0]
    assert row["ci_low"] > 0 and row["p_better"] >= 0.975 and row["verdict"] in ("promising", "partly")


def test_a_slope_has_a_probability_of_its_own(parts: pd.DataFrame) -> None:
    """Not that of the pool of its trials, which may be certain where the slope is not."""
    slopes = parts[parts["method"] == "meta-regression"]
    assert len(slopes) and ((slopes["ci_low"] > 0) == (slopes["p_better"] > 0.975)).all()
    assert ((slopes["estimate"] > 0) == (slopes["p_better"] > 0.5)).all()
