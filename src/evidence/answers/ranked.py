"""The conditions in their order, as a result: what may be said of it, and its figure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..languages import _, joined
from ..models.result import Result
from .pooling import ENOUGH
from .wording.vocabulary import Vocabulary
from .wording.words import FAVOURS, GRADES, WINDOWS, listed, number, outcome_words, trials, whole

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
    places = list(map(place, rows["k"], rows["certainty"], rows["shrunken"]))
    return rows.iloc[sorted(range(len(rows)), key=places.__getitem__)].reset_index(drop=True)


def place(k: int, certainty: str, shrunken: float) -> tuple[float, float, float]:
    """Sort key of one row of `in_order`, the smallest first."""
    sure = {grade: -at for at, grade in enumerate(GRADES)}
    return -min(k, 2), sure.get(certainty, math.inf), -shrunken if k and not math.isnan(shrunken) else math.inf


def chance(p: float) -> str:
    """A probability in percent: 97%, more than 99%, less than 1%."""
    return _("more than 99%") if p >= 0.995 else _("less than 1%") if p < 0.005 else _("{n}%", n=f"{p:.0%}"[:-1])


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
        ranking = self._named
        pooled = ranking[ranking["k"] >= 2]
        asked = {"outcome": outcome_words(self.outcome), "when": WINDOWS[self.time]}
        asked |= {"comparator": self.words.comparators[self.comparator]}
        clear, single = pooled[pooled["ci_low"] > 0], ranking[ranking["k"] == 1]
        worse, open_ = pooled[pooled["ci_high"] < 0], pooled[(pooled["ci_low"] <= 0) & (pooled["ci_high"] >= 0)]
        agree = open_.apply(_agree, axis=1).astype(bool) if len(open_) else open_["k"] > 0
        none = ranking[ranking["k"] == 0]
        parts = []
        if len(clear):
            better = _("For {outcome} {when}, trials show acupuncture doing better than {comparator} in {conditions}.")
            parts.append(better.format(conditions=_listed(clear), **asked))
        else:
            parts.append(
                _(
                    "For {outcome} {when}, no condition with two or more trials shows acupuncture doing better than "
                    "{comparator}.",
                    **asked,
                )
            )
        if len(worse):
            parts.append(_("It did worse in {conditions}.", conditions=_listed(worse)))
        if agree.any():
            named = _listed(open_[agree])
            parts.append(_("All of the few trials favour acupuncture in {conditions}.", conditions=named))
        if not agree.all():
            parts.append(_("The interval includes no difference in {conditions}.", conditions=_listed(open_[~agree])))
        if len(single):
            parts.append(_("A single trial stands for {conditions}.", conditions=_listed(single)))
        if len(none):
            parts.append(_("No trial gives a number for {conditions}.", conditions=_listed(none, count=False)))
        return joined(*parts, self.order(), *self._chances(pooled))

    @property
    def _named(self) -> pd.DataFrame:
        """The conditions, called as the language spoken calls them."""
        if "condition" not in self.conditions:
            return self.conditions
        called = self.conditions["condition"].map(dict(self.words.conditions))
        return self.conditions.assign(label=called.fillna(self.conditions["label"]))

    def order(self) -> str:
        """Whether the sizes of pooled effects differ by more than chance.

        Returns
        -------
        str
            A sentence; "" with fewer than two pools.
        """
        by_size = self._named[self._named["k"] >= 2].sort_values("estimate", ascending=False, kind="stable")
        if len(by_size) < 2:
            return ""
        top, others = by_size.iloc[0], by_size.iloc[1:]
        if (others["ci_high"] >= top["ci_low"]).any():
            return _("The intervals overlap, so differences between the conditions may be chance.")
        return _("The interval of {condition} lies above all others.", condition=top["label"])

    def _chances(self, pooled: pd.DataFrame) -> Iterator[str]:
        """Two probabilities of every pool, side by side, from the model that its interval comes from."""
        known = rows_of(pooled[pooled["p_better"].notna()])
        if not known:
            return
        against = self.words.comparators[self.comparator]
        both = not math.isnan(self.least) and all(row["p_worthwhile"] == row["p_worthwhile"] for row in known)
        if not both:
            said = [_("{p} in {condition}", p=chance(row["p_better"]), condition=row["label"]) for row in known]
            yield _(
                "Taking its trials at their word, the probability that acupuncture is better than {comparator}, is "
                "{chances}.",
                comparator=against,
                chances=listed(said),
            )
            return
        said = [
            _(
                "{p} and {p_worthwhile} in {condition}",
                p=chance(row["p_better"]),
                p_worthwhile=chance(row["p_worthwhile"]),
                condition=row["label"],
            )
            for row in known
        ]
        yield _(
            "Taking its trials at their word, the probability that acupuncture is better than {comparator}, and at "
            "least {points} of 100 points better, is {chances}.",
            comparator=against,
            points=whole(self.least),
            chances=listed(said),
        )

    def _title(self) -> str:
        against = self.words.comparators[self.comparator]
        return f"{outcome_words(self.outcome)} {WINDOWS[self.time]}, against {against}"

    def _lines(self) -> list[str]:
        return [
            f"{row['label']}: {_numbers(row)}, certainty {row['certainty']}"
            if row["k"]
            else f"{row['label']}: no number"
            for row in rows_of(self._named)
        ]

    def _table(self) -> pd.DataFrame:
        return self._named[list(FIRST[1 : FIRST.index("comparator")])]

    def _rows(self) -> pd.DataFrame:
        return self.conditions


def _agree(row: Mapping[str, Any]) -> bool:
    """Two to four trials that all favour acupuncture."""
    return bool(1 < row["k"] < ENOUGH and row.get("trials_better") == row["k"])


def _listed(rows: pd.DataFrame, *, count: bool = True) -> str:
    if not count:
        return listed([str(name) for name in rows["label"]])
    named = [(row["label"], _numbers(row)) for row in rows_of(rows)]
    return listed([_("{condition} ({numbers})", condition=name, numbers=numbers) for name, numbers in named])


def _numbers(row: dict[str, Any]) -> str:
    k, share = int(row["k"]), row["share_indirect"]
    said = {"effect": effect_words(row), "trials": trials(k)}
    if not share:
        return _("{effect}, {trials}", **said)
    if k == 1:
        return _("{effect}, {trials}, of a related condition", **said)
    if share == 1:
        return _("{effect}, {trials}, all of related conditions", **said)
    return _("{effect}, {trials}, {n} of them of related conditions", **said, n=round(share * k))


def effect_words(row: Mapping[str, Any]) -> str:
    """An effect with its interval, in points of 100 where it has them: "8 of 100 points, 3 to 13".

    Parameters
    ----------
    row : mapping
        ``measure, estimate, ci_low, ci_high`` and, where there are, ``points, points_low, points_high``.
    """
    if row.get("points", math.nan) == row.get("points"):
        middle, low, high = (whole(row[name]) for name in ("points", "points_low", "points_high"))
        return _("{n} of 100 points, {low} to {high}", n=middle, low=low, high=high)
    named = {"estimate": number(row["estimate"]), "low": number(row["ci_low"]), "high": number(row["ci_high"])}
    if row["measure"] == "SMD":
        return _("{estimate} SD, {low} to {high}", **named)
    if row["measure"] == "MD100":
        return _("{estimate} points, {low} to {high}", **named)
    return _("{estimate}, {low} to {high}", **named)
