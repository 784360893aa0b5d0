"""What trials of further sessions after the same first course say to a claim about the maintenance phase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...languages import N_
from ..context import Context
from .comparison import Part
from .question import MAINTENANCE, Group, Question

#: What would settle a claim about the maintenance phase.
GO_ON_OR_STOP = N_("a trial that randomises people after the same first course to go on or to stop")


def maintenance_part(
    context: Context, question: Question, group: Group, judge: Callable[[Context, Question, Group], Part]
) -> Part | None:
    """The part of a claim that maintenance trials answer; None where there is no such trial.

    Parameters
    ----------
    context : Context
        Of the base that is asked.
    question : Question
        A claim about the maintenance phase.
    group : Group
        Of whom and when.
    judge : callable
        What judges the claim elsewhere: the same rules hold here.

    Notes
    -----
    A claim is also told what trials found that randomised people to more or fewer further sessions; one about dose
    whatever they measured.
    """
    found = context.maintenance.found
    found = found[found["condition"].isin(group.conditions)]
    if found.empty:
        return None
    doses = found["comparator"] == "acupuncture"
    about = found["outcome"].isin(question.outcomes) & (found["comparator"].isin(question.comparators) | doses)
    if question.row["kind"] == "dose":
        about |= doses & (found["outcome"] != "")
    told = replace(context.maintenance, found=found[about].reset_index(drop=True))
    part = judge(context.of_maintenance, question, replace(group, name=MAINTENANCE))
    whom = N_("after the same first course in all arms")
    return replace(part, whom=whom, one_by_one=told if len(told.found) else None)
