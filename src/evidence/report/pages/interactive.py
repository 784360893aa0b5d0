"""Interactive figures: point at a mark for the trial's numbers, click for its source; Vega comes with the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
from altair.utils.schemapi import debug_mode

from ...answers.results import Results
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import FAVOURS, capital
from ...charts import claims, evidence_map, forest, fragment, linked, timecourse
from ...charts.theme import OfflineChart
from ..figures.axis import effect_axis, has_points, in_points
from ..figures.colours import comparator_colours
from ..figures.condition import by_comparator
from ..figures.figure import source_line
from ..figures.overview import outcome_cells
from ..figures.timecourse import points_in_time
from ..figures.words import Scale
from ..project import Project, page_name
from .markup import text, words_of

#: File of the site with Vega and what starts the charts.
BUNDLE = "vega.js"
_SCRIPT = f'<script src="../{BUNDLE}" defer></script>'


def interactive_pages(results: Results, project: Project) -> dict[str, str]:
    """File name to Markdown: a page of overviews, and one for each condition."""
    pages = {f"interactive/{page_name(key)}.md": _condition(results, project, key) for key in results.words.headline}
    words, source = results.words, source_line()
    cells = outcome_cells(results)
    where = partial(
        evidence_map,
        _in_words(cells, words),
        x="for",
        y="of",
        limit=1.0,
        favours=("sham", "acupuncture"),
        source=source,
    )
    judged = results.claims.to_frame().replace({"measure": {"SMD": "SD"}})  # named in words on the axis
    others = ", ".join(f"[{text(words.conditions[key])}]({page_name(key)}.md)" for key in words.headline)
    overview = [
        "# Interactive figures",
        _SCRIPT,
        f"Point at a mark for what is behind it. Trial by trial: {others}.",
        _twin(where, project, "outcome_map"),
        _twin(
            partial(claims, _in_words(judged, words), measure="SD", favours=FAVOURS, source=source), project, "claims"
        ),
    ]
    names = "\n".join(f"{text(capital(words.conditions[key]))} <{page_name(key)}>" for key in words.headline)
    overview.append(f"```{{toctree}}\n:hidden:\n\n{names}\n```")
    return {"interactive/index.md": "\n\n".join(overview) + "\n"} | pages


def _condition(results: Results, project: Project, key: str) -> str:
    words, source = results.words, source_line()
    scale = Scale(results.context.worthwhile)
    parts = [
        f"# {text(capital(words.conditions[key]))}, trial by trial",
        _SCRIPT,
        f"Point at a trial for its numbers and how they were derived; click for its source. "
        f"What it comes to: [{text(words.conditions[key])}](../conditions/{page_name(key)}.md).",
    ]
    for outcome in words.critical:
        question = {"condition": key, "outcome": outcome, "time": "short"}
        if results.effects_on(**question).empty:
            parts.append(f"No trial gives a number for {outcome} up to 3 months.")
            continue
        fits, rows = by_comparator(results, **question)
        draw = partial(
            forest,
            fits,
            trials=_in_words(linked(results.db, rows), words),
            measure="SD",
            favours=FAVOURS,
            worthwhile=scale.worthwhile(outcome),
            xlim=effect_axis(results, outcome, "short", results.pools_on(**question)),
            source=source,
        )
        parts.append(_twin(draw, project, f"forest_{outcome}_{key}"))
    points = _in_words(points_in_time(results, key, "pain"), words)
    if len(points):
        spoken = has_points(points)
        draw = partial(
            timecourse,
            in_points(points) if spoken else points,
            by="against",
            colours=comparator_colours(words),
            measure="points" if spoken else "SD",
            favours=FAVOURS,
            worthwhile=scale.zone_begins("pain", points=spoken),
            source=source,
        )
        parts.append(_twin(draw, project, f"timecourse_pain_{key}"))
    return "\n\n".join(parts) + "\n"


def _in_words(frame: pd.DataFrame, words: Vocabulary) -> pd.DataFrame:
    """Keys of conditions and comparators as a reader knows them."""
    known = {"condition": words.conditions, "comparator": words.comparators}
    return frame.assign(**{name: frame[name].replace(dict(texts)) for name, texts in known.items() if name in frame})


def _twin(draw: Callable[..., OfflineChart], project: Project, stem: str) -> str:
    """A chart with the words of the figure that it is a twin of."""
    said = words_of(project.figures, stem)
    with debug_mode(False):  # the charts are valid by their tests; else altair checks each part of them as it is made
        chart = draw(title=said.get("title"))
        html = fragment(chart, stem.replace("_", "-"), caption=said.get("caption", ""), alt=said.get("alt", ""))
    return f"``````````{{raw}} html\n{html}\n``````````"
