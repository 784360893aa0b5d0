"""A page for each condition: the answer, every pool, what is missing, what the article says, every trial."""

from __future__ import annotations

from typing import Any

from ...answers.dose_response import dose_response
from ...answers.results import Results
from ...answers.wording.missing import which_way
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import WINDOWS, listed, outcome_words, trials
from ...base.rows import rows_of
from ...charts.sources import trial_address
from ...derive.notes import readable
from ...models.wording import number
from ..project import Project
from .beside import benefit_box, beside_reviews
from .claims import claim_lines
from .markup import capital, effect, figure, link, name, page_name, table, text
from .multiverse import multiverse_line
from .settle import settle_line


def condition_pages(results: Results, project: Project) -> dict[str, str]:
    """File name to Markdown: an index and a page for each of the five conditions."""
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
                effect(row),
                text(row["certainty"] if row["k"] else "no number"),
            )
        )
    columns = ["Condition", "In plain words", "Trials in the data", "Pain against sham, SD (95% interval)", "Certainty"]
    caption = "The five conditions, by size of the effect on pain up to 3 months against sham acupuncture."
    names = "\n".join(f"{text(capital(words.conditions[key]))} <{page_name(key)}>" for key in words.headline)
    index = f"# Conditions\n\n{table(caption, columns, rows)}\n```{{toctree}}\n:hidden:\n\n{names}\n```\n"
    return {"conditions/index.md": index} | pages


def _page(results: Results, project: Project, key: str) -> str:
    about = next(row for row in rows_of(results.db.conditions) if row["condition"] == key)
    own = [trial for trial in results.trials if trial["condition"] == key]
    words, parts_of = results.words, results.claims.parts
    compared = sum(bool(trial["comparators"]) for trial in own)
    with_effect = sum(bool(trial["outcomes"]) for trial in own)
    parts = [
        f"# {text(capital(words.conditions[key]))}",
        f"The article speaks of {text(about['label'].lower())}: {text(about['plain_words'])}. In the data: "
        f"{text(about['population_in_data'])}. {text(capital(trials(len(own))))}; {text(compared)} "
        f"{'makes' if compared == 1 else 'make'} a comparison that counts, and {text(with_effect)} of those "
        f"{'gives' if with_effect == 1 else 'give'} an effect on some outcome.",
        "## In short",
        _in_short(results, key),
        multiverse_line(results, project, key),
        settle_line(results, key),
        "## Benefit and harm",
        benefit_box(results, key),
        figure(project.figures, f"forest_pain_{key}", "../"),
        f'<a href="../interactive/{page_name(key)}.html">Trial by trial</a>: the same to point at and click.',
        figure(project.figures, f"forest_disability_{key}", "../"),
        "## Beside published reviews",
        beside_reviews(results, key),
        "## Every pooled result",
        _pools(results, key),
        "## More, and for longer",
        text(dose_response(results.db, condition=key).sentence()),
        text(results.durability(key).sentence()),
        text(_further_sessions(results, key)),
        figure(project.figures, f"timecourse_pain_{key}", "../"),
        "## What is missing",
        *(text(row["sentence"]) for row in rows_of(results.missing[results.missing["condition"] == key])),
        "## What the article says",
        claim_lines(results, set(parts_of.loc[parts_of["part"] == key, "claim_id"]), key),
        "## Every trial",
        trial_table(f"Trials of {words.conditions[key]} in the data.", own, words),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _further_sessions(results: Results, key: str) -> str:
    found = results.context.maintenance.only(condition=key)
    return found.sentence() if len(found.found) else ""


def _in_short(results: Results, key: str) -> str:
    lines, silent = [], []
    known = {row["comparator"]: row for row in rows_of(results.missing) if row["condition"] == key}
    for comparator, against in results.words.comparators.items():
        found = results.findings(comparator)
        own = found[(found["condition"] == key) & (found["outcome"] == "pain")] if len(found) else found
        lines += [f"- {text(row['sentence'])}" for row in rows_of(own)]
        went = which_way(known[comparator], against) if own.empty and comparator in known else ""
        if went:
            lines.append(f"- Against {text(against)}, no trial gives a number for pain up to 3 months; {text(went)}.")
        elif own.empty and comparator != "acupuncture":
            silent.append(against)
    if silent:
        lines.append(f"- No trial against {text(listed(silent, 'or'))} gives a number for pain up to 3 months.")
    return "\n".join(lines)


def _pools(results: Results, key: str) -> str:
    rows = []
    pools = results.pools[results.pools["condition"] == key]
    order = {word: at for at, word in enumerate([*results.words.important, *results.words.comparators, *WINDOWS])}
    by = ["outcome", "comparator", "time"]
    pools = pools.sort_values(by, key=lambda words: words.map(order).fillna(len(order)), kind="stable")
    for row in rows_of(pools):
        predicted = "" if row["pi_low"] != row["pi_low"] else f"{number(row['pi_low'])} to {number(row['pi_high'])}"
        rows.append(
            (
                text(f"{capital(outcome_words(row['outcome']))} {WINDOWS[row['time']]}"),
                text(results.words.comparators[row["comparator"]]),
                text(row["k"]),
                text(f"{row['n']:,.0f}"),
                effect(row),
                text(predicted),
                _points(row),
                text(row["certainty"]),
                text(row["doubts"]),
            )
        )
    columns = [
        "Outcome",
        "Against",
        "Trials",
        "People",
        "SD (95% interval)",
        "95% prediction",
        "Points of 100",
        "Certainty",
        "What lowers it",
    ]
    caption = "Standardised differences; above 0 favours acupuncture. One trial is shown as it is, nothing is pooled."
    return table(caption, columns, rows, numeric=["Trials", "People"])


def _points(row: dict[str, Any]) -> str:
    known = row["points"] == row["points"]
    return text(f"{row['points']:.0f} ({row['points_low']:.0f} to {row['points_high']:.0f})") if known else ""


def trial_table(caption: str, rows: list[dict[str, Any]], words: Vocabulary) -> str:
    """Trials with their sources, and what each gives; rows of `Results.trials`."""
    cells = [
        (
            link(name(trial["label"]), trial_address(trial)),
            text("" if trial["year"] != trial["year"] else f"{trial['year']:.0f}"),
            text("" if trial["n_randomised"] != trial["n_randomised"] else f"{trial['n_randomised']:,.0f}"),
            name(readable(trial["population"])),
            text(listed([words.comparators[word] for word in trial["comparators"]]) if trial["comparators"] else ""),
            text(", ".join(map(outcome_words, trial["outcomes"])) or trial["reason"]),
        )
        for trial in sorted(rows, key=lambda trial: (trial["year"] != trial["year"], trial["year"], trial["label"]))
    ]
    columns = ["Trial", "Year", "People", "Who", "Against", "Effects on, or why there is none"]
    return table(caption, columns, cells, numeric=["Year", "People"])
