"""Does an early start do more: by the mean duration of symptoms in trials, and by acute against chronic pain."""

from __future__ import annotations

import pandas as pd

from ...derive.symptoms import symptom_durations
from ..context import Context
from ..early_start import LEAST_TRIALS, with_durations
from ..wording.words import trials
from .between_trials import chosen, slope_part
from .comparison import Part, Slope, one_window
from .question import Group, Question

#: The conditions that are acute and chronic by their definition (conditions.csv).
_COURSES = {"lumbar_sprain": "acute", "chronic_overuse": "chronic"}
#: Trials on either side of the contrast, below which it would be a comparison with one trial.
_LEAST_A_SIDE = 2
_SETTLED_BY = "a trial that randomises people to start at once or later, or patients' own data of many trials pooled"


def by_years(context: Context, question: Question, group: Group) -> Part:
    """A slope over the mean duration of symptoms, where ten trials against one comparator tell it."""
    effects = with_durations(context.db, chosen(context, question, group))
    effects = effects[effects["years"].notna()].assign(earlier=lambda rows: -rows["years"])
    against = [one_window(rows, group.times)[0] for _, rows in effects.groupby("comparator")]
    most = max((rows["study"].nunique() for rows in against), default=0)
    too_few = (
        f"{f'at most {trials(most)}' if most else 'no trial'} against any one comparator "
        f"{'tell' if most > 1 else 'tells'} how long symptoms had lasted on average, with a number; a slope takes "
        f"{LEAST_TRIALS}"
    )
    slope = Slope("the shorter symptoms had lasted, the larger the effect", "{} for each year less")
    measure = "SMD per year less"
    return slope_part(context, question, group, effects, "earlier", measure, slope, too_few, _SETTLED_BY, LEAST_TRIALS)


def by_course(context: Context, question: Question, group: Group) -> Part:
    """Trials of acute against trials of chronic back pain; what a trial says of its own patients comes first."""
    effects = chosen(context, question, group)
    effects = effects[effects["condition"].isin(_COURSES)]
    told = symptom_durations(context.db).set_index("study")["course"]
    course = effects["study"].map(told).fillna(effects["condition"].map(_COURSES))  # "" where a trial took both
    effects = effects[course != ""].assign(acute=(course == "acute").astype(float))
    both = effects.groupby(["comparator", "time"]).filter(_on_both_sides)
    slope = Slope("the effect is larger in trials of acute than of chronic back pain", "difference {}")
    too_few = f"fewer than {_LEAST_A_SIDE} trials of acute or of chronic pain against any one comparator"
    return slope_part(context, question, group, both, "acute", "difference in SMD", slope, too_few, _SETTLED_BY)


def _on_both_sides(rows: pd.DataFrame) -> bool:
    studies = rows.groupby("acute")["study"].nunique()
    return len(studies) == 2 and bool(studies.min() >= _LEAST_A_SIDE)
