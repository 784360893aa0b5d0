"""Words for the keys of a base, read from its own tables: conditions, comparators, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

import pandas as pd

from ...base.package import bundled_root
from ...base.tables import TrialTables
from .words import listed, outcome_words


class Vocabulary:
    """What the keys of a base are called in sentences, captions and on axes.

    Parameters
    ----------
    conditions : DataFrame
        The table ``conditions.csv``.
    comparators : DataFrame
        The table ``comparators.csv``.
    outcomes : DataFrame
        The table ``outcomes.csv``.
    """

    def __init__(self, conditions: pd.DataFrame, comparators: pd.DataFrame, outcomes: pd.DataFrame) -> None:
        self._conditions = conditions.sort_values("order")
        self._comparators = comparators.sort_values("order")
        self._outcomes = outcomes.set_index("outcome")

    @classmethod
    def of(cls, db: TrialTables) -> Vocabulary:
        """The words of a base."""
        return cls(db.conditions, db.comparators, db.outcomes)

    @cached_property
    def conditions(self) -> Mapping[str, str]:
        """Conditions in their order, to their names in running text."""
        return dict(zip(self._conditions["condition"], self._conditions["in_text"], strict=True))

    @cached_property
    def short_conditions(self) -> Mapping[str, str]:
        """The same, for where there is little room."""
        return dict(zip(self._conditions["condition"], self._conditions["short"], strict=True))

    def name_of(self, condition: str) -> str:
        """A condition's name without what it says in brackets of the data."""
        return self.conditions[condition].partition(" (")[0]

    @cached_property
    def article(self) -> tuple[str, ...]:
        """The conditions that the article is about, in their order."""
        return tuple(self._conditions.loc[self._conditions["headline"] == "yes", "condition"])

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """The same and, beside them, neighbouring populations that have a line of their own."""
        return tuple(self._conditions.loc[self._conditions["headline"] != "no", "condition"])

    def neighbours_of(self, condition: str) -> tuple[str, ...]:
        """Populations shown in a line of their own that are indirect evidence on a condition."""
        beside = (self._conditions["neighbour_of"] == condition) & (self._conditions["headline"] == "neighbour")
        return tuple(self._conditions.loc[beside, "condition"])

    @cached_property
    def comparators(self) -> Mapping[str, str]:
        """Comparators in their order, to their names in running text."""
        return dict(zip(self._comparators["comparator"], self._comparators["in_text"], strict=True))

    @cached_property
    def short_comparators(self) -> Mapping[str, str]:
        """The same, for where there is little room."""
        return dict(zip(self._comparators["comparator"], self._comparators["short"], strict=True))

    @cached_property
    def critical(self) -> tuple[str, ...]:
        """Outcomes that decide for patients, in their order: they are ranked and drawn."""
        return tuple(self._outcomes.index[self._outcomes["importance"] == "critical"])

    @cached_property
    def important(self) -> tuple[str, ...]:
        """Outcomes of a summary of findings, in their order: the critical and the important ones."""
        return tuple(self._outcomes.index[self._outcomes["importance"] != ""])

    @cached_property
    def _effects(self) -> dict[str, tuple[str, str]]:
        words = zip(self._outcomes.index, self._outcomes["verb"], self._outcomes["object"], strict=True)
        return {key: (verb or "improve", thing or outcome_words(key)) for key, verb, thing in words}

    def does(self, outcomes: str) -> tuple[str, str]:
        """What a treatment that works does to an outcome: verb and object.

        Several outcomes are joined by "|"; they share a verb or are improved.
        """
        words = [self._effects.get(outcome, ("improve", outcome_words(outcome))) for outcome in outcomes.split("|")]
        verbs = {verb for verb, _ in words}
        return verbs.pop() if len(verbs) == 1 else "improve", listed([thing for _, thing in words])

    def better(self, outcome: str) -> str:
        """What acupuncture doing better means for an outcome: "less pain"."""
        known = self._outcomes["better"].get(outcome, "")
        return known or f"{outcome_words(outcome)} more in the hoped-for direction"


@cache
def bundled() -> Vocabulary:
    """The words of the data that comes with the package, for results that belong to no base."""
    names = ("conditions", "comparators", "outcomes")
    return Vocabulary(*(pd.read_csv(bundled_root() / f"{name}.csv", keep_default_na=False) for name in names))
