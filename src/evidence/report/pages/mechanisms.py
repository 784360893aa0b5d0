"""A page for each mechanism: what was measured, which way it went, and what the article says."""

from __future__ import annotations

from typing import Any

from ...answers.mechanisms import mechanism_link
from ...answers.results import Results
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import WINDOWS
from ...base.rows import rows_of
from ..project import Project
from .claims import claim_lines
from .conditions import trial_table
from .markup import capital, effect, figure, page_name, table, text


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
                text(", ".join(f"{verdict} {k}" for verdict, k in verdicts.items())),
            )
        )
    columns = ["Mechanism", "What the article says", "Trials that measured it", "Verdicts on its claims"]
    names = "\n".join(f"{text(row['label'])} <{page_name(row['mechanism'])}>" for row in rows_of(about))
    index = table("The four mechanisms of the article.", columns, rows, numeric=columns[2:3])
    return {"mechanisms/index.md": f"# Mechanisms\n\n{index}\n```{{toctree}}\n:hidden:\n\n{names}\n```\n"} | pages


def _page(results: Results, project: Project, about: dict[str, str]) -> str:
    key, claims = about["mechanism"], results.claims.to_frame()
    pools = results.mechanisms[results.mechanisms["mechanism"] == key]
    together, single = pools[pools["outcome"] == "all"], pools[pools["outcome"] != "all"]
    markers = results.db.outcomes.loc[results.db.outcomes["mechanism"] == key, "outcome"]
    measured = set(results.db.results.loc[results.db.results["outcome"].isin(markers), "study_id"])
    own = [trial for trial in results.trials if trial["study_id"] in measured]
    numbers = single[(single["k"] > 0) & (single["method"] != "vote count")]
    links = [
        text(mechanism_link(results.db, marker=marker, comparator=comparator).sentence())
        for marker, comparator in numbers[["outcome", "comparator"]].drop_duplicates().itertuples(index=False)
    ]
    parts = [
        f"# {text(about['label'])}",
        f"{text(capital(about['plain_words']))}. The article says: {text(about['what_the_article_says'])}. "
        f"{len(measured)} trials in the data measured something of it. A marker that moves does not show that pain "
        "moves because of it.",
        "## In short",
        "\n".join(f"- {text(row['sentence'])}" for row in rows_of(together)),
        figure(project.figures, f"mechanism_{key}", "../"),
        "## Marker by marker",
        _markers(rows_of(single), results.words),
        "## Do markers and pain move together?",
        "\n".join(f"- {line}" for line in dict.fromkeys(links)) or "No marker has numbers to set against pain.",
        "## What the article claims",
        claim_lines(results, set(claims.loc[claims["mechanism"] == key, "claim_id"])),
        "## Every trial that measured it",
        trial_table(f"Trials with a result about {about['label'].lower()}.", own, results.words),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _markers(pools: list[dict[str, Any]], words: Vocabulary) -> str:
    rows = []
    for row in pools:
        sized = row["estimate"] == row["estimate"]
        voted = row["method"] == "vote count"
        directions = [
            f"{row[side]:.0f} {way}"
            for side, way in (("favouring", "as claimed"), ("against", "the other way"), ("neither", "neither"))
        ]
        rows.append(
            (
                text(capital(words.does(row["outcome"])[1])),
                text(words.comparators.get(row["comparator"], "")),
                text(WINDOWS.get(row["time"], "")),
                text(row["k"]),
                effect(row) if sized else "",
                text(", ".join(directions) if voted else ""),
                text(row["certainty"]),
                text(row["measured"]),
            )
        )
    columns = ["Marker", "Against", "When", "Trials", "SD (95% interval)", "Directions", "Certainty", "Measured in"]
    caption = "Effects on each marker, above 0 as claimed; directions where fewer than two trials give numbers."
    return table(caption, columns, rows, numeric=["Trials", "Measured in"])
