"""The trials behind a claim: against each comparator, one result; and the verdict on one population or window."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ..context import Context
from ..directions import Votes
from ..grade.certainty import Certainty, grade, grade_directions
from ..maintenance import Maintenance
from ..sides import Side, side_of
from .question import Group, Question
from .reading import Reading
from .verdict import Verdict, judge
from .which_effects import WINDOWED, in_one_window, once

#: What the side of a vote count says.
_SIDES: Mapping[int, Side] = {1: "better", -1: "worse", 0: "open"}


@dataclass(frozen=True)
class Slope:
    """What a slope between trials is about, in messages to be translated.

    Attributes
    ----------
    says : str
        What a slope above 0 means: "more sessions a week go with a larger effect".
    unit : str
        How its size is told: "{amount} for each session a week".
    """

    says: str
    unit: str


@dataclass(frozen=True)
class ComparisonResult:
    """What trials against one comparator say to a question.

    Attributes
    ----------
    comparator : str
        What acupuncture is compared with.
    time : str
        The window; "any" where trials enter by different ones.
    certainty : Certainty
        With the pooled result, its rows, and the trials without a number.
    votes : Votes or None
        Directions, where too few trials give numbers (`judge_part`): then they are the result.
    worthwhile : float
        The smallest worthwhile effect in the units of the pool, NaN where nothing is written down.
    points : mapping
        The effect in points of 100 (see `evidence.answers.points.Points.of`), empty where there is none.
    worthwhile_points : float
        The smallest worthwhile effect in points, NaN where nothing is written down.
    turn : {1, -1}
        -1 where the claim is that acupuncture does worse.
    slope : Slope or None
        Of a result that compares trials with each other.
    """

    comparator: str
    time: str
    certainty: Certainty
    votes: Votes | None = None
    worthwhile: float = math.nan
    points: Mapping[str, Any] = field(default_factory=dict)
    worthwhile_points: float = math.nan
    turn: int = 1
    slope: Slope | None = None

    @property
    def reading(self) -> Reading:
        """The part that verdicts are made of."""
        pool, sure = self.certainty.synthesis, self.certainty.grade
        if self.votes is not None:
            agree = int((self.votes.frame["direction"] > 0).sum())
            side = _SIDES[self.votes.side]
            return Reading(self.comparator, pool.k, side, sure, sized=False, agree=agree, turn=self.turn)
        low, high = self._turned(pool.ci_low, pool.ci_high)
        in_points = self._turned(self.points.get("points_low", math.nan), self.points.get("points_high", math.nan))
        shown = not math.isnan(in_points[1])
        return Reading(
            self.comparator,
            pool.k,
            side_of(self.turn * pool.estimate, low, high, self.worthwhile),
            sure,
            small=in_points[1] < self.worthwhile_points if shown else high < self.worthwhile,
            p_better=pool.p_better if self.turn > 0 else 1 - pool.p_better,
            turn=self.turn,
            slope=self.slope is not None,
        )

    def numbers(self) -> dict[str, Any]:
        """Numbers, trials and certainty, above 0 in favour of acupuncture."""
        pool, graded = self.certainty.synthesis, self.certainty
        return {
            **pool.numbers,
            "method": pool.model,
            "worthwhile": self.worthwhile,
            **self.points,
            "comparator": self.comparator,
            "time": self.time,
            "trials": "|".join(dict.fromkeys(pool.frame["study"])),
            "certainty": graded.grade,
            "doubts": graded.doubts,
            **graded.account.numbers(),
        }

    def claimed(self) -> dict[str, Any]:
        """`numbers` in the direction of the claim: above 0 supports it."""
        row = self.numbers()
        if self.turn < 0:
            row["estimate"] = -row["estimate"]
            ends = [("ci_low", "ci_high"), ("pi_low", "pi_high")]
            if self.points:
                row["points"] = -row["points"]
                ends.append(("points_low", "points_high"))
            for low, high in ends:
                row[low], row[high] = self._turned(row[low], row[high])
            row["p_better"] = 1.0 - row["p_better"]
            row["trials_better"], row["trials_worse"] = row["trials_worse"], row["trials_better"]
        return row

    def _turned(self, low: float, high: float) -> tuple[float, float]:
        return (low, high) if self.turn > 0 else (-high, -low)


@dataclass(frozen=True)
class Part:
    """One group of a claim: its results, and the verdict on it.

    Attributes
    ----------
    group : Group
        The population or window.
    results : tuple of ComparisonResult
        One for each comparator with trials.
    measured : int
        Trials with any result about it.
    verdict : Verdict
        By the rules, or given where no result can be had.
    whom : str
        Which trials alone were taken, a message to be translated: "in trials that ...".
    reason_only : bool
        Without a result, the reason of the verdict is all that can be said.
    one_by_one : Maintenance or None
        Trials of which each is told, instead of a single trial's result.
    least : float
        The smallest effect that a trial should be able to show, in standard deviations.
    settled_by : str
        What would settle it, where that is not a matter of people, a message to be translated: "a trial that
        randomises ...".
    """

    group: Group
    results: tuple[ComparisonResult, ...]
    measured: int
    verdict: Verdict
    whom: str = ""
    reason_only: bool = False
    one_by_one: Maintenance | None = None
    least: float = math.nan
    settled_by: str = ""

    @property
    def best(self) -> ComparisonResult | None:
        """What the verdict rests on."""
        return None if self.verdict.rests_on is None else self.results[self.verdict.rests_on]


def judge_part(
    context: Context, question: Question, group: Group, rows: pd.DataFrame | None = None, *, turn: int = 1
) -> Part:
    """Results against each comparator, and the verdict.

    Parameters
    ----------
    context : Context
        Of the base that is asked.
    question : Question
        What is asked.
    group : Group
        Of whom and when.
    rows : DataFrame, optional
        Effects to choose among; all by default. Where some are given, a clinical result is made of numbers only: what
        chose them (a dose, say) chose no words.
    turn : {1, -1}
        -1 where the claim is that acupuncture does worse.

    Notes
    -----
    Against a comparator where no trial gives a number, and for a marker where fewer than two do, the result is a vote
    count of all trials that say which way it went.
    """
    effects = context.effects("SMD") if rows is None else rows
    chosen = group.seen(once(effects, group.conditions, question.outcomes))
    columns = {name: chosen[name].tolist() for name in ("comparator", "directness", *WINDOWED)}
    none = chosen.iloc[:0]
    results, worded = [], rows is None or not question.is_clinical
    for comparator in question.comparators:
        at, time = _in_window(columns, comparator, group)
        own = chosen.iloc[at] if at else none
        result = _against(context, comparator, question, group, own, time, turn, worded)
        if result:
            results.append(result)
    measured = context.measured(question.outcomes, group.conditions)
    verdict = judge(
        [result.reading for result in results],
        context.words,
        measured=measured,
        stands_in=question.stands_in,
        asked=question.comparators,
    )
    least = context.worthwhile.for_precision(question.outcomes, "SMD")
    return Part(group, tuple(results), measured, verdict, least=least)


def _in_window(columns: Mapping[str, list[str]], comparator: str, group: Group) -> tuple[list[int], str]:
    """Places of the effects against a comparator that are taken, and their window."""
    own = [at for at, against in enumerate(columns["comparator"]) if against == comparator]
    direct = [at for at in own if columns["directness"][at] == "direct"] if group.direct_first else own
    at, time = in_one_window(columns, direct, group.times)
    if not at and len(direct) < len(own):  # others stand in only where there are no backs, of which a claim is asked
        return in_one_window(columns, own, group.times)
    return at, time


def _against(
    context: Context,
    comparator: str,
    question: Question,
    group: Group,
    rows: pd.DataFrame,
    time: str,
    turn: int,
    worded: bool,
) -> ComparisonResult | None:
    votes = None
    if (rows.empty and worded) or (not question.is_clinical and len(set(rows["study"])) < 2):
        votes = context.directions.of(group.conditions, comparator, question.outcomes, group.times, rows, turn)
    if votes is not None and (len(votes.frame) > 1 or rows.empty):
        votes = replace(votes, frame=group.seen(votes.frame))
        account = context.known.of(group.conditions, comparator, question.outcomes, given=set(rows["study"]))
        graded = grade_directions(context, votes.frame, account)
        return ComparisonResult(comparator, "any", graded, votes, turn=turn)
    if rows.empty:
        return None
    graded = grade(context, rows, outcomes=question.outcomes, conditions=group.conditions, stands_in=question.stands_in)
    kinds = list(dict.fromkeys(rows["outcome"]))
    least = context.worthwhile.of([outcome for outcome in question.outcomes if outcome in kinds], "SMD")
    points = context.points.of(graded.synthesis)
    in_points = context.worthwhile.points.get(kinds[0], math.nan)  # points are of one outcome
    return ComparisonResult(
        comparator, time, graded, worthwhile=least, points=points, worthwhile_points=in_points, turn=turn
    )
