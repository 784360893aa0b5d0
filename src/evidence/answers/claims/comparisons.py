"""Claims about more or less: frequency of treatment, spacing, and one population against others."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import pandas as pd

from ...errors import NotEstimable, SmallSample
from ...models.univariate.regress import regress
from .evidence import COMPARATORS, Answer, Evidence, Gathering, once, one_window
from .question import Group, Question
from .verdict import Verdict

#: A line needs at least this many trials.
LEAST_TRIALS = 4
_ASSOCIATION = "an association between trials: no trial was randomised to it"


def frequency(gathering: Gathering, question: Question, group: Group) -> Answer:
    """Does pain fall more in trials with more sessions a week? A slope between trials, against each comparator."""
    chosen = once(gathering.effects, group.conditions, question.outcomes)
    chosen = chosen[chosen["sessions_per_week"].notna()]
    parts = [
        _slope(gathering, question, group, comparator, chosen, "sessions_per_week", "SMD per session a week")
        for comparator in COMPARATORS
    ]
    return _answered(gathering, question, group, parts, "fewer than four trials against any one comparator tell it")


def weekly_or_rarer(gathering: Gathering, question: Question, group: Group) -> Answer:
    """Results of trials that treated once a week or more rarely, in the windows of the claim."""
    effects = gathering.effects
    return gathering.answer(question, group, effects[effects["sessions_per_week"] <= 1])


def larger_than_others(gathering: Gathering, question: Question, group: Group) -> Answer:
    """Is the effect in the named populations larger than in all others? A difference between trials."""
    chosen = once(gathering.effects, set(gathering.effects["condition"]), question.outcomes)
    chosen = chosen.assign(named=chosen["condition"].isin(group.conditions).astype(float))
    parts = [
        _slope(gathering, question, group, comparator, chosen, "named", "difference in SMD")
        for comparator in COMPARATORS
    ]
    why = "fewer than four trials against any one comparator give numbers on both sides"
    return _answered(gathering, question, group, parts, why)


def _slope(
    gathering: Gathering,
    question: Question,
    group: Group,
    comparator: str,
    effects: pd.DataFrame,
    moderator: str,
    measure: str,
) -> Evidence | None:
    rows, time = one_window(effects[effects["comparator"] == comparator], group.times)
    rows = rows.drop_duplicates("study")
    if len(rows) < LEAST_TRIALS or rows[moderator].nunique() < 2:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)
            table = regress(rows, formula=f"~ {moderator}").coefficients
    except NotEstimable:
        return None
    estimate, low, high = (float(table[name].to_numpy()[1]) for name in ("estimate", "ci_low", "ci_high"))
    graded = gathering.appraisal.certainty(
        rows, outcomes=question.outcomes, conditions=group.conditions, stands_in=_ASSOCIATION
    )
    found = replace(
        graded.found, measure=measure, model="meta-regression", estimate=estimate, ci_low=low, ci_high=high,
        pi_low=math.nan, pi_high=math.nan,
    )  # fmt: skip
    return Evidence(comparator, time, replace(graded, found=found), None, math.nan, math.nan)


def _answered(
    gathering: Gathering, question: Question, group: Group, parts: list[Evidence | None], too_few: str
) -> Answer:
    there = tuple(part for part in parts if part)
    measured = gathering.measured(question.outcomes, group.conditions)
    if there:
        return Answer(group, there, measured)
    verdict = Verdict("unclear", None, too_few) if measured else Verdict("untested", None, "no trial measures it")
    return Answer(group, (), measured, given=verdict)
