"""The tables are made whole or not at all, the same each time, and a change anywhere is seen."""

from __future__ import annotations

import csv
import json
import random
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

import evidence as ev
from evidence.files import write_folder
from evidence.report import reproduce
from evidence.report.build import build, rebuilt
from evidence.report.project import Project
from evidence.report.reproduce import differences

ROOT = Path(__file__).parents[2]


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_committed_tables_follow_from_the_raw_data(results: ev.Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reproduce, "rebuilt", lambda project, progress: rebuilt(project, progress, results))
    assert results.db.root.resolve() == Project.at(ROOT).raw
    moved = differences(Project.at(ROOT))
    assert moved.empty, moved.to_string()


def test_no_table_hangs_on_where_a_row_stands_in_its_file(raw: Path) -> None:
    moved = random.Random(1)
    for path in sorted(raw.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        moved.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    shuffled = rebuilt(Project.at(raw.parents[1]))
    for name in shuffled.keys() - {"manifest.json"}:  # which has the hashes of the raw files
        assert shuffled[name] == (ROOT / "data" / "processed" / name).read_bytes(), name


def test_two_builds_give_the_same_bytes_and_a_change_is_seen(built: Project) -> None:
    first = {path.name: path.read_bytes() for path in built.processed.iterdir()}
    assert first == rebuilt(built)

    pooled = pd.read_csv(built.processed / "pooled.csv", dtype=str)
    old = next(text for text in pooled["estimate"] if len(text) > 9)
    replace_once(built.processed / "pooled.csv", old, "0.123")
    moved = differences(built)
    assert moved[["file", "column", "committed", "rebuilt"]].to_numpy().tolist() == [
        ["pooled.csv", "estimate", "0.123", old]
    ]

    replace_once(built.processed / "pooled.csv", "0.123", old)
    replace_once(built.raw / "results.csv", ",-28.7,30.3,", ",-29.7,30.3,")
    moved = differences(built)
    assert {"manifest.json", "effects.csv", "pooled.csv"} <= set(moved["file"])
    assert (moved.loc[moved["file"] == "manifest.json", "row"] == "data/raw/results.csv").all()


def test_a_data_error_leaves_the_old_tables_as_they_were(built: Project) -> None:
    before = {path.name: path.read_bytes() for path in built.processed.iterdir()}
    replace_once(built.raw / "results.csv", ",-28.7,30.3,", ",-28.7,-30.3,")
    with pytest.raises(ev.InvalidData):
        build(built)
    assert {path.name: path.read_bytes() for path in built.processed.iterdir()} == before


def test_a_write_that_fails_half_way_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(TypeError):
        write_folder(tmp_path, {"a": b"new", "b": "no bytes"})  # type: ignore[dict-item]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_what_is_already_there_is_not_written_again_and_what_is_not_named_goes(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a": b"same", "b": b"old", "c": b"gone"})
    before = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}  # a file put in its place has another
    write_folder(tmp_path, {"a": b"same", "b": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"same", "b": b"new"}
    assert (tmp_path / "a").stat().st_ino == before["a"] and (tmp_path / "b").stat().st_ino != before["b"]


def test_the_manifest_names_every_raw_file_with_its_hash(built: Project) -> None:
    manifest = json.loads((built.processed / "manifest.json").read_bytes())
    hashes = {path.name: sha256(path.read_bytes()).hexdigest() for path in built.raw.iterdir()}
    assert manifest["raw"] == hashes
    assert manifest["settings"]["test"] == "hksj-adhoc"


def test_missing_and_stray_files_are_differences(built: Project) -> None:
    (built.processed / "ranking.csv").unlink()
    (built.processed / "old.csv").write_text("x\n")
    assert set(differences(built)["file"]) == {"ranking.csv", "old.csv"}
