"""One choice analysed: the pooled effect, what it says, and how it departs from the default analysis."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...answers.context import Context
from ...answers.known_trials import Account
from ...answers.wording.missing import in_short, without_number
from ...answers.wording.pool_sentence import pool_sentence
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import WINDOWS, listed, outcome_words, trials
from ...derive.evidence_base import EvidenceBase
from ...errors import EvidenceError, NotConverged, SmallSample
from ...models.univariate.pool import pool
from ...models.univariate.pooled import Pooled
from ...models.wording import number
from ...plots.parts.effect_axis import Measure, measure_named
from .choices import METHODS, TESTS, Choice, Choices


@dataclass(frozen=True)
class Analysis:
    """What a choice gives.

    Attributes
    ----------
    choice : Choice
        What was chosen.
    rows : DataFrame
        Effects of every trial of the question, oldest first.
    kept : (k,) bool array
        False for trials left out by hand.
    fit : Pooled or None
        None where nothing is left or the model has no answer.
    default : Pooled or None
        The default analysis of the same question; None where there is none.
    problem : str
        Why there is no fit, or what the model warns of; empty where all is well.
    account : Account
        The trials of the comparison, and which of them give no number for this question.
    worthwhile : float
        Smallest worthwhile effect in units of the measure; NaN where none is written down.
    sd : float
        Points of 100 in one standard deviation, for SMD; NaN otherwise.
    words : Vocabulary
        What conditions, comparators and outcomes are called.
    """

    choice: Choice
    rows: pd.DataFrame
    kept: np.ndarray
    fit: Pooled | None
    default: Pooled | None
    problem: str
    account: Account
    worthwhile: float
    sd: float
    words: Vocabulary

    @property
    def measure(self) -> Measure:
        """How effects are shown."""
        return measure_named(self.choice.measure)

    @property
    def people(self) -> float:
        """People in the trials that are kept."""
        rows = self.rows[self.kept]
        return float((rows["n_acupuncture"] + rows["n_comparator"]).sum()) if len(rows) else 0.0

    @property
    def left_out(self) -> list[str]:
        """Labels of the trials left out by hand."""
        return [str(label) for label in self.rows["label"][~self.kept]] if len(self.rows) else []

    @property
    def title(self) -> str:
        """The question in a few words."""
        choice = self.choice
        name = self.words.conditions.get(choice.condition, outcome_words(choice.condition))
        against = self.words.comparators.get(choice.comparator, outcome_words(choice.comparator))
        asked = f"{name[:1].upper()}{name[1:]} against {against}"
        window = WINDOWS.get(choice.time, outcome_words(choice.time))
        return f"{asked}: {outcome_words(choice.outcome)} {window}" if choice.outcome else asked

    @property
    def sentence(self) -> str:
        """What the chosen analysis says, and no more; begins with the trials left out, if any were."""
        if not len(self.rows):
            return f"{self.title}: no trial measured this in a way that gives a number."
        if not self.kept.any():
            return f"{self.title}: every trial is left out, so there is nothing to show."
        if self.fit is None:
            return f"{self.title}: {self.problem}"
        found = pool_sentence(self._row(self.fit), self.words)
        if self.kept.all():
            return found
        many = f"{len(self.left_out)} of {trials(len(self.rows))}"
        return f"With {many} left out by hand, {found[:1].lower()}{found[1:]}"

    @property
    def departure(self) -> str:
        """How the choice departs from the default analysis, and what that one gives; empty where it does not."""
        choice, usual = self.choice, self.choice.by_default()
        if not len(self.rows):
            return ""
        changed = [f"{listed(self.left_out)} left out by hand"] if self.left_out else []
        if len(self.rows) > 1:  # a single trial is shown as it is, whatever the model
            changed += [f"model: {METHODS[choice.method]}"] * (choice.method != usual.method)
            changed += [f"interval: {TESTS[choice.test]}"] * (choice.test != usual.test)
        changed += [f"measure: {choice.measure} instead of {usual.measure}"] * (choice.measure != usual.measure)
        if not changed:
            return ""
        words = f"This is not the default analysis: {'; '.join(changed)}. {self._default_words()}"
        if self.left_out:
            words += " Trials left out after their results were seen can move the answer either way."
        return words

    @property
    def remarks(self) -> list[str]:
        """What a reader has to know beside the answer: indirect trials, trials without a number, a model's warning."""
        words = []
        k = int(self.kept.sum())
        indirect = int((self.rows["directness"][self.kept] == "indirect").sum()) if k else 0
        if indirect:
            everyone = {1: "The trial", 2: "Both trials"}.get(k, f"All {k} trials")
            who = everyone if indirect == k else f"{indirect} of {k} trials"
            words.append(f"{who} studied a neighbouring population.")
        against = self.words.comparators.get(self.choice.comparator, outcome_words(self.choice.comparator))
        missing = without_number(self.account.numbers(), against, more=len(self.rows) > 0)
        if missing:
            words.append(_sentence(missing))
        elsewhere = len(self.account.elsewhere)
        if elsewhere:
            tell = "tells" if elsewhere == 1 else "tell"
            words.append(_sentence(f"{trials(elsewhere)} of this comparison {tell} of other times or outcomes only"))
        if self.fit is not None and self.problem:
            words.append(self.problem)
        return words

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """Names and values of what a paper reports; a dash where there is none."""
        fit, shown = self.fit, self.measure
        k = int(self.kept.sum())
        counts = [
            ("Trials", f"{k} of {len(self.rows)}" if self.left_out else f"{k}"),
            ("People", f"{self.people:,.0f}"),
            ("Trials without a number", in_short(self.account.numbers())),
        ]
        if fit is None:
            return counts
        single = fit.k == 1
        known = fit.prediction_interval is not None and all(map(math.isfinite, fit.prediction_interval))
        prediction = shown.interval(*fit.prediction_interval) if known and fit.prediction_interval else "–"
        return [
            (f"{shown.short}, one trial" if single else f"{shown.short}, pooled", shown.number(fit.estimate)),
            ("95% interval", shown.interval(*fit.ci)),
            ("95% prediction interval", prediction),
            ("τ²", "–" if single or not fit.settings.random else number(fit.tau2)),
            ("I²", "–" if single else f"{fit.i2:.0f}%"),
            *counts,
        ]

    def _default_words(self) -> str:
        measure = self.choice.by_default().measure
        if self.default is None:
            return f"The default analysis ({measure}) has no number for this question."
        shown, fit = measure_named(measure), self.default
        everyone = {1: "its one trial", 2: "both trials"}.get(fit.k, f"all {fit.k} trials")
        how = "" if fit.k == 1 else ", REML, Knapp-Hartung"
        found = f"{shown.number(fit.estimate)}, 95% interval {shown.number(fit.ci.low)} to {shown.number(fit.ci.high)}"
        return f"The default analysis ({everyone}{how}) gives {measure} {found}."

    def _row(self, fit: Pooled) -> dict[str, object]:
        """A row as `pool_sentence` reads it."""
        points = {"points": fit.estimate, "points_low": fit.ci.low, "points_high": fit.ci.high}
        return {
            **{name: getattr(self.choice, name) for name in ("condition", "comparator", "outcome", "time", "measure")},
            "k": fit.k,
            "n": self.people,
            "estimate": fit.estimate,
            "ci_low": fit.ci.low,
            "ci_high": fit.ci.high,
            "labels": "|".join(fit.slab),
            **{name: value * self.sd for name, value in points.items()},
        }


