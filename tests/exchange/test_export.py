"""Exports give the effects again, in the columns of the format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.exchange.readers import read_drafts
from evidence.exchange.words import Words

MEASURES = ("SMD", "MD100", "ROM", "RR", "OR", "RD")


@pytest.mark.parametrize("measure", MEASURES)
def test_metafor_has_every_effect_as_it_is(db: ev.EvidenceBase, measure: str) -> None:
    frame, effects = ev.export(db, "metafor", measure=measure), db.effects(measure)
    same = ["study", "condition", "comparator", "outcome", "time", "yi", "vi", "result_ids"]
    pd.testing.assert_frame_equal(frame[same], effects[same])
    assert not frame.duplicated(["slab", "comparator", "outcome", "time"]).any(), "a label stands for one trial"


@pytest.mark.parametrize("measure", MEASURES)
def test_the_statistics_give_the_effect_again(db: ev.EvidenceBase, measure: str) -> None:
    frame = ev.export(db, "metafor", measure=measure)
    known = frame[frame["escalc"] != ""]
    assert len(known) and known["escalc"].isin(["SMD", "MD", "ROM", "RR", "OR", "RD", "OR2DL"]).all()
    for escalc, rows in known.groupby("escalc"):
        if escalc in ("SMD", "MD", "ROM"):
            names = {f"{name}{at}": rows[f"{name}{at}i"] for name in ("m", "sd", "n") for at in (1, 2)}
            again = ev.effect_size(escalc, **names)
        else:
            again = ev.effect_size(
                "OR" if escalc == "OR2DL" else escalc, **{n: rows[n] for n in ("ai", "bi", "ci", "di")}
            )
            if escalc == "OR2DL":  # a logistic distribution has the SD pi/sqrt(3)
                again = again * [np.sqrt(3) / np.pi, 3 / np.pi**2]
        np.testing.assert_allclose(again["yi"] * rows["factor"].to_numpy(), rows["yi"], rtol=1e-9)
        np.testing.assert_allclose(again["vi"] * rows["factor"].to_numpy() ** 2, rows["vi"], rtol=1e-9)


def test_plain_pairs_of_arms_have_statistics(db: ev.EvidenceBase) -> None:
    effects = db.effects("SMD")
    plain = (effects["route"] == "arm means") & ~effects["derivation"].str.contains("separate pairs")
    assert (ev.export(db, "metafor").loc[plain, "escalc"] == "SMD").all()


def test_a_choice_exports_its_own_effects(db: ev.EvidenceBase) -> None:
    part = db.select(condition="chronic_overuse", comparator="sham", outcome="pain")
    assert len(part.effects()) and len(ev.export(part, "metafor")) == len(part.effects())
    with_acupuncture = db.select(comparator="acupuncture", isolates=["yes", "no"], needle=["yes", "no"])
    assert len(ev.export(with_acupuncture, "metafor")) == len(with_acupuncture.effects())


def test_means_stand_on_their_own_scale(db: ev.EvidenceBase) -> None:
    """qin-2020: RMDQ falls by 4.1 and 1.7 points; results.csv has both as printed."""
    part = db.select(condition="spinal_stenosis", comparator="sham", outcome="disability")
    mine = ev.export(part, "metafor").set_index("study").loc["qin-2020"]
    printed = db.results.set_index("result_id").loc[mine["result_ids"].split("|")]
    signs = printed["sign"].map({"as_is": 1, "reduction_positive": -1})
    assert [mine["m1i"], mine["m2i"]] == (printed["mean"] * signs).tolist()
    assert mine["m1i"] < mine["m2i"] and mine["yi"] > 0 and mine["factor"] == -1


def test_metapsy_is_read_again_with_the_same_numbers(db: ev.EvidenceBase, words: Words, tmp_path: Path) -> None:
    part = db.select(condition="chronic_overuse")
    frame = ev.export(part, "metapsy", tmp_path / "all.csv")
    text = (tmp_path / "all.csv").read_text()
    assert text.startswith("study;condition_arm1;condition_arm2;multi_arm1;multi_arm2;outcome_type;instrument;time;")
    assert ";NA;" in text and {line.count(";") for line in text.splitlines()} == {len(frame.columns) - 1}
    drafts = read_drafts(tmp_path / "all.csv", words)
    assert len(drafts) == frame["study"].nunique()
    rows = [row for draft in drafts for row in draft.tables["results"]]
    for kind, column, ours in (
        ("arm", "mean", ("mean_arm1", "mean_arm2", "mean_change_arm1", "mean_change_arm2")),
        ("arm", "sd", ("sd_arm1", "sd_arm2", "sd_change_arm1", "sd_change_arm2")),
        ("events", "events", ("event_arm1", "event_arm2")),
        ("contrast", "estimate", ("precalc_g",)),
        ("contrast", "se", ("precalc_g_se",)),
    ):
        read = {float(row[column]) for row in rows if row["kind"] == kind}
        assert read and read == set(frame[list(ours)].stack().dropna())
    assert {row["outcome"] for row in rows} <= set(db.outcomes["outcome"]) and all(row["outcome"] for row in rows)
    assert {row["condition"] for draft in drafts for row in draft.tables["studies"]} == {"chronic_overuse"}


def test_revman_has_one_row_an_arm_and_type_of_data(db: ev.EvidenceBase, tmp_path: Path) -> None:
    frame = ev.export(db, "revman", tmp_path / "all.csv")
    assert not frame.duplicated(["Study", "Outcome", "Arm", "Reference arm"]).any()
    arms, contrasts = frame[frame["Reference arm"].isna()], frame[frame["Reference arm"].notna()]
    assert len(arms) and len(contrasts)
    continuous = arms["Data type"] == "Continuous"
    assert arms.loc[continuous, ["Mean", "SD", "Sample size"]].notna().all(axis=None)
    assert (arms.loc[~continuous, "Cases"] <= arms.loc[~continuous, "Sample size"]).all()
    assert contrasts[["Effect measure", "Mean", "SE"]].notna().all(axis=None)
    header, first = (tmp_path / "all.csv").read_text().splitlines()[:2]
    assert header.startswith("Study,Outcome,Data type,Effect measure,Arm,Reference arm,Sample size,Cases,Mean,SD,SE,")
    assert "nan" not in first and "NA" not in first.split(",")


def test_ratios_stand_with_their_logarithm(db: ev.EvidenceBase) -> None:
    frame = ev.export(db, "revman", measure="OR")
    contrasts = frame[frame["Reference arm"].notna()]
    assert len(contrasts)
    np.testing.assert_allclose(np.log(contrasts["Exp mean"].astype(float)), contrasts["Mean"], rtol=1e-12)


def test_an_export_of_revman_is_read_again(db: ev.EvidenceBase, words: Words, tmp_path: Path) -> None:
    part = db.select(condition="spinal_stenosis", comparator="sham", outcome="disability")
    frame = ev.export(part, "revman", tmp_path / "r.csv")
    rows = [row for draft in read_drafts(tmp_path / "r.csv", words) for row in draft.tables["results"]]
    arms = frame[frame["Reference arm"].isna() & frame["Mean"].notna()]
    assert {(float(row["mean"]), float(row["sd"])) for row in rows if row["kind"] == "arm"} == set(
        zip(arms["Mean"], arms["SD"], strict=True)
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"format": "stata"}, "format 'stata' is unknown"),
        ({"format": None}, "format None is unknown"),
        ({"format": "metafor", "measure": "points"}, "measure 'points' is unknown"),
        ({"format": "metapsy", "measure": "OR"}, "measure='OR': metapsy has columns for SMD and RR"),
        ({"format": "metafor", "path": "no/such/folder/a.csv"}, "no/such/folder: there is no such folder"),
        ({"format": "metafor", "db": "all"}, "db='all': must be an evidence base"),
    ],
)
def test_what_is_not_there_is_refused(db: ev.EvidenceBase, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ev.InvalidInput, match=re.escape(message)):
        ev.export(**{"db": db} | arguments)


def test_a_base_without_effects_gives_an_empty_table(db: ev.EvidenceBase) -> None:
    none = db.select(condition="lumbar_sprain", comparator="no_treatment", outcome="tissue_repair")
    assert none.effects().empty
    for format in ("revman", "metapsy", "metafor"):
        assert ev.export(none, format).empty and len(ev.export(none, format).columns) > 10
