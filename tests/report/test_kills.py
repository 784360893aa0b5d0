"""A command killed at any moment leaves data and tables whole, and can be given again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import evidence as ev
from evidence.report import build as building
from evidence.report.new_trial import add, add_trial, check_trial, write_forms
from evidence.report.project import Project

KEY = "example-2025"
Killed = Callable[[Callable[[], object], int], bool]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def test_adding_a_trial_is_one_step(few: Project, forms: Any, killed: Killed, monkeypatch: pytest.MonkeyPatch) -> None:
    forms.fill_in()
    checked, before, kills = check_trial(few, KEY), contents(few.raw), 0
    monkeypatch.setattr(add, "check_trial", lambda *_: checked)  # not once a kill: it writes nothing
    after = before | checked.tables
    while killed(lambda: add_trial(few, KEY), kills):
        kills += 1
        assert contents(few.raw) in (before, after)
        if contents(few.raw) == after:
            break
    assert kills > len(before)
    add_trial(few, KEY)
    assert contents(few.raw) == after and ev.validate(few.raw) == []
    assert [path.name for path in few.raw.parent.iterdir()] == ["raw"], "nothing is left beside the data"


def test_tables_are_those_of_before_or_of_now(built: Project, killed: Killed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(built.processed)
    after = {name: content + b"x" for name, content in before.items()}
    monkeypatch.setattr(building, "rebuilt", lambda *_: after)
    kills = 0
    while killed(lambda: building.build(built), kills):
        kills += 1
        assert contents(built.processed) in (before, after)
    assert kills > len(before) and contents(built.processed) == after
    building.build(built)
    assert {path.name for path in built.processed.parent.iterdir()} == {"raw", "processed"}


def test_forms_are_all_there_or_none(few: Project, killed: Killed) -> None:
    kills, folder = 0, few.root / "new-trials" / KEY
    while killed(lambda: write_forms(few, KEY), 5 * kills):
        kills += 1
        assert not folder.exists() or (folder / f"{KEY}.xlsx").is_file()
        if folder.exists():
            break
    if not folder.exists():
        write_forms(few, KEY)
    assert kills > 3 and [path.name for path in folder.parent.iterdir()] == [KEY]
