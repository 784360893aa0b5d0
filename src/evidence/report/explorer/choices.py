"""What can be asked of the trials: choices that exist in the data, with the number of trials behind each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ...answers.context import Context
from ...answers.wording.words import WINDOWS, outcome_words, trials
from ...base.rows import rows_of
from ...derive.comparisons import admissible
from ...derive.evidence_base import MEASURES, EvidenceBase
from ...errors import InvalidInput
from ...models.engine import coefficient_tests
from ...models.engine.coefficient_tests import Test
from ...models.engine.estimators import ESTIMATORS, Method

#: Parts of a question, in the order in which they narrow the trials.
PARTS = ("condition", "comparator", "outcome", "time", "measure")
Model = Method | Literal["tables", "Bayes"]
#: "tables" is what `evidence.answers.pooling` decides; its interval and that of "Bayes" follow from the model.
METHODS: Mapping[Model, str] = {
    "tables": "as in the tables (Bayes for two to four trials)",
    "Bayes": "Bayesian random effects",
    **{
        name: f"random effects, {each.words}" if each.random else each.words
        for name, each in ESTIMATORS.items()
        if not each.needs_weights
    },
}
TESTS: Mapping[Test, str] = {name: test.words for name, test in coefficient_tests.TESTS.items()}
_MEASURES = {
    "SMD": "standardised difference (SMD)",
    "MD100": "points of 100 (MD100)",
    "ROM": "ratio of means (ROM)",
    "RR": "risk ratio (RR)",
    "OR": "odds ratio (OR)",
    "RD": "risk difference (RD)",
}
#: Events are compared by risk ratio (docs/method.md), all else by standardised difference.
_EVENTS = ("responder", "adverse_event")
_PREFERRED = {"comparator": "sham", "outcome": "pain", "time": "short"}


@dataclass(frozen=True)
class Choice:
    """A question, a model, and the trials left out by hand.

    ``outcome``, ``time`` and ``measure`` are empty where the trials of a comparison give no number at all; ``test``
    is of the models that leave one to choose.
    """

    condition: str
    comparator: str
    outcome: str = ""
    time: str = ""
    measure: str = ""
    method: Model = "tables"
    test: Test = "hksj-adhoc"
    left_out: frozenset[str] = frozenset()

    @property
    def tested(self) -> bool:
        """Whether the model leaves the interval to choose."""
        return self.method in ESTIMATORS

    @property
    def question(self) -> tuple[str, ...]:
        """The values of `PARTS`."""
        return (self.condition, self.comparator, self.outcome, self.time, self.measure)

    def by_default(self) -> Choice:
        """The same question as the project answers it: its measure and model, every trial."""
        return Choice(self.condition, self.comparator, self.outcome, self.time, usual_measure(self.outcome))


def usual_measure(outcome: str) -> str:
    """Measure in which the project reports an outcome."""
    return "RR" if outcome in _EVENTS else "SMD"


class Choices:
    """Every question the trials of a base can be asked.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them. Effects of all measures are computed once, here.

    Raises
    ------
    InvalidInput
        When the base has no comparison that may be pooled.
    """

    def __init__(self, db: EvidenceBase) -> None:
        self._context = Context.of(db)
        self._words = self._context.words
        pairs = admissible(db)[["study_id", "comparator"]].merge(db.studies[["study_id", "condition"]], on="study_id")
        if pairs.empty:
            raise InvalidInput("explore: no trial in this base has a comparison that may be pooled")
        self._trials: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._values: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._rows: dict[tuple[str, ...], pd.DataFrame] = {}
        for row in rows_of(pairs):
            self._add((row["condition"], row["comparator"]), row["study_id"])
        for measure in MEASURES:
            effects = self._context.effects(measure).sort_values(["year", "study"])
            for key, rows in effects.groupby(list(PARTS)):
                question = tuple(str(value) for value in key)
                self._rows[question] = rows.reset_index(drop=True)
                for study in rows["study"]:
                    self._add(question, study)

    def rows(self, choice: Choice) -> pd.DataFrame:
        """Effects of the chosen question, oldest trial first; no rows where no trial gives a number."""
        return self._rows.get(choice.question, pd.DataFrame())

    def options(self, part: str, choice: Choice) -> list[tuple[str, str]]:
        """Label with the number of trials, and value, of what can be chosen for a part, given the parts before it."""
        before = choice.question[: PARTS.index(part)]
        return [
            (f"{self._name(part, value)} ({trials(len(self._trials[(*before, value)]))})", value)
            for value in self._sorted(part, before)
        ]

    def first(self) -> Choice:
        """Where the reader starts: of the five conditions the one with most trials, against sham, on pain."""
        known = self._sorted("condition", ())
        five = [value for value in known if value in self._words.headline]
        return self.settled(Choice(max(five or known, key=lambda value: len(self._trials[(value,)])), ""))

    def settled(self, choice: Choice) -> Choice:
        """The choice, with parts that do not exist after the parts before them exchanged for some that do."""
        question: tuple[str, ...] = ()
        for part, wanted in zip(PARTS, choice.question, strict=True):
            known = self._sorted(part, question)
            usual = usual_measure(question[2]) if part == "measure" else _PREFERRED.get(part, "")
            here = [value for value in (wanted, usual, *known) if value in known]
            question = (*question, here[0] if here else "")
        condition, comparator, outcome, time, measure = question
        return Choice(condition, comparator, outcome, time, measure, choice.method, choice.test, choice.left_out)

    def _add(self, question: tuple[str, ...], study: str) -> None:
        for length, value in enumerate(question):
            self._values[question[:length]].add(value)
            self._trials[question[: length + 1]].add(study)

    def _name(self, part: str, value: str) -> str:
        names = {
            "condition": self._words.conditions,
            "comparator": self._words.comparators,
            "time": WINDOWS,
            "measure": _MEASURES,
        }
        return names.get(part, {}).get(value, outcome_words(value))

    def _sorted(self, part: str, before: tuple[str, ...]) -> list[str]:
        """Values that exist after ``before``: in the order of the vocabulary, outcomes by their number of trials."""
        orders = {
            "condition": self._words.conditions,
            "comparator": self._words.comparators,
            "time": WINDOWS,
            "measure": MEASURES,
        }
        known = list(orders.get(part, ()))
        values = self._values.get(before, set())
        if not known:
            return sorted(values, key=lambda value: (-len(self._trials[(*before, value)]), value))
        return sorted(values, key=lambda value: (known.index(value) if value in known else len(known), value))
