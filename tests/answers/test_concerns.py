"""What is known against a trial's result, and what is not known of it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import evidence as ev
from evidence.answers.grade.concerns import Concerns
from evidence.derive.blinding import blinding


def test_concerns_are_those_that_a_trial_and_its_reviewers_tell(db: ev.EvidenceBase) -> None:
    concerns, who, knew = Concerns(db), blinding(db), "participants knew their treatment"
    judged = db.risk_of_bias[db.risk_of_bias["judgement"] == "High"].groupby("study_id")["domain"].agg(set)
    for trial in db.studies.to_dict("records"):
        for comparator, outcome in (("sham", "pain"), ("drug", "pain"), ("drug", "cortisol")):
            known = concerns.known(trial["study_id"], comparator, outcome)
            told = who.participants(trial["study_id"], comparator)
            assert (knew in known) == (outcome == "pain" and told == "no")
            assessed = who.assessors(trial["study_id"], comparator)
            assert ("assessors knew the treatment" in known) == (assessed == "no" and knew not in known)
            assert ("quasi-randomised" in known) == (trial["randomised"] == "quasi")
            high = judged.get(trial["study_id"], set())
            told_high = {word.removeprefix("judged high: ") for word in known if word.startswith("judged")}
            assert told_high <= high and sum("blind" in word or "knew" in word for word in known) <= 1
            others = {name for name in high if name.startswith(("selective", "other bias", "incomplete"))}
            assert others <= told_high
    assert len(judged)


def test_what_is_not_known_of_blinding_is_told_by_comparator_and_outcome(db: ev.EvidenceBase) -> None:
    concerns = Concerns(db)
    nowhere = ~db.studies["study_id"].isin(db.blinding["study_id"])
    silent = db.studies.loc[nowhere & (db.studies["participants_blinded"] == ""), "study_id"].iloc[0]
    told = db.studies.loc[db.studies["participants_blinded"] == "no", "study_id"].iloc[0]
    assert concerns.unclear(silent, "sham", "pain", "high") == "whether the sham kept people blind is not stated"
    assert concerns.unclear(silent, "drug", "cortisol", "high") == "who was blinded is not stated"
    assert concerns.unclear(silent, "drug", "pain", "high") == "", "then participants are taken to have known"
    assert concerns.unclear(told, "sham", "pain", "high") == ""
    assert concerns.unclear(told, "sham", "pain", "low") == "numbers derived with doubt"


@pytest.mark.parametrize(
    ("kind", "assessors", "concealed", "doubt"),
    [
        ("penetrating", "yes", False, False),
        ("non_penetrating", "", True, False),
        ("penetrating", "", False, True),
        ("inactive_device", "yes", True, True),
        ("", "yes", True, True),
    ],
)
def test_a_needle_like_sham_in_a_careful_trial_is_no_doubt(
    db: ev.EvidenceBase, kind: str, assessors: str, concealed: bool, doubt: bool
) -> None:
    study = "haake-2007"
    arms, judged = db.arms.copy(), db.risk_of_bias[db.risk_of_bias["study_id"] != study]
    arms.loc[(arms["study_id"] == study) & (arms["role"] == "sham"), "sham_kind"] = kind
    if concealed:
        low = {"study_id": study, "domain": "allocation concealment (selection bias)", "judgement": "Low"}
        judged = pd.concat([judged, pd.DataFrame([{**low, "assessed_by": "made up"}])], ignore_index=True)
    studies = db.studies.assign(participants_blinded="", assessors_blinded=assessors)
    silent = replace(db, arms=arms, risk_of_bias=judged, studies=studies, blinding=db.blinding.head(0))
    said = Concerns(silent).unclear(study, "sham", "pain", "high")
    assert said == ("whether the sham kept people blind is not stated" if doubt else "")


def test_two_concerns_of_one_kind_are_one_and_an_acupuncturist_always_knows(db: ev.EvidenceBase) -> None:
    study = "haake-2007"

    def known(*domains: str, told: str = "yes", assessors: str = "yes") -> list[str]:
        judged = pd.DataFrame({"domain": domains}).assign(study_id=study, judgement="High", assessed_by="made up")
        studies = db.studies.assign(participants_blinded=told, assessors_blinded=assessors, randomised="yes")
        base = replace(db, risk_of_bias=judged, studies=studies, blinding=db.blinding.head(0))
        return Concerns(base).known(study, "sham", "pain")

    assert known("blinding of personnel (performance bias)", "blinding of treatment provider (x)") == []
    assert known("blinding of patients and personnel (performance bias)") == []
    assert len(known("blinding of patients and personnel (performance bias)", told="no", assessors="no")) == 1
    both = known("allocation concealment (selection bias)", "random sequence generation (selection bias)")
    assert len(both) == 1
    assert len(known("selective outcome reporting (reporting bias)", told="no")) == 2
