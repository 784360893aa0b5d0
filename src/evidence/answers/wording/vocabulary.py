"""Words for the keys of a base, read from its own tables: conditions, comparators, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

import pandas as pd

from ...base.package import bundled_root
from ...base.rows import rows_of
from ...base.tables import TrialTables
from ...languages import _, pgettext, spoken
from .words import listed, outcome_words

#: An outcome that no table has.
_UNKNOWN = {"better": "", "verb": "", "object": ""}


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
        self._conditions = conditions.sort_values("order", kind="stable")
        self._comparators = comparators.sort_values("order", kind="stable")
        self._outcomes = {row["outcome"]: row for row in rows_of(outcomes)}
        self._named: dict[tuple[str, str, str], Mapping[str, str]] = {}

    def __repr__(self) -> str:
        counted = len(self._conditions), len(self._comparators), len(self._outcomes)
        return "Vocabulary: {} conditions, {} comparators, {} outcomes".format(*counted)

    @classmethod
    def of(cls, db: TrialTables) -> Vocabulary:
        """The words of a base."""
        return cls(db.conditions, db.comparators, db.outcomes)

    @property
    def conditions(self) -> Mapping[str, str]:
        """Conditions in their order, to their names in running text."""
        return self._names("conditions", "in_text")

    @property
    def condition_names(self) -> Mapping[str, str]:
        """The same by themselves, as on an axis: languages with cases have another form in running text."""
        return self._names("conditions", "in_text", "conditions.name")

    @property
    def short_conditions(self) -> Mapping[str, str]:
        """The same, for where there is little room."""
        return self._names("conditions", "short")

    @property
    def plain_conditions(self) -> Mapping[str, str]:
        """What each condition is, in plain words."""
        return self._names("conditions", "plain_words")

    def name_of(self, condition: str) -> str:
        """A condition's name without what it says in brackets of the data."""
        return self.conditions[condition].partition(" (")[0]

    @cached_property
    def article(self) -> tuple[str, ...]:
        """The conditions that the article is about, in their order."""
        return tuple(self._conditions.loc[self._conditions["headline"] == "yes", "condition"])

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """The same and, beside them, related conditions that have a line of their own."""
        return tuple(self._conditions.loc[self._conditions["headline"] != "no", "condition"])

    def neighbours_of(self, condition: str) -> tuple[str, ...]:
        """Populations shown in a line of their own that are indirect evidence on a condition."""
        beside = (self._conditions["neighbour_of"] == condition) & (self._conditions["headline"] == "neighbour")
        return tuple(self._conditions.loc[beside, "condition"])

    @property
    def comparators(self) -> Mapping[str, str]:
        """Comparators in their order, to their names in running text."""
        return self._names("comparators", "in_text")

    @property
    def short_comparators(self) -> Mapping[str, str]:
        """The same, for where there is little room."""
        return self._names("comparators", "short")

    @property
    def comparator_names(self) -> Mapping[str, str]:
        """The short names by themselves, as in a key: languages with cases have another form after "against"."""
        return self._names("comparators", "short", "comparators.name")

    @cached_property
    def critical(self) -> tuple[str, ...]:
        """Outcomes that decide for patients, in their order: they are ranked and drawn."""
        return tuple(name for name, row in self._outcomes.items() if row["importance"] == "critical")

    @cached_property
    def important(self) -> tuple[str, ...]:
        """Outcomes of a summary of findings, in their order: the critical and the important ones."""
        return tuple(name for name, row in self._outcomes.items() if row["importance"] != "")

    def does(self, outcomes: str) -> tuple[str, str]:
        """What a treatment that works does to an outcome: verb (in English) and object.

        Several outcomes are joined by "|"; they share a verb or are improved.
        """
        words = [self._effect(outcome) for outcome in outcomes.split("|")]
        verbs = {verb for verb, _thing in words}
        return verbs.pop() if len(verbs) == 1 else "improve", listed([thing for _verb, thing in words])

    def better(self, outcome: str) -> str:
        """What acupuncture doing better means for an outcome: "less pain"."""
        known = self._outcomes.get(outcome, _UNKNOWN)
        return pgettext("outcomes.better", known["better"]) or _(
            "{outcome} more in the hoped-for direction", outcome=outcome_words(outcome)
        )

    def _effect(self, outcome: str) -> tuple[str, str]:
        known = self._outcomes.get(outcome, _UNKNOWN)
        return known["verb"] or "improve", pgettext("outcomes.object", known["object"]) or outcome_words(outcome)

    def _names(self, table: str, column: str, context: str = "") -> Mapping[str, str]:
        """Keys of a table in their order, to words of one of its columns in the language spoken."""
        context = context or f"{table}.{column}"
        asked = spoken(), table, context
        if asked not in self._named:
            rows = self._conditions if table == "conditions" else self._comparators
            words = [pgettext(context, text) for text in rows[column]]
            self._named[asked] = dict(zip(rows[table[:-1]], words, strict=True))
        return self._named[asked]


@cache
def bundled() -> Vocabulary:
    """The words of the data that comes with the package, for results that belong to no base."""
    names = ("conditions", "comparators", "outcomes")
    return Vocabulary(*(pd.read_csv(bundled_root() / f"{name}.csv", keep_default_na=False) for name in names))
