"""The tables are made whole or not at all, the same each time, and a change anywhere is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import evidence as ev
from evidence.report.build import build, rebuilt
from evidence.report.project import Project, write_all
from evidence.report.reproduce import differences

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(raw: Path) -> Project:
    return Project.at(raw.parents[1])


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_committed_tables_follow_from_the_raw_data() -> None:
    moved = differences(Project.at(ROOT))
    assert moved.empty, moved.to_string()


def test_two_builds_give_the_same_bytes_and_a_change_is_seen(project: Project) -> None:
    first = build(project)
    assert first == rebuilt(project)
    assert differences(project).empty
    assert {path.name for path in project.processed.iterdir()} == set(first)

    pooled = pd.read_csv(project.processed / "pooled.csv", dtype=str)
    old = next(text for text in pooled["estimate"] if len(text) > 9)
    replace_once(project.processed / "pooled.csv", old, "0.123")
    moved = differences(project)
    assert moved[["file", "column", "committed", "rebuilt"]].to_numpy().tolist() == [
        ["pooled.csv", "estimate", "0.123", old]
    ]

    build(project)
    replace_once(project.raw / "results.csv", ",-28.7,30.3,", ",-29.7,30.3,")
    moved = differences(project)
    assert {"manifest.json", "effects.csv", "pooled.csv"} <= set(moved["file"])
    assert (moved.loc[moved["file"] == "manifest.json", "row"] == "data/raw/results.csv").all()


def test_a_data_error_leaves_the_old_tables_as_they_were(project: Project) -> None:
    build(project)
    before = {path.name: path.read_bytes() for path in project.processed.iterdir()}
    replace_once(project.raw / "results.csv", ",-28.7,30.3,", ",-28.7,-30.3,")
    with pytest.raises(ev.InvalidData):
        build(project)
    assert {path.name: path.read_bytes() for path in project.processed.iterdir()} == before


def test_a_write_that_fails_half_way_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(TypeError):
        write_all(tmp_path, {"a": b"new", "b": "no bytes"})  # type: ignore[dict-item]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_the_manifest_names_every_raw_file_with_its_hash(project: Project) -> None:
    manifest = json.loads(build(project)["manifest.json"])
    assert set(manifest["raw"]) == {path.name for path in project.raw.iterdir()}
    assert manifest["settings"]["test"] == "hksj-adhoc"


def test_missing_and_stray_files_are_differences(project: Project) -> None:
    build(project)
    (project.processed / "ranking.csv").unlink()
    (project.processed / "old.csv").write_text("x\n")
    assert set(differences(project)["file"]) == {"ranking.csv", "old.csv"}
