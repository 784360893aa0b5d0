"""Why a row, a pair of arms or a trial gives no effect: each reason is true of what it is said of."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import evidence as ev
from evidence.derive.comparisons import admissible
from evidence.derive.excluded import UNREADABLE
from evidence.derive.labels import labels
from evidence.derive.notes import readable


@pytest.fixture(scope="module")
def listed(db: ev.EvidenceBase) -> pd.DataFrame:
    return db.excluded()


def test_a_row_without_an_effect_is_told_why(db: ev.EvidenceBase, listed: pd.DataFrame) -> None:
    printed = {row["result_id"]: row for row in db.results.to_dict("records")}
    pairs = admissible(db)
    arms = set(zip(pairs["study_id"], pairs["arm"], strict=True)) | set(
        zip(pairs["study_id"], pairs["versus"], strict=True)
    )
    kinds = {"MD100": ("arm", "contrast"), "RR": ("events", "ratio")}
    used = {name: {id for ids in db.effects(name)["result_ids"] for id in ids.split("|")} for name in ("SMD", *kinds)}
    seen = set()
    for _, _, item, measure, reason in listed[listed["item"].isin(printed)].itertuples(index=False):
        row = printed[item]
        before = row["when"] == "baseline" or row["statistic"] == "baseline"
        outside = not before and not {(row["study_id"], row["arm"]), (row["study_id"], row["versus"])} & arms
        assert (reason == "value before treatment") == before, item
        assert (reason == "arm is in no admissible comparison") == outside, item
        assert (measure == "all") == (before or outside), item
        if measure != "all":
            assert item not in used[measure] and row["kind"] in kinds.get(measure, (row["kind"],)), item
        if reason == "no estimate and no exact p value: words or a threshold":
            assert row["kind"] == "contrast" and math.isnan(row["estimate"]) and row["p_relation"] != "=", item
        if reason.endswith(" does not give this measure"):
            assert row["kind"] == "ratio" and row["statistic"] != "RR", item
        if reason == "gives no difference in points":
            assert measure == "MD100", item
        seen.add(reason)
    assert {"no estimate and no exact p value: words or a threshold", "gives no difference in points"} <= seen


def test_a_pair_that_does_not_enter_is_told_the_first_rule_it_breaks(db: ev.EvidenceBase, listed: pd.DataFrame) -> None:
    reasons = listed.set_index(["study", "item"])["reason"]
    pairs, names = admissible(db), labels(db)
    taken = set(zip(pairs["study_id"], pairs["arm"], pairs["versus"], strict=True))
    for pair in db.comparisons.to_dict("records"):
        study, item = pair["study_id"], f"{pair['arm']} : {pair['versus']}"
        if (study, pair["arm"], pair["versus"]) in taken:
            assert (study, item) not in reasons.index
            continue
        expected = (
            readable(pair["exclude_reason"], names)
            or (UNREADABLE if pair["exclude_reason"] else "")
            or ("acupuncture against acupuncture" if pair["comparator"] == "acupuncture" else "")
            or (f"needle through the skin: {pair['needle'] or 'not said'}" if pair["needle"] != "yes" else "")
            or (f"isolates the needling: {pair['isolates'] or 'not said'}" if pair["isolates"] != "yes" else "")
            or "the trial is not known to be randomised"
        )
        assert reasons[study, item] == expected


def test_a_trial_without_an_effect_is_told_why(db: ev.EvidenceBase, listed: pd.DataFrame) -> None:
    paired, read = set(admissible(db)["study_id"]), set(db.results["study_id"])
    trials = listed[listed["study"] == listed["item"]]
    for study, reason in zip(trials["study"], trials["reason"], strict=True):
        assert (reason == "no result could be read") == (study not in read), study
        assert (reason == "no admissible comparison") == (study in read and study not in paired), study
