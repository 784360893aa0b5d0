"""Interactive figures: point at a mark for the trial's numbers, click for its source; Vega comes with the site."""

from __future__ import annotations

from ...answers.ranking import FIVE
from ...answers.words import CONDITIONS
from ...charts import claims, evidence_map, forest, fragment, linked, timecourse
from ...errors import InvalidInput
from ..condition_figures import AXIS, by_comparator, points_in_time
from ..figure import SOURCE
from ..figure_words import Scale, about, capital
from ..overview_figures import outcome_cells
from ..project import Project
from ..results import Results
from .markup import page_name, text, words_of

#: File of the site with Vega and what starts the charts.
BUNDLE = "vega.js"
_SCRIPT = f'<script src="../{BUNDLE}" defer></script>'


def interactive_pages(results: Results, project: Project) -> dict[str, str]:
    """File name to Markdown: a page of overviews, and one for each condition."""
    pages = {f"interactive/{page_name(key)}.md": _condition(results, project, key) for key in FIVE}
    cells = outcome_cells(results.db)
    judged = results.claims.assign(href=[f"../claims.html#{key}" for key in results.claims["claim_id"]])
    source = f"Source: {SOURCE}."
    overview = [
        "# Interactive figures",
        "Point at a mark for what is behind it. "
        + "Trial by trial: "
        + ", ".join(f"[{text(CONDITIONS[key])}]({page_name(key)}.md)" for key in FIVE)
        + ".",
        _raw(
            fragment(
                evidence_map(cells, x="for", y="of", limit=1.0, favours=("sham", "acupuncture"), source=source),
                "evidence-map",
                **words_of(project.figures, "outcome_map"),
            )
        ),
        _raw(fragment(claims(judged, source=source), "claims", **words_of(project.figures, "claims"))),
    ]
    names = "\n".join(f"{text(capital(CONDITIONS[key]))} <{page_name(key)}>" for key in FIVE)
    overview.append(f"```{{toctree}}\n:hidden:\n\n{names}\n```")
    return {"interactive/index.md": "\n\n".join(overview) + "\n"} | pages


def _condition(results: Results, project: Project, key: str) -> str:
    scale, source = Scale(results.db), f"Source: {SOURCE}."
    parts = [
        f"# {text(capital(CONDITIONS[key]))}, trial by trial",
        f"Point at a trial for its numbers and how they were derived; click for its source. "
        f"What it comes to: [{text(CONDITIONS[key])}](../conditions/{page_name(key)}.md).",
    ]
    for outcome in ("pain", "disability"):
        effects = results.db.select(condition=key, outcome=outcome, time="short").effects("SMD")
        if effects.empty:
            parts.append(f"No trial gives a number for {outcome} up to 3 months.")
            continue
        fits, rows = by_comparator(effects)
        chart = forest(
            fits,
            trials=linked(results.db, rows),
            worthwhile=scale.worthwhile(outcome),
            xlim=AXIS,
            title=about(key, outcome, "short"),
            source=source,
        )
        stem = f"forest_{outcome}_{key}"
        parts.append(_raw(fragment(chart, stem.replace("_", "-"), **words_of(project.figures, stem))))
    points = points_in_time(results.db.select(condition=key, outcome="pain").effects("SMD"))
    if len(points):
        stem = f"timecourse_pain_{key}"
        chart = timecourse(points, by="against", worthwhile=scale.worthwhile("pain"), source=source)
        parts.append(_raw(fragment(chart, stem.replace("_", "-"), **words_of(project.figures, stem))))
    return "\n\n".join(parts) + "\n"


def _raw(html: str) -> str:
    return f"``````````{{raw}} html\n{_SCRIPT}\n{html}\n``````````"
