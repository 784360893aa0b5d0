"""The claims page: a card for each claim, to open, to filter by verdict and to search."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...answers.claims.question import PART_WORDS
from ...answers.published_findings import published_findings
from ...answers.results import Results
from ...answers.wording.words import OF_PARTS, SETTLING, VERDICTS, capital
from ...base.rows import rows_of
from ...derive.labels import labels
from ...derive.notes import readable
from ...languages import _
from ..project import Project
from .markup import figure, fold, link, name, text


def claims_page(results: Results, project: Project) -> str:
    """One card a claim, in the order of the article; without scripts all are shown."""
    judged = results.claims.to_frame()
    labels = {trial["study_id"]: trial["label"] for trial in results.trials}
    counts = judged["verdict"].value_counts()
    boxes = "".join(
        f'<label><input type="checkbox" name="verdict" value="{verdict}" checked> '
        f"{badge(verdict)} {counts.get(verdict, 0)}</label>"
        for verdict in VERDICTS
    )
    parts = [
        "# The article's claims, one by one",
        f"A practitioner's article makes {len(judged)} claims. A verdict says how far the trials in the data bear a "
        "claim out, not whether it is true.",
        fold(
            "What each verdict means, and how it is reached",
            "\n".join(f"- **{verdict}**: {text(rule)}" for verdict, rule in VERDICTS.items()),
            text(OF_PARTS),
            text(SETTLING),
        ),
        '<form class="filter" data-filters="claim" hidden>'
        f"<fieldset><legend>Show claims that are</legend>{boxes}</fieldset>"
        '<label>Search the claims <input type="search" name="words" autocomplete="off"></label>'
        '<output aria-live="polite"></output></form>',
        fold("All claims in one picture", figure(project.figures, "claims")),
    ]
    for theme, group in judged.groupby("theme", sort=False):
        parts.append(f"## {text(capital(str(theme)))}")
        for row in rows_of(group):
            behind = ", ".join(name(labels[study]) for study in row["trials"].split("|") if study)
            parts.append(
                f'<article class="claim" id="{text(row["claim_id"])}" data-verdict="{row["verdict"]}">\n'
                f"<h3>{text(row['claim'])} {badge(row['verdict'])}</h3>\n"
                f"<details><summary>What trials say</summary>\n"
                f"<p>{text(row['sentence'])}</p>\n{_settled(row)}{_parts(results, row)}"
                f'<p class="why">Why: {text(row["reason"])}. '
                f"{'Trials: ' + behind if behind else 'No trial behind it'}.</p>\n{_quotes(results, row)}"
                "</details></article>"
            )
    return "\n\n".join(filter(None, parts)) + "\n"


def _quotes(results: Results, row: dict[str, Any]) -> str:
    """What published analyses of patients' own data say, in their own words, each with the way to it."""
    found, names = published_findings(results.db, row["claim_id"]), labels(results.db)
    quotes = [
        f"<li>“{text(said['quote'])}” {link(text(readable(said['review'], names)), said['source_url'])}</li>"
        for said in rows_of(found)
    ]
    listed = "".join(quotes)
    return (
        f"<details><summary>Published analyses of patients' own data</summary><ul>{listed}</ul></details>\n"
        if quotes
        else ""
    )


def badge(verdict: str) -> str:
    """A verdict as a mark in running text."""
    return f'<span class="verdict {verdict.replace(" ", "-")}">{text(_(verdict))}</span>'


def _settled(row: dict[str, Any]) -> str:
    return f"<p>What would settle it: {text(row['settles'])}.</p>\n" if row["settles"] else ""


def _parts(results: Results, row: dict[str, Any]) -> str:
    """Each population or window of a claim that has several, with its verdict."""
    own = next(claim for claim in results.claims.judged if claim.question.row["claim_id"] == row["claim_id"])
    if len(own.parts) < 2:
        return ""
    names = {**PART_WORDS, **results.words.conditions}
    lines = [f"<li>{text(capital(names[part.group.name]))}: {badge(part.verdict.verdict)}</li>" for part in own.parts]
    return f"<ul>{''.join(lines)}</ul>\n"


def claim_lines(results: Results, of: Collection[str], part: str = "") -> str:
    """Claims as a list with verdicts and what would settle them, each with the way to its card; one folder down.

    Parameters
    ----------
    results : Results
        The claims, judged.
    of : collection of str
        Which of them.
    part : str
        The condition that the page is about: where a claim names others too, its verdict alone is told as well.
    """
    lines = []
    for claim in results.claims.judged:
        if (key := claim.question.row["claim_id"]) not in of:
            continue
        own = [one.verdict.verdict for one in claim.parts if one.group.name == part and len(claim.parts) > 1]
        alone = f" (of {text(results.words.conditions[part])} alone: {own[0]})" if own else ""
        settled = f" What would settle it: {text(claim.settles)}." if claim.settles else ""
        link_to = f'<a href="../claims.html#{text(key)}">{text(claim.question.row["claim"])}</a>'
        lines.append(f"- {link_to} {badge(claim.verdict)}{alone}{settled}")
    return "\n".join(lines) or "The article makes no claim of its own about it."


def verdict_list(results: Results, of: Collection[str]) -> str:
    """Claims with their verdicts only, each with the way to its card; one folder down.

    Parameters
    ----------
    results : Results
        The claims, judged.
    of : collection of str
        Which of them.
    """
    lines = [
        f'- {badge(row["verdict"])} <a href="../claims.html#{text(row["claim_id"])}">{text(row["claim"])}</a>'
        for row in rows_of(results.claims.to_frame())
        if row["claim_id"] in of
    ]
    return "\n".join(lines) or "The article makes no claim of its own about it."
