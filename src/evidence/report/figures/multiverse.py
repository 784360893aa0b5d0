"""The multiverse of a headline: every reasonable way to compute it, and what each finds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ... import plots
from ...answers.multiverse.result import Multiverse
from ...answers.multiverse.words import CHOICES
from ...answers.results import Results
from ...answers.wording.words import FAVOURS, WINDOWS, capital, listed, number, outcome_words
from ...base.rows import rows_of
from ...errors import NotEstimable
from ...languages import N_, _, joined
from .figure import Figure, NothingToDraw, source_line
from .presets import BLOG, Preset
from .words import Scale, main_pool

#: What headings and options of `CHOICES` are that is no name: it has a translation.
TRANSLATED = (
    *(N_("Scores compared in"), N_("Effects made from"), N_("Numbers read with doubt")),
    *(N_("Related conditions"), N_("Trials at high risk of bias"), N_("Trials without blinding")),
    *(N_("Numbers that cannot be right"), N_("Trials that stand apart"), N_("Model"), N_("Interval")),
    *(N_("standard deviations"), N_("points of 100"), N_("scores, p values, counts"), N_("scores and p values")),
    *(N_("scores alone"), N_("counted"), N_("left out"), N_("only those at low risk"), N_("outliers left out")),
    *(N_("influential left out"), N_("Bayesian"), N_("Hartung-Knapp ≥ z"), N_("Hartung-Knapp"), N_("normal (z)")),
    N_("of the posterior"),
)
#: The window of headlines.
TIME = "short"


def figure_name(condition: str, outcome: str) -> str:
    """File name of the figure without ending."""
    return f"specifications_{outcome}_{condition}"


def headline_multiverse(results: Results, condition: str, outcome: str) -> tuple[str, Multiverse]:
    """The comparator of a condition's headline, and every reasonable way to compute it.

    Raises
    ------
    NotEstimable
        There are no two trials to pool.
    """
    pools = results.pools_on(condition=condition, outcome=outcome, time=TIME)
    if pools.empty:
        raise NotEstimable("no trial gives a number")
    comparator = str(main_pool(pools)["comparator"])
    return comparator, results.multiverse(condition, comparator, outcome, TIME)


def specifications(results: Results, condition: str, outcome: str = "pain", preset: Preset = BLOG) -> Figure:
    """Specification curve of the headline of one condition and outcome.

    Raises
    ------
    NothingToDraw
        When there are no two trials to pool.

    Notes
    -----
    In points of 100, by the SD that turns points into standard deviations everywhere. Choices stand in the order in
    which they move the estimate; those that change nothing are not drawn.
    """
    try:
        comparator, found = headline_multiverse(results, condition, outcome)
    except NotEstimable as why:
        raise NothingToDraw(str(why)) from None
    words, scale = results.words, Scale(results.context.worthwhile)
    in_points = not math.isnan(found.points)
    asked = {"outcome": outcome_words(outcome), "comparator": words.comparators[comparator]}
    what = _("{outcome} {when} against {comparator}", when=WINDOWS[TIME], **asked)
    ways, name = len(found.estimable), words.condition_names[condition]
    title = capital(_("{condition}: {what}, computed in {n} ways", condition=name, what=what, n=ways))
    worthwhile = scale.worthwhile(outcome)
    frame, choices = _drawn(found)
    axes = plots.specification_curve(
        frame,
        choices,
        headline=0 if frame["estimate"].notna().iloc[0] else None,
        measure="MD100" if in_points else "SD",
        favours=FAVOURS,
        worthwhile=worthwhile if worthwhile is None or not in_points else worthwhile * found.points,
        title=title,
        source=source_line(),
    )
    short, long = found.in_short(), found.sentence()
    caption = joined(
        _("All reasonable ways to compute {what}: {found}.", what=what, found=short),
        found.most_moving(),
        _(
            "Each column is one specification; the marks below it are its choices, those that move most on top. A bar "
            "that reaches the edge goes beyond it."
        ),
    )
    alt = joined(
        _(
            "Specification curve of {n} analyses of acupuncture for {condition}, {what}, in the order of their "
            "estimates.",
            n=ways,
            condition=words.conditions[condition],
            what=what,
        ),
        long,
    )
    unit = ""
    if in_points:
        unit = _("One standard deviation is counted as {points} points of 100.", points=number(found.points, 1))
    details = joined(long, unit, _unmoved(found))
    said = capital(_("{condition}, {outcome} against {comparator}: {found}", condition=name, found=short, **asked))
    return Figure(figure_name(condition, outcome), title, caption, alt, preset.finish(axes), details, found=said)


def _drawn(found: Multiverse) -> tuple[pd.DataFrame, list[str]]:
    """The specifications in the words and the unit of the figure, and the choices to draw, most moving first."""
    moving = found.moves[(found.moves["change"] > 0) | (found.moves["turned"] > 0)]
    frame, unit = found.specifications, 1.0 if math.isnan(found.points) else found.points
    said = {
        _("{choice}: {moves}", choice=_(CHOICES[row["choice"]].heading), moves=_moved(row, found)): frame[
            row["choice"]
        ].replace(_options(str(row["choice"])))
        for row in rows_of(moving)
    }
    numbers = {name: frame[name] * unit for name in ("estimate", "ci_low", "ci_high")}
    return pd.DataFrame({**said, **numbers}), list(said)


def _options(choice: str) -> dict[str, str]:
    return {option: _(words) for option, words in CHOICES[choice].options.items()}


def _moved(row: Mapping[str, Any], found: Multiverse) -> str:
    """What a choice does: "moves 2.4 points", or where it moves no estimate what it does to intervals."""
    if not row["change"]:
        return _("{share}% of pairs disagree on no effect", share=f"{100 * row['turned']:.0f}")
    points = row["change"] * found.points
    if math.isnan(points):
        return _("moves {amount}", amount=found.amount(row["change"]))
    return _("moves less than 1 point") if points < 0.95 else _("moves {n} points", n=number(points, 1))


def _unmoved(found: Multiverse) -> str:
    still = found.moves[(found.moves["change"] == 0) & (found.moves["turned"] == 0)]["choice"]
    told = [_(CHOICES[choice].whether) for choice in still]
    return _("No number here changes with {choices}.", choices=listed(told, "or")) if told else ""
