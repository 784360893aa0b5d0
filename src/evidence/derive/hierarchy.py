"""Which result stands for a trial: one row per trial, comparator, outcome and window, chosen by a written order.

0. What was reported before what rests on an imputed SD (where imputation is asked for).
1. A score before an exact p value before a count of responders.
2. The measured outcome that ranks higher for the outcome asked about in hierarchy.csv, which says for each condition
   what may speak for what; a count of responders stands in for pain or disability when its definition does
   (definitions.csv).
3. The result nearest to the moment its window stands for (`evidence.derive.windows.distance`).
4. A row without doubt before a doubtful one.
5. The instrument that stands higher in instruments.csv.
6. The route that keeps more of what was reported (``preference`` of `evidence.derive.routes.candidate.Candidate`).
7. The row that stands first in results.csv.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from ..base.rows import rows_of
from .align import Reported
from .routes.candidate import Candidate
from .windows import distance

_COUNTED = ("responder", "global_rating")


class Place(NamedTuple):
    """Where a measured outcome comes among those that may speak for one that is asked about.

    Attributes
    ----------
    rank : float
        The smallest is taken first.
    stands_in : bool
        It is not what is asked about.
    beside : str
        It speaks only for trials that measured this outcome too, "" for all.
    """

    rank: float
    stands_in: bool
    beside: str


#: What is asked about speaks for itself, whether a table says so or not.
_ITSELF = Place(0.0, False, "")


class Hierarchy:
    """The rows of hierarchy.csv: which measured outcome speaks for which, by condition.

    Parameters
    ----------
    table : DataFrame
        ``condition, outcome, measured, rank, stands_in, beside``. Rows of a condition replace those of "any" for the
        same outcome; what has no row speaks for itself only.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._places: dict[tuple[str, str], dict[str, Place]] = {}
        for row in rows_of(table):
            place = Place(row["rank"], row["stands_in"] == "yes", row["beside"])
            self._places.setdefault((row["condition"], row["outcome"]), {})[row["measured"]] = place
        self._outcomes = list(dict.fromkeys(outcome for _, outcome in self._places))

    def place(self, condition: str, outcome: str, measured: str) -> Place | None:
        """Where ``measured`` comes for ``outcome`` in trials of ``condition``; None where it does not speak for it."""
        places = self._places.get((condition, outcome)) or self._places.get(("any", outcome), {})
        return places.get(measured, _ITSELF if measured == outcome else None)

    def stands_in(self, condition: str, outcome: str, measured: str) -> bool:
        """Does ``measured`` only stand in for ``outcome``? What the table does not know of does."""
        place = self.place(condition, outcome, measured)
        return place is None or place.stands_in

    def pools(
        self, row: Reported, condition: str, measure: str, stands_for: Mapping[str, str], reported: Collection[str]
    ) -> list[str]:
        """Outcomes a result may speak for, its own first.

        Parameters
        ----------
        row : Reported
            The result.
        condition : str
            What its trial treated.
        measure : str
            The measure the pool is in: only an SMD can take a count of responders for a score.
        stands_for : mapping
            Definition of response to "pain", "disability" or "nothing".
        reported : collection of str
            Outcomes that the trial measured.
        """
        found = [row.outcome]
        for outcome in self._outcomes:
            place = self.place(condition, outcome, row.outcome)
            if outcome == row.outcome or place is None or (place.beside and place.beside not in reported):
                continue
            if row.outcome not in _COUNTED or _counts_for(outcome, row, measure, stands_for):
                found.append(outcome)
        return found

    def preference(
        self, condition: str, outcome: str, candidate: Candidate, order: int, treatment_weeks: float
    ) -> tuple[float, ...]:
        """Sort key of a candidate for one trial, comparator, outcome and window; the smallest is chosen.

        Parameters
        ----------
        condition : str
            What the trial treated.
        outcome : str
            What is asked about.
        candidate : Candidate
            It speaks for ``outcome`` (see `pools`).
        order : int
            Its place among the rows of the trial.
        treatment_weeks : float
            Weeks that the treatment lasts, NaN when not printed.
        """
        row = candidate.rows[0]
        family = 0 if candidate.preference < 20 else 1 if candidate.preference < 30 else 2
        place = self.place(condition, outcome, row.outcome)
        doubtful = candidate.doubtful or any(row.doubtful for row in candidate.rows)
        return (
            candidate.imputed,
            family,
            place.rank if place else float("inf"),
            distance(row.at.window, row.at.week, row.when, treatment_weeks),
            doubtful,
            row.rank,
            candidate.preference,
            order,
        )


def _counts_for(outcome: str, row: Reported, measure: str, stands_for: Mapping[str, str]) -> bool:
    """May a count of people speak for another outcome? Another count always, a score as far as its definition goes."""
    meaning = stands_for.get(row.definition)
    if row.kind not in ("events", "ratio"):
        return False
    return meaning != "nothing" if outcome in _COUNTED else measure == "SMD" and meaning == outcome
