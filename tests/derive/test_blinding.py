"""Blinding is a property of a comparison: a sham does not blind the people on the waiting list."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import evidence as ev
from evidence.derive.blinding import Blinding

OPEN = ("no_treatment", "usual_care", "exercise", "physical_therapy", "drug", "other_active")


def told(db: ev.EvidenceBase, study: str, *rows: tuple[str, str, str, str]) -> Blinding:
    """What one trial's sources say: comparator, participants, assessors, confidence."""
    said = pd.DataFrame(rows, columns=["comparator", "participants_blinded", "assessors_blinded", "confidence"])
    return Blinding(replace(db, blinding=said.assign(study_id=study)))


def test_haake_2007_blinds_against_sham_and_not_against_usual_care(db: ev.EvidenceBase) -> None:
    effects = db.effects("SMD").query("study == 'haake-2007'")
    blind = effects.groupby("comparator")["participants_blinded"].agg(set)
    assert blind["sham"] == {"yes"} and blind["usual_care"] == {"no"}


def test_no_weight_of_an_open_comparison_is_blind(db: ev.EvidenceBase) -> None:
    chronic = db.select(condition="chronic_overuse", comparator="usual_care", outcome="pain").effects()
    fit = ev.pool(chronic.query("time == 'short'"))
    blind = fit.weights[(chronic.query("time == 'short'")["participants_blinded"] == "yes").to_numpy()]
    assert fit.k > 1 and blind.sum() == 0
    every = db.effects("SMD")
    assert not every["participants_blinded"].eq("yes")[every["comparator"].isin(["usual_care", "no_treatment"])].any()


def test_a_row_about_the_comparison_outranks_one_about_all(db: ev.EvidenceBase) -> None:
    who = told(db, "haake-2007", ("any", "no", "yes", "high"), ("sham", "yes", "", "low"))
    assert who.participants("haake-2007", "sham") == "yes" and who.participants("haake-2007", "usual_care") == "no"
    assert who.assessors("haake-2007", "sham") == who.assessors("haake-2007", "usual_care") == "yes"


def test_of_two_readings_the_sure_one_counts_then_the_cautious_one(db: ev.EvidenceBase) -> None:
    sure = told(db, "haake-2007", ("sham", "no", "", "low"), ("sham", "yes", "", "high"))
    assert sure.participants("haake-2007", "sham") == "yes"
    split = told(db, "haake-2007", ("sham", "yes", "yes", "high"), ("sham", "no", "no", "high"))
    assert split.participants("haake-2007", "sham") == split.assessors("haake-2007", "sham") == "no"


@pytest.mark.parametrize("comparator", OPEN)
def test_without_a_word_people_knew_unless_the_comparator_looks_alike(db: ev.EvidenceBase, comparator: str) -> None:
    silent = replace(db, blinding=db.blinding.head(0), studies=db.studies.assign(participants_blinded=""))
    who, study = Blinding(silent), "haake-2007"
    assert who.participants(study, comparator) == "no"
    assert who.participants(study, "sham") == who.participants(study, "acupuncture") == ""


def test_a_trial_that_says_yes_speaks_of_its_sham_or_of_its_double_dummy(db: ev.EvidenceBase) -> None:
    only = replace(db, blinding=db.blinding.head(0), studies=db.studies.assign(participants_blinded="yes"))
    who = Blinding(only)
    compared = db.comparisons.groupby("study_id")["comparator"].agg(set)
    assert {who.participants(study, "sham") for study in compared.index} == {"yes"}
    for study, comparators in compared.items():
        for comparator in comparators - {"sham", "acupuncture"}:
            dummy = comparator == "drug" and comparators == {"drug"}
            assert who.participants(study, comparator) == ("yes" if dummy else "no")
    assert Blinding(db).participants("garvey-1989", "drug") == "yes", "needle against injection, double blind"


def test_a_blind_waiting_list_is_refused(raw, db: ev.EvidenceBase) -> None:
    path = raw / "blinding.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.append("haake-2007,usual_care,yes,,high,made up,https://example.org,")
    lines.append("haake-2007,sham,,,high,made up too,https://example.org,")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    first, second = ev.validate(raw)
    assert (first.line, first.column, first.value) == (len(lines) - 1, "participants_blinded", "yes")
    assert "name the sham comparison" in first.rule and "must not be empty" in second.rule
