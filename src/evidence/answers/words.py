"""Words for the vocabulary of the data, for sentences, captions and axes."""

from __future__ import annotations

from collections.abc import Mapping

CONDITIONS: Mapping[str, str] = {
    "spinal_stenosis": "lumbar spinal stenosis",
    "disc_herniation": "herniated lumbar disc",
    "arthritis": "arthritis",
    "lumbar_sprain": "acute lumbar sprain",
    "chronic_overuse": "chronic low back pain",
    "other": "other populations",
}
COMPARATORS: Mapping[str, str] = {
    "sham": "sham acupuncture",
    "no_treatment": "no treatment or a waiting list",
    "usual_care": "usual care",
    "drug": "drugs",
    "exercise": "exercise",
    "physical_therapy": "physical therapy",
    "other_active": "another active treatment",
    "acupuncture": "another form of acupuncture",
}
#: Where there is little room.
SHORT_COMPARATORS: Mapping[str, str] = {
    "sham": "sham",
    "no_treatment": "untreated",
    "usual_care": "usual care",
    "drug": "drugs",
    "exercise": "exercise",
    "physical_therapy": "physical therapy",
    "other_active": "other active",
    "acupuncture": "other form",
}
WINDOWS: Mapping[str, str] = {
    "immediate": "within a week of the first session",
    "short": "up to 3 months",
    "intermediate": "at 3 to 12 months",
    "long": "at 12 months or later",
    "unstated": "at a time that is not stated",
}
#: What more of the outcome means when acupuncture does better.
BETTER: Mapping[str, str] = {
    "pain": "less pain",
    "leg_pain": "less leg pain",
    "disability": "less disability",
    "function": "better function",
    "quality_of_life": "better quality of life",
    "responder": "more responders",
    "global_rating": "better ratings",
    "medication_use": "less medication",
    "adverse_event": "fewer adverse events",
}


def outcome_words(outcome: str) -> str:
    """An outcome in running text."""
    return outcome.replace("_", " ")


def better(outcome: str) -> str:
    """What acupuncture doing better means for an outcome."""
    return BETTER.get(outcome, f"{outcome_words(outcome)} more in the hoped-for direction")


def people(n: float) -> str:
    """A number of people: 1,162 people."""
    return f"{n:,.0f} {'person' if round(n) == 1 else 'people'}"


def trials(k: int) -> str:
    """A number of trials in words: one trial, 7 trials."""
    return "one trial" if k == 1 else f"{k} trials"
