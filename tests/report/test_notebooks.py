"""The notebooks run from a clean kernel, quickly, and what is committed with them is what they give."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

import evidence as ev
from evidence.report import kernels
from evidence.report.notebooks import run
from evidence.report.project import Project

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
    monkeypatch.setattr(kernels, "COPIES", False)
    assert copied == printed(code, tmp_path) and str(tmp_path) in copied, "a new process gives something else"


def test_a_copied_kernel_sees_the_cell_that_was_changed_after_its_data_were_loaded_ahead(
    raw_of_few: Path, tmp_path: Path
) -> None:
    raw = shutil.copytree(raw_of_few, tmp_path / "raw")
    code = """
        import evidence as ev
        from evidence.base import ahead
        waiting, db = len(ahead._waiting), ev.load()
        print(waiting - len(ahead._waiting), db.effects()["yi"].sum(), ev.load() is db)
    """
    numbers = []
    for taken in (1, 1, 0):
        if not taken:
            table = raw / "results.csv"
            table.write_text(table.read_text().replace(",-28.7,30.3,", ",-20.7,30.3,", 1))
        numbers.append(ev.load(raw).effects()["yi"].sum())
        assert printed(code, tmp_path, raw).split() == [str(taken), str(numbers[-1]), "False"]
    assert numbers[0] == numbers[1] != numbers[2]
