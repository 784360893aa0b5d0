"""A base that was loaded ahead is given once, and only for the files that it was loaded from."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidence as ev
from evidence.base import ahead
from evidence.base.tables import TrialTables


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_waiting", {})


def test_the_next_load_gives_it_and_the_one_after_reads_the_files(raw: Path) -> None:
    base = ahead.load_ahead(ev.EvidenceBase, raw)
    assert type(TrialTables.load(raw)) is TrialTables, "another kind"
    assert ev.load().root != raw, "another folder"
    assert ev.load(raw) is base
    again = ev.load(raw)
    assert again is not base and again.results.equals(base.results)


@pytest.mark.parametrize("name", ["results.csv", "notes.txt"])
def test_it_is_not_given_for_files_that_changed(raw: Path, name: str) -> None:
    base = ahead.load_ahead(ev.EvidenceBase, raw)
    table = raw / name
    table.write_text(table.read_text().replace(",-28.7,30.3,", ",-20.7,30.3,") if table.is_file() else "")
    loaded = ev.load(raw)
    changed = loaded.results.set_index("result_id")["mean"]["brinkhaus-2006-01"]
    assert loaded is not base and changed == (-20.7 if name == "results.csv" else -28.7)
