"""Which result stands for a trial: one row per trial, comparator, outcome and window, chosen by a written order.

0. What was reported before what rests on an imputed SD (where imputation is asked for).
1. A score before an exact p value before a count of responders.
2. The outcome itself before one that stands in for it (`SPEAKS_FOR`); a count of responders stands in for pain or
   disability when its definition does (definitions.csv).
3. The result nearest to the moment its window stands for (`evidence.derive.windows.distance`).
4. A row without doubt before a doubtful one.
5. The instrument that stands higher in instruments.csv.
6. The route that keeps more of what was reported (``preference`` of `evidence.derive.routes.candidate.Candidate`).
7. The row that stands first in results.csv.
"""

from __future__ import annotations

from collections.abc import Mapping

from .align import Reported
from .routes.candidate import Candidate
from .windows import distance

#: Outcome of a pool to the measured outcomes that may stand for it, in order of preference.
SPEAKS_FOR: Mapping[str, tuple[str, ...]] = {
    "pain": ("pain", "leg_pain", "responder", "global_rating"),
    "disability": ("disability", "responder", "global_rating"),
    "responder": ("responder", "global_rating"),
}
_COUNTED = ("responder", "global_rating")


def pools(row: Reported, measure: str, stands_for: Mapping[str, str]) -> list[str]:
    """Outcomes a result may stand for.

    Parameters
    ----------
    row : Reported
        The result.
    measure : str
        The measure the pool is in: only an SMD can take a count of responders for a score.
    stands_for : mapping
        Definition of response to "pain", "disability" or "nothing".
    """
    found = [row.outcome]
    if row.outcome == "leg_pain":
        found.append("pain")
    if row.outcome in _COUNTED and row.kind in ("events", "ratio"):
        meaning = stands_for.get(row.definition)
        if row.outcome == "global_rating" and meaning != "nothing":
            found.append("responder")
        if measure == "SMD" and meaning in ("pain", "disability"):
            found.append(meaning)
    return found


def preference(outcome: str, candidate: Candidate, order: int, treatment_weeks: float) -> tuple[float, ...]:
    """Sort key of a candidate for one trial, comparator, outcome and window; the smallest is chosen."""
    row = candidate.rows[0]
    family = 0 if candidate.preference < 20 else 1 if candidate.preference < 30 else 2
    speaker = SPEAKS_FOR.get(outcome, (outcome,)).index(row.outcome)
    doubtful = candidate.doubtful or any(row.doubtful for row in candidate.rows)
    return (
        candidate.imputed,
        family,
        speaker,
        distance(row.at.window, row.at.week, row.when, treatment_weeks),
        doubtful,
        row.rank,
        candidate.preference,
        order,
    )
