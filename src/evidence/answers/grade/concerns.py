"""What is known against a trial's result: who knew the treatment, how it was randomised, what reviews judged."""

from __future__ import annotations

from ...base.rows import rows_of
from ...derive.blinding import blinding
from ...derive.evidence_base import EvidenceBase

_UNBLINDED = "participants knew their treatment"


class Concerns:
    """Blinding and risk of bias of every trial of a base.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    """

    def __init__(self, db: EvidenceBase) -> None:
        self._trials = {row["study_id"]: row for row in rows_of(db.studies)}
        self._judged_high: dict[str, list[str]] = {study: [] for study in db.risk_of_bias["study_id"]}
        for row in rows_of(db.risk_of_bias):
            if row["judgement"] == "High":
                self._judged_high[row["study_id"]].append(row["domain"])
        self._blinding = blinding(db)
        self._laboratory = set(db.outcomes.loc[db.outcomes["kind"] == "marker", "outcome"])

    def judged(self, study: str) -> bool:
        """Did a published review judge the trial's risk of bias?"""
        return study in self._judged_high

    def known(self, study: str, comparator: str, outcome: str) -> list[str]:
        """Known concerns about a trial's result; a laboratory value does not depend on what patients know."""
        trial, known = self._trials[study], []
        if outcome not in self._laboratory and self._blinding.participants(study, comparator) == "no":
            known.append(_UNBLINDED)
        if self._blinding.assessors(study, comparator) == "no":
            known.append("assessors knew the treatment")
        if trial["randomised"] == "quasi":
            known.append("quasi-randomised")
        if trial["source_kind"] == "news":
            known.append("known from news only")
        for domain in self._judged_high.get(study, ()):
            if _UNBLINDED not in known or not domain.startswith("blinding of patients"):
                known.append(f"judged high: {domain}")
        return known

    def unclear(self, study: str, comparator: str, outcome: str, confidence: str) -> str:
        """What is not known of a trial's result, "" for nothing."""
        told = self._blinding.participants(study, comparator)
        if outcome in self._laboratory:
            if told != "yes" and not self._blinding.assessors(study, comparator):
                return "who was blinded is not stated"
        elif not told:
            return (
                "whether the sham kept people blind is not stated"
                if comparator == "sham"
                else "who was blinded is not stated"
            )
        return "numbers derived with doubt" if confidence == "low" else ""
