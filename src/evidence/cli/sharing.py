"""Commands that make something to take away: a handout for patients, a post for a blog."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import require_extra
from ..languages import in_language
from ..languages import language as speaking
from .app import Data, Language, app, raw_folder, stdout

if TYPE_CHECKING:
    from ..answers.results import Results
    from ..report.project import Project

_Condition = Annotated[str, typer.Option(help="Key of the condition, such as chronic_overuse.")]


@app.command()
def handout(
    condition: _Condition,
    paper: Annotated[str, typer.Option(help="a4 or letter; both when not said.")] = "",
    out: Annotated[Path, typer.Option(help="Folder for the PDFs; made where it is missing.")] = Path("handouts"),
    language: Language = "en",
    project: Data = None,
) -> None:
    """Write one page for patients about a condition, to print: the answer, people of 100, harms, what to ask."""
    from ..report.handout.sheet import write_handouts

    require_extra("typst", "print")  # said before the results are waited for
    with speaking(language):
        for path in write_handouts(*_read(project), condition, [paper] if paper else (), out):
            stdout.print(str(path), markup=False, highlight=False, soft_wrap=True)


@app.command()
def post(
    condition: _Condition,
    format: Annotated[str, typer.Option(help="markdown, html or wordpress.")] = "markdown",
    out: Annotated[Path | None, typer.Option(help="Folder of the post; posts/CONDITION when not said.")] = None,
    language: Language = "en",
    project: Data = None,
) -> None:
    """Write a post about a condition into one folder: text, figure, alt text, harms, limits, sources, licence."""
    from ..report.post.folder import write_post
    from ..report.project import page_name

    with speaking(language):
        folder = out or Path("posts") / in_language(page_name(condition))
        names = write_post(*_read(project), condition, format, folder)
    stdout.print(f"{folder}: {', '.join(names)}", markup=False, highlight=False, soft_wrap=True)


def _read(project: Path | None) -> tuple[Results, Project]:
    """The results of the data asked for, and the project that they stand in."""
    from ..answers.results import Results
    from ..base.package import bundled_root
    from ..derive.evidence_base import load
    from ..report.project import Project

    raw = raw_folder(project)
    return Results(load(raw)), Project((raw or bundled_root()).resolve().parents[1])
