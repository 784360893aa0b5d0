"""The trials behind a claim: against each comparator, one result."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ...derive.evidence_base import EvidenceBase
from ..grade.certainty import Appraisal, Certainty
from ..wording.narrative import Kind, kind_of
from ..wording.words import CONDITIONS
from .directions import Directions, Votes
from .question import WINDOW_ORDER, Group, Question
from .verdict import OTHERS, Shown, Verdict, judge

COMPARATORS = ("sham", *OTHERS)


@dataclass(frozen=True)
class Evidence:
    """What trials against one comparator say to a question.

    Attributes
    ----------
    comparator, time : str
        ``time`` is "any" where trials enter by different windows.
    certainty : Certainty
        With the pooled result, its rows, and the trials without a number.
    votes : Votes or None
        Directions, where fewer than two trials give numbers.
    worthwhile : float
        What an interval must stay below to rule out a worthwhile effect, NaN where nothing is written down.
    sd : float
        Points of 100 in a standard deviation, NaN where not known.
    """

    comparator: str
    time: str
    certainty: Certainty
    votes: Votes | None
    worthwhile: float
    sd: float

    @property
    def shown(self) -> Shown:
        """The part that verdicts are made of."""
        found = self.certainty.found
        if self.votes is not None:
            return Shown(self.comparator, found.k, self._way(self.votes), self.certainty.grade, sized=False)
        side = kind_of(found.estimate, found.ci_low, found.ci_high, self.worthwhile)
        small = found.ci_high < self.worthwhile
        return Shown(self.comparator, found.k, side, self.certainty.grade, small=small)

    @staticmethod
    def _way(votes: Votes) -> Kind:
        """Better or worse where the interval of the proportion in the claimed direction excludes a half."""
        if votes.count is None:
            return "open"
        return "better" if votes.count.ci_low > 0.5 else "worse" if votes.count.ci_high < 0.5 else "open"

    def row(self) -> dict[str, Any]:
        """Numbers, trials and certainty, as columns of `claims`."""
        found, frame = self.certainty.found, self.certainty.found.frame
        return {
            **found.numbers,
            "method": found.model,
            "worthwhile_low": self.worthwhile,
            "points": found.estimate * self.sd,
            "points_low": found.ci_low * self.sd,
            "points_high": found.ci_high * self.sd,
            "comparator": self.comparator,
            "time": self.time,
            "trials": "|".join(dict.fromkeys(frame["study"])),
            "certainty": self.certainty.grade,
            "doubts": self.certainty.doubts,
            "trials_missing": len(self.certainty.missing),
            "people_missing": self.certainty.people_missing,
            "missing": "|".join(trial["study_id"] for trial in self.certainty.missing),
        }


@dataclass(frozen=True)
class Answer:
    """The evidence of one group of a claim, and the verdict on it.

    Attributes
    ----------
    group : Group
    evidence : tuple of Evidence
        One for each comparator with trials.
    measured : int
        Trials with any result about it.
    stands_in : str
        Why it only stands in for what is claimed, "" where it does not.
    given : Verdict or None
        A verdict that does not come from the evidence.
    """

    group: Group
    evidence: tuple[Evidence, ...]
    measured: int
    stands_in: str = ""
    given: Verdict | None = None

    @cached_property
    def verdict(self) -> Verdict:
        """By the rules, unless it was given."""
        return self.given or judge([part.shown for part in self.evidence], self.measured, self.stands_in)

    @property
    def best(self) -> Evidence | None:
        """What the verdict rests on."""
        return None if self.verdict.rests_on is None else self.evidence[self.verdict.rests_on]

    @property
    def where(self) -> str:
        """The group in running text, "" for any population."""
        return CONDITIONS.get(self.group.name, "")


class Gathering:
    """Looks up, for each question, what the trials of a base say.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.
    """

    def __init__(self, db: EvidenceBase) -> None:
        self.effects = db.effects("SMD")
        self.appraisal = Appraisal(db)
        self._directions = Directions(db)
        self._condition = dict(zip(db.studies["study_id"], db.studies["condition"], strict=True))
        self._measures = list(zip(db.results["study_id"], db.results["outcome"], strict=True))

    def answer(self, question: Question, group: Group, rows: pd.DataFrame | None = None) -> Answer:
        """Evidence against each comparator, and the verdict.

        Parameters
        ----------
        question : Question
        group : Group
            One of the question's, or a group of its own making.
        rows : DataFrame, optional
            Effects to choose among; all by default.
        """
        effects = self.effects if rows is None else rows
        chosen = once(effects, group.conditions, question.outcomes)
        found = [self._against(comparator, question, group, chosen) for comparator in COMPARATORS]
        measured = self.measured(question.outcomes, group.conditions)
        return Answer(group, tuple(part for part in found if part), measured, question.stands_in)

    def measured(self, outcomes: Collection[str], conditions: Collection[str]) -> int:
        """Trials with any result row of these outcomes in these conditions."""
        return len({s for s, o in self._measures if o in outcomes and self._condition[s] in conditions})

    def _against(self, comparator: str, question: Question, group: Group, effects: pd.DataFrame) -> Evidence | None:
        rows, time = one_window(effects[effects["comparator"] == comparator], group.times)
        if group.direct_first:
            direct, at = one_window(
                effects[(effects["comparator"] == comparator) & (effects["directness"] == "direct")], group.times
            )
            if not direct.empty:  # a claim about backs is asked of backs; others stand in only where there are none
                rows, time = direct, at
        votes = None
        if question.row["kind"] == "mechanism" and rows["study"].nunique() < 2:
            votes = self._directions.of(group.conditions, comparator, question.outcomes, group.times, rows)
        if votes is not None and (len(votes.frame) > 1 or rows.empty):
            return Evidence(comparator, "any", self.appraisal.of_directions(votes.frame), votes, math.nan, math.nan)
        if rows.empty:
            return None
        graded = self.appraisal.certainty(
            rows, outcomes=question.outcomes, conditions=group.conditions, stands_in=question.stands_in
        )
        return Evidence(comparator, time, graded, None, self._worthwhile(question.outcomes, rows), self._sd(rows))

    def _worthwhile(self, outcomes: Sequence[str], rows: pd.DataFrame) -> float:
        there = [outcome for outcome in outcomes if outcome in set(rows["outcome"])]
        return self.appraisal.worthwhile.at_least(there, "SMD")

    def _sd(self, rows: pd.DataFrame) -> float:
        """Points in a standard deviation, where all rows are one outcome."""
        kinds = rows["outcome"].unique()
        return self.appraisal.worthwhile.sd.get(str(kinds[0]), math.nan) if len(kinds) == 1 else math.nan


def once(effects: pd.DataFrame, conditions: Collection[str], outcomes: Collection[str]) -> pd.DataFrame:
    """Effects of some conditions and outcomes, each result once: not again where it stands in for another outcome."""
    rows = effects[effects["condition"].isin(conditions) & effects["outcome"].isin(outcomes)]
    if len(outcomes) == 1:
        return rows
    own = rows["measured"] == rows["outcome"]
    order = own.astype(int).sort_values(ascending=False, kind="stable").index
    return rows.loc[order].drop_duplicates(["study", "comparator", "time", "result_ids"]).sort_index()


def one_window(effects: pd.DataFrame, times: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """Rows of the first window with two trials; else every trial by its first window.

    Parameters
    ----------
    effects : DataFrame
        Effects against one comparator.
    times : sequence of str
        Windows that are allowed.

    Returns
    -------
    rows, time
        ``time`` is the window, or "any" where trials enter by different ones.
    """
    allowed = [time for time in WINDOW_ORDER if time in times]
    for time in allowed:
        rows = effects[effects["time"] == time]
        if rows["study"].nunique() >= 2:
            return rows, time
    place = effects["time"].map({time: at for at, time in enumerate(allowed)})
    rows = effects[place.notna()].loc[place.dropna().sort_values(kind="stable").index]
    rows = rows.drop_duplicates(["study", "outcome"])
    kinds = rows["time"].unique()
    return rows, str(kinds[0]) if len(kinds) == 1 else "any"
