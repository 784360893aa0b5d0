"""Figures of one condition: its forest plots, its time course, and the funnel of every large pool."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes

from ... import plots
from ...answers.context import Context
from ...answers.pooling import Fit
from ...answers.results import Results
from ...answers.wording.pool_sentence import pool_sentence
from ...answers.wording.words import FAVOURS, WINDOWS, outcome_words, trials
from ...base.rows import rows_of
from ...bias.egger import egger
from ...bias.trim_and_fill import trim_and_fill
from ...models.univariate.pool import pool
from ...models.wording import number, p_value
from .axis import effect_axis
from .figure import SOURCE, Figure, NothingToDraw
from .presets import BLOG, Preset
from .words import (
    MARKS,
    Scale,
    about,
    brief,
    capital,
    certainty_words,
    indirect,
    joined,
    main_pool,
    marks_key,
    not_drawn,
    others,
    signs_key,
)

#: A funnel of fewer trials says nothing (Sterne 2011, BMJ 343:d4002).
LEAST_FUNNEL = 10
#: Trials that one point of a time course must rest on for its series to be drawn.
LEAST_COURSE = 3


def forest(
    results: Results,
    condition: str,
    outcome: str = "pain",
    time: str = "short",
    preset: Preset = BLOG,
    comparator: str = "",
) -> Figure:
    """Forest plot of one condition, trials grouped by comparator, each comparator with its own pooled effect.

    With a ``comparator`` its trials alone are drawn, and the figure has its name.

    Raises
    ------
    NothingToDraw
        When no trial gives a number.

    Notes
    -----
    At 600 pixels there is room for the trial with its year, people, sessions ("visits"), week, the light of its risk
    of bias where a review judged it, effect and interval. Weights stand as the areas of the squares, and as numbers
    where the page is wider. A card shows the pooled effects alone.
    """
    words, question = results.words, {"condition": condition, "outcome": outcome, "time": time}
    question |= {"comparator": comparator} if comparator else {}
    effects = results.effects_on(**question)
    if effects.empty:
        raise NothingToDraw(f"no trial of {words.conditions[condition]} gives a number for {outcome_words(outcome)}")
    scale, pools = Scale(results.context.worthwhile), results.pools_on(**question)
    pools["label"] = pools["comparator"].map(words.short_comparators)
    sure = certainty_words(pools, "against")
    title = about(words, condition, outcome, time)
    title += f", against {words.comparators[comparator]}" if comparator else ""
    axis = effect_axis(results, outcome, time, pools)
    without, told = not_drawn(results, condition, outcome, comparator)
    if preset.card:
        present = [name for name in words.comparators if name in set(pools["comparator"])]
        axes = plots.ranking(
            pools.assign(label="Against " + pools["label"]).set_index("comparator").loc[present],
            label="label",
            favours=FAVOURS,
            counts="beside",
            ordered=False,
            title=title,
            worthwhile=scale.worthwhile(outcome),
            xlim=axis,
            source=joined(sure, "Trials: those that give a number.", signs_key(pools), f"Source: {SOURCE}."),
        )
    else:
        worthwhile = scale.worthwhile(outcome)
        axes = _forest(results, effects, title, worthwhile, axis, preset, without)
    main = pool_sentence(main_pool(pools), words, brief=True)
    caption = joined(main, sure, indirect(effects), _reading(pools, preset.card), scale.zone(outcome))
    kind = "Pooled effects" if preset.card else "Forest plot"
    alt = joined(
        f"{kind} of {trials(effects['study'].nunique())} of acupuncture for {words.conditions[condition]}, "
        f"{outcome_words(outcome)} {WINDOWS[time]}, grouped by what acupuncture was compared with.",
        main,
        others(words, pools),
        sure,
        without,
    )
    details = joined(*pools["sentence"], indirect(effects), told, scale.words(outcome))
    name = "_".join(filter(None, ("forest", outcome, condition, comparator)))
    return Figure(name, title, caption, alt, preset.finish(axes), details)


def _reading(pools: pd.DataFrame, card: bool) -> str:
    """How to read the marks that are drawn."""
    if card:
        return "Dots are effects with their intervals, by comparator."
    several = pools[pools["k"] > 1]
    parts = ["Squares are trials, larger with more weight"]
    if len(several):
        thin = ", the thin bar where a new trial may fall" if several["pi_low"].notna().any() else ""
        parts.append(f"a diamond is the pooled effect of one comparator{thin}")
    return f"{'; '.join(parts)}."


def by_comparator(effects: pd.DataFrame, context: Context) -> tuple[dict[str, Fit], pd.DataFrame]:
    """Pool the effects of one condition, outcome and window against each comparator.

    Parameters
    ----------
    effects : DataFrame
        Their rows.
    context : Context
        Of their base: how they are pooled, what the comparators are called.

    Returns
    -------
    dict of Pooled or Posterior
        By "against ...", comparators in their usual order.
    DataFrame
        The effects in the order of the trials of these results.
    """
    fits, order, words = {}, [], context.words
    for comparator in (name for name in words.comparators if name in set(effects["comparator"])):
        rows = effects[effects["comparator"] == comparator].sort_values(["year", "study"])
        fits[f"against {words.comparators[comparator]}"] = context.pooling.fit(rows, slab="label")
        order.append(rows)
    return fits, pd.concat(order)


def _forest(
    results: Results,
    effects: pd.DataFrame,
    title: str,
    worthwhile: float | None,
    axis: tuple[float, float],
    preset: Preset,
    without: str,
) -> Axes:
    fits, rows = by_comparator(effects, results.context)
    marks = [MARKS.get(route, "") for route in rows["route"]]
    columns = {"n": (rows["n_acupuncture"] + rows["n_comparator"]).round(), "visits": rows["sessions"]}
    judged = rows["risk_of_bias"].replace("", None).rename("bias")
    return plots.forest(
        fits,
        columns=pd.DataFrame({**columns, "week": rows["week"].round()}),
        risk_of_bias=judged.to_frame() if judged.notna().any() else None,
        marks=marks,
        weights=preset.columns == "all",
        favours=FAVOURS,
        title=title,
        worthwhile=worthwhile,
        xlim=axis,
        source=joined(
            marks_key(marks),
            "Visits: treatment sessions.",
            "Bias: the worst judgement of a review over its domains." if judged.notna().any() else "",
            "–: not reported.",
            without,
            f"Source: {SOURCE}.",
        ),
    )


def timecourse(results: Results, condition: str, outcome: str = "pain", preset: Preset = BLOG) -> Figure:
    """Pooled effect of one condition by window, a line for each comparator that is followed.

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
    title = f"{capital(words.conditions[condition])}: {outcome_words(outcome)} over time, by comparator"
    axes = plots.timecourse(
        points,
        by="against",
        favours=FAVOURS,
        worthwhile=Scale(results.context.worthwhile).worthwhile(outcome),
        title=title,
        source=f"Each point pools other trials. Source: {SOURCE}.",
    )
    said = [results.durability(condition, outcome, name).sentence() for name in followed]
    caution = (
        "Each point pools the trials of one window, placed at their median week; different trials stand behind the "
        "points of a line, so a line is no course of the same people."
        + (f" Points left out for want of a stated week: {unplaced}." if unplaced else "")
    )
    where = [f"week {row['week']:.0f} {brief(words, row)}" for row in rows_of(points)]
    alt = joined(
        f"Pooled effect of acupuncture on {outcome_words(outcome)} in {words.conditions[condition]} over the weeks "
        f"since treatment began, of 100 points: {'; '.join(where)}.",
        "Different trials stand behind the points.",
    )
    caption = joined(f"In {words.conditions[condition]}, {said[0][:1].lower()}{said[0][1:]}", caution)
    return Figure(f"timecourse_{outcome}_{condition}", title, caption, alt, preset.finish(axes), joined(*said))


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
    pools = pools.assign(against=pools["comparator"].map(words.short_comparators), place=pools["comparator"].map(place))
    return pools.dropna(subset="week").sort_values(["place", "week"], ignore_index=True).drop(columns="place")


