"""Figures of people: of 100, how many improve with acupuncture and how many without."""

from __future__ import annotations

import math
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from ... import plots
from ...answers.absolute import in_people, risk_words
from ...answers.harm.benefit_and_harm import AGAINST
from ...answers.results import Results
from ...answers.wording.words import CERTAINTY, GRADE_WORDS, WINDOWS, capital, listed, outcome_words, trials
from ...answers.wording.words import people as people_words
from ...base.rows import rows_of
from ...languages import _, joined, pgettext
from .figure import Figure, NothingToDraw, source_line
from .presets import BLOG, Preset

#: Inches: two groups of ten people a row need no more, and on a telephone the words keep their size.
WIDTH = 3.75
#: Fewer trials, or none that says what to rely on, are no ground to count people by.
_LEAST_TRIALS, _TOO_UNSURE = 2, "very low"


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
    known = [row for row in _benefits(results, condition, comparator) if not _doubt(row, results)]
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
    doubts = {outcome_words(row["outcome"]): _doubt(row, results) for row in _benefits(results, condition, comparator)}
    if not doubts:
        return _("no trial gives a number")
    if "" in doubts.values():
        return ""
    if len(set(doubts.values())) == 1:
        return next(iter(doubts.values()))
    said = (_("for {outcome}, {doubt}", outcome=outcome, doubt=doubt) for outcome, doubt in doubts.items())
    return _("; ").join(said)


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
    return [_("{comparators}: {why}", comparators=listed(names, "or"), why=why) for why, names in reasons.items()]


def untold(why: str = "") -> str:
    """How the reasons begin for which there is no picture; one reason, or a list of them.

    Parameters
    ----------
    why : str
        The only reason; "" where several follow.
    """
    if why:
        return _("How many of 100 people improve cannot be told honestly, compared with {why}.", why=why)
    return _("How many of 100 people improve cannot be told honestly, compared with")


def _benefits(results: Results, condition: str, comparator: str) -> list[dict[str, Any]]:
    rows = rows_of(results.benefit_and_harm(condition).benefit)
    return [row for row in rows if row["comparator"] == comparator]


def _doubt(row: dict[str, Any], results: Results) -> str:
    """What keeps a benefit from being counted in people."""
    if math.isnan(row["risk_comparator"]):
        other = results.words.comparators[row["comparator"]]
        return _("no trial counts how many improve with {comparator}", comparator=other)
    if row["k"] < _LEAST_TRIALS:
        counted = {"trials": trials(row["k"]), "people": people_words(row["n"])}
        return _("{trials} of {people} is too little to tell it from", **counted)
    return _("the certainty is very low") if row["certainty"] == _TOO_UNSURE else ""


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
    against, outcome = words.comparators[comparator], outcome_words(row["outcome"])
    ours, theirs = row["risk_acupuncture"], row["risk_comparator"]
    title = capital(
        _(
            "{condition}: of 100 people, about {ours} improve in {outcome} with acupuncture, "
            "{theirs} with {comparator}",
            condition=words.short_conditions[condition],
            outcome=outcome,
            ours=f"{ours:.0f}",
            theirs=f"{theirs:.0f}",
            comparator=against,
        )
    )
    source = joined(
        capital(_("{certainty}, {trials}.", certainty=CERTAINTY[row["certainty"]], trials=trials(row["k"]))),
        source_line(),
    )
    with mpl.rc_context({} if preset.card else {"figure.figsize": (WIDTH, WIDTH)}):
        axes = icons(row, against, title=title, source=source)
    risk = results.context.absolute.risk(condition, comparator, row["time"])
    counted = risk_words(risk) if risk else ""
    details = _("How many improve with {comparator} is counted: {source}.", comparator=against, source=counted)
    name, alt = f"people_{condition}_{comparator}", people_alt(results, row)
    return Figure(name, title, _caption(row, against), alt, preset.finish(axes), details)


def people_alt(results: Results, row: dict[str, Any]) -> str:
    """What a listener needs instead of the picture.

    Parameters
    ----------
    results : Results
        Of the whole base.
    row : dict
        A row of `counted_benefit`.
    """
    against = results.words.comparators[row["comparator"]]
    return joined(
        _(
            "Two groups of 100 people in {condition}: {ours} are filled with acupuncture, {theirs} with {comparator}.",
            condition=results.words.conditions[row["condition"]],
            ours=round(row["risk_acupuncture"]),
            theirs=round(row["risk_comparator"]),
            comparator=against,
        ),
        _caption(row, against),
    )


def _caption(row: dict[str, Any], against: str) -> str:
    return joined(
        capital(
            _(
                "{outcome} {when}: {said}.",
                outcome=outcome_words(row["outcome"]),
                when=WINDOWS[row["time"]],
                said=in_people(row, against),
            )
        ),
        _("The range includes no difference.") if even(row) else "",
        _("Certainty: {grade} ({trials}).", grade=GRADE_WORDS[row["certainty"]], trials=trials(row["k"])),
        _("{reckoned}; what counts as improving differs from trial to trial.", reckoned=reckoned(row)),
    )


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
        names=(_("improve with acupuncture"), _("improve with {comparator}", comparator=against)),
        key=(pgettext("icon array", "improves"), _("does not improve")),
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
    range_ = _("The range includes no difference.") if even(row) else ""
    first = _("For {outcome}, {said}.", outcome=outcome_words(row["outcome"]), said=in_people(row, against))
    return joined(first, range_, _("{what}.", what=reckoned(row)))


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
    if scores:
        return _("The number with acupuncture is reckoned from how far scores differ")
    return _("The number with acupuncture is reckoned from how many improved in either group")
