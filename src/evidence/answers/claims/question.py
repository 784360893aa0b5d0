"""A row of claims.csv as a question to the trials: which outcomes, in whom, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...base.rows import rows_of
from ..wording.words import FIVE, does, listed

#: Where several windows are allowed, this is the order in which one is taken.
WINDOW_ORDER = ("short", "intermediate", "long", "immediate", "unstated")
ANY, EACH, ANY_MARKER = "any", "each", "any_marker"
_CLINICAL = ("efficacy", "dose", "durability")


@dataclass(frozen=True)
class Group:
    """One population (or window) of a claim that gets a verdict of its own.

    Attributes
    ----------
    name : str
        A condition, a window, or "any".
    conditions, times : tuple of str
    direct_first : bool
        Take trials in the low-back condition itself where there are three; all of them otherwise.
    """

    name: str
    conditions: tuple[str, ...]
    times: tuple[str, ...]
    direct_first: bool = False


@dataclass(frozen=True)
class Question:
    """What a claim asks.

    Attributes
    ----------
    row : dict
        The row of claims.csv.
    outcomes : tuple of str
        In the order in which they are preferred; empty where the data has no such outcome.
    groups : tuple of Group
    stands_in : str
        Why the outcomes only stand in for what is claimed, "" where they do not.
    """

    row: dict[str, Any]
    outcomes: tuple[str, ...]
    groups: tuple[Group, ...]
    stands_in: str

    @property
    def thing(self) -> str:
        """The outcomes in running text."""
        named = self.outcomes if self.row["outcome"] == ANY_MARKER else self.row["outcome"].split("|")
        return listed([does(outcome)[1] for outcome in named], "or")


def questions(claims: pd.DataFrame, outcomes: pd.DataFrame, conditions: pd.DataFrame) -> list[Question]:
    """Read every claim.

    Parameters
    ----------
    claims, outcomes, conditions : DataFrame
        Tables of the base.

    Notes
    -----
    ``any`` condition: the five conditions pooled, in the low-back condition itself where three trials are; for
    mechanisms every population. ``each``, or several: a verdict for each, then one on all. ``any_marker``: the
    markers of the claim's mechanism that its expectation is about. A claim of immediate and lasting relief gets a
    verdict for each window.
    """
    return [_question(row, outcomes, conditions) for row in rows_of(claims)]


def _question(row: dict[str, Any], outcomes: pd.DataFrame, conditions: pd.DataFrame) -> Question:
    clinical = row["kind"] in _CLINICAL
    named = row["condition"].split("|")
    times = WINDOW_ORDER if row["time"] == ANY else tuple(row["time"].split("|"))
    if row["condition"] == ANY:
        everyone = FIVE if clinical else tuple(conditions["condition"])
        groups = [Group(ANY, everyone, times, direct_first=clinical)]
    else:
        groups = [Group(name, (name,), times) for name in (FIVE if row["condition"] == EACH else named)]
    if row["expects"] == "benefit_persists" and {"immediate", "long"} == set(times):
        groups = [Group(time, groups[0].conditions, (time,), groups[0].direct_first) for time in times]
    if row["expects"] == "larger_than_other_conditions":
        groups = [Group("|".join(named), tuple(named), times)]
    return Question(row, _outcomes(row, outcomes), tuple(groups), _stands_in(row))


def _outcomes(row: Mapping[str, Any], outcomes: pd.DataFrame) -> tuple[str, ...]:
    if row["outcome"] != ANY_MARKER:
        known = set(outcomes["outcome"])
        return tuple(name for name in row["outcome"].split("|") if name in known)
    own = outcomes[outcomes["mechanism"] == row["mechanism"]]
    if row["expects"] == "lower_proinflammatory":
        own = own[own["claimed_direction"] == "lower"]
    elif row["expects"] == "higher_threshold":
        own = own[own["outcome"].str.endswith("threshold")]
    elif row["expects"] == "relaxation":
        own = own[own["outcome"].isin(["muscle_stiffness", "emg", "range_of_motion"])]
    return tuple(own["outcome"])


def _stands_in(row: Mapping[str, Any]) -> str:
    if row["expects"] == "benefit_persists" and row["theme"] == "maintenance phase":
        return "no trial counts recurrences: what is measured months later stands in"
    if row["claim_id"] in _STANDS_IN:
        return _STANDS_IN[row["claim_id"]]
    return ""


_STANDS_IN = {
    "focus-stenosis-decompression": "no trial measures compression: walking and leg pain stand in",
    "focus-disc-neuro": "no trial measures nerve function: disability and function stand in",
    "focus-sprain-repair": "no trial measures muscle repair: disability and function stand in",
    "focus-sprain-spasm": "no trial measures spasm: range of motion and pain stand in",
}
