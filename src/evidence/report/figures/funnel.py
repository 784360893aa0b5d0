"""The funnel of every large pool: are small trials different?"""

from __future__ import annotations

from collections.abc import Iterator

from ... import plots
from ...answers.results import Results
from ...answers.wording.words import FAVOURS, WINDOWS, outcome_words, trials
from ...bias.egger import egger
from ...bias.trim_and_fill import trim_and_fill
from ...languages import joined
from ...models.univariate.pool import pool
from ...models.wording import number, p_value
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
    finding = "differ" if test.p_value < 0.05 else "cannot be told to differ"
    topic = f"{about(words, condition, outcome, time)}, against {against}"
    title = (
        f"Small and large trials {finding} in their effect" if preset.card else f"{topic}: are small trials different?"
    )
    heading = f"{title}\n{topic}" if preset.card else title
    axes = plots.funnel(fit, filled=added, favours=FAVOURS, title=heading or title, source=preset.source)
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
    return Figure(name, title, joined(sentence, caution, reading), alt, preset.finish(axes), topic=topic)
