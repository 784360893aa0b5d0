"""A page for each mechanism: three lines and one figure; folded, every marker, trial and claim."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...answers.for_patients import compared_with
from ...answers.mechanism_link import mechanism_link
from ...answers.results import Results
from ...answers.sides import side_of
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import WINDOWS, capital, trials
from ...base.rows import rows_of
from ..project import Project, page_name
from .badges import certainty_badge
from .claims import claim_lines, verdict_list
from .markup import effect, figure, fold, table, text
from .trial_table import trial_table

#: Comparisons told at the head of a page.
_LINES = 2


def mechanism_pages(results: Results, project: Project) -> dict[str, str]:
    """File name to Markdown: an index and a page for each mechanism."""
    about = results.db.mechanisms
    pages = {f"mechanisms/{page_name(row['mechanism'])}.md": _page(results, project, row) for row in rows_of(about)}
    pools, claims = results.mechanisms, results.claims.to_frame()
    rows = []
    for row in rows_of(about):
        own = pools[pools["mechanism"] == row["mechanism"]]
        together = own[own["outcome"] == "all"]
        verdicts = claims.loc[claims["mechanism"] == row["mechanism"], "verdict"].value_counts()
        rows.append(
            (
                f'<a href="{page_name(row["mechanism"])}.html">{text(row["label"])}</a>',
                text(row["what_the_article_says"]),
                text(int(together["measured"].max())),
                text(", ".join(f"{k} {verdict}" for verdict, k in verdicts.items())),
            )
        )
    columns = ["Mechanism", "What the article says", "Trials that measured it", "Verdicts on its claims"]
    names = "\n".join(f"{text(row['label'])} <{page_name(row['mechanism'])}>" for row in rows_of(about))
    index = table("What the article says of each mechanism, and what came of it.", columns, rows, numeric=columns[2:3])
    return {"mechanisms/index.md": f"# Mechanisms\n\n{index}\n```{{toctree}}\n:hidden:\n\n{names}\n```\n"} | pages


def _page(results: Results, project: Project, about: dict[str, str]) -> str:
    key, claims = about["mechanism"], results.claims.to_frame()
    pools = results.mechanisms[results.mechanisms["mechanism"] == key]
    together, single = pools[pools["outcome"] == "all"], pools[pools["outcome"] != "all"]
    markers = results.db.outcomes.loc[results.db.outcomes["mechanism"] == key, "outcome"]
    measured = set(results.db.results.loc[results.db.results["outcome"].isin(markers), "study_id"])
    own = [trial for trial in results.trials if trial["study_id"] in measured]
    said = set(claims.loc[claims["mechanism"] == key, "claim_id"])
    parts = [
        f"# {text(about['label'])}",
        f"{text(capital(about['plain_words']))}. The article says: {text(about['what_the_article_says'])}.",
        f"{len(measured)} trials in the data measured something of it.",
        mechanism_in_short(together, results.words),
        "## Verdicts on what the article claims",
        verdict_list(results, said),
        "## What was measured",
        "Different markers on one scale: 0 is no difference, to the right lies what is hoped for. How far a marker "
        "moves is told in units of how much people differ in it.",
        figure(project.figures, f"mechanism_{key}", "../"),
        "## Look closer",
        fold("Every comparison", "\n".join(f"- {text(row['sentence'])}" for row in rows_of(together))),
        fold("Marker by marker", _markers(rows_of(single), results.words)),
        fold("Do markers and pain move together?", _links(results, single)),
        fold("What would settle the claims", claim_lines(results, said)),
        fold("Every trial", trial_table(f"Trials with a result about {about['label'].lower()}.", own, results.words)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def mechanism_in_short(together: pd.DataFrame, words: Vocabulary) -> str:
    """Three lines: against sham, against what most trials compare with, and what a marker does not show.

    Parameters
    ----------
    together : DataFrame
        Rows of `mechanism_pools` about the markers of one mechanism together.
    words : Vocabulary
        What comparators are called.
    """
    known = sorted(
        (row for row in rows_of(together) if row["k"]), key=lambda row: (row["comparator"] != "sham", -row["k"])
    )
    lines = [
        f"<li><strong>{text(compared_with(row['comparator'], words))}</strong> "
        f"{certainty_badge(row['certainty'])}<br>{text(plain_marker(row, words))}</li>\n"
        for row in known[:_LINES]
    ] or ["<li>No trial gives a result that can be used.</li>\n"]
    caution = (
        "<li><strong>And pain?</strong><br>A marker that moves does not show that pain moves because of it.</li>\n"
    )
    return f'<ul class="in-short">\n{"".join([*lines, caution])}</ul>'


def plain_marker(row: dict[str, Any], words: Vocabulary) -> str:
    """What one comparison says of a mechanism, in one sentence.

    Parameters
    ----------
    row : dict
        A row of `mechanism_pools` with trials.
    words : Vocabulary
        What outcomes are called.
    """
    k = trials(row["k"])
    if row["estimate"] == row["estimate"]:
        found = {
            "better": "go together in the direction that the article claims",
            "worse": "go together in the opposite direction",
            "open": "leave open whether it goes the way the article claims",
        }[side_of(row["estimate"], row["ci_low"], row["ci_high"])]
        return f"{capital(k)} with numbers {found}."
    told = [
        f"{count:.0f} {what}"
        for count, what in (
            (row["favouring"], "as the article claims"),
            (row["against"], "the opposite"),
            (row["neither"], "no clear change"),
        )
        if count
    ]
    return f"{capital(k)} {'tells' if row['k'] == 1 else 'tell'} which way it went, not how far: {', '.join(told)}."


def _links(results: Results, single: pd.DataFrame) -> str:
    """Whether each marker with numbers goes with pain across trials."""
    numbers = single[(single["k"] > 0) & (single["method"] != "vote count")]
    lines = [
        text(mechanism_link(results.db, marker=marker, comparator=comparator).sentence())
        for marker, comparator in numbers[["outcome", "comparator"]].drop_duplicates().itertuples(index=False)
    ]
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines)) or "No marker has numbers to set against pain."


def _markers(pools: list[dict[str, Any]], words: Vocabulary) -> str:
    rows = [
        (
            text(f"{capital(words.does(row['outcome'])[1])} ({trials(row['measured'])} measured it)"),
            text(" ".join(filter(None, (words.comparators.get(row["comparator"]), WINDOWS.get(row["time"]))))),
            _result(row),
            text(row["k"]),
            text(row["certainty"]),
        )
        for row in pools
    ]
    columns = ["Marker", "Against", "Result", "Trials", "Certainty"]
    caption = (
        "Standardised differences with 95% intervals, above 0 as claimed; directions where fewer than two trials give "
        "numbers."
    )
    return table(caption, columns, rows, numeric=["Trials"])


def _result(row: dict[str, Any]) -> str:
    """A size where there is one, else which way trials went."""
    if row["method"] != "vote count":
        return effect(row) if row["estimate"] == row["estimate"] else ""
    directions = [
        f"{row[side]:.0f} {way}"
        for side, way in (("favouring", "as claimed"), ("against", "the other way"), ("neither", "neither"))
    ]
    return text(", ".join(directions))
