"""Pairs of arms that all had the same first course answer questions about maintenance, and no other."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import evidence as ev
from evidence.derive.comparisons import admissible

MEASURES = ("SMD", "MD100", "RR")


def marked(db: ev.EvidenceBase) -> set[tuple[str, str]]:
    """Trials and comparators of the maintenance pairs in the data."""
    pairs = db.comparisons[db.comparisons["exclude_reason"].str.startswith("maintenance:")]
    assert len(pairs)
    return asked(pairs.rename(columns={"study_id": "study"}))


def asked(frame: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(frame["study"], frame["comparator"], strict=True))


@pytest.mark.parametrize("excluded", [None, "no", "yes", ["yes", "no"]])
def test_maintenance_pairs_enter_no_effects_of_efficacy(db: ev.EvidenceBase, excluded: str | list[str] | None) -> None:
    everything = {"comparator": db.comparators["comparator"].tolist(), "excluded": excluded}
    for base in (db.select(excluded=excluded), db.select(**everything)):
        assert not admissible(base)["exclude_reason"].str.startswith("maintenance:").any()
        for measure in MEASURES:
            assert not marked(db) & asked(base.effects(measure))


def test_maintenance_pairs_stand_in_no_pool_of_the_tables(db: ev.EvidenceBase, results: ev.Results) -> None:
    pooled = results.pooled
    rows = pooled.assign(study=pooled["trials"].str.split("|")).explode("study")
    assert len(rows) and not marked(db) & asked(rows)


def test_the_maintenance_phase_has_those_pairs_alone(db: ev.EvidenceBase) -> None:
    own = db.select(phase="maintenance")
    assert set(own.studies["study_id"]) == {study for study, _ in marked(db)}
    assert asked(own.effects("SMD")) <= marked(db) and len(own.effects("SMD"))
    assert own.comparisons["exclude_reason"].str.startswith("maintenance:").all()
    assert db.select(phase="initial").effects("SMD").equals(db.effects("SMD"))
    both = db.select(phase=["initial", "maintenance"]).effects("SMD")
    assert len(both) == len(db.effects("SMD")) + len(own.effects("SMD"))
    with pytest.raises(ev.InvalidInput, match="phase='later': choose among initial, maintenance"):
        db.select(phase="later")


def test_the_mark_moves_a_pair_whatever_the_trial(db: ev.EvidenceBase) -> None:
    c = db.comparisons
    moved = (c["study_id"] == "qin-2020") & (c["comparator"] == "sham")
    reasons = c["exclude_reason"].mask(moved, "maintenance: the same first course in both arms")
    base = replace(db, comparisons=c.assign(exclude_reason=reasons))
    before = db.effects("SMD").query("study == 'qin-2020' and comparator == 'sham'").reset_index(drop=True)
    later = base.select(phase="maintenance").effects("SMD").query("study == 'qin-2020'").reset_index(drop=True)
    assert "qin-2020" not in set(base.effects("SMD")["study"]) and len(before)
    pd.testing.assert_frame_equal(later, before)
    listed = base.excluded()
    pair = listed[(listed["study"] == "qin-2020") & listed["item"].str.contains(" : ")]
    assert pair["reason"].tolist() == ["maintenance: the same first course in both arms"]
