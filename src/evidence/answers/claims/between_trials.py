"""Claims that compare trials with each other: a slope over the dose, one population against others."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from ...errors import NotEstimable, SmallSample
from ...languages import N_
from ...models.univariate.regress import regress
from ..context import Context
from ..grade.certainty import grade
from .comparison import ComparisonResult, Part, Slope
from .question import Group, Question
from .verdict import Verdict, judge
from .which_effects import once, one_window

#: A line needs at least this many trials, unless its claim asks for more.
LEAST_TRIALS = 4
_ASSOCIATION = N_("an association between trials: no trial was randomised to it")


def slope_part(
    context: Context,
    question: Question,
    group: Group,
    effects: pd.DataFrame,
    moderator: str,
    measure: str,
    slope: Slope,
    too_few: Callable[[], str],
    settled_by: str,
    least: int = LEAST_TRIALS,
) -> Part:
    """A slope between trials against each comparator, and the verdict.

    Parameters
    ----------
    context : Context
        Of the base that is asked.
    question : Question
        What is asked.
    group : Group
        Of whom and when.
    effects : DataFrame
        Effects to choose among, with a column of the moderator's name.
    moderator : str
        What trials differ in.
    measure : str
        What one unit of the slope is.
    slope : Slope
        The same in words.
    too_few : callable
        Says why there is no result where a line cannot be drawn.
    settled_by : str
        The trial that would tell more than trials compared with each other, a message to be translated.
    least : int
        Trials that a line needs.
    """
    found = [
        _slope(context, question, group, effects[effects["comparator"] == name], moderator, measure, slope, least)
        for name in question.comparators
    ]
    results = tuple(result for result in found if result)
    measured = context.measured(question.outcomes, group.conditions)
    if results:
        readings = [result.reading for result in results]
        verdict = judge(readings, context.words, stands_in=question.stands_in, asked=question.comparators)
        return Part(group, results, measured, verdict, settled_by=settled_by)
    verdict = Verdict("unclear", None, too_few) if measured else judge((), context.words)
    return Part(group, (), measured, verdict, reason_only=bool(measured), settled_by=settled_by)


def chosen(context: Context, question: Question, group: Group) -> pd.DataFrame:
    """Effects on the question's outcomes in a group, each result once."""
    return group.seen(once(context.effects("SMD"), group.conditions, question.outcomes))


def _slope(
    context: Context,
    question: Question,
    group: Group,
    effects: pd.DataFrame,
    moderator: str,
    measure: str,
    slope: Slope,
    least: int,
) -> ComparisonResult | None:
    rows, time = one_window(effects, group.times)
    rows = rows.drop_duplicates("study")
    if len(rows) < least or rows[moderator].nunique() < 2:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)
            table = regress(rows, formula=f"~ {moderator}").coefficients
    except NotEstimable:
        return None
    names = ("estimate", "ci_low", "ci_high", "p_value")
    estimate, low, high, p_value = (float(table[name].to_numpy()[1]) for name in names)
    graded = grade(context, rows, outcomes=question.outcomes, conditions=group.conditions, stands_in=_ASSOCIATION)
    pool = replace(
        graded.synthesis,
        measure=measure,
        model="meta-regression",
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        p_better=1 - p_value / 2 if estimate > 0 else p_value / 2,
        pi_low=math.nan,
        pi_high=math.nan,
    )
    comparator = str(rows["comparator"].iloc[0])
    return ComparisonResult(comparator, time, replace(graded, synthesis=pool), slope=slope)
