"""What the explorer keeps: pictures, data and the question, and names that are text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ipywidgets import HTML

import evidence as ev
from evidence.report.explorer.analysis import Analysis
from evidence.report.explorer.widget import Explorer

EVIL = "<script>window.hacked=1</script>"


def test_what_is_saved_names_what_was_left_out(explorer: Explorer, tmp_path: Path) -> None:
    explorer.choose(condition="osteoarthritis")
    explorer.boxes[0].value = False
    label = explorer.analysis.left_out[0]
    explorer.controls["method"].value = "DL"
    explorer.save.click()
    stem = "forest_pain_osteoarthritis_sham_short_SMD_DL_hksj-adhoc_without_1"
    folder = tmp_path / "explored"
    endings = (".csv", ".json", ".png", ".svg")
    assert sorted(path.name for path in folder.iterdir()) == [f"{stem}{ending}" for ending in endings]
    assert stem in explorer.message.value and str(folder) in explorer.message.value
    words = json.loads((folder / f"{stem}.json").read_text())
    assert set(words) >= {"title", "caption", "alt", "source", "licence"}
    for text in (words["caption"], words["alt"]):
        assert explorer.analysis.sentence in text and f"{label} left out by hand" in text
        assert "random effects, DerSimonian-Laird" in text
        assert f"The default analysis (all {len(explorer.boxes)} trials" in text
    assert (folder / f"{stem}.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (folder / f"{stem}.svg").read_bytes()


def test_nothing_saved_is_overwritten(explorer: Explorer, tmp_path: Path) -> None:
    explorer.choose(condition="osteoarthritis")
    explorer.boxes[0].value = False
    explorer.save.click()
    folder = tmp_path / "explored"
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    explorer.save.click()
    assert "Already there" in explorer.message.value and len(list(folder.iterdir())) == 4
    explorer.boxes[0].value = True
    explorer.boxes[1].value = False
    explorer.save.click()
    assert len(list(folder.iterdir())) == 8 and "_without_1-2" in explorer.message.value
    assert {name: (folder / name).read_bytes() for name in first} == first


def test_a_folder_that_cannot_be_written_is_a_message(db: ev.EvidenceBase, tmp_path: Path) -> None:
    (tmp_path / "explored").write_text("a file, not a folder")
    explorer = Explorer(db, tmp_path / "explored")
    explorer.save.click()
    assert "Not saved" in explorer.message.value


@pytest.fixture
def hostile(raw: Path) -> ev.EvidenceBase:
    """The trials, one of them called by a script and one by a name of 200 letters."""
    studies = pd.read_csv(raw / "studies.csv", dtype=str, keep_default_na=False)
    studies.loc[studies["study_id"] == "vas-2004", "first_author"] = EVIL
    studies.loc[studies["study_id"] == "jubb-2008", "first_author"] = "Long" * 50
    studies.to_csv(raw / "studies.csv", index=False)
    return ev.load(raw)


def html_of(widget: Any) -> str:
    """All HTML that a widget and those in it show."""
    own = widget.value if isinstance(widget, HTML) else ""
    return own + "".join(html_of(child) for child in getattr(widget, "children", ()))


def test_untrusted_names_are_text(hostile: ev.EvidenceBase, tmp_path: Path) -> None:
    explorer = Explorer(hostile, tmp_path)
    analysis: Analysis = explorer.choose(condition="osteoarthritis")
    assert any(EVIL in label for label in analysis.rows["label"])
    explorer.choose(left_out=frozenset({"vas-2004"}))
    assert EVIL in explorer.analysis.departure
    explorer.choose(beside="chronic_overuse")
    shown = html_of(explorer.box)
    explorer.choose(condition="chronic_overuse", beside="osteoarthritis")
    shown += html_of(explorer.box)
    assert shown.count("&lt;script&gt;") >= 4 and "<script" not in shown
    explorer.choose(condition="osteoarthritis", beside="", left_out=frozenset({"vas-2004"}))
    assert all(not box.description_allow_html for box in explorer.boxes)
    explorer.save.click()
    assert all(set(path.name) <= set("abcdefghijklmnopqrstuvwxyzSMD_-.0123456789") for path in tmp_path.glob("forest*"))
    assert len(list(tmp_path.glob("forest*"))) == 4
