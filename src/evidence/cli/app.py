"""The application, its consoles and what its commands share: the data asked for, progress, problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from .. import __version__
from ..errors import Problem
from .terminal import Terminal, visible

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What randomised trials say about acupuncture for low back conditions. "
    "Exit codes: 0 all is well, 1 the data or results are not, 2 the call was wrong.",
)
_MOST_PROBLEMS = 200
stdout, stderr = Terminal(), Terminal(stderr=True)
Folder = Annotated[Path, typer.Option("--project", help="Folder with data/raw, notebooks and docs.")]
Language = Annotated[str, typer.Option(help="Of the words: en, de (German), es (Spanish) or zh_Hans (Chinese).")]
Data = Annotated[Path | None, typer.Option("--project", help="Folder with data/raw; this one, or bundled data.")]


def _version(asked: bool) -> None:
    if asked:
        stdout.print(__version__, highlight=False)
        raise typer.Exit


_Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")]


@app.callback()
def evidence(version: _Version = False) -> None:
    """Options of every command; the help text above is the application's."""


def raw_folder(project: Path | None) -> Path | None:
    """The data folder asked for, this folder's, or None for the data that came with the package."""
    from ..report.project import Project

    if project is None and not Path("data", "raw").is_dir():
        stderr.print("using the data that came with the package", style="dim")
        return None
    return Project.at(project or Path()).raw


@contextmanager
def steps_shown() -> Iterator[Callable[[str], None]]:
    """A line that shows what is going on."""
    with parts_shown() as progress:
        yield partial(progress, "")


@contextmanager
def parts_shown() -> Iterator[Callable[[str, str], None]]:
    """A line for each part of the work that is going on; on a file or pipe each step of a part gets its own."""
    if not stderr.is_terminal:

        def print_step(part: str, words: str) -> None:
            if words:
                stderr.print(f"  {_named(part, words)}", markup=False, highlight=False)

        yield print_step
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=stderr,
        redirect_stdout=stdout.is_terminal,
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
    return visible(f"{part}: {words}" if part else words)


def show_problems(problems: list[Problem]) -> None:
    """Print each problem, of very many the first, and how many there are."""
    for problem in problems[:_MOST_PROBLEMS]:
        stderr.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
    if len(problems) > _MOST_PROBLEMS:
        stderr.print(f"... and {len(problems) - _MOST_PROBLEMS} more")
    stderr.print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing was written")
