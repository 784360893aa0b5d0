"""What the tests of the report share: the written pages, made once, and forms of a new trial, filled in by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

import evidence as ev
from evidence.report.explorer.analyst import Analyst
from evidence.report.explorer.widget import Explorer
from evidence.report.new_trial import write_forms
from evidence.report.new_trial.example import EXAMPLE
from evidence.report.project import Project
from evidence.report.site import written_pages


@pytest.fixture(scope="module")
def analyst(db: ev.EvidenceBase) -> Analyst:
    return Analyst(db)


@pytest.fixture
def explorer(db: ev.EvidenceBase, tmp_path: Path) -> Explorer:
    return Explorer(db, tmp_path / "explored")


@pytest.fixture(scope="session")
def written(results: ev.Results) -> dict[str, str]:
    """Pages that are written from results, as they go to Sphinx."""
    return written_pages(results, Project.at(Path(__file__).parents[2]))


@pytest.fixture(scope="session")
def pages(written: dict[str, str]) -> dict[str, str]:
    """The same as a reader sees them: references to characters resolved."""
    return {name: unescape(page) for name, page in written.items()}


@dataclass
class Forms:
    """The CSV forms of the trial ``example-2025``, once they are written."""

    project: Project

    @property
    def folder(self) -> Path:
        return self.project.root / "new-trials" / "example-2025"

    def lines(self, table: str) -> list[list[str]]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    def save(self, table: str, lines: list[list[str]], separator: str = ",") -> None:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator).writerows(lines)
        (self.folder / f"{table}.csv").write_text(text.getvalue(), encoding="utf-8-sig", newline="")

    def fill_in(self, change: Callable[[str, dict[str, str]], object] = lambda table, row: None) -> Path:
        """Write the forms and fill in the worked example, each row changed as asked; gives their folder."""
        write_forms(self.project, self.folder.name)
        for table, rows in EXAMPLE.items():
            header, *lines = self.lines(table)
            for row in map(dict, rows):
                change(table, row)
                lines.append([row.get(name, "") for name in header])
            self.save(table, [header, *lines])
        return self.folder


@pytest.fixture
def forms(few: Project) -> Forms:
    return Forms(few)
