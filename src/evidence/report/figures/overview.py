"""Figures over all conditions: their ranking, and the maps of what was tried and measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from ... import plots
from ...answers.claims.comparison import judge_part
from ...answers.claims.question import WINDOW_ORDER, Group, mechanism_question
from ...answers.context import Context
from ...answers.known_trials import stated
from ...answers.results import Results
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import CERTAINTY, FAVOURS, WINDOWS, capital, listed, number, outcome_words, trials
from ...base.once import once
from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ...languages import N_, _, joined
from .axis import effect_axis, has_points, in_points, points_axis, without_predictions
from .figure import Figure, NothingToDraw
from .findings import best_condition
from .presets import BLOG, Preset
from .words import (
    Scale,
    certainty_of_conditions,
    counts,
    lowered,
    mechanism_labels,
    outcome_labels,
    signs_key,
)


def ranking(
    results: Results, comparator: str = "sham", outcome: str = "pain", time: str = "short", preset: Preset = BLOG
) -> Figure:
    """The conditions against one comparator, in the order of certainty and then of size."""
    ranked, against = results.ranking(comparator, outcome, time), results.words.comparators[comparator]
    frame = ranked.to_frame()
    if not frame["k"].any():
        raise NothingToDraw(f"no trial against {against} gives a number for {outcome_words(outcome)}")
    scale, known = Scale(results.context.worthwhile), frame["k"] > 0
    spoken = has_points(frame)
    drawn = in_points(frame) if spoken else frame
    words = results.words
    called = frame["condition"].map(words.short_conditions if preset.card else words.condition_names)
    shown = drawn.assign(label=called.map(capital), note=[counts(row) for row in rows_of(frame)])
    title = best_condition(frame, results.words, outcome, comparator)
    asked = {"outcome": outcome_words(outcome), "when": WINDOWS[time], "comparator": against}
    topic = capital(_("{outcome} {when}, against {comparator}", **asked))
    sure = certainty_of_conditions(frame)
    back = frame["condition"].isin(results.words.article)
    elsewhere = list(frame.loc[(frame["share_indirect"] == 1) & back, "label"])
    whom = ""
    if elsewhere:
        whom = capital(_("{conditions}: all trials are of related conditions.", conditions=listed(elsewhere)))
    silent = [str(name) for name in called[~known]]
    without = _("No trial with a number: {conditions}.", conditions=listed(silent)) if silent else ""
    axes = plots.ranking(
        without_predictions(shown[known]) if preset.card else shown,
        label="label",
        measure="points" if spoken else "SD",
        favours=(results.words.short_comparators[comparator], "acupuncture"),
        ordered=False,
        counts="beside" if preset.card else "below",
        certainty="certainty",
        title=f"{title}\n{topic}",
        worthwhile=scale.zone_begins(outcome, points=spoken),
        xlim=points_axis(results, outcome, time) if spoken else effect_axis(results, outcome, time, frame),
        source=joined(whom, without, preset.source)
        if preset.card
        else joined(_("By certainty, then size."), signs_key(drawn), preset.source),
    )
    sentence = joined(ranked.sentence(), sure)
    caption = joined(sentence, scale.zone(outcome))
    said = {"n": len(frame), "sentence": sentence, **asked}
    if spoken:
        alt = _(
            "Dot plot of {n} populations by certainty, then size of the effect of acupuncture on {outcome} {when}, "
            "against {comparator}, with 95% intervals in points of 100. {sentence}",
            **said,
        )
    else:
        alt = _(
            "Dot plot of {n} populations by certainty, then size of the effect of acupuncture on {outcome} {when}, "
            "against {comparator}, with 95% intervals in standard deviations. {sentence}",
            **said,
        )
    each = [
        _(
            "{condition} {mean} SD ({low} to {high})",
            condition=words.condition_names[row["condition"]],
            mean=number(row["estimate"]),
            low=number(row["ci_low"]),
            high=number(row["ci_high"]),
        )
        for row in rows_of(frame[known])
    ]
    pooled = _("Pooled in standard deviations: {results}.", results=_("; ").join(each))
    details = joined(pooled, scale.words(outcome))
    return Figure(f"ranking_{outcome}_{comparator}", title, caption, alt, preset.finish(axes), details, topic)


def evidence_map(results: Results, preset: Preset = BLOG) -> Figure:
    """Where there are trials at all: conditions by comparators, with the effect on pain where it can be pooled."""
    cells = map_cells(results)
    title = _("Where the trials are")
    axes = plots.evidence_map(
        cells,
        x="against",
        y="for",
        numbered="k_pooled",
        limit=1.0,
        favours=FAVOURS,
        title=title,
        source=preset.source,
    )
    total = cells["k"].sum()
    fields = len(results.words.headline) * (len(results.words.comparators) - 1)
    empty = fields - len(cells)
    silent = cells["estimate"].isna().sum()
    alt = joined(
        _(
            "Bubble map of {n} comparisons of acupuncture in {conditions} conditions with {others} other ways to treat "
            "or wait.",
            n=total,
            conditions=len(results.words.headline),
            others=len(results.words.comparators) - 1,
        ),
        _(
            "{empty} of {fields} fields hold no trial, {silent} hold trials without a number for pain up to 3 months.",
            empty=empty,
            fields=fields,
            silent=silent,
        ),
    )
    largest = rows_of(cells.nlargest(1, "k")).pop()
    caption = joined(
        _(
            "Trials by condition and by what acupuncture was compared with: area is people, the figure is trials, "
            "colour the pooled effect on pain up to 3 months, over the share of the trials that give a number for it."
        ),
        _(
            "The fullest field is {condition} against {comparator} with {trials}.",
            condition=results.words.condition_names[largest["condition"]],
            comparator=results.words.short_comparators[largest["comparator"]],
            trials=trials(largest["k"]),
        ),
    )
    found = _(
        "{empty} of {fields} pairs of a condition and a comparison have no trial at all", empty=empty, fields=fields
    )
    return Figure("evidence_map", title, caption, alt, axes, found=found)


def map_cells(results: Results) -> pd.DataFrame:
    """Trials and people with an admissible comparison, by condition and comparator, with the effect on pain.

    Returns
    -------
    DataFrame
        ``for, against`` (words), ``condition, comparator, k`` (trials), ``n`` (people randomised), ``k_pooled``
        (trials that give a number for pain up to 3 months) and ``estimate`` (their pooled SMD, NaN without one).
    """
    words, known = results.words, results.missing
    cells = known[known["condition"].isin(words.headline)][["condition", "comparator", "estimate"]].assign(
        k=known["trials_compared"], n=known["people_compared"], k_pooled=known["k"]
    )
    named = {"for": ("condition", words.condition_names), "against": ("comparator", words.comparator_names)}
    for name, (column, texts_of) in named.items():
        levels = [value for value in texts_of if value in set(cells[column])]
        texts = {value: capital(texts_of[value]) if name == "for" else texts_of[value] for value in levels}
        cells[name] = pd.Categorical(cells[column].map(texts), [texts[value] for value in levels])
    return cells


def _mapped(db: EvidenceBase) -> dict[str, str]:
    """Rows of the map of outcomes and mechanisms, in short words."""
    labels = outcome_labels(db)
    return {name: labels[name] for name in Vocabulary.of(db).critical} | mechanism_labels(db, "short")


def outcome_map(results: Results, preset: Preset = BLOG) -> Figure:
    """What was measured against sham: populations by outcomes and mechanisms, with effect and certainty."""
    cells, five = outcome_cells(results), results.words.headline
    title = _("Against sham acupuncture: what was measured, and what came of it")
    axes = plots.evidence_map(
        cells,
        x="for",
        y="of",
        numbered="k_pooled",
        certainty="certainty",
        limit=1.0,
        favours=(results.words.short_comparators["sham"], N_("acupuncture")),
        dashed=N_("measured, but without a number to pool"),
        title=title,
        source=preset.source,
    )
    own = cells[cells["condition"].isin(five)]
    marked = own[own["measured"].isin(results.db.mechanisms["mechanism"])]
    better = cells[cells["certainty"].isin(["moderate", "high"])]
    known = cells["estimate"].notna()
    sure = {"n": len(better), "known": int(known.sum())}
    caption = joined(
        _(
            "Of {fields} fields for {populations} populations, {n} hold a trial against sham acupuncture; mechanisms "
            "were measured in {marked} of them.",
            fields=len(five) * len(_mapped(results.db)),
            populations=len(five),
            n=len(own),
            marked=len(marked),
        ),
        _("Certainty is moderate or better in {n} of {known} fields with a number.", **sure),
        _("Area is people, the figure trials, colour the effect, over the share of them that gives a number."),
    )
    alt = joined(_("Bubble map of trials against sham acupuncture, populations by what was measured."), caption)
    found = _("Against sham: certainty moderate or better in {n} of {known} fields with a number", **sure)
    details = joined(*(_("{what}.", what=_field(row)) for row in rows_of(cells)))
    return Figure("outcome_map", title, caption, alt, axes, details, found=found)


def _field(row: dict[str, Any]) -> str:
    """A field of the map of outcomes in words."""
    named = {"condition": row["for"], "measured": lowered(row["of"]), "trials": trials(row["k"])}
    if row["estimate"] != row["estimate"]:
        return _("{condition}, {measured}: {trials}", **named)
    named |= {"estimate": number(row["estimate"]), "certainty": CERTAINTY[row["certainty"]]}
    return _("{condition}, {measured}: {trials}, {estimate} SD, {certainty}", **named)


def outcome_cells(results: Results) -> pd.DataFrame:
    """Trials and people against sham, by population and outcome or mechanism.

    Returns
    -------
    DataFrame
        ``for, of`` (words), ``condition, measured`` (an outcome or a mechanism), ``k`` (trials that give a number for
        it or from which one is missing, see `evidence.answers.known_trials`), ``n`` (people randomised in them),
        ``estimate, ci_low, ci_high`` (pooled SMD, NaN without one), ``k_pooled`` (trials in it) and ``certainty``.
    """
    words, cells = results.words, _fields(results.db)
    whom = {key: capital(text) for key, text in words.short_conditions.items()}
    for name, column, texts in (("for", "condition", whom), ("of", "measured", _mapped(results.db))):
        cells[name] = pd.Categorical(cells[column].map(texts), list(texts.values()))
    return cells


@once
def _fields(db: EvidenceBase) -> pd.DataFrame:
    """`outcome_cells` without its words."""
    context, words, mapped = Context.of(db), Vocabulary.of(db), _mapped(db)
    markers = db.outcomes[db.outcomes["claimed_direction"] != ""]
    outcomes_of = {name: tuple(markers.loc[markers["mechanism"] == name, "outcome"]) or (name,) for name in mapped}
    rows = []
    for condition in words.conditions:
        for measured, outcomes in outcomes_of.items():
            question = replace(mechanism_question(outcomes), comparators=("sham",))
            part = judge_part(context, question, Group(condition, (condition,), WINDOW_ORDER))
            found = part.results[0].numbers() if part.results else None
            asked = context.known.of([condition], "sham", outcomes)
            about = [trial for trial in asked.trials if trial.state != "other outcomes"]
            if about:
                pooled = found is not None and found["estimate"] == found["estimate"]
                names = ("estimate", "ci_low", "ci_high", "certainty")
                numbers = {name: found[name] for name in names} | {"k_pooled": found["k"]} if found and pooled else {}
                field = {"condition": condition, "measured": measured, "k": len(about), "n": stated(about)}
                rows.append(field | numbers)
    numbers_of = ["estimate", "ci_low", "ci_high", "k_pooled", "certainty"]
    return pd.DataFrame(rows, columns=["condition", "measured", "k", "n", *numbers_of])
