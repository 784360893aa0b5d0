"""Figures of the real data: same bytes each time, words from the same numbers, hostile text harmless."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import evidence as ev
from evidence import plots
from evidence.models.wording import number
from evidence.report import figures


@pytest.fixture(autouse=True)
def blog() -> object:
    with plots.theme("blog"):
        yield


def test_two_drawings_give_the_same_bytes(db: ev.EvidenceBase) -> None:
    one, two = (figures.ranking(db, "sham", "pain") for _ in range(2))
    assert one.image(".svg") == two.image(".svg")
    assert b"<dc:date>" not in one.image(".svg")
    assert one.image(".png")[:4] == b"\x89PNG"


@pytest.mark.parametrize("make", ["ranking", "forest", "evidence_map"])
def test_real_figures_are_legible(db: ev.EvidenceBase, make: str) -> None:
    drawn = {
        "ranking": lambda: figures.ranking(db, "sham", "pain"),
        "forest": lambda: figures.forest(db, "disc_herniation"),
        "evidence_map": lambda: figures.evidence_map(db),
    }[make]()
    assert plots.unreadable(drawn.axes.figure) == []


def test_caption_and_alt_text_hold_the_numbers_of_the_result(db: ev.EvidenceBase) -> None:
    figure = figures.forest(db, "arthritis", "pain")
    row = ev.rank_conditions(db).set_index("condition").loc["arthritis"]
    for text in (figure.caption, figure.alt):
        assert f"difference {number(row['estimate'])} standard deviations" in text
        assert f"{number(row['ci_low'])} to {number(row['ci_high'])}" in text


def test_a_condition_without_numbers_has_no_forest(db: ev.EvidenceBase) -> None:
    with pytest.raises(figures.NothingToDraw, match="acute lumbar sprain"):
        figures.forest(db, "lumbar_sprain", "disability")


def test_untrusted_names_stay_text(db: ev.EvidenceBase) -> None:
    studies = db.studies.assign(first_author=db.studies["first_author"].where(
        db.studies["study_id"] != "qin-2020", "<script>alert(1)</script> $x_1$ & 'q'"))  # fmt: skip
    page = figures.forest(replace(db, studies=studies), "spinal_stenosis", "pain")._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_files_come_in_threes_and_one_name_can_be_asked_for(db: ev.EvidenceBase, tmp_path: Path) -> None:
    assert figures.write_figures(db, tmp_path, only="evidence_map") == ["evidence_map"]
    assert {path.name for path in tmp_path.iterdir()} == {f"evidence_map.{end}" for end in ("svg", "png", "json")}
    words = json.loads((tmp_path / "evidence_map.json").read_text())
    assert {"title", "caption", "alt", "source", "licence"} == set(words) and all(words.values())
    with pytest.raises(ev.InvalidInput, match="nothing of this name"):
        figures.write_figures(db, tmp_path, only="nothing of this name")
