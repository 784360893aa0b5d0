"""A command killed at any moment leaves data and tables whole, and can be given again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import evidence as ev
from evidence.report import build as building
from evidence.report.figures import files as drawing
from evidence.report.handout import sheet as printing
from evidence.report.new_trial import add, add_trial, check_trial, write_forms
from evidence.report.post import folder as posting
from evidence.report.project import Project

KEY = "example-2025"
#: Results and project, where what is made of them is given.
_UNREAD: Any = (None, None)
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


def a_post(made: dict[str, bytes], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "post_files", lambda *_: made)
    posting.write_post(*_UNREAD, "arthritis", "markdown", folder)


def the_figures(made: dict[str, bytes], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results: Any = SimpleNamespace(db=SimpleNamespace(root=Path(__file__).parent))
    monkeypatch.setattr(drawing, "figures", lambda *_: [SimpleNamespace(name="arthritis")])
    monkeypatch.setattr(drawing, "figure_files", lambda *_: made)
    drawing.write_figures(results, folder)


@pytest.mark.parametrize("write", [a_post, the_figures])
def test_a_folder_is_of_before_or_of_now(
    tmp_path: Path, killed: Killed, monkeypatch: pytest.MonkeyPatch, write: Callable[..., None]
) -> None:
    names = ("arthritis.md", "arthritis.svg", "arthritis.png", "arthritis-alt.txt", "arthritis-title.txt")
    before, after = ({name: words for name in names} for words in (b"old", b"new"))
    folder, kills = tmp_path / "made", 0
    write(before, folder, monkeypatch)
    while killed(lambda: write(after, folder, monkeypatch), kills):
        kills += 1
        assert contents(folder) in (before, after)
    assert kills > len(names) and contents(folder) == after
    write(after, folder, monkeypatch)
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_every_handout_is_of_before_or_of_now(tmp_path: Path, killed: Killed, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("arthritis-a4.pdf", "arthritis-letter.pdf")
    results = SimpleNamespace(words=SimpleNamespace(headline={"arthritis": ""}))
    monkeypatch.setattr(printing, "sheets", lambda *_: dict.fromkeys(names, b"old"))
    asked: Any = results, None, "arthritis", (), tmp_path
    printing.write_handouts(*asked)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    monkeypatch.setattr(printing, "sheets", lambda *_: dict.fromkeys(names, b"new"))
    kills = 0
    while killed(lambda: printing.write_handouts(*asked), kills):
        kills += 1
        there = {name: content for name, content in contents(tmp_path).items() if not name.startswith(".evidence-")}
        assert there.keys() == {*names, "mine.txt"} and set(there.values()) <= {b"old", b"new", b"mine"}
    assert kills > 2 * len(names)
    printing.write_handouts(*asked)
    assert contents(tmp_path) == {**dict.fromkeys(names, b"new"), "mine.txt": b"mine"}
