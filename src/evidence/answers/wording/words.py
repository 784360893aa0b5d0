"""Words that need no data: windows, grades, verdicts, counts and lists."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...languages import N_, Spoken, _, ngettext, pgettext, pointed
from ...models.wording import number as english_number

WINDOWS: Mapping[str, str] = Spoken(
    {
        "immediate": N_("within a week of the first session"),
        "short": N_("up to 3 months"),
        "intermediate": N_("at 3 to 12 months"),
        "long": N_("at 12 months or later"),
        "unstated": N_("at a time that is not stated"),
    }
)
#: What sham acupuncture is called where patients read of it first.
PRETEND = N_("sham (pretend) acupuncture")
#: What effects below and above no difference favour, on every axis.
FAVOURS = (N_("the other side"), N_("acupuncture"))
#: The verdicts on claims, from best to worst, and their rules: the one place that pages, figures and notebooks print.
#: A result is firm with two trials or more and a certainty above very low (`evidence.answers.claims.verdict`).
VERDICTS: Mapping[str, str] = Spoken(
    {
        N_("supported"): N_(
            "Against sham, in two trials or more, the 95% interval excludes no effect in the claimed direction, and "
            "certainty is moderate or better."
        ),
        N_("partly"): N_(
            "The same with low certainty, or in words only; or shown firmly (two trials or more, certainty low or "
            "better) only against no treatment, usual care or other treatments."
        ),
        N_("promising"): N_(
            "The direction is clear, but with very low certainty or in a single trial against sham: the probability "
            "of an effect in the claimed direction is at least 97.5%, or four trials or more, and three of four, "
            "agree in words; against other treatments only where trials against sham do not lean the other way."
        ),
        N_("unclear"): N_(
            "No direction is clear; or it is, but only with very low certainty against the claim, in a single trial "
            "without sham, or of something that only stands in for what is claimed."
        ),
        N_("no worthwhile effect"): N_(
            "Against sham, in two trials or more with certainty low or better, the 95% interval excludes the "
            "smallest worthwhile effect, 10 of 100 points for pain and disability."
        ),
        N_("contradicted"): N_(
            "Two trials or more with certainty low or better lie on the wrong side: against sham, or, with nothing "
            "known against sham, against no treatment or usual care."
        ),
        N_("untested"): N_("No trial in the data measures it."),
    }
)
#: How parts make a whole.
OF_PARTS = (
    "A claim about each of several conditions or windows has the verdict of its weakest part, from the weakest: "
    "contradicted, no worthwhile effect, unclear or untested, promising, partly, supported. One part that is "
    "refuted refutes the whole; what is not known of one part is not known of each."
)
#: What the lines about settling a claim reckon with.
SETTLING = (
    "What would settle a claim is reckoned in people: those whom trials need together to show the smallest "
    "worthwhile effect (or, where none is written down, 0.2 standard deviations) with 80% power at a two-sided 5%, "
    "divided by 1 − D² where five trials or more tell how much they differ (D², diversity), and never fewer than the "
    "400 without which the certainty loses a level, less the people already in them."
)
#: A range that the choice of a standard deviation makes is told from so many points on.
_LEAST_RANGE = 2
#: Certainty of the evidence, from least to most (GRADE).
GRADES = ("very low", "low", "moderate", "high")
#: A grade as it is said by itself, and as part of a sentence.
GRADE_WORDS: Mapping[str, str] = Spoken(
    {"very low": N_("very low"), "low": N_("low"), "moderate": N_("moderate"), "high": N_("high")}
)
CERTAINTY: Mapping[str, str] = Spoken(
    {
        "very low": N_("very low certainty"),
        "low": N_("low certainty"),
        "moderate": N_("moderate certainty"),
        "high": N_("high certainty"),
    }
)


def outcome_words(outcome: str) -> str:
    """An outcome in running text."""
    return pgettext("outcomes.outcome", outcome.replace("_", " "))


def people(n: float) -> str:
    """A number of people: 1,162 people."""
    return ngettext("{n} person", "{n} people", n)


def trials(k: int) -> str:
    """A number of trials in words: one trial, 7 trials."""
    return ngettext("one trial", "{n} trials", k)


def number(value: float, digits: int = 2) -> str:
    """A number as `evidence.models.wording.number` writes it, in the language spoken: −0,71."""
    return pointed(english_number(value, digits))


def whole(points: float) -> str:
    """A number of points without decimals: 12, −3, 0."""
    return f"{round(points):d}".replace("-", "−")


def capital(words: str) -> str:
    """Text that begins with a capital letter."""
    return words[:1].upper() + words[1:]


def ended(clause: str) -> str:
    """A clause as a sentence: with a capital letter and a stop."""
    return _("{what}.", what=capital(clause))


def placed(where: str, clause: str) -> str:
    """A clause with the condition that it is about, where there is one: "in spinal stenosis, one trial ..."."""
    return _("in {condition}, {said}", condition=where, said=clause) if where else clause


def one_sided(k: int, better: int, worse: int, comparator: str) -> str:
    """Two to four trials that agree: "both trials favour acupuncture"; "" where they do not."""
    if k not in (2, 3, 4) or k not in (better, worse):
        return ""
    if better == k:
        return _("both trials favour acupuncture") if k == 2 else _("all {k} trials favour acupuncture", k=k)
    if k == 2:
        return _("both trials favour {comparator}", comparator=comparator)
    return _("all {k} trials favour {comparator}", k=k, comparator=comparator)


def points_words(row: Mapping[str, Any]) -> str:
    """A pooled effect in points of 100, with its interval and what the points hang on.

    Parameters
    ----------
    row : mapping
        ``ci_low, ci_high``, ``points, points_low, points_high``, ``points_cut`` and, where points come from a standard
        deviation of several trials, ``points, points_sd, points_sd_low, points_sd_high``.
    """
    mean, low, high = (whole(row[name]) for name in ("points", "points_low", "points_high"))
    cut = _(", cut at the end of the scale") if row.get("points_cut") else ""
    spans = row["points_low"] <= 0 <= row["points_high"] and not row["ci_low"] <= 0 <= row["ci_high"]
    caution = _(", which includes no difference") if spans else ""
    text = _("about {mean} of 100 points, 95% interval {low} to {high}", mean=mean, low=low, high=high) + cut + caution
    narrow, wide = (row.get(f"points_sd_{end}", math.nan) for end in ("low", "high"))
    if math.isnan(narrow):
        return text
    ends = sorted(row["points"] * sd / row["points_sd"] for sd in (narrow, wide))
    if ends[1] - ends[0] < _LEAST_RANGE:
        return text
    return _(
        "{text}; the {mean} is {low} to {high}, depending on how far scores spread in a trial",
        text=text,
        mean=mean,
        low=whole(ends[0]),
        high=whole(ends[1]),
    )


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in running text: "a, b and c"."""
    if len(words) == 1:
        return words[0]
    first, end = _(", ").join(words[:-1]), words[-1]
    return (
        _("{first} or {last}", first=first, last=end)
        if last == "or"
        else _("{first} and {last}", first=first, last=end)
    )
