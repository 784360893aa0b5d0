"""The ``evidence`` command."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from . import __version__
from .errors import EvidenceError, InvalidData, InvalidInput, Problem, SmallSample, require_extra

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What randomised trials say about acupuncture for low back conditions. "
    "Exit codes: 0 all is well, 1 the data or results are not, 2 the call was wrong.",
)
_out, _err = Console(), Console(stderr=True)
_Folder = Annotated[Path, typer.Option("--project", help="Folder with data/raw, notebooks and docs.")]
_Data = Annotated[Path | None, typer.Option("--project", help="Folder with data/raw; this one, or bundled data.")]


def _version(asked: bool) -> None:
    if asked:
        _out.print(__version__, highlight=False)
        raise typer.Exit


_Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")]


@app.callback()
def evidence(version: _Version = False) -> None:
    """Options of every command; the help text above is the application's."""


def _raw(project: Path | None) -> Path | None:
    """The data folder asked for, this folder's, or None for the data that came with the package."""
    from .report.project import Project

    if project is None and not Path("data", "raw").is_dir():
        _err.print("using the data that came with the package", style="dim")
        return None
    return Project.at(project or Path()).raw


@app.command()
def build(project: _Folder = Path()) -> None:
    """Make data/processed from data/raw."""
    from .report.build import build as make
    from .report.project import Project

    with _steps() as progress:
        files = make(Project.at(project), progress)
    _out.print(f"data/processed: {', '.join(sorted(files))}")


@app.command()
def report(project: _Folder = Path()) -> None:
    """Make tables, figures, notebooks and site; what has not changed is left alone."""
    for module, extra in {"altair": "charts", "nbclient": "lab", "sphinx": "site"}.items():
        if find_spec(module) is None:  # not imported here: most reports need none of them
            require_extra(module, extra)
    from .report.project import Project
    from .report.steps import make, stages

    place = Project.at(project)
    with _parts() as progress:
        for steps in stages(place):
            make(steps, place, partial(_out.print, markup=False, highlight=False), progress)
    _out.print(f"open {(place.site / 'index.html').relative_to(place.root)}")


@app.command()
def figures(
    project: _Data = None,
    preset: Annotated[str, typer.Option(help="blog (600 px wide), social (cards of 1200 x 630) or print.")] = "blog",
    only: Annotated[str, typer.Option(help="Draw only figures whose name contains this.")] = "",
    condition: Annotated[list[str] | None, typer.Option(help="Draw only figures about this condition.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the figures; made where it is missing.")] = None,
) -> None:
    """Draw the figures, each as SVG and PNG with its words (JSON) and a snippet for a blog (HTML).

    Without --out those for a blog go into figures/, others into figures/social and figures/print.
    """
    from .answers.results import Results
    from .derive.evidence_base import load
    from .report.figures.files import write_figures
    from .report.figures.presets import preset_named
    from .report.project import Project

    look, raw = preset_named(preset), _raw(project)
    folder = out or Project(raw.parents[1] if raw else Path().resolve()).figures_for(preset)
    with _steps() as progress:
        names = write_figures(Results(load(raw)), folder, only, progress, condition or (), look)
    _out.print(f"{folder.name}: {', '.join(names)}", markup=False)


@app.command()
def validate(
    path: Annotated[Path | None, typer.Argument(help="Folder with CSV files; data/raw or the bundled data.")] = None,
) -> None:
    """Check a data folder against every rule of the codebook."""
    from .base.folder import validate as check
    from .base.package import bundled_root

    path = path or _raw(None) or bundled_root()
    problems = check(path)
    if problems:
        _show(problems)
        raise typer.Exit(1)
    _out.print(f"{escape(str(path))}: every rule of the codebook is kept")


@app.command()
def claims(project: _Data = None) -> None:
    """Show the verdict on each claim of the article, with the sentence that may be said."""
    from .answers.claims.claims import claims as judge
    from .base.rows import rows_of
    from .derive.evidence_base import load

    with _steps() as progress:
        progress("claims")
        judged = judge(load(_raw(project))).to_frame()
    for row in rows_of(judged):
        _out.print(f"[bold]{escape(row['claim'])}[/bold]: {row['verdict']}")
        _out.print(f"  {escape(row['sentence'])}\n")
    counts = judged["verdict"].value_counts()
    _out.print(", ".join(f"{verdict} {k}" for verdict, k in counts.items()))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def explore(context: typer.Context, project: _Data = None) -> None:
    """Open JupyterLab on the explorer; its own options (--no-browser, --port ...) are passed on.

    Outside a project the notebook explore.ipynb is put into this folder, if it is not there.
    """
    from .base.package import bundled_root
    from .report.project import Project

    for module in ("jupyterlab", "ipywidgets"):
        require_extra(module, "lab")
    raw = _raw(project)
    notebook = Project(raw.parents[1]).root / "notebooks" / "explore.ipynb" if raw else Path("explore.ipynb")
    if not raw and not notebook.exists():
        shutil.copy(bundled_root().parents[1] / "notebooks" / notebook.name, notebook)
    if not notebook.is_file():
        raise InvalidInput(f"{notebook.name} is missing from {notebook.parent.name}/ of the project")
    lab = [sys.executable, "-m", "jupyterlab", str(notebook), *context.args]
    os.execv(sys.executable, lab)  # in place of this process, so that Ctrl-C asks and closes as JupyterLab does


