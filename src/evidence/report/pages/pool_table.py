"""Every pooled result of a condition in one table."""

from __future__ import annotations

from typing import Any

from ...answers.results import Results
from ...answers.wording.words import WINDOWS, capital, outcome_words, people, trials
from ...base.rows import rows_of
from ...models.wording import number
from .markup import effect, in_points, table, text

_CAPTION = (
    "Above 0 favours acupuncture; 95% intervals in brackets, and where a new trial may fall. One trial is shown as it "
    "is, nothing is pooled."
)


def pool_table(results: Results, key: str) -> str:
    """Pools by outcome, comparator and time.

    Parameters
    ----------
    results : Results
        Of the whole base.
    key : str
        Its condition.
    """
    pools = results.pools[results.pools["condition"] == key]
    order = {word: at for at, word in enumerate([*results.words.important, *results.words.comparators, *WINDOWS])}
    by = ["outcome", "comparator", "time"]
    pools = pools.sort_values(by, key=lambda words: words.map(order).fillna(len(order)), kind="stable")
    rows = [
        (
            text(
                f"{capital(outcome_words(row['outcome']))} {WINDOWS[row['time']]}, against "
                f"{results.words.comparators[row['comparator']]}"
            ),
            in_points(row),
            effect(row) + _predicted(row),
            text(f"{trials(row['k'])}, {people(row['n'])}"),
            text(capital(row["certainty"])) + (f"<br>{text(row['doubts'])}" if row["doubts"] else ""),
        )
        for row in rows_of(pools)
    ]
    columns = ["Outcome", "Points of 100", "Standard deviations", "Rests on", "Certainty, and what lowers it"]
    return table(_CAPTION, columns, rows)


def _predicted(row: dict[str, Any]) -> str:
    """Where a new trial may fall; nothing where that is not known."""
    if row["pi_low"] != row["pi_low"]:
        return ""
    return f"<br>new trial: {text(number(row['pi_low']))} to {text(number(row['pi_high']))}"
