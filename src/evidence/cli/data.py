"""Commands about the data: check it, add to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from ..errors import InvalidInput
from .app import Data, Folder, app, raw_folder, show_problems, stderr, stdout


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


@app.command("import")
def import_trial(
    file: Annotated[Path, typer.Argument(help="JSON of ClinicalTrials.gov, CSV of RevMan Web, or a metapsy table.")],
    key: Annotated[str, typer.Argument(help="Key of the trial: which of several, or what to call the only one.")] = "",
    project: Folder = Path(),
) -> None:
    """Make draft forms of what another tool's file says; what it does not say stays empty and is listed."""
    from ..base.tables import TrialTables
    from ..exchange.readers import chosen, read_drafts
    from ..exchange.words import Words
    from ..report.new_trial import write_forms
    from ..report.project import Project

    place = Project.at(project)
    drafts = chosen(read_drafts(file, Words(TrialTables.load(place.raw))), key)
    for draft in drafts:
        try:
            forms = write_forms(place, draft.study, draft.forms())
        except InvalidInput as known:
            if len(drafts) == 1:
                raise
            stderr.print(f"left out: {known}", style="yellow", markup=False, highlight=False, soft_wrap=True)
            continue
        lines = [f"{draft.study}: draft forms in {forms[0].parent.relative_to(place.root)}"]
        lines += ["  still to be filled in:", *(f"    {line}" for line in draft.missing())]
        lines += ["  has no place in the forms:"] * bool(draft.unplaced) + [f"    {line}" for line in draft.unplaced]
        lines += [f"  then: evidence new-trial {draft.study} --add"]
        stdout.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


@app.command()
def export(
    format: Annotated[str, typer.Argument(help="revman, metapsy or metafor.")],
    out: Annotated[Path, typer.Option("--out", help="CSV to write.")],
    measure: Annotated[str, typer.Option(help="SMD, MD100, ROM, RR, OR or RD.")] = "SMD",
    condition: Annotated[str, typer.Option(help="Only this condition.")] = "",
    project: Data = None,
) -> None:
    """Write the effects, with the statistics behind them, as RevMan, metapsy or metafor read them."""
    from ..derive.evidence_base import load
    from ..exchange.export import export as exported

    db = load(raw_folder(project)).select(condition=condition or None)
    stdout.print(f"{out}: {len(exported(db, format, out, measure=measure))} rows", markup=False, highlight=False)
