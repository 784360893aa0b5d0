"""A row of claims.csv as a question to the trials: which outcomes, in whom, against what, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pandas as pd

from ...derive.evidence_base import EvidenceBase
from ...languages import N_, Spoken, _, pgettext
from ..wording.vocabulary import Vocabulary
from ..wording.words import WINDOWS, listed
from .verdict import COMPARATORS

#: Where several windows are allowed, this is the order in which one is taken.
WINDOW_ORDER = ("short", "intermediate", "long", "immediate", "unstated")
_IN_TIME = ("immediate", "short", "intermediate", "long")
ANY, EACH, ANY_MARKER = "any", "each", "any_marker"
_CLINICAL = ("efficacy", "dose", "durability")
#: Phase of the claims about going on after a first course, and the part of them that trials of just that answer.
MAINTENANCE = "maintenance"
#: Parts of the claim about starting early: by the mean duration of symptoms, and by what a trial was of.
DURATION, ACUTE = "duration", "acute_or_chronic"
#: What parts that are no condition are called in reasons.
PART_WORDS = Spoken(
    {
        **WINDOWS,
        ANY: N_("trials of a first course"),
        MAINTENANCE: N_("trials of further sessions after the same first course"),
        DURATION: N_("how long symptoms had lasted"),
        ACUTE: N_("acute against chronic back pain"),
    }
)


@dataclass(frozen=True)
class Group:
    """One population (or window) of a claim that gets a verdict of its own.

    Attributes
    ----------
    name : str
        A condition, a window, or "any".
    conditions : tuple of str
        Whose trials.
    times : tuple of str
        Windows in which they count.
    direct_first : bool
        Take trials in the low-back condition itself where there are any; all of them otherwise.
    neighbours : tuple of str
        Those of the conditions that are evidence on a condition related to the one that is asked about.
    """

    name: str
    conditions: tuple[str, ...]
    times: tuple[str, ...]
    direct_first: bool = False
    neighbours: tuple[str, ...] = ()

    def seen(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of trials as this question sees them: what is direct evidence on a neighbour is indirect here."""
        beside = rows["condition"].isin(self.neighbours)
        return rows.assign(directness=rows["directness"].mask(beside, "indirect")) if beside.any() else rows

    def whose(self, rows: pd.DataFrame, words: Vocabulary) -> str:
        """Its condition in words, with the neighbours whose trials are among the rows; "" for no single condition."""
        own, there = words.conditions.get(self.name, ""), set(rows["condition"])
        beside = listed([words.conditions[name] for name in self.neighbours if name in there] or [""])
        if not beside or not (own or there <= set(self.neighbours)):
            return own
        if not own:
            return beside
        if self.name in there:
            return _("{condition} and in {others}", condition=own, others=beside)
        return _("{condition}, judged by {others}", condition=own, others=beside)


@dataclass(frozen=True)
class Question:
    """What a claim asks.

    Attributes
    ----------
    row : mapping
        The row of claims.csv.
    outcomes : tuple of str
        In the order in which they are preferred; empty where the data has no such outcome.
    comparators : tuple of str
        What acupuncture may be compared with.
    """

    row: Mapping[str, Any]
    outcomes: tuple[str, ...]
    comparators: tuple[str, ...] = COMPARATORS

    @property
    def is_clinical(self) -> bool:
        """Is it about patients, not about what a mechanism does?"""
        return self.row["kind"] in _CLINICAL

    @property
    def is_about_maintenance(self) -> bool:
        """Is it about what further sessions do for patients?"""
        return bool(self.row["phase"] == MAINTENANCE)

    @property
    def stands_in(self) -> str:
        """Why the outcomes only stand in for what is claimed, "" where they do not."""
        return str(self.row["stands_in"])

    @property
    def own_measure(self) -> str:
        """What a trial of the claim itself does, "" where outcomes do not stand in: "counts recurrences"."""
        return pgettext("claims.own_measure", self.stands_in.split(":")[0].removeprefix("no trial "))

    @property
    def is_about_each(self) -> bool:
        """Does it claim something of each of several populations (every one named), or of windows that lie apart?"""
        return self.row["condition"] == EACH or "|" in self.row["condition"] or self.names_windows_apart

    @property
    def names_windows_apart(self) -> bool:
        """Windows side by side are one span of time, those with a gap between are two claims: at once and lasting."""
        places = sorted(_IN_TIME.index(time) for time in self.times if time in _IN_TIME)
        return self.row["time"] != ANY and any(after - before > 1 for before, after in pairwise(places))

    @property
    def times(self) -> tuple[str, ...]:
        """Windows that the claim is about."""
        return WINDOW_ORDER if self.row["time"] == ANY else tuple(self.row["time"].split("|"))

    def thing(self, words: Vocabulary) -> str:
        """The outcomes in running text."""
        named = self.outcomes if self.row["outcome"] == ANY_MARKER else self.row["outcome"].split("|")
        return listed([words.does(outcome)[1] for outcome in named], "or")


