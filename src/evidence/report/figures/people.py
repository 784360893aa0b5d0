"""Figures of people: of 100, how many improve with acupuncture and how many without."""

from __future__ import annotations

import math
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from ... import plots
from ...answers.absolute import in_people
from ...answers.harm.benefit_and_harm import AGAINST
from ...answers.results import Results
from ...answers.wording.words import WINDOWS, capital, listed, trials
from ...answers.wording.words import people as people_words
from ...base.rows import rows_of
from .figure import SOURCE, Figure, NothingToDraw
from .presets import BLOG, Preset
from .words import joined

#: Inches: two groups of ten people a row need no more, and on a telephone the words keep their size.
WIDTH = 3.75
#: Fewer trials, or none that says what to rely on, are no ground to count people by.
_LEAST_TRIALS, _TOO_UNSURE = 2, "very low"
#: How the reasons begin for which there is no picture.
UNTOLD = "How many of 100 people improve cannot be told honestly, compared with"


def counted_benefit(results: Results, condition: str, comparator: str) -> dict[str, Any] | None:
    """The benefit of a condition against one comparator that can be told in people of 100.

    Parameters
    ----------
    results : Results
        Of the whole base.
    condition : str
        Its key.
    comparator : str
        One of `evidence.answers.harm.benefit_and_harm.AGAINST`.

    Returns
    -------
    dict or None
        A row of `summary_of_findings`: that of pain, else of disability; None where `why_uncounted` tells why.
    """
    known = [row for row in _benefits(results, condition, comparator) if not _doubt(row)]
    return min(known, key=lambda row: results.words.critical.index(row["outcome"]), default=None)


def why_uncounted(results: Results, condition: str, comparator: str) -> str:
    """Why people of 100 cannot be told honestly, in running text; "" where they can.

    Parameters
    ----------
    results : Results
        Of the whole base.
    condition : str
        Its key.
    comparator : str
        What acupuncture is compared with.
    """
    doubts = {row["outcome_label"]: _doubt(row) for row in _benefits(results, condition, comparator)}
    if not doubts:
        return "no trial gives a number"
    if "" in doubts.values():
        return ""
    if len(set(doubts.values())) == 1:
        return next(iter(doubts.values()))
    return "; ".join(f"for {outcome}, {doubt}" for outcome, doubt in doubts.items())


def uncounted(results: Results, condition: str) -> list[str]:
    """Why there is no picture of people, for the comparators without one: "usual care: no trial gives a number".

    Parameters
    ----------
    results : Results
        Of the whole base.
    condition : str
        Its key.
    """
    reasons: dict[str, list[str]] = {}
    for name in AGAINST:
        if why := why_uncounted(results, condition, name):
            reasons.setdefault(why, []).append(results.words.comparators[name])
    return [f"{listed(names, 'or')}: {why}" for why, names in reasons.items()]


def _benefits(results: Results, condition: str, comparator: str) -> list[dict[str, Any]]:
    rows = rows_of(results.benefit_and_harm(condition).benefit)
    return [row for row in rows if row["comparator"] == comparator]


def _doubt(row: dict[str, Any]) -> str:
    """What keeps a benefit from being counted in people."""
    if math.isnan(row["risk_comparator"]):
        return f"no trial counts how many improve with {row['comparator_label']}"
    if row["k"] < _LEAST_TRIALS:
        return f"{trials(row['k'])} of {people_words(row['n'])} is too little to tell it from"
    return "the certainty is very low" if row["certainty"] == _TOO_UNSURE else ""


def people(results: Results, condition: str, comparator: str = "sham", preset: Preset = BLOG) -> Figure:
    """Of 100 people with a condition, how many improve with acupuncture and how many with the comparator.

    Parameters
    ----------
    results : Results
        Of the whole base.
    condition : str
        Its key.
    comparator : str
        What acupuncture is compared with: "sham", "usual_care" or "no_treatment".
    preset : Preset
        What it is drawn for; ``people(...).image(".svg")`` is the picture by itself.

    Raises
    ------
    NothingToDraw
        When the number of people cannot be told honestly: see `why_uncounted`.
    """
    words = results.words
    row = counted_benefit(results, condition, comparator)
    if row is None:
        why = why_uncounted(results, condition, comparator)
        raise NothingToDraw(f"of {words.conditions[condition]} against {words.comparators[comparator]}, {why}")
    against, outcome = words.comparators[comparator], row["outcome_label"]
    ours, theirs = row["risk_acupuncture"], row["risk_comparator"]
    title = (
        f"{capital(words.short_conditions[condition])}: of 100 people, about {ours:.0f} improve in {outcome} with "
        f"acupuncture, {theirs:.0f} with {against}"
    )
    source = joined(f"{capital(row['certainty'])} certainty, {trials(row['k'])}.", f"Source: {SOURCE}.")
    with mpl.rc_context({} if preset.card else {"figure.figsize": (WIDTH, WIDTH)}):
        axes = icons(row, against, title=title, source=source)
    said = f"{capital(outcome)} {WINDOWS[row['time']]}: {in_people(row, against)}."
    caption = joined(
        said,
        "The range includes no difference." if even(row) else "",
        f"Certainty: {row['certainty']} ({trials(row['k'])}).",
        f"{reckoned(row)}; what counts as improving differs from trial to trial.",
    )
    alt = joined(
        f"Two groups of 100 people in {words.conditions[condition]}: {round(ours)} are filled with acupuncture, "
        f"{round(theirs)} with {against}.",
        caption,
    )
    details = f"How many improve with {against} is counted: {row['risk_source']}."
    return Figure(f"people_{condition}_{comparator}", title, caption, alt, preset.finish(axes), details)


def icons(row: dict[str, Any], against: str, title: str | None = None, source: str | None = None) -> Axes:
    """Two groups of 100 people: the picture without its words.

    Parameters
    ----------
    row : dict
        A row of `counted_benefit`.
    against : str
        What its comparator is called.
    title : str, optional
        Heading, where the picture stands by itself.
    source : str, optional
        The line under it.
    """
    return plots.icon_array(
        row["risk_acupuncture"],
        row["risk_comparator"],
        interval=(row["risk_acupuncture_low"], row["risk_acupuncture_high"]),
        names=("improve with acupuncture", f"improve with {against}"),
        title=title,
        source=source,
    )


def said_in_people(row: dict[str, Any], against: str) -> str:
    """The same in sentences, for a page without the picture.

    Parameters
    ----------
    row : dict
        A row of `counted_benefit`.
    against : str
        What its comparator is called.
    """
    range_ = "The range includes no difference." if even(row) else ""
    return joined(f"For {row['outcome_label']}, {in_people(row, against)}.", range_, f"{reckoned(row)}.")


def even(row: dict[str, Any]) -> bool:
    """Whether as many may improve with acupuncture as without.

    Parameters
    ----------
    row : dict
        A row of `counted_benefit`.
    """
    low, high = row["risk_acupuncture_low"], row["risk_acupuncture_high"]
    return bool(low <= row["risk_comparator"] <= high)


def reckoned(row: dict[str, Any]) -> str:
    """Where the number of people with acupuncture comes from, without a stop.

    Parameters
    ----------
    row : dict
        A row of `counted_benefit`.
    """
    scores = row["per_100_basis"].startswith("SMD")
    basis = "how far scores differ" if scores else "how many improved in either group"
    return f"The number with acupuncture is reckoned from {basis}"
