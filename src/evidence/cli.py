"""The ``evidence`` command."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from .errors import EvidenceError, InvalidData, InvalidInput, Problem

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What randomised trials say about acupuncture for low back conditions. "
    "Exit codes: 0 all is well, 1 the data or results are not, 2 the call was wrong.",
)
_out, _err = Console(), Console(stderr=True)
_Folder = Annotated[Path, typer.Option("--project", help="Folder with data/raw, notebooks and docs.")]


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
    from .report.project import Project
    from .report.steps import steps

    place = Project.at(project)
    for step in steps(place):
        if step.is_done(place):
            _out.print(f"[dim]{step.name}: unchanged[/dim]")
            continue
        started = time.monotonic()
        with _steps() as progress:
            progress(step.name)
            step.make(partial(_named, progress, step.name))
        step.done(place)
        _out.print(f"{step.name}: made in {time.monotonic() - started:.0f} s")
    _out.print(f"open {(place.site / 'index.html').relative_to(place.root)}")


@app.command()
def figures(
    project: _Folder = Path(),
    only: Annotated[str, typer.Option(help="Draw only figures whose name contains this.")] = "",
) -> None:
    """Draw the figures into figures/, as SVG and PNG with caption and alt text."""
    from .effects.table import load
    from .report.figures import write_figures
    from .report.project import Project

    place = Project.at(project)
    with _steps() as progress:
        names = write_figures(load(place.raw), place.figures, only, progress)
    _out.print(f"figures: {', '.join(names)}")


@app.command()
def validate(
    path: Annotated[Path, typer.Argument(help="Folder with the CSV files of the codebook.")] = Path("data/raw"),
) -> None:
    """Check a data folder against every rule of the codebook."""
    from .base.tables import validate as check

    problems = check(path)
    if problems:
        _show(problems)
        raise typer.Exit(1)
    _out.print(f"{escape(str(path))}: every rule of the codebook is kept")


@app.command()
def claims(project: _Folder = Path()) -> None:
    """Show the verdict on each claim of the article, with the sentence that may be said."""
    from .answers.claims import claims as judge
    from .base.rows import rows_of
    from .effects.table import load
    from .report.project import Project

    with _steps() as progress:
        progress("claims")
        judged = judge(load(Project.at(project).raw))
    for row in rows_of(judged):
        _out.print(f"[bold]{escape(row['claim'])}[/bold]: {row['verdict']}")
        _out.print(f"  {escape(row['sentence'])}\n")
    counts = judged["verdict"].value_counts()
    _out.print(", ".join(f"{verdict} {k}" for verdict, k in counts.items()))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def explore(context: typer.Context, project: _Folder = Path()) -> None:
    """Open JupyterLab on the explorer; its own options (--no-browser, --port ...) are passed on."""
    from .report.project import Project

    notebook = Project.at(project).root / "notebooks" / "explore.ipynb"
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
    """A line that shows what is going on; on a file or pipe each step gets a line of its own."""
    if not _err.is_terminal:
        yield lambda words: _err.print(f"  {words}", markup=False, highlight=False)
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=_err,
        transient=True,
    ) as progress:
        task = progress.add_task("")
        yield lambda words: progress.update(task, description=words)


def _named(progress: Callable[[str], None], name: str, words: str) -> None:
    progress(f"{name}: {words}")


def _show(problems: list[Problem]) -> None:
    for problem in problems:
        _err.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
    _err.print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing was written")
