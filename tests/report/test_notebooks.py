"""The notebooks run from a clean kernel, quickly, and what is committed with them is what they give."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

import evidence as ev
from evidence.report import copies
from evidence.report.ask.file import write_answers
from evidence.report.notebooks import run
from evidence.report.project import Project
from evidence.report.steps import stages

NOTEBOOKS = Project.at(Path(__file__).parents[2]).notebooks
#: Pictures differ by the last digit of a path between processors; the figures have tests of their own.
PICTURE = re.compile(r"data:image/[^\"']+")


def said(path: Path) -> Iterator[tuple[int, str]]:
    """Cell and text of every output."""
    for at, cell in enumerate(nbformat.read(path, as_version=4).cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {"text/plain": output.get("text", "")})
            for kind, content in data.items():
                if kind.startswith("text/"):
                    yield at, PICTURE.sub("picture", content)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_not_stale(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    started = time.monotonic()
    run(copy)
    assert time.monotonic() - started < 60
    committed, fresh = list(said(path)), list(said(copy))
    stale = [cell for (cell, old), (_, new) in zip(committed, fresh, strict=False) if old != new]
    assert not stale and len(committed) == len(fresh), f"cells {stale} give something else now: run `make report`"


def printed(code: str, folder: Path, raw: Path | None = None) -> str:
    """What a notebook of one cell prints."""
    path = folder / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)
    run(path, raw)
    return "".join(text for _, text in said(path))


def test_a_copied_kernel_is_as_fresh_as_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
        print(sorted(globals()), __name__)
        import os, signal, sys
        import matplotlib.pyplot as plt
        print(os.getcwd(), sorted(os.environ), sys.path, sys.stdin.read() == "", os.getpid() == os.getpgid(0))
        print(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGCHLD))
        print(plt.get_backend(), plt.get_fignums(), sorted(plt.rcParams.items()))
    """
    copied = printed(code, tmp_path)
    monkeypatch.setattr(copies, "COPIES", False)
    assert copied == printed(code, tmp_path) and str(tmp_path) in copied, "a new process gives something else"


@pytest.fixture(scope="module")
def warmed(raw_of_few: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of a few trials with a notebook, for which one process is warmed."""
    root = tmp_path_factory.mktemp("warmed")
    shutil.copytree(raw_of_few, root / "data" / "raw")
    (root / "notebooks").mkdir()
    shutil.copy(NOTEBOOKS[0], root / "notebooks")
    return Project.at(root)


def test_answers_come_from_a_process_of_their_own_where_there_is_one_for_notebooks(warmed: Project) -> None:
    step = next(step for step in next(stages(warmed)) if step.name == "answers")
    assert step.apart == copies.COPIES
    step.make(print)
    made = warmed.answers.read_bytes()
    assert made and made == write_answers(warmed, ev.Results(ev.load(warmed.raw))).read_bytes()


def test_a_copied_kernel_sees_a_cell_that_was_changed_after_its_data_were_loaded_ahead(
    warmed: Project, tmp_path: Path
) -> None:
    code = """
        import evidence as ev
        from evidence.base import ahead
        waiting, db = len(ahead._waiting), ev.load()
        print(waiting - len(ahead._waiting), db.effects()["yi"].sum(), ev.load() is db)
    """
    numbers = []
    for taken in (1, 1, 0):
        if not taken:
            table = warmed.raw / "results.csv"
            table.write_text(table.read_text().replace(",-28.7,30.3,", ",-20.7,30.3,", 1))
        numbers.append(ev.load(warmed.raw).effects()["yi"].sum())
        assert printed(code, tmp_path, warmed.raw).split() == [str(taken * copies.COPIES), str(numbers[-1]), "False"]
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.skipif(not copies.COPIES, reason="this system cannot copy processes")
def test_what_is_copied_has_one_thread(tmp_path: Path) -> None:
    assert (
        printed("import os; print(os.listdir(f'/proc/{os.getppid()}/task') == [str(os.getppid())])", tmp_path)
        == "True\n"
    )


@pytest.mark.skipif(not copies.COPIES, reason="this system cannot copy processes")
def test_work_in_a_copy_is_done_or_its_error_is_told(db: ev.EvidenceBase, tmp_path: Path) -> None:
    copies.apart(db.root, Path.write_text, tmp_path / "here", "done")
    assert (tmp_path / "here").read_text() == "done"
    for work, given, told in (
        (ev.load, tmp_path, "file is missing"),
        (int, "x", "Traceback.*ValueError: invalid literal"),
        (os._exit, 3, "the process of _exit was ended"),
    ):
        with pytest.raises(ev.EvidenceError, match=f"(?s){told}"):
            copies.apart(db.root, work, given)
