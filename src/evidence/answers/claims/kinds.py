"""What a claim can expect (``expects`` of claims.csv), and how each expectation is judged: one function a kind.

A new kind is one more function here under `_kind`; the enum of ``expects`` in datapackage.json names the same kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...derive.evidence_base import EvidenceBase
from ...errors import InvalidInput
from ...languages import N_, _
from ..context import Context
from ..wording.vocabulary import Vocabulary
from .between_trials import chosen, slope_part
from .comparison import Part, Slope, judge_part
from .early_start import by_course, by_years
from .maintenance import GO_ON_OR_STOP, maintenance_part
from .question import ACUTE, Group, Question, all_named, by_condition, by_duration, by_window

Judge = Callable[[Context, Question, Group], Part]
Groups = Callable[[Question, EvidenceBase, Vocabulary], list[Group]]


@dataclass(frozen=True)
class Kind:
    """A kind of claim.

    Attributes
    ----------
    expects : str
        Its name in claims.csv.
    groups : callable
        Which populations or windows get a verdict each.
    judge : callable
        The verdict on one of them.
    """

    expects: str
    groups: Groups
    judge: Judge


#: Every kind by its name.
KINDS: dict[str, Kind] = {}


def judged(context: Context, question: Question) -> list[Part]:
    """The parts of a claim with their verdicts, by the kind of its expectation."""
    expects = question.row["expects"]
    if expects not in KINDS:
        raise InvalidInput(f"claim {question.row['claim_id']}: expects={expects!r}; choose among {', '.join(KINDS)}")
    kind = KINDS[expects]
    groups = kind.groups(question, context.db, context.words)
    parts = [kind.judge(context, question, group) for group in groups]
    if not question.is_about_maintenance:
        return parts
    first = maintenance_part(context, question, groups[0], kind.judge)
    return [replace(part, settled_by=GO_ON_OR_STOP) for part in (first, *parts) if part]


def _kind(*names: str, groups: Groups = by_condition) -> Callable[[Judge], Judge]:
    """Enter a function under the expectations that it judges."""

    def enter(judge: Judge) -> Judge:
        KINDS.update({name: Kind(name, groups, judge) for name in names})
        return judge

    return enter


@_kind("benefit", "change", "relaxation", "higher_threshold", "lower_proinflammatory")
def as_hoped(context: Context, question: Question, group: Group) -> Part:
    """Outcomes go the way that is hoped for (``claimed_direction`` of outcomes.csv)."""
    return judge_part(context, question, group)


@_kind("worse")
def worse(context: Context, question: Question, group: Group) -> Part:
    """Acupuncture does worse than what it is compared with."""
    return judge_part(context, question, group, turn=-1)


@_kind("higher", "lower")
def in_the_stated_direction(context: Context, question: Question, group: Group) -> Part:
    """Outcomes rise, or fall: what is hoped for where outcomes.csv states the same direction, else the opposite."""
    outcomes = context.db.outcomes.set_index("outcome")["claimed_direction"]
    stated = {outcomes[name] for name in question.outcomes} - {""}
    if len(stated) > 1:
        raise InvalidInput(
            f"claim {question.row['claim_id']}: expects={question.row['expects']!r}, but of its outcomes some are "
            "hoped to rise and some to fall; write benefit, or make two claims"
        )
    return judge_part(context, question, group, turn=1 if stated <= {question.row["expects"]} else -1)


@_kind("benefit_persists", groups=by_window)
def lasting(context: Context, question: Question, group: Group) -> Part:
    """The benefit is there in each of the windows named."""
    return judge_part(context, question, group)


@_kind("benefit_when_spaced")
def when_spaced(context: Context, question: Question, group: Group) -> Part:
    """The benefit is there in trials that treated once a week or more rarely."""
    effects = context.effects("SMD")
    part = judge_part(context, question, group, effects[effects["sessions_per_week"] <= 1])
    return replace(part, whom=N_("in trials that treated once a week or more rarely"), reason_only=True)


@_kind("more_is_better")
def more_is_better(context: Context, question: Question, group: Group) -> Part:
    """The effect is larger in trials with more of the moderator: a slope between trials, against each comparator."""
    moderator = question.row["moderator"]
    if moderator not in _DOSES:
        raise InvalidInput(
            f"claim {question.row['claim_id']}: moderator={moderator!r}; choose among {', '.join(_DOSES)}"
        )
    dose = _DOSES[moderator]
    effects = chosen(context, question, group)
    effects = effects[effects[moderator].notna()]

    def too_few() -> str:
        return _(dose.too_few, outcome=question.thing(context.words))

    return slope_part(context, question, group, effects, moderator, dose.measure, dose.slope, too_few, dose.settled_by)


@dataclass(frozen=True)
class _Dose:
    """What trials with more of it than others are asked, in messages to be translated."""

    measure: str
    slope: Slope
    too_few: str
    settled_by: str


_DOSES = {
    "sessions": _Dose(
        "SMD per session",
        Slope(N_("more sessions go with a larger effect"), N_("{amount} for each session")),
        N_(
            "fewer than four trials against any one comparator give both an effect on {outcome} and its number of "
            "sessions"
        ),
        N_("a trial that randomises people to more or fewer sessions"),
    ),
    "sessions_per_week": _Dose(
        "SMD per session a week",
        Slope(N_("more sessions a week go with a larger effect"), N_("{amount} for each session a week")),
        N_(
            "fewer than four trials against any one comparator give both an effect on {outcome} and its number of "
            "sessions a week"
        ),
        N_("a trial that randomises people to more or fewer sessions a week"),
    ),
}
_LARGER = Slope(N_("the effect in the conditions named is larger than elsewhere"), N_("difference {amount}"))


@_kind("larger_than_other_conditions", groups=all_named)
def larger_than_others(context: Context, question: Question, group: Group) -> Part:
    """The effect is larger in the populations named than in all others: a difference between trials."""
    everyone = replace(group, conditions=tuple(context.words.conditions))
    effects = chosen(context, question, everyone)
    effects = effects.assign(named=effects["condition"].isin(group.conditions).astype(float))

    def too_few() -> str:
        return _(
            "fewer than four trials against any one comparator give an effect on {outcome} as a number, in the "
            "conditions named and elsewhere",
            outcome=question.thing(context.words),
        )

    settled_by = N_("trials that print {outcome} in numbers, in the conditions named and in others")
    measure = "difference in SMD"
    return slope_part(context, question, group, effects, "named", measure, _LARGER, too_few, settled_by)


@_kind("earlier_is_better", groups=by_duration)
def earlier_is_better(context: Context, question: Question, group: Group) -> Part:
    """The effect is larger the shorter symptoms had lasted: between trials, by their mean duration or their course."""
    return by_course(context, question, group) if group.name == ACUTE else by_years(context, question, group)
