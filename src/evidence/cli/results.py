"""Commands that make the results of a project: tables, figures, report."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ..errors import require_extra
from ..files import alone
from ..languages import in_language
from ..languages import language as speaking
from .app import Data, Folder, Language, app, parts_shown, raw_folder, stdout, steps_shown


@app.command()
def build(project: Folder = Path()) -> None:
    """Make data/processed from data/raw."""
    from ..report.build import build as make
    from ..report.project import Project

    place = Project.at(project)
    with steps_shown() as progress, alone(place.root, progress):
        files = make(place, progress)
    stdout.print(f"data/processed: {', '.join(sorted(files))}")


@app.command()
def report(project: Folder = Path()) -> None:
    """Make tables, figures, notebooks and site; what has not changed is left alone."""
    for module, extra in {"altair": "charts", "nbclient": "lab", "sphinx": "site"}.items():
        if find_spec(module) is None:  # not imported here: most reports need none of them
            require_extra(module, extra)
    from ..report.project import Project
    from ..report.steps import make, stages

    place = Project.at(project)
    with parts_shown() as progress, alone(place.root, partial(progress, "report")):
        for steps in stages(place):
            make(steps, place, partial(stdout.print, markup=False, highlight=False), progress)
    stdout.print(f"open {(place.site / 'index.html').relative_to(place.root)}")


@app.command()
def figures(
    project: Data = None,
    preset: Annotated[str, typer.Option(help="blog (600 px wide), social (cards of 1200 x 630) or print.")] = "blog",
    only: Annotated[str, typer.Option(help="Draw only figures whose name contains this.")] = "",
    condition: Annotated[list[str] | None, typer.Option(help="Draw only figures about this condition.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the figures; made where it is missing.")] = None,
    language: Language = "en",
) -> None:
    """Draw the figures, each as SVG and PNG with its words (JSON) and a snippet for a blog (HTML).

    Without --out those for a blog go into figures/, others into figures/social and figures/print; in another language
    into folders with its name, such as figures-de.
    """
    from ..answers.results import Results
    from ..derive.evidence_base import load
    from ..report.figures.files import write_figures
    from ..report.figures.presets import preset_named
    from ..report.project import Project

    look, raw = preset_named(preset), raw_folder(project)
    usual = Project(raw.parents[1] if raw else Path().resolve()).figures_for(preset)
    with (
        speaking(language),
        steps_shown() as progress,
        nullcontext() if out or not raw else alone(raw.parents[1], progress),
    ):
        folder = out or usual.with_name(in_language(usual.name))
        names = write_figures(Results(load(raw)), folder, only, progress, condition or (), look)
    stdout.print(f"{folder.name}: {', '.join(names)}", markup=False)


@app.command()
def reproduce(
    project: Folder = Path(),
    check: Annotated[bool, typer.Option("--check", help="Compare only; write nothing.")] = False,
) -> None:
    """Make the results anew and show what moved; without --check the new ones are written."""
    from ..report.build import build as make
    from ..report.project import Project
    from ..report.reproduce import TOLERANCE, differences

    place = Project.at(project)
    with steps_shown() as progress, nullcontext() if check else alone(place.root, progress):
        moved = differences(place, progress)
        if not check:
            make(place, progress)
    if moved.empty:
        stdout.print(f"data/processed follows from data/raw (numbers agree to {TOLERANCE:g} relative)")
        return
    table = Table(title=f"{len(moved)} differences", title_justify="left")
    for name in moved.columns:
        table.add_column(name, overflow="fold")
    for row in moved.head(50).itertuples(index=False):
        table.add_row(*(escape(str(cell)) for cell in row))
    stdout.print(table)
    if len(moved) > 50:
        stdout.print(f"... and {len(moved) - 50} more")
    raise typer.Exit(1 if check else 0)
