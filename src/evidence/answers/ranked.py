"""The conditions in their order, as a result: what may be said of it, and its figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..models.result import Result
from ..models.wording import number
from .wording.vocabulary import Vocabulary
from .wording.words import FAVOURS, WINDOWS, outcome_words, trials

#: What stands first in its frame.
FIRST = (
    *("condition", "label", "estimate", "ci_low", "ci_high", "k", "n", "certainty", "p_best", "p_worthwhile"),
    *("comparator", "outcome", "time", "measure"),
)


@dataclass(frozen=True, repr=False, eq=False)
class Ranking(Result):
    """The conditions in the order of their pooled effect against one comparator.

    Attributes
    ----------
    comparator : str
        What acupuncture is compared with.
    outcome : str
        What is measured.
    time : str
        When.
    measure : str
        Of the effects.
    conditions : DataFrame
        One row a condition, best first: see `rank_conditions`.
    words : Vocabulary
        What conditions, comparators and outcomes are called.

    See Also
    --------
    rank_conditions : makes it.
    plots.ranking : draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> ranking = ev.rank_conditions(ev.load(), comparator="drug")
    >>> ranking.to_frame()["comparator"].unique().tolist()
    ['drug']
    """

    comparator: str
    outcome: str
    time: str
    measure: str
    conditions: pd.DataFrame
    words: Vocabulary

    _figure = "ranking"

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self,), {"label": "label", "measure": self.measure, "favours": FAVOURS}

    def sentence(self) -> str:
        """What may be said about the order of the conditions.

        Returns
        -------
        str
            Which conditions show an effect, whether their order means anything, and where there is nothing.
        """
        ranking = self.conditions
        against, when, what = self.words.comparators[self.comparator], WINDOWS[self.time], outcome_words(self.outcome)
        pooled = ranking[ranking["k"] >= 2]
        clear, single = pooled[pooled["ci_low"] > 0], ranking[ranking["k"] == 1]
        worse, open_ = pooled[pooled["ci_high"] < 0], pooled[(pooled["ci_low"] <= 0) & (pooled["ci_high"] >= 0)]
        none = ranking[ranking["k"] == 0]
        parts = []
        if len(clear):
            parts.append(f"For {what} {when}, trials show acupuncture doing better than {against} in {_listed(clear)}.")
        else:
            parts.append(
                f"For {what} {when}, no condition with two or more trials shows acupuncture doing better than "
                f"{against}."
            )
        if len(worse):
            parts.append(f"It did worse in {_listed(worse)}.")
        if len(open_):
            parts.append(f"The interval includes no difference in {_listed(open_)}.")
        if len(single):
            parts.append(f"A single trial stands for {_listed(single)}.")
        if len(none):
            parts.append(f"No trial gives a number for {_listed(none, count=False)}.")
        return " ".join([*parts, *_order(ranking, pooled)])

    def _title(self) -> str:
        against = self.words.comparators[self.comparator]
        return f"{outcome_words(self.outcome)} {WINDOWS[self.time]}, against {against}"

    def _lines(self) -> list[str]:
        return [
            f"{row['label']}: {_numbers(row)}, certainty {row['certainty']}"
            if row["k"]
            else f"{row['label']}: no number"
            for row in rows_of(self.conditions)
        ]

    def _table(self) -> pd.DataFrame:
        return self.conditions[list(FIRST[1:10])]

    def _rows(self) -> pd.DataFrame:
        return self.conditions


def _order(ranking: pd.DataFrame, pooled: pd.DataFrame) -> Iterator[str]:
    """What the order of the conditions means."""
    if len(pooled) >= 2:
        top, others = pooled.iloc[0], pooled.iloc[1:]
        if (others["ci_high"] >= top["ci_low"]).any():
            yield "The intervals overlap, so the order of the conditions may be chance."
        else:
            yield f"The interval of {top['label']} lies above all others."
    if ranking["p_best"].notna().any():
        best = rows_of(ranking.sort_values("p_best", ascending=False)).pop(0)
        chance = f"{best['p_best']:.0%}" if best["p_best"] < 0.995 else "more than 99%"
        yield (
            f"Taking all trials together, single ones too, {best['label']} has the largest effect with a probability "
            f"of {chance} ({1 / ranking['p_best'].notna().sum():.0%} if nothing were known)."
        )


def _listed(rows: pd.DataFrame, *, count: bool = True) -> str:
    words = [f"{row['label']} ({_numbers(row)})" if count else str(row["label"]) for row in rows_of(rows)]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _numbers(row: dict[str, Any]) -> str:
    k, share = int(row["k"]), row["share_indirect"]
    indirect = (
        ""
        if not share
        else ", indirect"
        if k == 1
        else ", all indirect"
        if share == 1
        else (f", {round(share * k)} of them indirect")
    )
    unit = {"SMD": " SD", "MD100": " points"}.get(row["measure"], "")
    return (
        f"{number(row['estimate'])}{unit}, {number(row['ci_low'])} to {number(row['ci_high'])}, {trials(k)}{indirect}"
    )
