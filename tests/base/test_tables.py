"""Loading and choosing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import evidence as ev


def test_optional_tables_may_be_absent_and_keep_their_types(raw: Path) -> None:
    for name in ("claims", "risk_of_bias", "published_reviews", "definitions", "follow_up_times", "thresholds"):
        (raw / f"{name}.csv").unlink()
    db = ev.load(raw)
    assert db.claims.empty and db.follow_up_times["week"].dtype == float
    assert len(db.effects("MD100"))


def test_missing_numbers_are_nan_and_missing_words_are_empty(db: ev.EvidenceBase) -> None:
    assert db.results["mean"].dtype == float and np.isnan(db.results["mean"]).any()
    assert (db.results["mechanism"] == "").any()


def test_select_narrows_every_table_to_the_same_trials(db: ev.EvidenceBase) -> None:
    small = db.select(condition=["disc_herniation", "lumbar_sprain"], comparator="drug")
    ids = set(small.studies["study_id"])
    assert set(small.studies["condition"]) == {"disc_herniation", "lumbar_sprain"}
    assert set(small.comparisons["comparator"]) == {"drug"}
    for frame in (small.arms, small.results, small.comparisons):
        assert set(frame["study_id"]) <= ids
    assert ids < set(db.studies["study_id"]) and not db.scope, "the base itself stays as it was"


def test_choices_add_up(db: ev.EvidenceBase) -> None:
    one = db.select(condition="arthritis", comparator="sham", outcome="pain", time="short").effects()
    two = db.select(condition="arthritis").select(comparator="sham").select(outcome="pain", time="short").effects()
    everything = db.effects()
    wanted = everything.query(
        "condition == 'arthritis' and comparator == 'sham' and outcome == 'pain' and time == 'short'"
    )
    assert one.equals(two) and one.equals(wanted.reset_index(drop=True)) and len(one) > 5


def test_style_and_confidence(db: ev.EvidenceBase) -> None:
    electro = db.select(style="electro").effects()
    assert set(electro["style"]) == {"electro"}
    sure = db.select(min_confidence="high")
    assert set(sure.results["confidence"]) == {"high"}
    assert len(sure.effects()) < len(db.effects())


def test_what_headlines_leave_out_is_reachable(db: ev.EvidenceBase) -> None:
    usual = set(db.effects()["study"])
    for choice in ({"isolates": "no"}, {"needle": "no"}, {"excluded": "yes"}, {"comparator": "acupuncture"}):
        assert set(db.select(**choice).effects()["study"]) - usual, choice


def test_an_unknown_word_is_refused_with_the_known_ones(db: ev.EvidenceBase) -> None:
    with pytest.raises(ev.InvalidInput, match=r"condition='backache'.*disc_herniation"):
        db.select(condition="backache")
    with pytest.raises(ev.InvalidInput, match="MD100"):
        db.effects("MD")