def read_question(row: Mapping[str, Any], db: EvidenceBase) -> Question:
    """Read a claim.

    Parameters
    ----------
    row : mapping
        A row of ``claims.csv``.
    db : EvidenceBase
        Its outcomes say which markers there are.

    Notes
    -----
    ``any_marker``: the markers of the claim's mechanism that answer its expectation (``shows`` of outcomes.csv), all of
    them where none is said to.
    """
    asked = COMPARATORS if row["comparator"] == ANY else tuple(row["comparator"].split("|"))
    return Question(row, _outcomes(row, db.outcomes), tuple(name for name in COMPARATORS if name in asked))


def mechanism_question(outcomes: tuple[str, ...]) -> Question:
    """What trials found of some markers, whatever an article claims."""
    about = {"kind": "mechanism", "outcome": "|".join(outcomes), "time": ANY, "stands_in": ""}
    return Question(about, outcomes)


def by_condition(question: Question, db: EvidenceBase, words: Vocabulary) -> list[Group]:
    """A group for each condition that the claim names.

    ``any``: the conditions of the article together, in the low-back condition itself where such trials are; for
    mechanisms every population.
    """
    named, times = question.row["condition"], question.times
    if named == ANY:
        everyone = words.headline if question.is_clinical else tuple(db.conditions["condition"])
        elsewhere = tuple(name for name in everyone if question.is_clinical and name not in words.article)
        return [Group(ANY, everyone, times, question.is_clinical, elsewhere)]
    conditions: Sequence[str] = words.article if named == EACH else named.split("|")
    beside = {name: words.neighbours_of(name) for name in conditions}
    return [Group(name, (name, *beside[name]), times, bool(beside[name]), beside[name]) for name in conditions]


def by_window(question: Question, db: EvidenceBase, words: Vocabulary) -> list[Group]:
    """A group for each window where the claim names windows that lie apart: relief at once and lasting."""
    first, *others = by_condition(question, db, words)
    if not question.names_windows_apart:
        return [first, *others]
    return [replace(first, name=time, times=(time,)) for time in question.times]


def by_duration(question: Question, db: EvidenceBase, words: Vocabulary) -> list[Group]:
    """The same people twice: by how long symptoms had lasted, and acute against chronic."""
    (first,) = by_condition(question, db, words)
    return [replace(first, name=DURATION), replace(first, name=ACUTE)]


def all_named(question: Question, db: EvidenceBase, words: Vocabulary) -> list[Group]:
    """One group of every condition that the claim names."""
    named = question.row["condition"]
    return [Group(named, tuple(named.split("|")), question.times)]


def _outcomes(row: Mapping[str, Any], outcomes: pd.DataFrame) -> tuple[str, ...]:
    if row["outcome"] != ANY_MARKER:
        known = set(outcomes["outcome"])
        return tuple(name for name in row["outcome"].split("|") if name in known)
    own = outcomes[outcomes["mechanism"] == row["mechanism"]]
    fitting = own[own["shows"] == row["expects"]]
    return tuple((fitting if len(fitting) else own)["outcome"])
