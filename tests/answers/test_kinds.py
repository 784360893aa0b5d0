"""Each row of claims.csv is obeyed: what it expects, what it compares with, what it stands in for."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import evidence as ev
from evidence.answers.claims.kinds import KINDS
from evidence.answers.claims.question import Group, read_question
from evidence.answers.claims.whole import judged_claim
from evidence.answers.context import Context
from evidence.answers.pooling import Pooling, summary_of
from evidence.answers.wording.vocabulary import bundled
from evidence.base.package import fields
from evidence.base.rows import rows_of


def judged(db: ev.EvidenceBase, **row: str) -> ev.Claims:
    """The verdict on one claim of the test's own."""
    usual = {
        "claim_id": "own", "theme": "own", "claim": "Needles do something", "kind": "efficacy", "condition": "any",
        "mechanism": "", "outcome": "pain", "comparator": "any", "time": "any", "phase": "", "moderator": "",
        "expects": "benefit", "stands_in": "",
    }  # fmt: skip
    context = Context.of(db)  # not of a base with another claims.csv, which would derive all its effects anew
    rows = rows_of(pd.DataFrame([usual | row]))
    return ev.Claims(tuple(judged_claim(context, read_question(row, db)) for row in rows), context.words)


def test_the_schema_and_the_registry_name_the_same_expectations(db: ev.EvidenceBase) -> None:
    column = next(field for field in fields("claims") if field["name"] == "expects")
    assert set(column["constraints"]["enum"]) == set(KINDS)
    assert set(db.claims["expects"]) <= set(KINDS)


def test_the_opposite_claim_has_the_opposite_numbers_and_verdict(db: ev.EvidenceBase) -> None:
    about = {"condition": "chronic_overuse", "comparator": "usual_care"}
    better = judged(db, **about).to_frame().iloc[0]
    worse = judged(db, **about, expects="worse").to_frame().iloc[0]
    assert (worse["estimate"], worse["ci_low"], worse["ci_high"]) == pytest.approx(
        (-better["estimate"], -better["ci_high"], -better["ci_low"])
    )
    assert better["verdict"] == "partly" and worse["verdict"] == "contradicted"
    assert worse["sentence"] == better["sentence"], "what trials found does not depend on what is claimed"


def test_a_claim_is_judged_against_the_comparators_it_names(db: ev.EvidenceBase) -> None:
    about = {"condition": "chronic_overuse"}
    assert set(judged(db, **about, comparator="drug|usual_care").parts["comparator"]) == {"drug", "usual_care"}
    sham, usual = (judged(db, **about, comparator=name).to_frame().iloc[0] for name in ("sham", "usual_care"))
    assert (sham["comparator"], usual["comparator"]) == ("sham", "usual_care")
    assert sham["estimate"] != usual["estimate"] and sham["trials"] != usual["trials"]
    effects = db.effects().query("condition == 'chronic_overuse' and outcome == 'pain' and time == 'short'")
    for row in (sham, usual):
        own = effects[effects["comparator"] == row["comparator"]]
        assert row["estimate"] == pytest.approx(summary_of(Pooling(db).fit(own)).estimate)
    assert "sham" not in usual["reason"] and "sham" not in usual["sentence"]


def test_a_direction_that_is_not_the_hoped_for_one_turns_the_question(db: ev.EvidenceBase) -> None:
    about = {"kind": "mechanism", "mechanism": "gate_control", "outcome": "pressure_pain_threshold"}
    higher = judged(db, **about, expects="higher").to_frame().iloc[0]
    lower = judged(db, **about, expects="lower").to_frame().iloc[0]
    assert higher["estimate"] == pytest.approx(-lower["estimate"]) and higher["estimate"] != 0
    with pytest.raises(ev.InvalidInput, match="some are hoped to rise and some to fall"):
        judged(db, **about | {"outcome": "cortisol|heart_rate_variability"}, expects="lower")


def test_directions_are_turned_too(db: ev.EvidenceBase) -> None:
    about = {"kind": "mechanism", "mechanism": "neurotransmitter", "outcome": "beta_endorphin|enkephalin"}
    assert (
        "1 in the claimed direction, 0 in the other" in judged(db, **about, expects="higher").to_frame()["sentence"][0]
    )
    assert (
        "0 in the claimed direction, 1 in the other" in judged(db, **about, expects="lower").to_frame()["sentence"][0]
    )


def test_what_stands_in_is_said_and_softens_the_verdict(db: ev.EvidenceBase) -> None:
    row = judged(db, stands_in="no trial counts smiles: pain stands in").to_frame().iloc[0]
    assert row["sentence"].endswith("No trial counts smiles: pain stands in.") and row["verdict"] != "supported"


def test_any_marker_is_those_that_show_what_is_expected(db: ev.EvidenceBase) -> None:
    about = {"kind": "mechanism", "mechanism": "inflammation", "outcome": "any_marker"}
    named = "|".join(db.outcomes.loc[db.outcomes["shows"] == "lower_proinflammatory", "outcome"])
    by_rule, by_name = (
        judged(db, **about | {"outcome": outcome}, expects="lower_proinflammatory").to_frame().iloc[0]
        for outcome in ("any_marker", named)
    )
    assert by_rule["trials"] == by_name["trials"] != "" and by_rule["sentence"] == by_name["sentence"]


@pytest.mark.parametrize("moderator", ["sessions", "sessions_per_week"])
def test_more_of_the_moderator_is_a_slope_between_trials(db: ev.EvidenceBase, moderator: str) -> None:
    row = judged(db, expects="more_is_better", moderator=moderator, time="short", comparator="sham").to_frame().iloc[0]
    effects = db.effects().query(
        "comparator == 'sham' and outcome == 'pain' and time == 'short' and condition != 'other'"
    )
    slope = ev.regress(effects[effects[moderator].notna()], formula=f"~ {moderator}").coefficients.loc[moderator]
    assert (row["estimate"], row["ci_low"]) == pytest.approx((slope["estimate"], slope["ci_low"]))
    assert row["method"] == "meta-regression" and "not people in one trial" in row["sentence"]
    assert ("go with a larger effect (" in row["sentence"]) == (
        row["ci_low"] > 0 or row["ci_low"] <= 0 <= row["ci_high"]
    )


def test_what_no_rule_judges_is_refused(db: ev.EvidenceBase) -> None:
    with pytest.raises(ev.InvalidInput, match="own: expects='miracles'; choose among benefit"):
        judged(db, expects="miracles")
    with pytest.raises(ev.InvalidInput, match="moderator='moon'; choose among sessions"):
        judged(db, expects="more_is_better", moderator="moon")


def test_whose_trials_answer_is_told_with_the_neighbours_that_lend_them() -> None:
    words = bundled()
    group = Group("arthritis", ("arthritis", "osteoarthritis"), ("short",), neighbours=("osteoarthritis",))
    own, beside = words.conditions["arthritis"], words.conditions["osteoarthritis"]
    for there, told in (
        (["arthritis"], own),
        (["arthritis", "osteoarthritis"], f"{own} and in {beside}"),
        (["osteoarthritis"], f"{own}, judged by {beside}"),
    ):
        assert group.whose(pd.DataFrame({"condition": there}), words) == told
    assert replace(group, name="any").whose(pd.DataFrame({"condition": ["osteoarthritis"]}), words) == beside
    assert replace(group, name="any").whose(pd.DataFrame({"condition": ["lumbar_sprain"]}), words) == ""
