"""The conditions in their order, as a result: what may be said of it, and its figure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..models.result import Result
from ..models.wording import number
from .pooling import ENOUGH
from .wording.vocabulary import Vocabulary
from .wording.words import FAVOURS, GRADES, WINDOWS, listed, outcome_words, trials, whole

#: What the model of all trials together says of a pool: its effect drawn toward the others'.
SHRUNKEN = ("shrunken", "shrunken_low", "shrunken_high")
#: What the pool by itself says: the probability of any effect, and of a worthwhile one.
CHANCES = ("p_better", "p_worthwhile")
#: What stands first in its frame.
FIRST = (
    *("condition", "label", "estimate", "ci_low", "ci_high", "k", "n", "certainty", *SHRUNKEN, *CHANCES),
    *("comparator", "outcome", "time", "measure"),
)


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Pools, then single trials, then what has no trial; within each by certainty, then by the shrunken effect.

    Parameters
    ----------
    rows : DataFrame
        ``k, certainty, shrunken``.
    """
    keys = {
        "pooled": rows["k"].clip(upper=2),
        "sure": rows["certainty"].map({grade: at for at, grade in enumerate(GRADES)}),
        "size": rows["shrunken"].where(rows["k"] > 0),
    }
    order = pd.DataFrame(keys).sort_values(list(keys), ascending=False, kind="stable", na_position="last").index
    return rows.loc[order].reset_index(drop=True)


def chance(p: float) -> str:
    """A probability in percent: 97%, more than 99%, less than 1%."""
    return "more than 99%" if p >= 0.995 else "less than 1%" if p < 0.005 else f"{p:.0%}"


@dataclass(frozen=True, repr=False, eq=False)
class Ranking(Result):
    """The conditions against one comparator, in the order of certainty and then of size.

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
    least : float
        Smallest worthwhile effect in points of 100; NaN where none is written down.

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
    least: float = math.nan

    _figure = "ranking"

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self,), {"label": "label", "measure": self.measure, "favours": FAVOURS, "ordered": False}

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
        agree = open_.apply(_agree, axis=1).astype(bool) if len(open_) else open_["k"] > 0
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
        if agree.any():
            parts.append(f"All of the few trials favour acupuncture in {_listed(open_[agree])}.")
        if not agree.all():
            parts.append(f"The interval includes no difference in {_listed(open_[~agree])}.")
        if len(single):
            parts.append(f"A single trial stands for {_listed(single)}.")
        if len(none):
            parts.append(f"No trial gives a number for {_listed(none, count=False)}.")
        return " ".join([*parts, *filter(None, [self.order()]), *self._chances(pooled)])

    def order(self) -> str:
        """Whether the sizes of pooled effects differ by more than chance.

        Returns
        -------
        str
            A sentence; "" with fewer than two pools.
        """
        by_size = self.conditions[self.conditions["k"] >= 2].sort_values("estimate", ascending=False)
        if len(by_size) < 2:
            return ""
        top, others = by_size.iloc[0], by_size.iloc[1:]
        if (others["ci_high"] >= top["ci_low"]).any():
            return "The intervals overlap, so differences between the conditions may be chance."
        return f"The interval of {top['label']} lies above all others."

    def _chances(self, pooled: pd.DataFrame) -> Iterator[str]:
        """Two probabilities of every pool, side by side, from the model that its interval comes from."""
        known = rows_of(pooled[pooled["p_better"].notna()])
        if not known:
            return
        against = self.words.comparators[self.comparator]
        both = not math.isnan(self.least) and all(row["p_worthwhile"] == row["p_worthwhile"] for row in known)
        what = f"better than {against}"
        what += f", and at least {whole(self.least)} of 100 points better" if both else ""
        said = [
            f"{chance(row['p_better'])}{' and ' + chance(row['p_worthwhile']) if both else ''} in {row['label']}"
            for row in known
        ]
        yield f"Taking its trials at their word, the probability that acupuncture is {what}, is {listed(said)}."

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
        return self.conditions[list(FIRST[1 : FIRST.index("comparator")])]

    def _rows(self) -> pd.DataFrame:
        return self.conditions


def _agree(row: Mapping[str, Any]) -> bool:
    """Two to four trials that all favour acupuncture."""
    return bool(1 < row["k"] < ENOUGH and row.get("trials_better") == row["k"])


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
    return f"{effect_words(row)}, {trials(k)}{indirect}"


def effect_words(row: Mapping[str, Any]) -> str:
    """An effect with its interval, in points of 100 where it has them: "8 of 100 points, 3 to 13".

    Parameters
    ----------
    row : mapping
        ``measure, estimate, ci_low, ci_high`` and, where there are, ``points, points_low, points_high``.
    """
    if row.get("points", math.nan) == row.get("points"):
        middle, low, high = (whole(row[name]) for name in ("points", "points_low", "points_high"))
        return f"{middle} of 100 points, {low} to {high}"
    unit = {"SMD": " SD", "MD100": " points"}.get(row["measure"], "")
    return f"{number(row['estimate'])}{unit}, {number(row['ci_low'])} to {number(row['ci_high'])}"
