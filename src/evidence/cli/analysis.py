"""Commands that answer: the claims, the explorer, a pool of trials of one's own."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from ..errors import InvalidInput, require_extra
from ..languages import _, pgettext
from ..languages import language as speaking
from .app import Data, Language, app, raw_folder, stderr, stdout, steps_shown

if TYPE_CHECKING:
    import pandas as pd


@app.command()
def claims(language: Language = "en", project: Data = None) -> None:
    """Show the verdict on each claim of the article, with the sentence that may be said."""
    from ..answers.claims.claims import claims as judge
    from ..base.rows import rows_of
    from ..derive.evidence_base import load

    with speaking(language):
        with steps_shown() as progress:
            progress("claims")
            judged = judge(load(raw_folder(project))).to_frame()
        for row in rows_of(judged):
            claim, verdict = escape(pgettext("claims.claim", row["claim"])), _(row["verdict"])
            stdout.print(f"[bold]{claim}[/bold]: {verdict}")
            stdout.print(f"  {escape(row['sentence'])}")
            settled = _("What would settle it: {what}.", what=row["settles"]) if row["settles"] else ""
            stdout.print(f"  [italic]{escape(settled)}[/italic]\n" if settled else "")
        counts = judged["verdict"].value_counts()
        stdout.print(", ".join(f"{_(str(verdict))} {k}" for verdict, k in counts.items()))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def explore(context: typer.Context, project: Data = None) -> None:
    """Open JupyterLab on the explorer; its own options (--no-browser, --port ...) are passed on.

    Outside a project the notebook explore.ipynb is put into this folder, if it is not there.
    """
    from ..base.package import bundled_root
    from ..report.explorer.opening import ready
    from ..report.project import Project

    for module in ("jupyterlab", "ipywidgets"):
        require_extra(module, "lab")
    raw = raw_folder(project)
    notebook = Project(raw.parents[1]).root / "notebooks" / "explore.ipynb" if raw else Path("explore.ipynb")
    if not raw and not notebook.exists():
        shutil.copy(bundled_root().parents[1] / "notebooks" / notebook.name, notebook)
    if not notebook.is_file():
        raise InvalidInput(f"{notebook.name} is missing from {notebook.parent.name}/ of the project")
    os.environ[ready.NOTEBOOK] = str(notebook.resolve())
    if raw:
        os.environ["EVIDENCE_DATA"] = str(raw.resolve())
    lab = [sys.executable, "-m", "jupyterlab", *ready.options(notebook), *context.args]
    os.execv(sys.executable, lab)  # in place of this process, so that Ctrl-C asks and closes as JupyterLab does


@app.command()
def pool(
    file: Annotated[Path, typer.Argument(help="CSV, .xlsx or .ods, a trial a row: effect and error, or statistics.")],
    measure: Annotated[str, typer.Option(help="Effect size to compute from the statistics: SMD, MD, RR, OR ...")] = "",
    method: Annotated[str, typer.Option(help="Between-trial variance: REML, DL, PM, ML, SJ, EE (none) ...")] = "REML",
    test: Annotated[str, typer.Option(help="Test and interval: z, t, hksj or hksj-adhoc.")] = "hksj-adhoc",
    transform: Annotated[
        str, typer.Option(help="Read effects back: exp, expit, tanh, square, or as a measure.")
    ] = "auto",
    forest: Annotated[Path | None, typer.Option(help="Draw a forest plot into this SVG or PNG file.")] = None,
    screen: Annotated[bool, typer.Option("--screen", help="Say which numbers cannot be right as printed.")] = False,
) -> None:
    """Pool trials of your own; says what was understood, what is left out and why."""
    from .. import plots
    from ..answers.wording.own_trials import own_trials
    from ..derive.trials_csv import read_trials
    from ..effects.measures.back import AUTO
    from ..models.univariate.pool import pool as fit_of

    asked = None if transform == AUTO else transform
    settings: dict[str, Any] = {"method": method, "test": test}  # pool says which there are
    trials = read_trials(file, measure)
    for problem in trials.attrs["incomplete"]:
        stderr.print(str(problem), style="yellow", markup=False, highlight=False, soft_wrap=True)
    for words in trials.attrs["understood"]:
        stderr.print(f"read {words}", markup=False, highlight=False, soft_wrap=True)
    with warnings.catch_warnings(record=True) as doubts:
        warnings.simplefilter("always")
        fit = fit_of(trials, slab="label", **settings)
    for doubt in doubts:
        stderr.print(f"mind: {doubt.message}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    named = trials.attrs["measure"]
    for line in own_trials(fit, named, transform):
        stdout.print(line, markup=False, highlight=False, soft_wrap=True)
    if screen:
        _print_flags(trials)
    if forest:
        with plots.theme("blog"):
            axes = plots.forest(
                fit, measure=named or "effect", transform=asked, favours=None, source=f"Source: {file.name}."
            )
        stdout.print(f"forest plot: {plots.save(axes, forest)}", markup=False)


def _print_flags(trials: pd.DataFrame) -> None:
    """Each trial with a concern and why, or that there is none."""
    from ..derive.screening.screen import screen

    screened = screen(trials).trials
    concerned = screened[screened["concern"] != "no concern"]
    for label, concern, reasons in concerned[["label", "concern", "reasons"]].itertuples(index=False):
        stdout.print(f"{label}: {concern}: {reasons}", markup=False, highlight=False, soft_wrap=True)
    stdout.print(f"numbers that do not fit in {len(concerned)} of {len(screened)} trials", markup=False)
