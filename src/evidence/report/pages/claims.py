"""The claims page: a card for each claim, to filter by verdict and to search."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...answers.published_findings import published_findings
from ...answers.results import Results
from ...answers.wording.words import VERDICTS
from ...base.rows import rows_of
from ..project import Project
from .markup import capital, figure, link, name, text


def claims_page(results: Results, project: Project) -> str:
    """One card a claim, in the order of the article; without scripts all are shown."""
    judged = results.claims.to_frame()
    labels = {trial["study_id"]: trial["label"] for trial in results.trials}
    counts = judged["verdict"].value_counts()
    boxes = "".join(
        f'<label><input type="checkbox" name="verdict" value="{verdict}" checked> '
        f'<span class="verdict {verdict}">{verdict}</span> {counts.get(verdict, 0)}</label>'
        for verdict in VERDICTS
    )
    parts = [
        "# The article's claims, one by one",
        f"A practitioner's article makes {len(judged)} claims. A verdict says how far the trials in the data bear a "
        "claim out, not whether it is true.",
        "\n".join(f"- **{verdict}**: {text(meaning)}" for verdict, meaning in VERDICTS.items()),
        '<form class="filter" data-filters="claim" hidden>'
        f"<fieldset><legend>Show claims that are</legend>{boxes}</fieldset>"
        '<label>Search the claims <input type="search" name="words" autocomplete="off"></label>'
        '<output aria-live="polite"></output></form>',
        figure(project.figures, "claims"),
    ]
    for theme, group in judged.groupby("theme", sort=False):
        parts.append(f"## {text(capital(str(theme)))}")
        for row in rows_of(group):
            behind = ", ".join(name(labels[study]) for study in row["trials"].split("|") if study)
            parts.append(
                f'<article class="claim" id="{text(row["claim_id"])}" data-verdict="{row["verdict"]}">\n'
                f'<h3>{text(row["claim"])} <span class="verdict {row["verdict"]}">{row["verdict"]}</span></h3>\n'
                f"<p>{text(row['sentence'])}</p>\n"
                f'<p class="why">Why: {text(row["reason"])}. '
                f"{'Trials: ' + behind if behind else 'No trial behind it'}.</p>\n{_quotes(results, row)}</article>"
            )
    return "\n\n".join(filter(None, parts)) + "\n"


def _quotes(results: Results, row: dict[str, Any]) -> str:
    """What published analyses of patients' own data say, in their own words, each with the way to it."""
    found = published_findings(results.db, row["claim_id"])
    quotes = [
        f"<li>“{text(said['quote'])}” {link(text(said['review']), said['source_url'])}</li>" for said in rows_of(found)
    ]
    listed = "".join(quotes)
    return (
        f"<details><summary>Published analyses of patients' own data</summary><ul>{listed}</ul></details>\n"
        if quotes
        else ""
    )


def claim_lines(results: Results, rows: pd.DataFrame) -> str:
    """Claims as a list with verdicts, each with the way to its card; for pages one folder down.

    Parameters
    ----------
    results : Results
    rows : DataFrame
        ``claim_id`` and ``verdict``: of the claim, or of the part of it that the page is about.
    """
    claimed = {claim.question.row["claim_id"]: claim.question.row["claim"] for claim in results.claims.judged}
    once = rows.drop_duplicates(["claim_id", "verdict"])
    lines = [
        f'- <a href="../claims.html#{text(row["claim_id"])}">{text(claimed[row["claim_id"]])}</a> '
        f'<span class="verdict {row["verdict"]}">{row["verdict"]}</span>'
        for row in rows_of(once)
    ]
    return "\n".join(lines) or "The article makes no claim of its own about it."