class Analyst:
    """Analyses choices; what choices share is computed once.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    """

    def __init__(self, db: EvidenceBase) -> None:
        self.choices = Choices(db)
        self._context = Context.of(db)

    def analyse(self, choice: Choice) -> Analysis:
        """Pool the chosen trials by the chosen model."""
        rows = self.choices.rows(choice)
        kept = np.array([study not in choice.left_out for study in rows["study"]] if len(rows) else [], dtype=bool)
        fit, problem = _pooled(rows[kept], choice) if kept.any() else (None, "")
        usual = choice.by_default()
        everyone = self.choices.rows(usual)
        default = fit if choice == usual else _pooled(everyone, usual)[0] if len(everyone) else None
        sd = self._context.worthwhile.sd.get(choice.outcome, math.nan) if choice.measure == "SMD" else math.nan
        studies = set(rows["study"]) if len(rows) else set()
        return Analysis(
            choice=choice,
            rows=rows,
            kept=kept,
            fit=fit,
            default=default,
            problem=problem,
            account=self._context.known.of([choice.condition], choice.comparator, [choice.outcome or "pain"], studies),
            worthwhile=self._context.worthwhile.of([choice.outcome], choice.measure),
            sd=sd,
            words=self._context.words,
        )


def _pooled(rows: pd.DataFrame, choice: Choice) -> tuple[Pooled | None, str]:
    """The fit, or None with the reason; with a fit, what the model warned of."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", NotConverged)
        warnings.simplefilter("ignore", SmallSample)  # k and the sentence say it
        try:
            fit = pool(rows, method=choice.method, test=choice.test, slab="label")
        except EvidenceError as error:
            return None, f"this model has no answer here. {_sentence(str(error))}"
    return fit, " ".join(_sentence(str(warning.message)) for warning in said)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
