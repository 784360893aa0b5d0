"""A page for each condition: the answer and one figure; folded, every pool, trial, missing result and claim."""

from __future__ import annotations

from ...answers.dose_response import dose_response
from ...answers.for_patients import about_condition
from ...answers.results import Results
from ...answers.wording.missing import which_way
from ...answers.wording.words import PRETEND, WINDOWS, capital, listed
from ...base.rows import rows_of
from ..figures.headline import headline_comparator
from ..handout.sheet import PAPERS, file_name, printable
from ..project import Project, page_name
from .badges import certainty_badge
from .balance import benefit_box
from .beside import beside_reviews
from .claims import claim_lines
from .in_short import in_short
from .markup import figure, fold, in_points, table, text
from .multiverse import multiverse_line
from .pool_table import pool_table
from .settle import settle_line
from .trial_table import trial_table, trials_counted


def condition_pages(results: Results, project: Project) -> dict[str, str]:
    """File name to Markdown: an index and a page for each condition with a line of its own."""
    about, words = results.db.conditions.set_index("condition"), results.words
    pages = {f"conditions/{page_name(key)}.md": _page(results, project, key) for key in words.headline}
    rows = []
    for row in rows_of(results.ranking().to_frame()):
        key = row["condition"]
        rows.append(
            (
                f'<a href="{page_name(key)}.html">{text(capital(words.conditions[key]))}</a>',
                text(about["plain_words"][key]),
                text(sum(trial["condition"] == key for trial in results.trials)),
                in_points(row),
                certainty_badge(row["certainty"]) if row["k"] else "no number",
            )
        )
    columns = ["Condition", "In plain words", "Trials in the data", "Less pain, in points of 100", "How sure"]
    caption = (
        f"Pain {WINDOWS['short']} against {PRETEND}, by certainty and then size: points of 100 with "
        "95% intervals, above 0 in favour of acupuncture."
    )
    names = "\n".join(f"{text(capital(words.conditions[key]))} <{page_name(key)}>" for key in words.headline)
    index = f"# Conditions\n\n{table(caption, columns, rows)}\n```{{toctree}}\n:hidden:\n\n{names}\n```\n"
    return {"conditions/index.md": index} | pages


def _page(results: Results, project: Project, key: str) -> str:
    words = results.words
    parts = [
        f"# {text(capital(words.conditions[key]))}",
        _lead(results, key),
        in_short(results, key),
        _handouts(key),
        "## Benefit and harm",
        benefit_box(results, project, key),
        "## The trials behind it",
        _forest(results, project, key),
        "## Look closer",
        fold("What would settle it", settle_line(results, key), multiverse_line(results, project, key)),
        fold("Every pooled result", _sentences(results, key), pool_table(results, key)),
        fold("Every trial", *_trials(results, project, key)),
        fold("More sessions, and for longer", *_longer(results, project, key)),
        fold("Results that are missing", *_missing(results, key)),
        fold("What the article claims", _claims(results, key)),
        fold("What published reviews found", beside_reviews(results, key)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _lead(results: Results, key: str) -> str:
    """What the condition is, and what the numbers are."""
    least = results.context.worthwhile.points.get("pain")
    enough = f"; {least:.0f} points or more are taken as worthwhile" if least else ""
    return (
        f"{text(about_condition(results, key))} Below, points are those of a scale from 0 to 100, "
        f"{text(WINDOWS['short'])} after the start{enough}."
    )


def _handouts(key: str) -> str:
    """The page to print, on either paper; "" where none can be made."""
    if not printable():
        return ""
    names = {"a4": "A4", "letter": "US Letter"}
    links = [f'<a href="../handouts/{file_name(key, paper)}">{names[paper]}</a>' for paper in PAPERS]
    return f"For patients, to print on one page: {listed(links, 'or')} (PDF)."


def _forest(results: Results, project: Project, key: str) -> str:
    """One forest plot: of the main comparison where that of all is too long for a page."""
    main = headline_comparator(results, key)
    return figure(project.figures, f"forest_pain_{key}_{main}" if main else f"forest_pain_{key}", "../")


def _sentences(results: Results, key: str) -> str:
    """Pain up to 3 months in a sentence for each comparison; what is known where there is no number."""
    lines, silent = [], []
    known = {row["comparator"]: row for row in rows_of(results.missing) if row["condition"] == key}
    for comparator, against in results.words.comparators.items():
        found = results.finding_rows(comparator)
        own = [row for row in found if row["condition"] == key and row["outcome"] == "pain"]
        lines += [f"- {text(row['sentence'])}" for row in own]
        went = which_way(known[comparator], against) if not own and comparator in known else ""
        if went:
            lines.append(f"- Against {text(against)}, no trial gives a number for pain up to 3 months; {text(went)}.")
        elif not own and comparator != "acupuncture":
            silent.append(against)
    if silent:
        lines.append(f"- No trial against {text(listed(silent, 'or'))} gives a number for pain up to 3 months.")
    return "\n".join(lines)


def _trials(results: Results, project: Project, key: str) -> list[str]:
    """Forest plots of all comparisons, and each trial with its source."""
    about = next(row for row in rows_of(results.db.conditions) if row["condition"] == key)
    own = [trial for trial in results.trials if trial["condition"] == key]
    return [
        f"In the data: {text(about['population_in_data'])}. {text(capital(trials_counted(own)))}. "
        f'<a href="../interactive/{page_name(key)}.html">Trial by trial</a>: these figures to point at and click.',
        figure(project.figures, f"forest_pain_{key}", "../") if headline_comparator(results, key) else "",
        figure(project.figures, f"forest_disability_{key}", "../"),
        trial_table(f"Trials of {results.words.conditions[key]} in the data.", own, results.words),
    ]


def _longer(results: Results, project: Project, key: str) -> list[str]:
    """Dose, durability and sessions after the first course."""
    further = results.context.maintenance.only(condition=key)
    return [
        text(dose_response(results.db, condition=key).sentence()),
        text(results.durability(key).sentence()),
        text(further.sentence()) if len(further.found) else "",
        figure(project.figures, f"timecourse_pain_{key}", "../"),
    ]


def _missing(results: Results, key: str) -> list[str]:
    return [text(row["sentence"]) for row in rows_of(results.missing[results.missing["condition"] == key])]


def _claims(results: Results, key: str) -> str:
    judged = results.claims.judged
    about = {claim.question.row["claim_id"] for claim in judged if key in {part.group.name for part in claim.parts}}
    return claim_lines(results, about, key)
