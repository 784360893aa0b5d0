"""What can be asked of the trials: choices that exist in the data, with the number of trials behind each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pandas as pd

from ...answers.context import Context
from ...answers.wording.words import WINDOWS, outcome_words, trials
from ...base.rows import rows_of
from ...charts.sources import linked
from ...derive.comparisons import admissible
from ...derive.evidence_base import MEASURES, EvidenceBase
from ...errors import InvalidInput
from ...languages import N_, Spoken, _, pgettext
from .choice import PARTS, Choice, usual_measure
from .filters import counted

_MEASURES = Spoken(
    {
        "SMD": N_("standardised difference (SMD)"),
        "MD100": N_("points of 100 (MD100)"),
        "ROM": N_("ratio of means (ROM)"),
        "RR": N_("risk ratio (RR)"),
        "OR": N_("odds ratio (OR)"),
        "RD": N_("risk difference (RD)"),
    }
)
_NOTHING = pd.DataFrame(columns=["study", "label", "style", "route", "participants_blinded", "directness", "integrity"])
_PREFERRED = {"comparator": "sham", "outcome": "pain", "time": "short"}


class _Questions:
    """Values of the parts of questions that exist, by the parts before them, and the trials behind each question."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self.trials: dict[tuple[str, ...], set[str]] = defaultdict(set)

    def add(self, question: tuple[str, ...], study: str) -> None:
        for length, value in enumerate(question):
            self.values[question[:length]].add(value)
            self.trials[question[: length + 1]].add(study)


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
        self._known = {flagged: _Questions() for flagged in (False, True)}
        self._rows: dict[tuple[str, ...], pd.DataFrame] = {}
        for row in rows_of(pairs):
            for known in self._known.values():
                known.add((row["condition"], row["comparator"]), row["study_id"])
        effects = linked(db, pd.concat([db.effects(measure) for measure in MEASURES])).sort_values(["year", "study"])
        for key, rows in effects.groupby(list(PARTS)):
            question = tuple(str(value) for value in key)
            self._rows[question] = rows.reset_index(drop=True)
            for study, integrity in zip(rows["study"], rows["integrity"], strict=True):
                self._known[True].add(question, study)
                if integrity != "serious":
                    self._known[False].add(question, study)
        used = {style for words in effects["style"].unique() for style in words.split("|")}
        named = zip(db.styles["label"], db.styles["style"], strict=True)
        self._styles = [(label, style) for label, style in named if style in used]

    def everything(self, choice: Choice) -> pd.DataFrame:
        """Effects of the chosen question, oldest trial first, whatever is filtered; flagged trials, too."""
        return self._rows.get(choice.question, _NOTHING)

    def rows(self, choice: Choice) -> pd.DataFrame:
        """Those that the choice counts, before any trial is left out by hand."""
        rows = self.everything(choice)
        return rows[counted(rows, choice)].reset_index(drop=True)

    def options(self, part: str, choice: Choice) -> list[tuple[str, str]]:
        """Label with the number of trials, and value, of what can be chosen for a part, given the parts before it."""
        before, known = choice.question[: PARTS.index(part)], self._known[choice.flagged]
        return [
            (_counted(self._name(part, value), len(known.trials[(*before, value)])), value)
            for value in self._sorted(part, before, known)
        ]

    def conditions(self, choice: Choice) -> list[tuple[str, str]]:
        """Other conditions that can stand beside the choice: label and value, as for `options`."""
        known = self._known[choice.flagged]
        others = (value for value in self._sorted("condition", (), known) if value != choice.condition)
        told = {value: len(known.trials.get((value, *choice.question[1:]), ())) for value in others}
        return [(_counted(self._name("condition", value), k), value) for value, k in told.items() if k]

    def questions(self) -> list[Choice]:
        """Every question with a number in its usual measure, from what is most likely asked: `first` at the head."""
        usual = [
            Choice(condition, comparator, outcome, time, measure)
            for condition, comparator, outcome, time, measure in self._rows
            if measure == usual_measure(outcome)
        ]
        start = self.first().condition
        known = self._known[True]

        def rank(choice: Choice) -> list[tuple[bool, int]]:
            places = []
            for at, part in enumerate(PARTS):
                before, value = choice.question[:at], choice.question[at]
                preferred = start if part == "condition" else _PREFERRED.get(part, value)
                places.append((value != preferred, self._sorted(part, before, known).index(value)))
            return places

        return sorted(usual, key=rank)

    def styles(self) -> list[tuple[str, str]]:
        """Styles of acupuncture that trials used: label and value."""
        return [(pgettext("styles.label", label), style) for label, style in self._styles]

    def first(self) -> Choice:
        """Where the reader starts: of the five conditions the one with most trials, against sham, on pain."""
        known = self._known[False]
        here = self._sorted("condition", (), known)
        five = [value for value in here if value in self._words.headline]
        return self.settled(Choice(max(five or here, key=lambda value: len(known.trials[(value,)])), ""))

    def settled(self, choice: Choice) -> Choice:
        """The choice, with parts that do not exist after the parts before them exchanged for some that do."""
        question: tuple[str, ...] = ()
        for part, wanted in zip(PARTS, choice.question, strict=True):
            known = self._sorted(part, question, self._known[choice.flagged])
            usual = usual_measure(question[2]) if part == "measure" else _PREFERRED.get(part, "")
            here = [value for value in (wanted, usual, *known) if value in known]
            question = (*question, here[0] if here else "")
        condition, comparator, outcome, time, measure = question
        return replace(choice, condition=condition, comparator=comparator, outcome=outcome, time=time, measure=measure)

    def _name(self, part: str, value: str) -> str:
        names = {
            "condition": self._words.condition_names,
            "comparator": self._words.comparators,
            "time": WINDOWS,
            "measure": _MEASURES,
        }
        return names.get(part, {}).get(value, outcome_words(value))

    def _sorted(self, part: str, before: tuple[str, ...], questions: _Questions) -> list[str]:
        """Values that exist after ``before``: in the order of the vocabulary, outcomes by their number of trials."""
        orders = {
            "condition": self._words.conditions,
            "comparator": self._words.comparators,
            "time": WINDOWS,
            "measure": MEASURES,
        }
        known = list(orders.get(part, ()))
        values = questions.values.get(before, set())
        if not known:
            return sorted(values, key=lambda value: (-len(questions.trials[(*before, value)]), value))
        return sorted(values, key=lambda value: (known.index(value) if value in known else len(known), value))


def _counted(name: str, k: int) -> str:
    return _("{name} ({trials})", name=name, trials=trials(k))
