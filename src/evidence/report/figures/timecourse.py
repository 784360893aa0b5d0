"""The time course of one condition: its pooled effects by window, against each comparator that is followed."""

from __future__ import annotations

import pandas as pd

from ... import plots
from ...answers.results import Results
from ...answers.wording.words import FAVOURS, capital, outcome_words
from ...base.rows import rows_of
from ...languages import _, joined
from .axis import has_points, in_points
from .colours import comparator_colours
from .figure import Figure, NothingToDraw
from .findings import lasting
from .presets import BLOG, Preset
from .words import Scale, brief, running

#: Trials that one point of a time course must rest on for its series to be drawn.
LEAST_COURSE = 3


def timecourse(results: Results, condition: str, outcome: str = "pain", preset: Preset = BLOG) -> Figure:
    """Pooled effect of one condition by window, a colour for each comparator that is followed.

    Raises
    ------
    NothingToDraw
        When no comparator has two windows, one of them with three trials.
    """
    words = results.words
    effects = results.effects_on(condition=condition, outcome=outcome)
    points = points_in_time(results, condition, outcome)
    if points.empty:
        raise NothingToDraw(f"no comparison in {words.conditions[condition]} is followed for {outcome_words(outcome)}")
    followed = list(dict.fromkeys(points["comparator"]))
    windows = effects[effects["comparator"].isin(followed) & (effects["time"] != "unstated")]
    unplaced = windows.groupby(["comparator", "time"]).ngroups - len(points)
    named = {"condition": words.condition_names[condition], "outcome": outcome_words(outcome)}
    topic = capital(_("{condition}: {outcome} over time, by what it is compared with", **named))
    title = lasting(points, words, outcome) if preset.card else topic
    spoken = has_points(points)
    axes = plots.timecourse(
        in_points(points) if spoken else points,
        by="against",
        colours=comparator_colours(words),
        measure="points" if spoken else "SD",
        favours=FAVOURS,
        worthwhile=Scale(results.context.worthwhile).zone_begins(outcome, points=spoken),
        title=f"{title}\n{topic}" if preset.card else title,
        source=joined(
            "" if preset.card else _("A line joins points only where the same trials stand behind both."),
            preset.source,
        ),
    )
    said = [results.durability(condition, outcome, name).sentence() for name in followed]
    caution = joined(
        _(
            "Each point pools the trials of one window, placed at their median week; a line joins two of them only "
            "where the same trials stand behind both, since others are no course of the same people."
        ),
        _("Points left out for want of a stated week: {n}.", n=unplaced) if unplaced else "",
    )
    where = [_("week {week} {amount}", week=f"{row['week']:.0f}", amount=brief(words, row)) for row in rows_of(points)]
    alt = joined(
        _(
            "Pooled effect of acupuncture on {outcome} in {condition} over the weeks since treatment began, of 100 "
            "points: {results}.",
            outcome=outcome_words(outcome),
            condition=words.conditions[condition],
            results=_("; ").join(where),
        ),
        _("Different trials stand behind the points."),
    )
    in_condition = _("in {condition}, {said}", condition=words.conditions[condition], said=running(said[0]))
    caption = joined(capital(in_condition), caution)
    name = f"timecourse_{outcome}_{condition}"
    return Figure(name, title, caption, alt, preset.finish(axes), joined(*said), topic)


def points_in_time(results: Results, condition: str, outcome: str) -> pd.DataFrame:
    """Pooled effects by window of every comparator that is followed.

    Parameters
    ----------
    results : Results
        Of the whole base.
    condition : str
        Whose trials.
    outcome : str
        What is measured.

    Returns
    -------
    DataFrame
        Rows of `Results.pools` with ``week`` (median of the pool's trials) and ``against`` (comparator in short words),
        in the order of time for each comparator; none of a comparator without two windows that state their week, or
        without a window of three trials.
    """
    words, question = results.words, {"condition": condition, "outcome": outcome}
    effects, pools = results.effects_on(**question), results.pools_on(**question)
    pools = pools[pools["time"] != "unstated"].drop(columns=["certainty", "doubts"])
    if pools.empty:
        return pools
    weeks = effects.groupby(["comparator", "time"])["week"].median().rename("week").reset_index()
    pools = pools.merge(weeks, on=["comparator", "time"])
    pools = pools.groupby("comparator").filter(
        lambda own: own["week"].notna().sum() > 1 and own["k"].max() >= LEAST_COURSE
    )
    place = {name: at for at, name in enumerate(words.comparators)}
    pools = pools.assign(against=pools["comparator"].map(words.comparator_names), place=pools["comparator"].map(place))
    return pools.dropna(subset="week").sort_values(["place", "week"], ignore_index=True).drop(columns="place")
