"""Beside the pools of a condition: what published reviews found and how sure they were."""

from __future__ import annotations

import math
import re
from typing import Any

from ...answers.results import Results
from ...answers.wording.words import WINDOWS, capital, outcome_words, whole
from ...base.rows import rows_of
from ...models.wording import number
from .markup import link, name, table, text

_ABOVE = (
    "Pooled results of published reviews beside ours of the same question, in the unit of the review, with 95% "
    "intervals. Above 0 (above once as many) favours acupuncture."
)
_NOTHING = "No published result in the data asks the same of this condition."


def beside_reviews(results: Results, key: str) -> str:
    """Published pools of a condition beside ours, then those that ask something else."""
    rows = rows_of(results.reviews[results.reviews["condition"] == key])
    order = [*results.words.important, *results.words.comparators]
    same = [row for row in rows if row["overlap"]]
    same.sort(key=lambda row: (order.index(row["comparator"]), order.index(row["our_outcome"])))
    lines = "".join(
        f"<li><strong>{text(_question(row, results))}</strong>: {link(name(short_citation(row)), row['source_url'])} "
        f"{text(_amount(row, 'theirs'))}; ours {text(_amount(row, 'ours'))}. {text(_agreement(row))}</li>"
        for row in same
    )
    parts = [_ABOVE, f"<ul>{lines}</ul>"] if lines else [_NOTHING]
    return "\n\n".join(filter(None, [*parts, _others(rows)]))


def grades_table(results: Results) -> str:
    """Published grades beside ours, to be included by ``docs/method.md``."""
    found = results.grades
    words = results.words
    cells = [
        (
            link(name(row["review"]), row["source_url"]),
            text(
                f"{words.conditions[row['condition']]}, {outcome_words(row['outcome'])} {WINDOWS[row['time']]}, "
                f"against {words.comparators[row['comparator']]}"
                + (" (theirs: any comparator)" if row["match"] == "any comparator" else "")
            ),
            text(row["theirs"]),
            text(row["ours"]),
            text(f"{row['difference']:+d}".replace("-", "−").replace("+0", "0")),
            text(row["doubts"]),
        )
        for row in rows_of(found.grades)
    ]
    columns = ["Review", "Question", "Theirs", "Ours", "Levels", "What lowers ours"]
    caption = "Certainty that reviews gave beside ours; levels: ours less the nearest end of theirs."
    shares = [
        f"- {text(row['match'])}: {row['grades']} grades, mean difference {number(row['mean_difference'])} levels, "
        f"{row['equal']:.0%} equal, {row['within_one']:.0%} within one level"
        for row in rows_of(found.shares())
    ]
    return "\n\n".join([text(found.sentence()), "\n".join(shares), table(caption, columns, cells, numeric=["Levels"])])


def short_citation(row: dict[str, Any]) -> str:
    """Author and year of a citation that begins with an author, else its title up to the first mark.

    Parameters
    ----------
    row : dict
        ``citation`` and ``year``.
    """
    author = re.match(r"([\w'-]+) [A-Z]{1,3}\b", row["citation"])
    words = author[1] if author else f"“{re.split(r'[:(.,]', row['citation'])[0].strip()}”"
    return words if math.isnan(row["year"]) else f"{words} {row['year']:.0f}"


def _others(rows: list[dict[str, Any]]) -> str:
    """Published results that no pool of ours stands beside, one line for those of a review with the same reason."""
    outcomes: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        if not row["overlap"]:
            key = short_citation(row), row["source_url"], row["comparison"], row["why"]
            outcomes.setdefault(key, []).append(row["outcome"])
    lines = "".join(
        f"<li>{link(name(review), address)}, {text(comparison)} ({text(', '.join(dict.fromkeys(measured)))}): "
        f"{text(why)}</li>"
        for (review, address, comparison, why), measured in outcomes.items()
    )
    said = "Published results that ask something else"
    return f"<details><summary>{said}</summary><ul>{lines}</ul></details>" if lines else ""


def _agreement(row: dict[str, Any]) -> str:
    """What the two intervals say; where they agree, what differs all the same."""
    also = f". What differs: {row['why']}" if row["overlap"] == "yes" and row["why"] else ""
    return f"{capital(row['reading'])}{also}."


def _question(row: dict[str, Any], results: Results) -> str:
    against = results.words.comparators[row["comparator"]]
    return f"{capital(outcome_words(row['our_outcome']))} {WINDOWS[row['our_time']]}, against {against}"


def _amount(row: dict[str, Any], whose: str) -> str:
    """An estimate with its interval and its trials."""
    values = [row[f"{whose}{end}"] for end in ("", "_low", "_high")]
    values = [math.exp(value) for value in values] if row["measure"] == "RR" else values
    unit = {"SMD": " SD", "MD100": " points", "RR": " times as many"}[row["measure"]]
    mean, low, high = (whole(value) if row["measure"] == "MD100" else number(value) for value in values)
    k = row[f"{whose}_k"]
    counted = "" if math.isnan(k) else f"; {k:.0f} {'trial' if k == 1 else 'trials'}"
    return f"{mean}{unit} ({low} to {high}{counted})"
