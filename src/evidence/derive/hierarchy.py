"""Which result stands for a trial: one row per trial, comparator, outcome and window, chosen by a written order.

0. What was reported before what rests on an imputed SD (where imputation is asked for).
1. A score before an exact p value before a count of responders.
2. The measured outcome that ranks higher for the outcome asked about in hierarchy.csv, which says for each condition
   what may speak for what; a count of responders stands in for pain or disability when its definition does
   (definitions.csv).
3. Of counts of people: those whose definition tells who improved, before everybody who did not fail to, before the
   best grade of a graded rating alone (definitions.csv).
4. The result nearest to the moment its window stands for (`evidence.derive.windows.distance`).
5. A row without doubt before a doubtful one.
6. The instrument of the smaller ``rank`` in instruments.csv.
7. The route that keeps more of what was reported (``preference`` of `evidence.derive.routes.candidate.Candidate`).
8. The smaller ``result_id``: where a row stands in its file decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from ..base.once import once
from ..base.rows import rows_of
from ..base.tables import TrialTables
from .align import COUNTED, Reported
from .routes.candidate import Candidate
from .windows import distance


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
    """Which measured outcome speaks for which, by condition.

    Parameters
    ----------
    db : TrialTables
        Its ``hierarchy`` and ``definitions``. Rows of a condition replace those of "any" for the same outcome; what has
        no row speaks for itself only.
    """

    def __init__(self, db: TrialTables) -> None:
        self._places: dict[tuple[str, str], dict[str, Place]] = defaultdict(dict)
        for row in rows_of(db.hierarchy):
            place = Place(row["rank"], row["stands_in"] == "yes", row["beside"])
            self._places[row["condition"], row["outcome"]][row["measured"]] = place
        self._outcomes = list(dict.fromkeys(outcome for _, outcome in self._places))
        self._stands_for = dict(zip(db.definitions["definition"], db.definitions["stands_for"], strict=True))
        self._condition = dict(zip(db.studies["study_id"], db.studies["condition"], strict=True))
        self._measured = set(zip(db.results["study_id"], db.results["outcome"], strict=True))  # readable or not
        self._speaks_for: dict[tuple[str, str], list[tuple[str, str]]] = {}

    @classmethod
    def of(cls, db: TrialTables) -> Hierarchy:
        """That of a base: the same one whenever it is asked for, as long as the base lives."""
        return _hierarchy(db)

    def place(self, condition: str, outcome: str, measured: str) -> Place | None:
        """Where ``measured`` comes for ``outcome`` in trials of ``condition``; None where it does not speak for it."""
        key = (condition, outcome) if (condition, outcome) in self._places else ("any", outcome)
        places = self._places.get(key, {})
        return places.get(measured, _ITSELF if measured == outcome else None)

    def stands_in(self, condition: str, outcome: str, measured: str) -> bool:
        """Does ``measured`` only stand in for ``outcome``? What the table does not know of does."""
        place = self.place(condition, outcome, measured)
        return place is None or place.stands_in

    def pools(self, study: str, row: Reported, measure: str, kind: str = "") -> list[str]:
        """Outcomes a result may speak for, its own first.

        Parameters
        ----------
        study : str
            Key of its trial.
        row : Reported
            The result.
        measure : str
            The measure the pool is in: only an SMD can take a count of responders for a score.
        kind : str
            What the result is taken for, by default its own kind.
        """
        found = [row.outcome]
        for outcome, beside in self._others(self._condition[study], row.outcome):
            if beside and (study, beside) not in self._measured:
                continue
            if row.outcome not in COUNTED or self._counts_for(outcome, row, kind or row.kind, measure):
                found.append(outcome)
        return found

    def _others(self, condition: str, measured: str) -> list[tuple[str, str]]:
        """Outcomes that ``measured`` speaks for besides itself in trials of ``condition``, each with its ``beside``."""
        asked = condition, measured
        if asked not in self._speaks_for:
            places = {outcome: self.place(condition, outcome, measured) for outcome in self._outcomes}
            self._speaks_for[asked] = [
                (outcome, place.beside) for outcome, place in places.items() if place and outcome != measured
            ]
        return self._speaks_for[asked]

    def preference(self, study: str, outcome: str, candidate: Candidate, treatment_weeks: float) -> tuple[float, ...]:
        """Sort key of a candidate for one trial, comparator, outcome and window, up to step 7; the smallest is chosen.

        Parameters
        ----------
        study : str
            Key of the trial.
        outcome : str
            What is asked about.
        candidate : Candidate
            It speaks for ``outcome`` (see `pools`).
        treatment_weeks : float
            Weeks that the treatment lasts, NaN when not printed.
        """
        row = candidate.rows[0]
        family = 0 if candidate.preference < 20 else 1 if candidate.preference < 30 else 2
        place = self.place(self._condition[study], outcome, row.outcome)
        doubtful = candidate.doubtful or any(row.doubtful for row in candidate.rows)
        return (
            candidate.imputed,
            family,
            place.rank if place else float("inf"),
            self._breadth(row),
            distance(row.at.window, row.at.week, row.when, treatment_weeks),
            doubtful,
            row.rank,
            candidate.preference,
        )

    def _breadth(self, row: Reported) -> int:
        """0: a whole response; 1: those who did not fail to improve; 2: one grade."""
        if row.outcome not in COUNTED or self._stands_for.get(row.definition) != "nothing":
            return 0
        return 1 if row.benefit < 0 else 2

    def _counts_for(self, outcome: str, row: Reported, kind: str, measure: str) -> bool:
        """May a count of people speak for another count, or (in SD) for the score that its definition speaks of?"""
        meaning = self._stands_for.get(row.definition)
        if kind not in ("events", "ratio"):
            return False
        return meaning != "nothing" if outcome in COUNTED else measure == "SMD" and meaning == outcome


@once
def _hierarchy(db: TrialTables) -> Hierarchy:
    return Hierarchy(db)
