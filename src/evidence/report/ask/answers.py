"""What the page says: a question with its trials, and an answer for each choice of them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ...answers.wording.words import GRADES, outcome_words, people, trials, whole
from ...base.rows import rows_of
from ...charts.sources import web_address
from ...plots.parts.effect_axis import Measure
from ..explorer.analysis import Analysis
from ..explorer.analyst import Analyst
from ..explorer.choice import Choice
from ..explorer.live_forest import half_widths, summary_names, trial_weights
from .places import Axis
from .questions import ticked

#: What the effects of a question are, in its usual measure (`usual_measure`).
UNITS = {"SMD": "in standard deviations", "RR": "as a risk ratio"}


def answered(analyst: Analyst, question: Choice) -> dict[str, Any]:
    """A question as the page reads it.

    Parameters
    ----------
    analyst : Analyst
        Of the base.
    question : Choice
        Without a tick.

    Returns
    -------
    dict
        ``asked`` (condition, comparator, outcome, time), ``title``, ``read`` (how the forest is read), ``favours``,
        ``axis``, ``trials``; ``answers``; ``ticks``: for each combination of `TICKS`, in the order of the binary number
        that they make (the first of them counts 1), the answer of all its trials and, by trial, of the others when that
        one is left out.
    """
    rows = analyst.choices.everything(question)
    combinations = ticked(analyst.choices, question)
    analyses: dict[Choice, Analysis] = {}
    for each in combinations.values():
        for choice in (each.choice, *each.left_out):
            if choice not in analyses:
                analyses[choice] = analyst.analyse(choice, settles=False)
    at = {choice: index for index, choice in enumerate(analyses)}
    first = next(iter(analyses.values()))
    axis = Axis.of(rows, list(analyses.values()))
    other = first.words.short_comparators.get(question.comparator, outcome_words(question.comparator))
    return {
        "asked": list(question.question[:4]),
        "title": first.title,
        "read": _reading(first),
        "favours": [f"← favours {other}", "favours acupuncture →"],
        "axis": axis.drawn(first),
        "trials": _trials(rows, first, axis),
        "ticks": [
            [at[each.choice], {next(iter(out.left_out)): at[out] for out in each.left_out}]
            for _, each in sorted(combinations.items(), key=lambda pair: pair[0][::-1])
        ],
        "answers": [_answer(analysis, rows, axis) for analysis in analyses.values()],
    }


def _reading(analysis: Analysis) -> str:
    """What the marks of the forest are."""
    zone = "" if math.isnan(analysis.worthwhile) else "; shaded: enough to be worthwhile"
    return (
        f"Each trial's effect {UNITS[analysis.choice.measure]} with its 95% interval; a larger square weighs more, a "
        f"faint one does not count{zone}."
    )


def _trials(rows: pd.DataFrame, analysis: Analysis, axis: Axis) -> list[dict[str, Any]]:
    """Every trial of the question: name, source, people, effect and where it is drawn."""
    shown = analysis.measure
    return [
        {
            "key": row["study"],
            "name": row["label"],
            "href": web_address(row["href"]),
            "people": f"{row['n_acupuncture'] + row['n_comparator']:,.0f}",
            "effect": _with_interval(shown, row["yi"], row["yi"] - half, row["yi"] + half),
            "mark": axis.mark(row["yi"] - half, row["yi"], row["yi"] + half),
        }
        for row, half in zip(rows_of(rows), half_widths(rows), strict=True)
    ]


def _answer(analysis: Analysis, rows: pd.DataFrame, axis: Axis) -> dict[str, Any]:
    """What is said of a choice, and how its trials weigh; a trial that does not count has no weight."""
    graded = analysis.certainty
    kept = set(analysis.rows["study"][analysis.kept])
    weights = dict(zip(analysis.rows["study"], trial_weights(analysis).tolist(), strict=True))
    return {
        "said": analysis.plain or analysis.sentence,
        "points": _points(analysis.points),
        "grade": graded.grade if graded else "",
        "level": GRADES.index(graded.grade) + 1 if graded else 0,
        "why": graded.why if graded else [],
        "rests": f"{trials(len(kept))}, {people(analysis.people)}" if kept else "",
        "hundred": analysis.people_of_100,
        "departure": analysis.departure,
        "remarks": analysis.remarks,
        "copied": analysis.copied,
        "weights": [_weight(weights, study) if study in kept else None for study in rows["study"]],
        "summary": _summary(analysis, axis),
    }


def _weight(weights: dict[str, float], study: str) -> list[str | float]:
    """Percent of the weight, and the side of the square that shows it, in pixels: its area is as the weight."""
    weight = max(weights[study], 0.0)
    return [f"{weight:.0f}%", round(max(5.0, 15.0 * math.sqrt(weight / max(5.0, *weights.values()))), 1)]


def _with_interval(shown: Measure, estimate: float, low: float, high: float) -> str:
    return f"{shown.number(estimate)} ({_interval(shown, low, high)})"


def _interval(shown: Measure, low: float, high: float) -> str:
    return f"{shown.number(low)} to {shown.number(high)}"


def _points(points: dict[str, Any]) -> str:
    """Points of 100 with their interval; empty where there are none."""
    if not points or math.isnan(points["points"]):
        return ""
    return f"{whole(points['points'])} ({whole(points['points_low'])} to {whole(points['points_high'])})"


def _summary(analysis: Analysis, axis: Axis) -> list[dict[str, Any]]:
    """The rows under the trials: the pooled effect, and where a new trial may fall."""
    fit, shown = analysis.mean, analysis.measure
    names = summary_names(analysis)
    if fit is None or not names:
        return []
    found = [
        {
            "name": "Together",
            "people": f"{analysis.people:,.0f}",
            "effect": _with_interval(shown, fit.estimate, *fit.ci),
            "mark": axis.mark(fit.ci[0], fit.estimate, fit.ci[1]),
        }
    ]
    if fit.prediction_interval:
        low, high = fit.prediction_interval
        where = {"name": "A new trial may find", "people": "", "effect": _interval(shown, low, high)}
        found.append(where | {"mark": axis.mark(low, fit.estimate, high)})
    return found
