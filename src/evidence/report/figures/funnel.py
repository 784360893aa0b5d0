"""The funnel of every large pool: are small trials different?"""

from __future__ import annotations

from collections.abc import Iterator

from ... import plots
from ...answers.results import Results
from ...answers.wording.words import FAVOURS, WINDOWS, number, outcome_words, trials
from ...bias.egger import egger
from ...bias.trim_and_fill import trim_and_fill
from ...languages import _, joined, pointed
from ...models.univariate.pool import pool
from ...models.wording import p_value
from .figure import Figure
from .presets import BLOG, Preset
from .words import about

#: A funnel of fewer trials says nothing (Sterne 2011, BMJ 343:d4002).
LEAST_FUNNEL = 10


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
    differ = test.p_value < 0.05
    topic = _("{topic}, against {comparator}", topic=about(words, condition, outcome, time), comparator=against)
    title = _("{topic}: are small trials different?", topic=topic)
    if preset.card and differ:
        title = _("Small and large trials differ in their effect")
    elif preset.card:
        title = _("Small and large trials cannot be told to differ in their effect")
    heading = f"{title}\n{topic}" if preset.card else title
    axes = plots.funnel(fit, filled=added, favours=FAVOURS, title=heading or title, source=preset.source)
    tested = {"p": pointed(p_value(test.p_value)), "trials": trials(fit.k)}
    if differ:
        said = _("Small and large trials differ in their effect (Egger's test, p {p}, {trials}).", **tested)
    else:
        said = _(
            "Small and large trials cannot be told to differ in their effect (Egger's test, p {p}, {trials}).", **tested
        )
    sentence = joined(said, filled.sentence())
    caution = _(
        "Asymmetry may come from missing trials, from differences between small and large ones, or from chance."
    )
    reading = _("White: not significant; a hole there would be a sign of results kept back.")
    alt = joined(
        _(
            "Funnel plot of {trials} of acupuncture for {condition} against {comparator}: effect on {outcome} {when} "
            "against its standard error, around a pooled effect of {estimate} standard deviations.",
            trials=trials(fit.k),
            condition=words.conditions[condition],
            comparator=against,
            outcome=outcome_words(outcome),
            when=WINDOWS[time],
            estimate=number(fit.estimate),
        ),
        sentence,
    )
    name = f"funnel_{outcome}_{condition}_{comparator}"
    return Figure(name, title, joined(sentence, caution, reading), alt, preset.finish(axes), topic=topic)
