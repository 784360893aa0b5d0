"""Commands about the data: check it, add to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from .app import Folder, app, raw_folder, show_problems, stdout


@app.command()
def validate(
    path: Annotated[Path | None, typer.Argument(help="Folder with CSV files; data/raw or the bundled data.")] = None,
) -> None:
    """Check a data folder against every rule of the codebook."""
    from ..base.folder import validate as check
    from ..base.package import bundled_root

    path = path or raw_folder(None) or bundled_root()
    problems = check(path)
    if problems:
        show_problems(problems)
        raise typer.Exit(1)
    stdout.print(f"{escape(str(path))}: every rule of the codebook is kept")


@app.command()
def new_trial(
    study: Annotated[str, typer.Argument(help="Key of the trial: author and year, as in jones-2024.")],
    add: Annotated[bool, typer.Option("--add", help="Check the filled forms and append them to data/raw.")] = False,
    project: Folder = Path(),
) -> None:
    """Make forms for a trial; with --add put the filled forms into data/raw, if every rule is kept."""
    from ..report.new_trial import add_trial, write_forms
    from ..report.project import Project

    place = Project.at(project)
    if add:
        added = add_trial(place, study)
        stdout.print(f"added to data/raw: {', '.join(f'{table} {rows}' for table, rows in added.items() if rows)}")
        stdout.print("now: evidence report")
        return
    for form in write_forms(place, study):
        stdout.print(str(form.relative_to(place.root)), markup=False)
    stdout.print(f"fill them in (the site's data page explains each column), then: evidence new-trial {study} --add")
