"""Words that need no data: windows, grades, verdicts, counts and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WINDOWS: Mapping[str, str] = {
    "immediate": "within a week of the first session",
    "short": "up to 3 months",
    "intermediate": "at 3 to 12 months",
    "long": "at 12 months or later",
    "unstated": "at a time that is not stated",
}
#: What effects below and above no difference favour, on every axis.
FAVOURS = ("comparator", "acupuncture")
#: What a verdict on a claim means.
VERDICTS: Mapping[str, str] = {
    "supported": "Trials against sham support it, with moderate certainty or better.",
    "partly": "Trials support part of it: not against sham, with low certainty, or not for all it names.",
    "unclear": "Trials leave it open, or are too few or too uncertain.",
    "contradicted": "Trials point the other way, or rule out an effect worth having.",
    "untested": "No trial in the data measures it.",
}
#: Certainty of the evidence, from least to most (GRADE).
GRADES = ("very low", "low", "moderate", "high")


def outcome_words(outcome: str) -> str:
    """An outcome in running text."""
    return outcome.replace("_", " ")


def people(n: float) -> str:
    """A number of people: 1,162 people."""
    return f"{n:,.0f} {'person' if round(n) == 1 else 'people'}"


def trials(k: int) -> str:
    """A number of trials in words: one trial, 7 trials."""
    return "one trial" if k == 1 else f"{k} trials"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in running text: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
