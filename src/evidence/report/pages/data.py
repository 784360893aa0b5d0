"""The data page: downloads, what is missing, and the codebook."""

from __future__ import annotations

import json
from typing import Any

from ...answers.results import Results
from ...answers.wording.missing import in_short, sizes
from ...answers.wording.words import capital
from ...base.package import Descriptor, resources
from ...base.rows import rows_of
from ...models.wording import number
from ..figures.figure import LICENCE
from ..project import Project
from .markup import table, text


def data_page(results: Results, project: Project) -> str:
    """Every table of the base to download, every gap, every column."""
    manifest = json.loads((project.processed / "manifest.json").read_text(encoding="utf-8"))
    parts = [
        "# The data",
        "Every number stands as its source prints it: nothing is converted, nothing is filled in. An empty cell "
        "was not reported or could not be read. The tables are CSV files in `data/raw`, described by "
        f'<a href="data/raw/datapackage.json">datapackage.json</a> (Frictionless); their licence is {text(LICENCE)}.',
        "## Download",
        table(
            "The tables, as they are in the repository.",
            ["Table", "What it holds", "Rows", "SHA-256"],
            [
                (
                    f'<a href="data/raw/{resource["path"]}">{resource["path"]}</a>',
                    text(resource["title"]),
                    f"{len(getattr(results.db, key)):,}",
                    f"<code>{manifest['raw'][resource['path']][:12]}</code>",
                )
                for key, resource in resources().items()
            ],
            numeric=["Rows"],
        ),
        "What is made of them: "
        + ", ".join(
            f'<a href="data/processed/{path.name}">{path.name}</a>' for path in sorted(project.processed.iterdir())
        )
        + ".",
        "## What is missing",
        _missing(results),
        _excluded(results),
        "## Codebook",
        *(_codebook(resource) for resource in resources().values()),
    ]
    return "\n\n".join(parts) + "\n"


def _missing(results: Results) -> str:
    rows = [
        (
            text(
                f"{capital(results.words.conditions[row['condition']])}, against "
                f"{results.words.comparators[row['comparator']]}"
            ),
            text(
                f"{row['trials_compared']}: {row['k']} with a number, {row['trials_elsewhere']} of other times or "
                "outcomes"
            ),
            text(_without(row)),
            _interval(row, ""),
            _interval(row, "null_"),
        )
        for row in rows_of(results.missing)
    ]
    columns = [
        "Comparison",
        "Trials",
        "Without a number",
        "Effect as pooled, SD",
        "If all of those had found nothing",
    ]
    caption = (
        "Pain up to 3 months: every trial of a comparison gives a number, gives one at other times or for other "
        "outcomes only, or gives none, though it measured pain or is expected to have; and how much the answer leans "
        "on the first."
    )
    return table(caption, columns, rows)


def _without(row: dict[str, Any]) -> str:
    """Trials that give no number, and their people."""
    size = f"; {sizes(row['people_missing'], row['unsized_missing'])}" if row["trials_missing"] else ""
    return in_short(row) + size


def _interval(row: dict[str, float], prefix: str) -> str:
    value, low, high = (row[f"{prefix}{name}"] for name in ("estimate", "ci_low", "ci_high"))
    return text("none" if value != value else f"{number(value)} ({number(low)} to {number(high)})")


def _excluded(results: Results) -> str:
    counts = results.silent.value_counts()
    rows = [(text(capital(str(reason))), text(count)) for reason, count in counts.items()]
    caption = (
        f"Of {len(results.db.studies)} trials, {counts.sum()} enter no effect. Why, trial by trial and row by row, is "
        "in data/processed/excluded.csv."
    )
    return table(caption, ["Reason", "Trials"], rows, numeric=["Trials"])


def _codebook(resource: Descriptor) -> str:
    key = resource["schema"].get("primaryKey", [])
    links = {
        field: found["reference"]["resource"]
        for found in resource["schema"].get("foreignKeys", [])
        for field in found["fields"][-1:]
    }
    rows = [
        (f"<code>{field['name']}</code>", text(field["description"]), text("; ".join(_rules(field, key, links))))
        for field in resource["schema"]["fields"]
    ]
    head = f"### {text(resource['title'])}: `{resource['path']}`\n\n{text(resource['description'])}\n\n"
    return head + table(f"Columns of {resource['path']}.", ["Column", "What it holds", "Rule"], rows)


def _rules(field: Descriptor, key: list[str], links: dict[str, str]) -> list[str]:
    limits = field.get("constraints", {})
    rules = ["key"] if field["name"] in key else []
    if field["name"] in links:
        rules.append(f"in {links[field['name']]}.csv")
    if limits.get("required") and not rules:
        rules.append("always filled")
    if "enum" in limits:
        rules.append(", ".join(limits["enum"]))
    if "items" in field:
        items = field["items"]
        known = [f"in {items['resource']}.csv"] if "resource" in items else items["enum"]
        rules.append(", ".join([*known, *items.get("also", [])]))
    words = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    rules += [f"{word} {limits[limit]}" for limit, word in words.items() if limit in limits]
    if field["type"] == "integer":
        rules.append("whole number")
    return rules
