"""Who knew the treatment: a property of a comparison, not of a trial.

A trial that hid the needling behind a sham did not hide it from people on a waiting list. So what a source says counts
for the comparison it speaks of (blinding.csv):

1. A row about the comparison before one about ``any`` of the trial's comparisons, a row of high confidence before an
   inferred one, "no" before "yes".
2. Where blinding.csv says nothing, studies.csv: "no" speaks of every comparison, "yes" of the sham comparison only.
   A trial whose one comparison is with a drug and that blinded its patients did so with a dummy of each.
3. Otherwise people knew what they got, unless the comparator was a sham or acupuncture too: then it is not known.
"""

from __future__ import annotations

from typing import Any

from ..base.once import once
from ..base.rows import rows_of
from ..base.tables import TrialTables

#: Comparators that can look like the treatment without more being said.
_ALIKE = ("sham", "acupuncture")


class Blinding:
    """Who knew what in each comparison of a base: "yes" (blinded), "no" or "" (not known).

    Parameters
    ----------
    db : TrialTables
        The trials.
    """

    def __init__(self, db: TrialTables) -> None:
        told = ["study_id", "participants_blinded", "assessors_blinded"]
        self._trials = {row["study_id"]: row for row in rows_of(db.studies[told])}
        self._said: dict[str, list[dict[str, Any]]] = {}
        for row in rows_of(db.blinding):
            self._said.setdefault(row["study_id"], []).append(row)
        compared = db.comparisons["study_id"]
        self._double_dummy = set(compared) - set(compared[db.comparisons["comparator"] != "drug"])

    def participants(self, study: str, comparator: str) -> str:
        """Did people not know which of the two they got?"""
        hidden = "sham" if study in self._double_dummy else comparator
        told = self._told(study, hidden, "participants_blinded")
        if not told and (hidden == "sham" or self._trials[study]["participants_blinded"] == "no"):
            told = self._trials[study]["participants_blinded"]
        return told or ("" if comparator in _ALIKE else "no")

    def assessors(self, study: str, comparator: str) -> str:
        """Did those who measured not know?"""
        told: str = self._told(study, comparator, "assessors_blinded") or self._trials[study]["assessors_blinded"]
        return told

    def _told(self, study: str, comparator: str, who: str) -> str:
        rows = [row for row in self._said.get(study, ()) if row[who] and row["comparator"] in (comparator, "any")]
        rows.sort(key=lambda row: (row["comparator"] == "any", row["confidence"] == "low", row[who] == "yes"))
        return rows[0][who] if rows else ""


@once
def blinding(db: TrialTables) -> Blinding:
    """Who knew what in each comparison of a base.

    Parameters
    ----------
    db : TrialTables
        The trials.
    """
    return Blinding(db)
