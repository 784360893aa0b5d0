"""The whole report: each step runs only when what it is made from has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..answers.results import Results
from ..derive.evidence_base import load
from .build import build
from .figures.files import write_figures
from .notebooks import run, source
from .project import Project, digest
from .site import write_site

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One part of the report: its name, the hash of what it is made from, what it leaves, and how to make it."""

    name: str
    made_from: str
    leaves: tuple[Path, ...]
    make: Callable[[Progress], object]

    def is_done(self, project: Project) -> bool:
        stamp = project.stamps / self.name
        return stamp.is_file() and stamp.read_text() == self.made_from and all(path.exists() for path in self.leaves)

    def done(self, project: Project) -> None:
        project.stamps.mkdir(parents=True, exist_ok=True)
        (project.stamps / self.name).write_text(self.made_from)


def steps(project: Project) -> Iterator[Step]:
    """The steps of the report in order; later ones are described after earlier ones have run."""
    code = list(Path(__file__).parents[1].rglob("*.py"))
    data = list(project.raw.glob("*.*"))
    yield Step(
        "tables",
        digest([*code, *data]),
        (project.processed / "manifest.json",),
        lambda progress: build(project, progress),
    )
    yield Step(
        "figures",
        digest([*code, *data]),
        (project.figures / "ranking_pain_sham.svg",),
        lambda progress: write_figures(Results(load(project.raw)), project.figures, progress=progress),
    )
    for notebook in project.notebooks:
        yield Step(notebook.name, digest([*code, *data], source(notebook)), (notebook,), partial(_run, notebook))
    pages = [path for path in project.docs.rglob("*") if path.is_file()]
    yield Step(
        "site",
        digest([*code, *data, *pages, *project.notebooks, *project.figures.glob("*.svg")]),
        (project.site / "index.html",),
        lambda progress: write_site(project, load(project.raw)),
    )


def _run(notebook: Path, progress: Progress) -> None:
    progress("running")
    run(notebook)