def large_pools(results: Results) -> Iterator[tuple[str, str, str, str]]:
    """Condition, outcome, comparator and window of every pool of ten trials or more."""
    keys = ["condition", "outcome", "comparator", "time"]
    sizes = results.context.effects("SMD").groupby(keys).size()
    for condition, outcome, comparator, time in sizes[sizes >= LEAST_FUNNEL].index:
        if condition in results.words.headline:
            yield condition, outcome, comparator, time


def funnel(results: Results, condition: str, outcome: str, comparator: str, time: str, preset: Preset = BLOG) -> Figure:
    """Funnel plot of one pool, with the trials that trim and fill adds."""
    words = results.words
    effects = results.effects_on(condition=condition, outcome=outcome, time=time, comparator=comparator)
    fit = pool(effects, slab="label")
    filled = trim_and_fill(fit)
    added = filled.filled[filled.filled["filled"]] if filled.k0 else None
    test = egger(fit)
    against = words.comparators[comparator]
    title = f"{about(words, condition, outcome, time)}, against {against}: are small trials different?"
    axes = plots.funnel(fit, filled=added, favours=FAVOURS, title=title, source=f"Source: {SOURCE}.")
    finding = "differ" if test.p_value < 0.05 else "cannot be told to differ"
    sentence = (
        f"Small and large trials {finding} in their effect (Egger's test, p {p_value(test.p_value)}, {trials(fit.k)}). "
        f"{filled.sentence()}"
    )
    caution = "Asymmetry may come from missing trials, from differences between small and large ones, or from chance."
    reading = "White: not significant; a hole there would be a sign of results kept back."
    alt = joined(
        f"Funnel plot of {trials(fit.k)} of acupuncture for {words.conditions[condition]} against {against}: "
        f"effect on {outcome_words(outcome)} {WINDOWS[time]} against its standard error, around a pooled effect of "
        f"{number(fit.estimate)} standard deviations.",
        sentence,
    )
    name = f"funnel_{outcome}_{condition}_{comparator}"
    return Figure(name, title, joined(sentence, caution, reading), alt, preset.finish(axes))
