"""The certainty that reviews gave to a question beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ...languages import _, decimal
from ...models.result import Result
from ..context import Context
from ..grade.table import certainty_table
from ..wording.vocabulary import Vocabulary
from ..wording.words import GRADES
from .matching import outcome_of, window_of

_SAME, _ANY = "same comparator", "any comparator"
_COLUMNS = (
    "review",
    "condition",
    "comparator",
    "outcome",
    "time",
    "match",
    "theirs",
    "their_k",
    "ours",
    "k",
    "n",
    "difference",
    "doubts",
    "source_url",
)


@dataclass(frozen=True, repr=False, eq=False)
class AgainstGrades(Result):
    """Published grades beside ours.

    Attributes
    ----------
    grades : DataFrame
        One row a published grade of a question of ours: ``review, condition, comparator, outcome, time`` (ours),
        ``match`` ("same comparator", or "any comparator": a review of several comparators beside our largest pool),
        ``theirs`` (as printed), ``their_k``, ``ours, k, n``, ``difference`` (levels, ours less theirs; from the nearest
        end of a range like "low or very low"), ``doubts`` (what lowers ours), ``source_url``.
    left_out : DataFrame
        ``review, condition, comparator, outcome, window, certainty`` as published, and ``why`` no grade of ours stands
        beside it.

    See Also
    --------
    against_grades : sets them side by side.
    certainty_table : our grades.

    Examples
    --------
    >>> import evidence as ev
    >>> beside = ev.against_grades(ev.load())
    >>> beside.shares()["match"].tolist()
    ['all', 'same comparator', 'any comparator']
    """

    grades: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def mean_difference(self) -> float:
        """Mean of ours less theirs, in levels."""
        return float(self.grades["difference"].mean())

    @property
    def share_equal(self) -> float:
        """Share of grades that are the same."""
        return float((self.grades["difference"] == 0).mean())

    @property
    def share_within_one(self) -> float:
        """Share of grades that are the same or a level apart."""
        return float((self.grades["difference"].abs() <= 1).mean())

    def shares(self) -> pd.DataFrame:
        """Agreement by how the question matches.

        Returns
        -------
        DataFrame
            ``match, grades, mean_difference, equal, within_one``; all together first.
        """
        rows = []
        for match in ("all", _SAME, _ANY):
            chosen = self.grades["difference"][(self.grades["match"] == match) | (match == "all")]
            if len(chosen):
                near = chosen.abs()
                shares = {"equal": (near == 0).mean(), "within_one": (near <= 1).mean()}
                rows.append({"match": match, "grades": len(chosen), "mean_difference": chosen.mean()} | shares)
        return pd.DataFrame(rows, columns=["match", "grades", "mean_difference", "equal", "within_one"])

    def _rows(self) -> pd.DataFrame:
        return self.grades.reset_index(drop=True)

    def _title(self) -> str:
        return f"{len(self.grades)} published grades beside ours"

    def _lines(self) -> list[str]:
        return [self.sentence()]

    def _table(self) -> pd.DataFrame:
        return self.shares()

    def sentence(self) -> str:
        """How far our grades are from those of reviews.

        Returns
        -------
        str
            Mean difference in levels, and how many are equal or a level apart.
        """
        if self.grades.empty:
            return _("No published grade is about a question that the trials answer.")
        moved = self.mean_difference
        named = {
            "k": len(self.grades),
            "levels": decimal(abs(moved), 1),
            "equal": decimal(100 * self.share_equal),
            "near": decimal(100 * self.share_within_one),
        }
        if moved < 0:
            return _(
                "Beside {k} published grades of the same questions ours are {levels} levels lower on average: {equal}% "
                "are equal, {near}% within one level.",
                **named,
            )
        return _(
            "Beside {k} published grades of the same questions ours are {levels} levels higher on average: {equal}% "
            "are equal, {near}% within one level.",
            **named,
        )


def against_grades(db: EvidenceBase) -> AgainstGrades:
    """Set our certainty beside every grade of ``published_grades.csv`` that is about a question of ours.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    AgainstGrades
        Grades side by side, and those that have no counterpart.

    See Also
    --------
    against_reviews : the pooled results of reviews beside ours.
    certainty_table : our grades, with the reason of each level.

    Notes
    -----
    A grade is that of the pool of the same condition, comparator, outcome and window. A review of several comparators
    at once has no counterpart, since comparators are never mixed here: the pool of most people stands beside it, marked
    in ``match``. The table names no joint for reviews of arthritis: the pool of most people among the condition's own
    and its neighbours' is taken. A review that names no time is read as the end of treatment.

    Examples
    --------
    >>> import evidence as ev
    >>> beside = ev.against_grades(ev.load())
    >>> bool(beside.grades["difference"].between(-3, 3).all())
    True
    """
    ours, words = certainty_table(db), Context.of(db).words
    found, left = [], []
    for row in rows_of(db.published_grades):
        pool, why = _counterpart(row, ours, words)
        if pool is None:
            names = ("review", "condition", "comparator", "outcome", "window", "certainty")
            left.append({name: row[name] for name in names} | {"why": why})
        else:
            found.append(_beside(row, pool))
    return AgainstGrades(pd.DataFrame(found, columns=list(_COLUMNS)), pd.DataFrame(left))


def levels(certainty: str) -> list[int]:
    """Levels that a printed grade spans, from 0 for very low: [0, 1] for "low or very low"; none if it is no grade.

    >>> levels("low to moderate"), levels("5% moderate, 35% low")
    ([1, 2], [])
    """
    words = certainty.lower().replace(" to ", " or ").split(" or ")
    return sorted(GRADES.index(word) for word in words) if set(words) <= set(GRADES) else []


def difference(ours: str, theirs: str) -> int:
    """Levels from the nearest end of their grade to ours; 0 where ours lies within it.

    >>> difference("very low", "low to moderate"), difference("low", "low or very low")
    (-1, 0)
    """
    mine, span = GRADES.index(ours), levels(theirs)
    return min(mine - span[0], 0) + max(mine - span[-1], 0)


def _counterpart(row: dict[str, Any], ours: pd.DataFrame, words: Vocabulary) -> tuple[dict[str, Any] | None, str]:
    """(our pool, why there is none)."""
    outcome, time = outcome_of(row["outcome"]), window_of(row["window"])
    any_of_them = row["comparator"].startswith("any")
    if not levels(row["certainty"]):
        return None, _("no single grade")
    if row["condition"] not in words.headline:
        return None, _("a population that is none of the conditions here")
    if not any_of_them and row["comparator"] not in words.comparators:
        return None, _("a comparator that is not one of ours")
    if not outcome:
        return None, _("an outcome that is not pooled here")
    if not time:
        return None, _("a time that fits none of our windows")
    populations = (row["condition"], *words.neighbours_of(row["condition"]))
    rows = ours[ours["condition"].isin(populations) & (ours["outcome"] == outcome) & (ours["time"] == time)]
    rows = rows[(rows["comparator"] != "acupuncture") if any_of_them else (rows["comparator"] == row["comparator"])]
    if rows.empty:
        return None, _("no trial in the data gives a number for it")
    largest = rows.sort_values(["n", "comparator"], ascending=[False, True]).head(1)
    return rows_of(largest)[0] | {"match": _ANY if any_of_them else _SAME}, ""


def _beside(row: dict[str, Any], pool: dict[str, Any]) -> dict[str, Any]:
    return {
        name: pool[name] for name in ("condition", "comparator", "outcome", "time", "match", "k", "n", "doubts")
    } | {
        "review": row["review"],
        "theirs": row["certainty"],
        "their_k": row["k"],
        "ours": pool["grade"],
        "difference": difference(pool["grade"], row["certainty"]),
        "source_url": row["source_url"],
    }
