"""Does an early start do more: by the mean duration of symptoms in trials, and by acute against chronic pain."""

from __future__ import annotations

from functools import partial

import pandas as pd

from ...derive.symptoms import symptom_durations
from ...languages import N_, _, ngettext
from ..context import Context
from ..early_start import LEAST_TRIALS, with_durations
from .between_trials import chosen, slope_part
from .comparison import Part, Slope
from .question import Group, Question
from .which_effects import one_window

#: Trials on either side of the contrast, below which it would be a comparison with one trial.
_LEAST_A_SIDE = 2
_SETTLED_BY = N_(
    "a trial that randomises people to start at once or later, or patients' own data of many trials pooled"
)
_SHORTER = Slope(N_("the shorter symptoms had lasted, the larger the effect"), N_("{amount} for each year less"))
_ACUTE = Slope(N_("the effect is larger in trials of acute than of chronic back pain"), N_("difference {amount}"))


def by_years(context: Context, question: Question, group: Group) -> Part:
    """A slope over the mean duration of symptoms, where ten trials against one comparator tell it."""
    effects = with_durations(context.db, chosen(context, question, group))
    effects = effects[effects["years"].notna()].assign(earlier=lambda rows: -rows["years"])
    against = [one_window(rows, group.times)[0] for _, rows in effects.groupby("comparator")]
    most = max((rows["study"].nunique() for rows in against), default=0)
    too_few, measure = partial(_too_few_years, most), "SMD per year less"
    return slope_part(
        context, question, group, effects, "earlier", measure, _SHORTER, too_few, _SETTLED_BY, LEAST_TRIALS
    )


def _too_few_years(most: int) -> str:
    if not most:
        return _(
            "no trial against any one comparator tells how long symptoms had lasted on average, with a number; a slope "
            "takes {least}",
            least=LEAST_TRIALS,
        )
    return ngettext(
        "at most one trial against any one comparator tells how long symptoms had lasted on average, with a number; a "
        "slope takes {least}",
        "at most {n} trials against any one comparator tell how long symptoms had lasted on average, with a number; a "
        "slope takes {least}",
        most,
        least=LEAST_TRIALS,
    )


def by_course(context: Context, question: Question, group: Group) -> Part:
    """Trials of acute against trials of chronic back pain; what a trial says of its own patients comes first."""
    effects = chosen(context, question, group)
    courses = context.db.conditions.query("course != ''").set_index("condition")["course"]
    effects = effects[effects["condition"].isin(courses.index)]
    told = symptom_durations(context.db).set_index("study")["course"]
    course = effects["study"].map(told).fillna(effects["condition"].map(courses))  # "" where a trial took both
    effects = effects[course != ""].assign(acute=(course == "acute").astype(float))
    both = effects.groupby(["comparator", "time"]).filter(_on_both_sides)
    measure = "difference in SMD"
    return slope_part(context, question, group, both, "acute", measure, _ACUTE, _too_few_a_side, _SETTLED_BY)


def _too_few_a_side() -> str:
    return _("fewer than {n} trials of acute or of chronic pain against any one comparator", n=_LEAST_A_SIDE)


def _on_both_sides(rows: pd.DataFrame) -> bool:
    studies = rows.groupby("acute")["study"].nunique()
    return len(studies) == 2 and bool(studies.min() >= _LEAST_A_SIDE)
