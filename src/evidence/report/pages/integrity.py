"""The page on numbers that do not fit: what was asked, what was found, and what it changes."""

from __future__ import annotations

from typing import Any

from ...answers.results import Results
from ...answers.wording.words import WINDOWS, capital, outcome_words
from ...base.rows import rows_of
from ...derive.screening.concern import MISFITS
from ...models.wording import number
from ..project import Project
from .markup import figure, table, text

_UNASKED = (
    '<a href="reference/integrity.html"><code>debit</code></a> asks whether whole people can give a share of yes and '
    "no, and its SD. No trial is asked: they print events or percentages; <code>percent_of_n</code> looks at these."
)


def integrity_page(results: Results, project: Project) -> str:
    """Trials left out of headlines for their numbers, single misfits, and the pools that leave trials out."""
    screened = results.integrity
    serious, some = (
        rows_of(screened.trials[screened.trials["concern"] == f"{word} concern"]) for word in ("serious", "some")
    )
    parts = [
        "# Can the numbers be right?",
        "Printed numbers can be held against each other: a mean of whole numbers against the number of people, a "
        "spread of scores against the ends of its scale and against all other trials, a p value against its interval. "
        "Where they do not fit, one of them cannot be right as printed. That says nothing about people. Misprints, "
        "standard errors printed as standard deviations, scales read wrongly and slips in copying, ours too, are the "
        "usual causes.",
        figure(project.figures, "integrity"),
        "## Left out of headlines",
        "These trials stay out of headline pools, of the usual spread of scores and of verdicts until somebody has "
        "seen what they measured: numbers that cannot be right as printed, and scores that spread far less than all "
        "others and so make a large effect. The second is no proof, and nothing to rest an answer on. Whoever knows "
        'better can say so: a row of <a href="data/raw/integrity_overrides.csv">integrity_overrides.csv</a> with a '
        "reason lifts a flag.",
        _trials("Trials left out of headlines for their numbers, and where to look.", serious),
        "## What it changes",
        _pools(results),
        "## Single numbers that do not fit",
        "They stay in every pool. Each is a reason to look at the source.",
        _trials("Trials with a number that does not fit.", some),
        "## What was asked",
        _checks(results),
        _UNASKED,
    ]
    return "\n\n".join(parts) + "\n"


def _trials(caption: str, trials: list[dict[str, Any]]) -> str:
    rows = [
        (f'<a href="{text(row["source_url"])}">{text(row["label"])}</a>', text(capital(row["reasons"])))
        for row in trials
    ]
    return table(caption, ["Trial", "What does not fit"], rows) if rows else "None."


def _pools(results: Results) -> str:
    """Each pool of standardised differences without and with the trials it leaves out."""
    pools = results.pooled[(results.pooled["measure"] == "SMD") & (results.pooled["serious"] != "")]
    there = set(zip(*(results.pools[name] for name in ("condition", "comparator", "outcome", "time")), strict=True))
    everything = results.all_effects[results.all_effects["measure"] == "SMD"]
    rows = [(_question(results, row), text(row["serious"].replace("|", ", ")), *_both(row)) for row in rows_of(pools)]
    for row in rows_of(everything[everything["integrity"] == "serious"]):
        if (row["condition"], row["comparator"], row["outcome"], row["time"]) not in there:
            rows.append((_question(results, row), text(row["label"]), "no other trial", text(number(row["yi"]))))
    columns = ["Pool", "Left out", "SD without", "SD with"]
    return table("Headline pools that leave trials out, without them and with them.", columns, rows)


def _question(results: Results, row: dict[str, Any]) -> str:
    words = results.words
    window = WINDOWS.get(row["time"], row["time"])
    condition, against = words.conditions[row["condition"]], words.comparators[row["comparator"]]
    return text(f"{capital(condition)}, against {against}: {outcome_words(row['outcome'])} {window}")


def _both(row: dict[str, Any]) -> tuple[str, str]:
    without, those = (
        f"{number(row[f'{of}estimate'])} ({number(row[f'{of}ci_low'])} to {number(row[f'{of}ci_high'])})"
        for of in ("", "with_serious_")
    )
    return text(without), text(those)


def _checks(results: Results) -> str:
    findings = results.integrity.findings
    rows = []
    for check, misfit in MISFITS.items():
        own = findings[findings["check"] == check]
        asked = own[own["passes"].notna()]
        weighty = asked[asked["severity"].isin(["some", "serious"])]
        rule = asked["rule"].iloc[0] if len(asked) else ""
        counts = (len(asked), weighty["study"].nunique())
        name = f'<a href="reference/integrity.html"><code>{check}</code></a>'
        rows.append((name, text(capital(str(rule))), text(misfit), *map(text, counts)))
    columns = ["Check", "What it asks", "What a misfit says", "Numbers", "Trials with a misfit"]
    caption = "The checks, how many numbers each could be asked of, and what it found."
    return table(caption, columns, rows, numeric=columns[3:])
