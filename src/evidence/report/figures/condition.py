"""The forest plots of one condition, its trials grouped by comparator."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ... import plots
from ...answers.pooling import Fit
from ...answers.results import Results
from ...answers.wording.pool_sentence import pool_sentence
from ...answers.wording.words import FAVOURS, WINDOWS, capital, outcome_words, trials
from ...base.rows import rows_of
from ...derive.points import KEY, printed_points
from ...languages import _, joined
from ...plots.parts.table import TooNarrow
from .axis import effect_axis, has_points, in_points, points_axis, without_predictions
from .figure import Figure, NothingToDraw
from .findings import best_comparison
from .presets import BLOG, Preset
from .words import (
    ELSEWHERE,
    MARKS,
    Scale,
    about,
    answer_note,
    certainty_of_comparisons,
    indirect,
    main_pool,
    marks_key,
    not_drawn,
    others,
    shapes_key,
)

#: Share of a forest's width that its plot has to have.
_PLOT = 0.33


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
    At 600 pixels, of which the plot takes a third, there is room for the trial with its year, people, the points of
    100 that it prints (where the plot keeps its third), the light of its risk of bias where a review judged it, effect
    and interval. Weights stand as the areas of the squares, and as numbers where the page is wider, as do sessions
    ("visits") and week. Under each heading stand the points of 100 and the certainty of the pool. A card shows the
    pooled effects alone.
    """
    words, question = results.words, {"condition": condition, "outcome": outcome, "time": time}
    question |= {"comparator": comparator} if comparator else {}
    effects = results.effects_on(**question)
    if effects.empty:
        raise NothingToDraw(f"no trial of {words.conditions[condition]} gives a number for {outcome_words(outcome)}")
    scale, pools = Scale(results.context.worthwhile), results.pools_on(**question)
    pools["label"] = pools["comparator"].map(words.short_comparators)
    sure = certainty_of_comparisons(pools)
    topic = about(words, condition, outcome, time)
    if comparator:
        topic = _("{topic}, against {comparator}", topic=topic, comparator=words.comparators[comparator])
    spoken = has_points(pools)
    drawn = in_points(pools) if spoken else pools
    title = best_comparison(drawn, words, outcome) if preset.card else topic
    without, told = not_drawn(results, condition, outcome, comparator)
    if preset.card:
        present = [name for name in words.comparators if name in set(pools["comparator"])]
        axes = plots.ranking(
            without_predictions(drawn).assign(label=drawn["label"].map(capital)).set_index("comparator").loc[present],
            label="label",
            measure="points" if spoken else "SD",
            favours=FAVOURS,
            counts="beside",
            certainty="certainty",
            ordered=False,
            title=f"{title}\n{topic if comparator else _('{topic}, against:', topic=topic)}",
            worthwhile=scale.zone_begins(outcome, points=spoken),
            xlim=points_axis(results, outcome, time) if spoken else effect_axis(results, outcome, time, pools),
            source=preset.source,
        )
    else:
        given = results, question, pools, title, scale, effect_axis(results, outcome, time, pools), preset, without
        try:
            axes = _forest(*given)
        except TooNarrow:
            axes = _forest(*given, points=False)
    main = pool_sentence(main_pool(pools), words, brief=True)
    caption = joined(main, sure, indirect(effects), shapes_key(pools, preset.card), scale.zone(outcome))
    asked = {
        "trials": trials(effects["study"].nunique()),
        "condition": words.conditions[condition],
        "outcome": outcome_words(outcome),
        "when": WINDOWS[time],
    }
    if preset.card:
        first = _(
            "Pooled effects of {trials} of acupuncture for {condition}, {outcome} {when}, grouped by what acupuncture "
            "was compared with.",
            **asked,
        )
    else:
        first = _(
            "Forest plot of {trials} of acupuncture for {condition}, {outcome} {when}, grouped by what acupuncture was "
            "compared with.",
            **asked,
        )
    alt = joined(first, main, others(words, pools), sure, without)
    details = joined(
        *(pool_sentence(row, words) for row in rows_of(pools)), indirect(effects), told, scale.words(outcome)
    )
    name = "_".join(filter(None, ("forest", outcome, condition, comparator)))
    return Figure(name, title, caption, alt, preset.finish(axes), details, topic)


def by_comparator(results: Results, **question: str) -> tuple[dict[str, Fit], pd.DataFrame]:
    """The pools of one condition, outcome and window against each comparator.

    Parameters
    ----------
    results : Results
        Of the whole base.
    **question : str
        ``condition``, ``outcome`` and ``time``, and the ``comparator`` where it is one alone.

    Returns
    -------
    dict of Pooled or Posterior
        By "against ...", comparators in their usual order.
    DataFrame
        The effects in the order of the trials of these results.
    """
    fits, order, words = {}, [], results.words.comparators
    there = set(results.effects_on(**question)["comparator"])
    for comparator in (name for name in words if name in there):
        fit, rows = results.fit_on(**question | {"comparator": comparator})
        fits[_("against {comparator}", comparator=words[comparator])] = fit
        order.append(rows)
    return fits, pd.concat(order)


def _forest(
    results: Results,
    question: dict[str, str],
    pools: pd.DataFrame,
    title: str,
    scale: Scale,
    axis: tuple[float, float],
    preset: Preset,
    without: str,
    points: bool = True,
) -> Axes:
    fits, rows = by_comparator(results, **question)
    mixed = rows["directness"].nunique() > 1
    marks = [
        MARKS.get(route, "") + (ELSEWHERE if mixed and directness == "indirect" else "")
        for route, directness in zip(rows["route"], rows["directness"], strict=True)
    ]
    columns = {"n": (rows["n_acupuncture"] + rows["n_comparator"]).round()}
    wide = preset.columns == "all"
    if wide:
        columns |= {_("visits"): rows["sessions"], _("week"): rows["week"].round()}
    printed = printed_points(results.db)["yi"].reindex(pd.MultiIndex.from_frame(rows[KEY])).round()
    columns |= {_("points"): pd.Series(printed.to_numpy(), rows.index)} if points else {}
    judged = rows["risk_of_bias"].replace("", None).rename(_("bias"))
    outcome = rows["outcome"].iloc[0]
    return plots.forest(
        fits,
        measure="SD",
        columns=pd.DataFrame(columns),
        notes={
            _("against {comparator}", comparator=results.words.comparators[row["comparator"]]): answer_note(
                row, results.words
            )
            for row in rows_of(pools)
        },
        risk_of_bias=judged.to_frame() if judged.notna().any() else None,
        marks=marks,
        weights=wide,
        favours=FAVOURS,
        title=title,
        worthwhile=scale.worthwhile(outcome),
        band=scale.band(outcome),
        xlim=axis,
        plot_share=_PLOT if points and not wide else 0.0,
        source=joined(
            marks_key(marks),
            _("Points: of 100, as the trial prints them.") if points else "",
            _("Visits: treatment sessions.") if wide else "",
            _("Bias: the worst judgement of a review over its domains.") if judged.notna().any() else "",
            _("–: not reported."),
            without,
            preset.source,
        ),
    )
