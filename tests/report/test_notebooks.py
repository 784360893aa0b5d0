"""The notebooks run from a clean kernel, quickly, and what is committed with them is what they give."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

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
