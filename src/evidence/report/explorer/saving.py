"""Keeping what was explored: the figure with its caption, beside the notebook, nothing overwritten."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pandas as pd

from ... import plots
from ...answers.wording.words import outcome_words, trials
from ...errors import NotEstimable
from ..figures.figure import SOURCE, Figure
from .analysis import Analysis


def explored_figure(analysis: Analysis) -> Figure:
    """The flagship forest of an analysis; image and caption name the trials left out and the model.

    Raises
    ------
    NotEstimable
        When the analysis has nothing to draw.
    """
    fit = analysis.fit
    if fit is None:
        raise NotEstimable(f"there is no figure to save. {analysis.sentence}")
    rows = analysis.rows[analysis.kept]
    left_out = ", ".join(analysis.left_out)
    said = f"Left out by hand: {left_out}. " if left_out else ""
    model = "" if not analysis.departure else "Not the default analysis: see caption. "
    axes = plots.forest(
        fit,
        columns=pd.DataFrame({"n": (rows["n_acupuncture"] + rows["n_comparator"]).round()}),
        measure=analysis.choice.measure,
        favours=(
            analysis.words.short_comparators.get(analysis.choice.comparator, outcome_words(analysis.choice.comparator)),
            "acupuncture",
        ),
        worthwhile=None if math.isnan(analysis.worthwhile) else analysis.measure.shown(analysis.worthwhile),
        title=analysis.title,
        source=f"{said}{model}Source: {SOURCE}.",
    )
    words = " ".join(filter(None, [analysis.sentence, analysis.departure, *analysis.remarks]))
    alt = f"Forest plot of {trials(fit.k)}. {analysis.title}. {words}"
    return Figure(_name(analysis), analysis.title, words, alt, axes)


def save(analysis: Analysis, folder: Path) -> tuple[list[Path], bool]:
    """Write SVG, PNG and the words of an analysis into a folder, under a name made from the choice.

    A name that is taken by something else gets a number; what is there already, to the byte, is left alone.

    Parameters
    ----------
    analysis : Analysis
    folder : Path
        Made when missing.

    Returns
    -------
    list of Path
        The three files.
    bool
        False when they had been there before.
    """
    with plots.theme("blog"):
        figure = explored_figure(analysis)
        files = {
            ".svg": figure.image(".svg"),
            ".png": figure.image(".png", scale=2),
            ".json": (json.dumps(figure.words(), indent=1, ensure_ascii=False) + "\n").encode(),
        }
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        stem = figure.name if number == 1 else f"{figure.name}-{number}"
        paths = {folder / f"{stem}{ending}": content for ending, content in files.items()}
        if _same(paths):
            return list(paths), False
        if not any(path.exists() for path in paths):
            break
    for path, content in paths.items():
        with path.open("xb") as file:  # never over a file that came in between
            file.write(content)
    return list(paths), True


def _same(files: Mapping[Path, bytes]) -> bool:
    return all(path.is_file() and path.read_bytes() == content for path, content in files.items())


def _name(analysis: Analysis) -> str:
    choice = analysis.choice
    parts = ["forest", choice.outcome, choice.condition, choice.comparator, choice.time, choice.measure]
    parts += [choice.method, choice.test] if choice.tested else [choice.method] * (choice.method != "tables")
    if analysis.left_out:
        parts += ["without", str(len(analysis.left_out))]
    return "_".join(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts)
