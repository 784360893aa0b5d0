"""Commands about the data: check it, add to it."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ..errors import InvalidData, InvalidInput
from ..files import alone
from .app import Data, Folder, app, raw_folder, show_problems, stderr, stdout

if TYPE_CHECKING:
    from ..report.project import Project


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
    check: Annotated[bool, typer.Option("--check", help="Say what is wrong, empty, and would change so far.")] = False,
    add: Annotated[bool, typer.Option("--add", help="Check the filled forms and append them to data/raw.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Add without asking.")] = False,
    project: Folder = Path(),
) -> None:
    """Make forms for a trial; --check them while they are filled in; --add them to data/raw, if every rule is kept."""
    from ..report.new_trial import add_trial, write_forms
    from ..report.project import Project

    place = Project.at(project)
    if check or add:
        _show_trial(place, study)
        if check:
            _say(f"nothing was written; to put it into the data: evidence new-trial {study} --add")
        elif yes or not (sys.stdin.isatty() and stdout.is_terminal) or typer.confirm("add it to data/raw?", abort=True):
            with alone(place.root, _say):
                added = add_trial(place, study)
            _say(f"added to data/raw: {', '.join(f'{table} {rows}' for table, rows in added.items() if rows)}")
            _say("now: evidence report")
        return
    for form in write_forms(place, study):
        _say(str(form.relative_to(place.root)))
    if find_spec("openpyxl") is None:
        _say('for a workbook with lists to choose from: pip install "acupuncture-evidence[excel]"')
    _say("fill in the CSV files or the workbook; lines that begin with # are not read")
    _say(f"what is wrong or still empty, and what the trial would change: evidence new-trial {study} --check")


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
        lines += [f"  then: evidence new-trial {draft.study} --check"]
        _say("\n".join(lines))


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
    _say(f"{out}: {len(exported(db, format, out, measure=measure))} rows")


def _show_trial(place: Project, study: str) -> None:
    """Print what the forms of a trial say so far; with a rule broken that is the end."""
    from ..report.new_trial import check_trial, preview

    checked = check_trial(place, study)
    if checked.gaps:
        stdout.print("still empty:")
    for gap in checked.gaps:
        _say(f"  {gap}")
    if checked.problems:
        raise InvalidData(checked.problems)
    for line in preview(place, checked).lines():
        _say(line)


def _say(line: str) -> None:
    stdout.print(line, markup=False, highlight=False, soft_wrap=True)
