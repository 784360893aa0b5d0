"""What is known against a trial's result: who knew the treatment, how it was randomised, what reviews judged."""

from __future__ import annotations

from ...derive.blinding import blinding
from ...derive.evidence_base import EvidenceBase
from ...languages import N_, _, pgettext

_UNBLINDED = N_("participants knew their treatment")
_NOT_STATED = N_("who was blinded is not stated")
#: Begins what a published review judged; the domain follows.
_JUDGED = "judged high: "
#: Shams that look and feel like a needle; a device that is switched off does not.
_NEEDLE_LIKE = ("penetrating", "non_penetrating")
#: Judged domains that are no bias of the result: an acupuncturist always knows, and size is a matter of precision.
_NO_BIAS = ("blinding of treatment provider", "blinding of personnel", "trial size")
#: Words in a concern to its kind: two concerns of a kind are one.
_KINDS = {
    "blind": "blinding",
    "knew": "blinding",
    "random": "randomisation",
    "allocation": "randomisation",
    "outcome data": "missing data",
    "intention to treat": "missing data",
}


class Concerns:
    """Blinding and risk of bias of every trial of a base.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    """

    def __init__(self, db: EvidenceBase) -> None:
        trials, judged = db.studies, db.risk_of_bias
        about = zip(trials["randomised"], trials["source_kind"], strict=True)
        self._trials = dict(zip(trials["study_id"], about, strict=True))
        self._judged_high: dict[str, list[str]] = {study: [] for study in judged["study_id"]}
        for study, domain, word in zip(judged["study_id"], judged["domain"], judged["judgement"], strict=True):
            if word == "High":
                self._judged_high[study].append(domain)
        self._blinding = blinding(db)
        hidden = judged["domain"].str.contains("concealed allocation|allocation concealment")
        self._concealed = set(judged.loc[hidden & (judged["judgement"] == "Low"), "study_id"])
        self._needle_like = set(db.arms.loc[db.arms["sham_kind"].isin(_NEEDLE_LIKE), "study_id"])
        self._laboratory = set(db.outcomes.loc[db.outcomes["kind"] == "marker", "outcome"])

    def judged(self, study: str) -> bool:
        """Did a published review judge the trial's risk of bias?"""
        return study in self._judged_high

    def known(self, study: str, comparator: str, outcome: str) -> list[str]:
        """Known concerns about a trial's result, one of each kind.

        A laboratory value does not depend on what patients know, and who gives acupuncture cannot be blinded.
        """
        (randomised, source_kind), known = self._trials[study], []
        told = self._blinding.participants(study, comparator)
        if outcome not in self._laboratory and told == "no":
            known.append(_UNBLINDED)
        if self._blinding.assessors(study, comparator) == "no":
            known.append(N_("assessors knew the treatment"))
        if randomised == "quasi":
            known.append(N_("quasi-randomised"))
        if source_kind == "news":
            known.append(N_("known from news only"))
        for domain in self._judged_high.get(study, ()):
            of_both = domain.startswith("blinding of patients and personnel") and told == "yes"
            if not of_both and not domain.startswith(_NO_BIAS):
                known.append(f"{_JUDGED}{domain}")
        return list({_kind(concern): concern for concern in reversed(known)}.values())[::-1]

    def unclear(self, study: str, comparator: str, outcome: str, confidence: str) -> str:
        """What is not known of a trial's result, "" for nothing."""
        told = self._blinding.participants(study, comparator)
        if outcome in self._laboratory:
            if told != "yes" and not self._blinding.assessors(study, comparator):
                return _NOT_STATED
        elif not told and comparator != "sham":
            return _NOT_STATED
        elif not told and not self._likely_blind(study):
            return N_("whether the sham kept people blind is not stated")
        return N_("numbers derived with doubt") if confidence == "low" else ""

    def _likely_blind(self, study: str) -> bool:
        """A needle-like sham in a trial that was careful elsewhere: assessors blind, or allocation concealed."""
        careful = self._blinding.assessors(study, "sham") == "yes" or study in self._concealed
        return study in self._needle_like and careful


def concern_words(concern: str) -> str:
    """A concern, or what is not known, in the language that is spoken.

    Parameters
    ----------
    concern : str
        As `Concerns.known` and `Concerns.unclear` give it.
    """
    if concern.startswith(_JUDGED):
        domain = concern.removeprefix(_JUDGED)
        return _("judged high: {domain}", domain=pgettext("risk_of_bias.domain", domain))
    return _(concern)


def _kind(concern: str) -> str:
    return next((kind for word, kind in _KINDS.items() if word in concern), concern)
