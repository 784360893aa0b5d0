"""The effects frame as a whole: nothing is lost, nothing counts twice, signs follow the data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.derive.comparisons import admissible
from evidence.derive.derivation import Derivation
from evidence.derive.effects_table import COLUMNS
from evidence.derive.evidence_base import MEASURES
from evidence.derive.windows import distance, moment


@pytest.mark.parametrize("measure", MEASURES)
def test_one_row_per_trial_comparator_outcome_and_window(db: ev.EvidenceBase, measure: str) -> None:
    frame = db.effects(measure)
    assert tuple(frame.columns) == (*COLUMNS, "integrity")
    assert not frame.duplicated(["study", "comparator", "outcome", "time"]).any()
    assert np.isfinite(frame[["yi", "vi"]]).all(axis=None) and (frame["vi"] > 0).all()
    assert (frame["derivation"] != "").all()
    known = set(db.results["result_id"])
    assert all(set(ids.split("|")) <= known for ids in frame["result_ids"])


def test_every_admissible_trial_contributes_or_stands_in_the_list_with_a_reason(db: ev.EvidenceBase) -> None:
    pairs = admissible(db)
    contributing = set().union(*(db.effects(measure)["study"] for measure in ("SMD", "MD100", "RR")))
    excluded = db.excluded()
    listed = set(excluded.loc[excluded["item"] == excluded["study"], "study"])
    assert contributing | listed >= set(pairs["study_id"])
    assert not contributing & listed
    assert contributing & set(pairs["study_id"])
    assert set(db.studies["study_id"]) == contributing | listed


def test_every_result_row_is_used_or_listed(db: ev.EvidenceBase) -> None:
    used = set()
    for measure in ("SMD", "MD100", "RR"):
        used |= {id for ids in db.effects(measure)["result_ids"] for id in ids.split("|")}
    listed = db.excluded()
    assert set(db.results["result_id"]) == used | (set(listed["item"]) & set(db.results["result_id"]))
    assert (listed["reason"] != "").all()
    everywhere = listed[listed["measure"] == "all"]
    assert not used & set(everywhere["item"])


def test_swapping_which_way_benefit_lies_turns_the_effect(raw: Path, db: ev.EvidenceBase) -> None:
    path = raw / "results.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    mine = frame["study_id"].eq("qin-2020") & frame["outcome"].eq("disability")
    frame.loc[mine, "higher_is_better"] = "yes"
    frame.to_csv(path, index=False)
    pick = {"condition": "spinal_stenosis", "comparator": "sham", "outcome": "disability"}
    for measure in ("SMD", "MD100"):
        before = db.select(**pick).effects(measure).set_index("study")
        after = ev.load(raw).select(**pick).effects(measure).set_index("study")
        assert after["yi"]["qin-2020"] == pytest.approx(-before["yi"]["qin-2020"])
        assert after["vi"]["qin-2020"] == pytest.approx(before["vi"]["qin-2020"])


def test_a_vas_without_range_gives_no_points_but_a_standardised_difference(db: ev.EvidenceBase) -> None:
    # Heo 2021 prints a VAS difference of -8.15 without saying whether the scale ends at 10 or 100
    pick = db.select(comparator="usual_care", outcome="pain", time="short")
    assert "heo-2021" in set(pick.effects("SMD")["study"]) and "heo-2021" not in set(pick.effects("MD100")["study"])
    listed = db.excluded()
    reason = listed[(listed["item"] == "heo-2021-01") & (listed["measure"] == "MD100")]["reason"].item()
    assert reason == "the range of VAS with unit '' is not known"


def test_points_do_not_depend_on_the_units_of_the_scale(raw: Path, db: ev.EvidenceBase) -> None:
    path = raw / "results.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    mine = frame["result_id"].eq("brinkhaus-2006-05")
    for name in ("scale_max", "estimate", "ci_low", "ci_high"):
        frame.loc[mine, name] = (frame.loc[mine, name].astype(float) / 10).round(6).astype(str)
    frame.loc[mine, "unit"] = "cm"
    frame.to_csv(path, index=False)
    pick = {"comparator": "no_treatment", "outcome": "pain", "time": "short"}
    before, after = (base.select(**pick).effects("MD100").set_index("study") for base in (db, ev.load(raw)))
    columns = ["yi", "vi"]
    np.testing.assert_allclose(
        after.loc["brinkhaus-2006", columns].astype(float), before.loc["brinkhaus-2006", columns].astype(float)
    )


def test_risk_of_bias_is_the_worst_judged_domain(db: ev.EvidenceBase) -> None:
    found = db.effects().drop_duplicates("study").set_index("study")["risk_of_bias"]
    worst = db.risk_of_bias.groupby("study_id")["judgement"].agg(lambda words: "High" if "High" in set(words) else "")
    for trial in found.index.intersection(worst.index):
        assert (found[trial] == "high") == (worst[trial] == "High")
    assert found.drop(worst.index, errors="ignore").eq("").all() and found.ne("").any()


def test_an_unclear_sign_is_never_used(db: ev.EvidenceBase) -> None:
    unclear = set(db.results.loc[db.results["sign"] == "unclear", "result_id"])
    for measure in MEASURES:
        assert not unclear & {id for ids in db.effects(measure)["result_ids"] for id in ids.split("|")}


def test_thresholds_are_not_exact_p_values(db: ev.EvidenceBase) -> None:
    frame = db.effects("SMD")
    by_p = frame[frame["route"] == "exact p"]
    relation = db.results.set_index("result_id")["p_relation"]
    assert len(by_p) > 10
    assert all(relation[id] == "=" for ids in by_p["result_ids"] for id in ids.split("|"))


@pytest.mark.parametrize(
    ("week", "when", "sessions", "weeks", "window"),
    [
        (0, "immediate", 10, 4, "immediate"),
        (4, "immediate", 10, 6, "short"),
        (np.nan, "end of treatment", 1, np.nan, "immediate"),
        (np.nan, "end of treatment", 10, np.nan, "short"),
        (np.nan, "end of treatment", 10, 26, "intermediate"),
        (13, "follow-up", 10, 6, "short"),
        (13.1, "follow-up", 10, 6, "intermediate"),
        (51.9, "follow-up", 10, 6, "intermediate"),
        (52, "follow-up", 10, 6, "long"),
        (np.nan, "follow-up", 10, 6, "unstated"),
    ],
)
def test_windows(week: float, when: str, sessions: float, weeks: float, window: str) -> None:
    assert moment(week, when, sessions, weeks).window == window


def test_the_nearest_result_to_the_end_of_treatment_stands_for_the_short_window() -> None:
    order = [(8, "end of treatment"), (9, "follow-up"), (12, "follow-up"), (2, "during treatment")]
    assert sorted(order, key=lambda at: distance("short", *at, treatment_weeks=8)) == order
    assert distance("intermediate", 26, "follow-up", 8) < distance("intermediate", 20, "follow-up", 8)


@pytest.mark.parametrize(
    "choice",
    [
        {"condition": ["arthritis", "lumbar_sprain"]},
        {"comparator": "sham", "outcome": "pain"},
        {"time": ["short", "long"], "directness": "direct"},
        {"mechanism": "inflammation"},
        {"comparator": ["acupuncture", "drug"]},
        {"outcome": "pain", "isolates": ["yes", "no"]},
        {"condition": "osteoarthritis", "comparator": "sham", "min_confidence": "high"},
        {"comparator": ["sham", "drug"], "style": "electro"},
        {"comparator": "no_treatment", "phase": "maintenance"},
    ],
)
def test_a_choice_among_effects_gives_what_its_own_rows_give(db: ev.EvidenceBase, choice: dict[str, object]) -> None:
    small = db.select(**choice)  # type: ignore[arg-type]
    for measure in ("SMD", "RR"):
        own = Derivation(small, measure, small.reported).effects
        frame = small.effects(measure).drop(columns="integrity")
        pd.testing.assert_frame_equal(frame, own, check_dtype=len(own) > 0)
    assert len(small.effects("SMD"))


def test_tables_put_into_a_choice_are_derived_anew(db: ev.EvidenceBase) -> None:
    small = db.select(condition="spinal_stenosis")
    one = replace(small, results=small.results[small.results["study_id"] == "qin-2020"])
    assert set(one.effects()["study"]) == {"qin-2020"} < set(small.effects()["study"])
