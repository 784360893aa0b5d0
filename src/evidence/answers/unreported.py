"""Trials that should have a number and have none."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..base.rows import rows_of
from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase

#: Key, condition and people randomised.
Trial = tuple[str, str, float]


class Unreported:
    """What randomised trials with an admissible comparison do not tell.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    """

    def __init__(self, db: EvidenceBase) -> None:
        pairs = admissible(db)
        about = {row["study_id"]: row for row in rows_of(db.studies)}
        self._against: dict[str, list[Trial]] = {}
        for comparator, study in dict.fromkeys(zip(pairs["comparator"], pairs["study_id"], strict=True)):
            trial = about[study]
            self._against.setdefault(comparator, []).append((study, trial["condition"], trial["n_randomised"]))
        self._reported = set(zip(db.results["study_id"], db.results["outcome"], strict=True))
        effects = db.effects("SMD")
        self._numbers = set(zip(effects["study"], effects["outcome"], strict=True))
        self._compared = set(zip(effects["study"], effects["comparator"], strict=True))

    def of(
        self,
        conditions: Collection[str],
        comparator: str,
        outcomes: Collection[str],
        clinical: bool,
        given: Collection[str] = (),
    ) -> list[dict[str, Any]]:
        """Trials whose result for a question is missing.

        Parameters
        ----------
        conditions, outcomes : collection of str
            The question, as named in the data.
        comparator : str
            What acupuncture is compared with.
        clinical : bool
            True for what nearly every trial measures (pain, disability): then a trial without any number for this
            comparison counts as missing too. A marker is missed only where a source speaks of it.
        given : collection of str
            Trials that are in the pool.

        Returns
        -------
        list of dict
            ``study_id, n_randomised, why``: "no result that can be read", or "words or a threshold only". A trial that
            gives a number for the outcome in another window, or for other outcomes only, is not counted.
        """
        found = []
        for study, condition, n in self._against.get(comparator, ()):
            if condition not in conditions or study in given:
                continue
            silent = clinical and (study, comparator) not in self._compared
            worded = any((study, outcome) in self._reported for outcome in outcomes)
            if silent or (worded and not any((study, outcome) in self._numbers for outcome in outcomes)):
                why = "words or a threshold only" if worded else "no result that can be read"
                found.append({"study_id": study, "n_randomised": n, "why": why})
        return found
