"""The whole report: its steps, each made only when what it is made from or what it left has changed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .copies import COPIES, apart
from .inputs import Code, code_of, notebook_code, versions
from .notebooks import code_cells, run, source_hash
from .project import Project
from .stamps import Stamp, hash_of

if TYPE_CHECKING:
    from ..answers.results import Results

#: What is going on: the step and a few words; no words when it is over.
Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Step:
    """One part of the report.

    Attributes
    ----------
    name : str
    code : callable
        Gives the modules that it is made by.
    data : mapping
        Its other inputs: name to hash.
    leaves : callable
        Gives the files that it leaves, once it has run.
    make : callable
        Makes them; called with what tells its progress in a few words.
    apart : bool
        Whether it works in a process of its own, so that other steps can run meanwhile.
    """

    name: str
    code: Callable[[], Code]
    data: Mapping[str, str]
    leaves: Callable[[], Iterable[Path]]
    make: Callable[[Callable[[str], None]], object]
    apart: bool = False

    def changed(self, project: Project) -> list[str]:
        """What has changed since it was made: names of inputs and leaves.

        Parameters
        ----------
        project : Project
        """
        stamp = Stamp.read(project, self.name)
        return ["never made here"] if stamp is None else stamp.changed(project, self.data)


def stages(project: Project) -> Iterator[list[Step]]:
    """The steps of the report: lists of what can be made together; a list is to be made before the next is asked for.

    Parameters
    ----------
    project : Project

    Yields
    ------
    list of Step
    """
    analysis = _Analysis(project)
    yield [
        _tables(analysis),
        _figures(analysis),
        _answers(analysis),
        *(_notebook(project, path) for path in project.notebooks),
    ]
    yield [_cards(analysis)]
    yield [_site(analysis)]


def make(steps: Iterable[Step], project: Project, say: Callable[[str], None], progress: Progress) -> None:
    """Make the steps of a stage that are not up to date; those that work apart run beside the others.

    Parameters
    ----------
    steps : iterable of Step
    project : Project
        Keeps their stamps.
    say : callable
        Called with a line about each step: made and why, or unchanged.
    progress : callable
        Called with a step and a few words on what it is doing, and without words when it is over.
    """
    waiting = []
    for step in steps:
        if why := step.changed(project):
            waiting.append((step, why))
        else:
            say(f"{step.name}: unchanged")

    def run_one(step: Step, why: list[str]) -> None:
        started = time.monotonic()
        progress(step.name, "running")
        stamp = Stamp.before(step.code(), step.data)
        step.make(partial(progress, step.name))
        stamp.write(project, step.name, step.leaves())
        progress(step.name, "")
        more = f" and {len(why) - 1} more" if len(why) > 1 else ""
        say(f"{step.name}: made in {time.monotonic() - started:.0f} s ({why[0]}{more})")

    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        running = [pool.submit(run_one, step, why) for step, why in waiting if step.apart]
        for step, why in waiting:
            if not step.apart:
                run_one(step, why)
        for future in running:
            future.result()
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class _Analysis:
    """A project and the results of its data, which are computed once, for the first step that needs them."""

    project: Project

    @cached_property
    def results(self) -> Results:
        from ..answers.results import Results  # slow to import, and not needed to see that nothing has changed
        from ..derive.evidence_base import load

        return Results(load(self.project.raw))


def _tables(analysis: _Analysis) -> Step:
    project = analysis.project

    def write(progress: Callable[[str], None]) -> None:
        from .build import build

        progress("raw tables")
        build(project, progress, analysis.results)

    return Step(
        "tables", partial(code_of, "evidence.report.build"), _data(project), partial(_files, project.processed), write
    )


def _figures(analysis: _Analysis) -> Step:
    project = analysis.project

    def draw(progress: Callable[[str], None]) -> None:
        from .figures.files import write_figures

        stamp = Stamp.read(project, "figures")
        for path in stamp.spoiled(project) if stamp else ():  # or its picture might be kept
            path.unlink(missing_ok=True)
        write_figures(analysis.results, project.figures, progress=progress)

    code = partial(code_of, "evidence.report.figures.files")
    return Step("figures", code, _data(project), partial(_files, project.figures), draw)


def _cards(analysis: _Analysis) -> Step:
    """A card shows what its figure shows, in words of the vocabularies, which may be shorter there: it follows both."""
    project = analysis.project
    names = sorted(path.stem for path in _files(project.figures) if path.suffix == ".json")
    shown = {name: _shown(project, name) for name in names}
    data = {name: hashed for name, hashed in _data(project).items() if not name.endswith("/results.csv")}
    told = project.root / "pyproject.toml"  # the address of the site
    data |= {told.name: hash_of(told)} if told.is_file() else {}
    data |= {f"figures/{name}": hashed for name, hashed in shown.items()}

    def draw(progress: Callable[[str], None]) -> None:
        from .figures.social import write_cards

        stamp = Stamp.read(project, "social")
        changed = {*stamp.changed(project, data)} if stamp else {*data}
        own = {name: {f"figures/{name}", f"build/social/{name}.png"} for name in names}
        common = changed - {*chain(*own.values())}
        kept = [] if common else [name for name in names if not own[name] & changed]
        write_cards(project, analysis.results, progress, kept)

    code = partial(code_of, "evidence.report.figures.social")
    return Step("social", code, data, partial(_files, project.social), draw)


def _shown(project: Project, name: str) -> str:
    """Hash of the pictures and words of a figure, without that of all data."""
    words = json.loads((project.figures / f"{name}.json").read_text(encoding="utf-8"))
    pictures = [hash_of(project.figures / f"{name}{ending}") for ending in (".svg", ".png")]
    return sha256(json.dumps([pictures, words | {"data_hash": ""}]).encode()).hexdigest()


def _answers(analysis: _Analysis) -> Step:
    project = analysis.project
    beside = COPIES and bool(project.notebooks)  # which warm the process

    def write(progress: Callable[[str], None]) -> None:
        from .ask.file import answer_all, write_answers

        if beside:
            apart(project.raw, answer_all, project)
        else:
            write_answers(project, analysis.results, progress)

    code = partial(code_of, "evidence.report.ask.file")
    return Step("answers", code, _data(project), lambda: [project.answers], write, apart=beside)


def _notebook(project: Project, path: Path) -> Step:
    def code() -> Code:
        reached, by = notebook_code(code_cells(path)), code_of("evidence.report.notebooks")
        return Code(reached.files | by.files, reached.packages | by.packages)

    def execute(_: Callable[[str], None]) -> None:
        run(path, project.raw)

    data = _data(project) | {f"{path.name}, its cells": source_hash(path)}
    return Step(path.name, code, data, lambda: [path], execute, apart=True)


def _site(analysis: _Analysis) -> Step:
    project = analysis.project

    def write(progress: Callable[[str], None]) -> None:
        from .site import write_site

        write_site(project, analysis.results, progress)

    told = [project.root / name for name in ("CHANGELOG.md", "CITATION.cff", "data/changes.csv", "pyproject.toml")]
    parts = [*_all_files(project.docs), *project.notebooks, *_files(project.figures), *_files(project.processed)]
    parts += [project.answers, *_files(project.social)]
    parts += [path for path in told if path.is_file()]
    data = _data(project) | {path.relative_to(project.root).as_posix(): hash_of(path) for path in parts}
    data |= versions(["typst"])  # with it the site has handouts
    return Step("site", partial(code_of, "evidence.report.site"), data, partial(_all_files, project.site), write)


def _data(project: Project) -> dict[str, str]:
    return {path.relative_to(project.root).as_posix(): hash_of(path) for path in sorted(_files(project.raw))}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _all_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