@app.command()
def reproduce(
    project: _Folder = Path(),
    check: Annotated[bool, typer.Option("--check", help="Compare only; write nothing.")] = False,
) -> None:
    """Make the results anew and show what moved; without --check the new ones are written."""
    from .report.build import build as make
    from .report.project import Project
    from .report.reproduce import TOLERANCE, differences

    place = Project.at(project)
    with _steps() as progress:
        moved = differences(place, progress)
        if not check:
            make(place, progress)
    if moved.empty:
        _out.print(f"data/processed follows from data/raw (numbers agree to {TOLERANCE:g} relative)")
        return
    table = Table(title=f"{len(moved)} differences", title_justify="left")
    for name in moved.columns:
        table.add_column(name, overflow="fold")
    for row in moved.head(50).itertuples(index=False):
        table.add_row(*(escape(str(cell)) for cell in row))
    _out.print(table)
    if len(moved) > 50:
        _out.print(f"... and {len(moved) - 50} more")
    raise typer.Exit(1 if check else 0)


@app.command()
def pool(
    file: Annotated[Path, typer.Argument(help="CSV with a trial a row: yi with vi or sei, or statistics by name.")],
    measure: Annotated[str, typer.Option(help="Effect size to compute from the statistics: SMD, MD, RR, OR ...")] = "",
    method: Annotated[str, typer.Option(help="Between-trial variance: REML, DL, PM, ML, SJ, EE (none) ...")] = "REML",
    test: Annotated[str, typer.Option(help="Test and interval: z, t, hksj or hksj-adhoc.")] = "hksj-adhoc",
    forest: Annotated[Path | None, typer.Option(help="Draw a forest plot into this SVG or PNG file.")] = None,
) -> None:
    """Pool trials of your own; says what is left out and why."""
    from . import plots
    from .derive.trials_csv import read_trials
    from .models.univariate.pool import pool as fit_of

    settings: dict[str, Any] = {"method": method, "test": test}  # pool says which there are
    trials = read_trials(file, measure)
    for problem in trials.attrs["incomplete"]:
        _err.print(str(problem), style="yellow", markup=False, highlight=False, soft_wrap=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)  # the summary says k
        fit = fit_of(trials, slab="label", **settings)
    _out.print(fit.summary(), markup=False, highlight=False, soft_wrap=True)
    if forest:
        with plots.theme("blog"):
            axes = plots.forest(fit, measure=measure or "effect", favours=None, source=f"Source: {file.name}.")
        _out.print(f"forest plot: {plots.save(axes, forest)}", markup=False)


@app.command()
def new_trial(
    study: Annotated[str, typer.Argument(help="Key of the trial: author and year, as in jones-2024.")],
    add: Annotated[bool, typer.Option("--add", help="Check the filled forms and append them to data/raw.")] = False,
    project: _Folder = Path(),
) -> None:
    """Make forms for a trial; with --add put the filled forms into data/raw, if every rule is kept."""
    from .report.new_trial import add_trial, write_forms
    from .report.project import Project

    place = Project.at(project)
    if add:
        added = add_trial(place, study)
        _out.print(f"added to data/raw: {', '.join(f'{table} {rows}' for table, rows in added.items() if rows)}")
        _out.print("now: evidence report")
        return
    for form in write_forms(place, study):
        _out.print(str(form.relative_to(place.root)), markup=False)
    _out.print(f"fill them in (the site's data page explains each column), then: evidence new-trial {study} --add")


def main() -> None:
    """Run the command; errors of the package become a message and exit code 1 (data) or 2 (call)."""
    try:
        app()
    except InvalidData as error:
        _show(error.problems)
        sys.exit(1)
    except EvidenceError as error:
        _err.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        sys.exit(2 if isinstance(error, ValueError) else 1)


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """A line that shows what is going on."""
    with _parts() as progress:
        yield partial(progress, "")


@contextmanager
def _parts() -> Iterator[Callable[[str, str], None]]:
    """A line for each part of the work that is going on; on a file or pipe each step of a part gets its own."""
    if not _err.is_terminal:
        yield (
            lambda part, words: _err.print(f"  {_named(part, words)}", markup=False, highlight=False) if words else None
        )
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=_err,
        redirect_stdout=_out.is_terminal,
        transient=True,
    ) as progress:
        lines: dict[str, TaskID] = {}

        def show(part: str, words: str) -> None:
            if not words:
                progress.remove_task(lines.pop(part))
            elif part in lines:
                progress.update(lines[part], description=_named(part, words))
            else:
                lines[part] = progress.add_task(_named(part, words))

        yield show


def _named(part: str, words: str) -> str:
    return f"{part}: {words}" if part else words


def _show(problems: list[Problem]) -> None:
    for problem in problems:
        _err.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
    _err.print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing was written")
