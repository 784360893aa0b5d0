"""Which way results went, where trials give words or thresholds instead of numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..derive.align import Reported
from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase
from ..models.directions.combine_pvalues import CombinedPValue, combine_pvalues
from ..models.directions.vote_count import VoteCount, vote_count


@dataclass(frozen=True)
class Votes:
    """Directions of several trials: which way, how many, and their p values together.

    Attributes
    ----------
    frame : DataFrame
        One row a trial: ``study, condition, comparator, outcome, measured, directness, confidence, direction, p_value,
        p_relation``; direction 1 is the claimed way.
    count : VoteCount or None
        None where no trial points either way.
    combined : CombinedPValue or None
        None where no trial prints a p value.
    """

    frame: pd.DataFrame
    count: VoteCount | None
    combined: CombinedPValue | None

    def sentence(self) -> str:
        """How many pointed which way."""
        k = len(self.frame)
        ways = self.frame["direction"]
        known = "One trial tells" if k == 1 else f"The {k} trials there are tell"
        return (
            f"{known} which way the results went, not by how much: {(ways > 0).sum()} in the claimed direction, "
            f"{(ways < 0).sum()} in the other, {(ways == 0).sum()} neither"
        )


#: What a vote takes from an effects frame.
_FROM_NUMBERS = ["study", "condition", "comparator", "outcome", "measured", "directness", "confidence", "yi"]


class Directions:
    """Directions of every admissible comparison of a base.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    """

    def __init__(self, db: EvidenceBase) -> None:
        pairs = admissible(db)
        comparators = {(p["study_id"], p["arm"], p["versus"]): p["comparator"] for p in rows_of(pairs)}
        about = {trial["study_id"]: trial for trial in rows_of(db.studies)}
        printed = {row["result_id"]: row for row in rows_of(db.results[["result_id", "p_value", "p_relation"]])}
        self._against: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for study, results in db.reported.items():
            for row in results:
                turn, comparator = _side(comparators, study, row)
                if not comparator or row.favours is None or row.benefit == 0:
                    continue
                self._against[comparator].append(
                    {
                        "study": study,
                        "condition": about[study]["condition"],
                        "comparator": comparator,
                        "outcome": row.outcome,
                        "measured": row.outcome,
                        "time": row.at.window,
                        "directness": about[study]["directness"],
                        "confidence": "low" if row.doubtful else "high",
                        "direction": turn * row.favours,
                        "p_value": printed[row.id]["p_value"],
                        "p_relation": printed[row.id]["p_relation"],
                    }
                )

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
        One vote a trial. Rows of a trial that disagree make it 0; its p value is the largest of the rows that point
        its way.
        """
        rows = [
            row
            for row in self._against.get(comparator, ())
            if row["condition"] in conditions and row["outcome"] in outcomes and row["time"] in times
        ]
        for row in rows_of(numbers[_FROM_NUMBERS]) if len(numbers) else ():
            direction = float((row["yi"] > 0) - (row["yi"] < 0))
            rows.append({**row, "direction": direction, "p_value": math.nan, "p_relation": ""})
        if not rows:
            return None
        by_trial: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            by_trial[row["study"]].append(row)
        votes = pd.DataFrame([_vote(by_trial[study], turn) for study in sorted(by_trial)])
        pointing = (votes["direction"] != 0).any()
        known = votes[votes["p_value"].notna() & (votes["p_relation"] != "")]
        combined = None
        if len(known):
            combined = combine_pvalues(
                known["p_value"].to_numpy(), known["direction"].to_numpy(), known["p_relation"].tolist()
            )
        return Votes(votes, vote_count(votes["direction"].to_numpy()) if pointing else None, combined)


def _side(comparators: Mapping[tuple[str, str, str], str], study: str, row: Reported) -> tuple[int, str]:
    """1 where the row is about the acupuncture arm, -1 where about the other, and the comparator ("" for none)."""
    if (study, row.arm, row.versus) in comparators:
        return 1, comparators[study, row.arm, row.versus]
    return -1, comparators.get((study, row.versus, row.arm), "")


def _vote(rows: list[dict[str, Any]], turn: int) -> dict[str, Any]:
    """One trial's vote."""
    ways, first = {row["direction"] for row in rows}, rows[0]
    way = ways.pop() if len(ways) == 1 else 0.0
    printed = [row for row in rows if row["direction"] == way and not math.isnan(row["p_value"])]
    last = max(printed, key=lambda row: row["p_value"]) if way and printed else {"p_value": math.nan, "p_relation": ""}
    return {
        **{name: first[name] for name in ("study", "condition", "comparator", "outcome", "measured", "directness")},
        "confidence": "low" if any(row["confidence"] == "low" for row in rows) else "high",
        "direction": turn * way,
        "p_value": last["p_value"],
        "p_relation": last["p_relation"],
    }
