"""Which way results went, where trials give words or thresholds instead of numbers.

What a row says is turned so that 1 favours acupuncture, -1 the comparator and 0 is "no difference"
(`evidence.derive.align.Reported.favours`). "No difference" favours neither side, however small the trial was: it is
shown as such, and is not taken for a proof that there is none. A trend that its source calls not significant stands in
the table as "no difference", because that is what the source says.

One vote a trial, comparator and outcome:

1. A number outranks words: such a trial votes with the sign of its effect, whatever its size or p value.
2. Words about pairs of arms that enter no effect (`evidence.derive.comparisons.admissible`) are no vote.
3. Of several rows the one counts that would stand for the trial if it were a number: first by window (`WINDOW_ORDER`,
   so the end of treatment before a follow-up), then by `evidence.derive.hierarchy` (the outcome itself before one that
   stands in for it, the moment nearest the window's, a row without doubt before a doubtful one, the instrument).
4. Rows with the same place that disagree (two arms, two scales at once) make a vote for neither side.
5. Where a question allows several outcomes (the markers of a mechanism), a trial votes for a side if all of them agree.
6. Doubtful rows (``confidence`` low) count like others, and the vote is marked so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..derive.align import Reported
from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase
from ..derive.hierarchy import Hierarchy
from ..derive.routes.candidate import Candidate
from ..derive.routes.numbers import Known
from ..effects.recover.exact_counts import exact_proportion
from ..languages import _
from ..models.directions.combine_pvalues import CombinedPValue, combine_pvalues
from ..models.directions.vote_count import VoteCount, vote_count
from .claims.question import WINDOW_ORDER

NAN = math.nan


@dataclass(frozen=True)
class Votes:
    """Directions of several trials: which way, how many, and their p values together.

    Attributes
    ----------
    frame : DataFrame
        One row a trial: ``study, condition, comparator, outcome, measured, directness, confidence, direction, p_value,
        p_relation``; direction 1 is the claimed way.
    """

    frame: pd.DataFrame

    @cached_property
    def count(self) -> VoteCount | None:
        """The votes counted; None where no trial points either way."""
        ways = self.frame["direction"].to_numpy()
        return vote_count(ways) if ways.any() else None

    @cached_property
    def combined(self) -> CombinedPValue | None:
        """Their p values together; None where no trial prints one."""
        known = self.frame[self.frame["p_value"].notna() & (self.frame["p_relation"] != "")]
        if known.empty:
            return None
        return combine_pvalues(known["p_value"].to_numpy(), known["direction"].to_numpy(), known["p_relation"].tolist())

    @cached_property
    def side(self) -> int:
        """1 or -1 where more than half of the trials can be taken to go that way, else 0.

        The interval of the share (`vote_count`) has to exclude a half, and trials that went neither way count against
        the side that is asked about: words say "no difference" when a p value was large, so a share of the others alone
        would be one of results that were picked by their p value.
        """
        ways = self.frame["direction"].tolist()
        better, worse = (sum(side * way > 0 for way in ways) for side in (1, -1))
        most = max(better, worse)
        if 2 * most <= len(ways) or exact_proportion(most, len(ways)).ci_low <= 0.5:
            return 0
        return 1 if better > worse else -1

    def clause(self) -> str:
        """How many pointed which way, without a stop."""
        ways = self.frame["direction"]
        if len(ways) == 1 and ways.iloc[0] > 0:
            return _("of one trial it is known which way its result went, not by how much: in the claimed direction")
        if len(ways) == 1 and ways.iloc[0] < 0:
            return _("of one trial it is known which way its result went, not by how much: in the other direction")
        if len(ways) == 1:
            return _("of one trial it is known which way its result went, not by how much: neither")
        return _(
            "of {k} trials it is known which way their results went, not by how much: {claimed} in the claimed "
            "direction, {other} in the other, {neither} neither",
            k=len(ways),
            claimed=(ways > 0).sum(),
            other=(ways < 0).sum(),
            neither=(ways == 0).sum(),
        )


#: What a vote takes from an effects frame.
_FROM_NUMBERS = ["study", "condition", "comparator", "outcome", "measured", "time", "directness", "confidence", "yi"]
_SHOWN = ("study", "condition", "comparator", "outcome", "measured", "directness")


class Directions:
    """Directions of every admissible comparison of a base.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    """

    def __init__(self, db: EvidenceBase) -> None:
        pairs, studies, results = admissible(db), db.studies, db.results
        arms = zip(pairs["study_id"], pairs["arm"], pairs["versus"], strict=True)
        comparators = dict(zip(arms, pairs["comparator"], strict=True))
        about = dict(
            zip(studies["study_id"], zip(studies["condition"], studies["directness"], strict=True), strict=True)
        )
        p_values = zip(results["p_value"].tolist(), results["p_relation"], strict=True)
        printed = dict(zip(results["result_id"], p_values, strict=True))
        hierarchy = Hierarchy.of(db)
        weeks = _treatment_weeks(db, comparators)
        self._against: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for study, rows in db.reported.items():
            for row in rows:
                if row.favours is None:
                    continue
                turn, comparator = _side(comparators, study, row)
                if not comparator:
                    continue
                known = {
                    "study": study,
                    "condition": about[study][0],
                    "comparator": comparator,
                    "measured": row.outcome,
                    "time": row.at.window,
                    "directness": about[study][1],
                    "confidence": "low" if row.doubtful else "high",
                    "direction": float(turn * row.favours),
                    "p_value": printed[row.id][0],
                    "p_relation": printed[row.id][1],
                }
                for outcome, order in _places(hierarchy, study, row, weeks.get((study, comparator), NAN)):
                    self._against[comparator].append({**known, "outcome": outcome, "order": order})

    def of(
        self,
        conditions: Collection[str],
        comparator: str,
        outcomes: Collection[str],
        times: Collection[str],
        numbers: pd.DataFrame,
        turn: int = 1,
    ) -> Votes | None:
        """Directions for one question; None where no trial tells any.

        Parameters
        ----------
        conditions : collection of str
            Whose trials, as named in the data.
        comparator : str
            What acupuncture is compared with.
        outcomes : collection of str
            What is measured, as named in the data.
        times : collection of str
            Windows that count.
        numbers : DataFrame
            Effects of the same question: a trial with a number votes with its sign.
        turn : {1, -1}
            -1 where the question claims that acupuncture does worse.

        Notes
        -----
        The rules of a vote stand at the top of this file. The p value of a vote is the largest of the rows behind it
        that point its way.
        """
        voted = self.by_trial(conditions, comparator, outcomes, times, numbers)
        if not voted:
            return None
        return Votes(pd.DataFrame([{**vote, "direction": turn * vote["direction"]} for vote in voted.values()]))

    def by_trial(
        self,
        conditions: Collection[str],
        comparator: str,
        outcomes: Collection[str],
        times: Collection[str] = WINDOW_ORDER,
        numbers: pd.DataFrame | None = None,
    ) -> dict[str, dict[str, Any]]:
        """The vote of each trial, by its key in order: a row of `Votes.frame`. Parameters as for `of`."""
        said: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for row in self._against.get(comparator, ()):
            if row["condition"] in conditions and row["outcome"] in outcomes and row["time"] in times:
                said[row["study"]][row["outcome"]].append(row)
        counted = _numbers(numbers) if numbers is not None and len(numbers) else {}
        for (study, outcome), row in counted.items():
            said[study][outcome] = [row]
        return {study: _vote([row for rows in said[study].values() for row in _first(rows)]) for study in sorted(said)}


def _side(comparators: Mapping[tuple[str, str, str], str], study: str, row: Reported) -> tuple[int, str]:
    """1 where the row is about the acupuncture arm, -1 where about the other, and the comparator ("" for none)."""
    if (study, row.arm, row.versus) in comparators:
        return 1, comparators[study, row.arm, row.versus]
    return -1, comparators.get((study, row.versus, row.arm), "")


def _treatment_weeks(db: EvidenceBase, comparators: Mapping[tuple[str, str, str], str]) -> dict[tuple[str, str], float]:
    """Weeks of the longest treatment by acupuncture, by trial and comparator, where they are printed."""
    arms = db.arms
    printed = dict(zip(zip(arms["study_id"], arms["arm"], strict=True), arms["weeks"].tolist(), strict=True))
    longest: dict[tuple[str, str], float] = {}
    for (study, arm, _versus), comparator in comparators.items():
        weeks, key = printed[study, arm], (study, comparator)
        if not math.isnan(weeks):
            longest[key] = max(weeks, longest.get(key, weeks))
    return longest


def _places(hierarchy: Hierarchy, study: str, row: Reported, weeks: float) -> list[tuple[str, tuple[float, ...]]]:
    """Outcomes that a row in words may speak for, with its place among the rows that do."""
    as_number = Candidate(Known(float(row.favours or 0), NAN), NAN, NAN, "words", 0, (), (row,))
    window = float(WINDOW_ORDER.index(row.at.window))
    return [
        (outcome, (window, *hierarchy.preference(study, outcome, as_number, weeks)))
        # words about responders speak for what their count would
        for outcome in hierarchy.pools(study, row, "SMD", kind="events")
    ]


def _numbers(numbers: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """The sign of each trial's effect on each outcome, in the first window where there is one."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(rows_of(numbers[_FROM_NUMBERS]), key=lambda row: WINDOW_ORDER.index(row["time"])):
        way = float((row["yi"] > 0) - (row["yi"] < 0))
        vote = {**row, "direction": way, "p_value": NAN, "p_relation": "", "order": ()}
        found.setdefault((row["study"], row["outcome"]), vote)
    return found


def _first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that stand for a trial's outcome: those with the first place."""
    place = min(row["order"] for row in rows)
    return [row for row in rows if row["order"] == place]


def _vote(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One trial's vote."""
    ways, first = {row["direction"] for row in rows}, rows[0]
    way = ways.pop() if len(ways) == 1 else 0.0
    printed = [row for row in rows if row["direction"] == way and not math.isnan(row["p_value"])]
    last = max(printed, key=lambda row: row["p_value"]) if way and printed else {"p_value": NAN, "p_relation": ""}
    return {
        **{name: first[name] for name in _SHOWN},
        "confidence": "low" if any(row["confidence"] == "low" for row in rows) else "high",
        "direction": way,
        "p_value": last["p_value"],
        "p_relation": last["p_relation"],
    }
