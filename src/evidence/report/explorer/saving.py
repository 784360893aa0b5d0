"""Keeping what was explored: the figure with its caption, beside the notebook, nothing overwritten."""

from __future__ import annotations

import json
import math
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd

from ... import plots
from ...answers.wording.words import FAVOURS, outcome_words, trials
from ...errors import NotEstimable
from ...files import csv, write
from ...languages import _, joined
from ..figures.figure import Figure, source_line
from .analysis import Analysis

_KINDS = {".png": "image/png", ".svg": "image/svg+xml", ".csv": "text/csv;charset=utf-8"}
_SHOWN = (
    *("year", "condition", "comparator", "outcome", "time", "week", "measure", "yi", "vi", "n_acupuncture"),
    *("n_comparator", "style", "participants_blinded", "directness", "integrity", "confidence", "derivation"),
)


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
    said = _("Left out by hand: {trials}.", trials=_(", ").join(analysis.left_out)) if analysis.left_out else ""
    model = "" if not analysis.departure else _("Not the default analysis: see caption.")
    axes = plots.forest(
        fit,
        columns=pd.DataFrame({"n": (rows["n_acupuncture"] + rows["n_comparator"]).round()}),
        measure=analysis.choice.measure,
        favours=(
            analysis.words.short_comparators.get(analysis.choice.comparator, outcome_words(analysis.choice.comparator)),
            FAVOURS[1],
        ),
        worthwhile=None if math.isnan(analysis.worthwhile) else analysis.measure.shown(analysis.worthwhile),
        title=analysis.title,
        source=joined(said, model, source_line()),
    )
    graded = analysis.certainty.sentence() if analysis.certainty else ""
    words = joined(analysis.sentence, graded, analysis.departure, *analysis.remarks)
    about = _("Forest plot of {trials}.", trials=trials(fit.k))
    alt = joined(about, _("{what}.", what=analysis.title), words)
    return Figure(_name(analysis), analysis.title, words, alt, axes)


def save(analysis: Analysis, folder: Path) -> tuple[list[Path], bool]:
    """Write SVG, PNG, words and trials (CSV) of an analysis into a folder, under a name made from the choice.

    A name that is taken by something else gets a number; what is there already, to the byte, is left alone.

    Parameters
    ----------
    analysis : Analysis
    folder : Path
        Made when missing.

    Returns
    -------
    list of Path
        The four files.
    bool
        False when they had been there before.
    """
    with plots.theme("blog"):
        figure = explored_figure(analysis)
        files = {
            ".svg": figure.image(".svg"),
            ".png": figure.image(".png", scale=2),
            ".json": (json.dumps(figure.words(), indent=1, ensure_ascii=False) + "\n").encode(),
            ".csv": csv(trials_of(analysis)),
        }
    for number in count(1):
        stem = figure.name if number == 1 else f"{figure.name}-{number}"
        paths = {folder / f"{stem}{ending}": content for ending, content in files.items()}
        if _same(paths):
            return list(paths), False
        if not any(path.exists() for path in paths):
            break
    for path, content in paths.items():
        write(path, content)
    return list(paths), True


def downloads(paths: Sequence[Path]) -> str:
    """Links that bring saved files to the reader's own computer, where JupyterLab runs on another."""
    links = (
        f'<a download="{escape(path.name)}" href="data:{_KINDS[path.suffix]};base64,'
        f'{b64encode(path.read_bytes()).decode()}">{path.suffix[1:].upper()}</a>'
        for path in paths
        if path.suffix in _KINDS
    )
    return f'<span class="ev-downloads">{escape(_("Download:"))} {" ".join(links)}</span>'


def trials_of(analysis: Analysis) -> pd.DataFrame:
    """Every trial of the question with its effect and source, and why it does not count where it does not."""
    rows = analysis.everything
    serious = rows["integrity"] == "serious" if not analysis.choice.flagged else np.zeros(len(rows), dtype=bool)
    why = {
        "yes": rows["study"].isin(analysis.rows["study"][analysis.kept]),
        "no: left out by hand": rows["study"].isin(analysis.choice.left_out),
        "no: its numbers cannot be right as printed or spread far too little": serious,
    }
    return pd.DataFrame(
        {
            "trial": rows["label"],
            "counted": np.select(list(why.values()), list(why), f"no: not known to have {analysis.filters}"),
            **{name: rows[name] for name in _SHOWN},
            "source": rows["href"],
        }
    )


def _same(files: Mapping[Path, bytes]) -> bool:
    return all(path.is_file() and path.read_bytes() == content for path, content in files.items())


def _name(analysis: Analysis) -> str:
    choice = analysis.choice
    parts = ["forest", choice.outcome, choice.condition, choice.comparator, choice.time, choice.measure]
    parts += [choice.method, choice.test] if choice.tested else [choice.method] * (choice.method != "tables")
    parts += ["blinded"] * choice.blinded + ["scores"] * choice.scores + ["direct"] * choice.direct
    parts += [choice.style] * bool(choice.style)
    parts += ["with-flagged"] * bool(analysis.flagged and choice.flagged)
    if analysis.left_out:
        parts += ["without", str(len(analysis.left_out))]
    return "_".join(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts)
