"""One choice analysed: the pooled effect, what it says, and how it departs from the default analysis."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ...answers.context import Context
from ...answers.grade.synthesis import of_fit
from ...answers.known_trials import Account
from ...answers.pooling import Fit
from ...answers.wording.missing import in_short, without_number
from ...answers.wording.pool_sentence import pool_sentence
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import WINDOWS, listed, outcome_words, trials
from ...derive.evidence_base import EvidenceBase
from ...errors import EvidenceError, NotConverged, SmallSample
from ...models.bayes.posterior import Posterior
from ...models.univariate.pool import pool
from ...models.univariate.pooled import Pooled
from ...models.wording import number
from ...plots.parts.effect_axis import Measure, measure_named
from ...plots.parts.fits import Mean, read_mean
from .choices import METHODS, PARTS, TESTS, Choice, Choices, Model

Drawn = tuple[Model, str]
_BAYES: Drawn = ("Bayes", "")


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
    fit : Pooled, Posterior or None
        None where nothing is left or the model has no answer.
    model : (str, str)
        Method and interval of the fit, "" for an interval that follows from the method.
    default : Pooled, Posterior or None
        The default analysis of the same question; None where there is none.
    usual_model : (str, str)
        Method and interval that the tables give so many trials.
    problem : str
        Why there is no fit, or what the model warns of; empty where all is well.
    account : Account
        The trials of the comparison, and which of them give no number for this question.
    worthwhile : float
        Smallest worthwhile effect in units of the measure; NaN where none is written down.
    points : dict
        The effect in points of 100, see `evidence.answers.points.Points.of`; empty where it has none.
    words : Vocabulary
        What conditions, comparators and outcomes are called.
    """

    choice: Choice
    rows: pd.DataFrame
    kept: np.ndarray
    fit: Fit | None
    model: Drawn
    default: Fit | None
    usual_model: Drawn
    problem: str
    account: Account
    worthwhile: float
    points: dict[str, Any]
    words: Vocabulary

    @property
    def measure(self) -> Measure:
        """How effects are shown."""
        return measure_named(self.choice.measure)

    @cached_property
    def mean(self) -> Mean | None:
        """The fit as figures read it."""
        return None if self.fit is None else read_mean("explore", self.fit)

    @property
    def random(self) -> bool:
        """Whether the model has a variance between trials at all."""
        return isinstance(self.fit, Posterior) or (self.fit is not None and self.fit.settings.random)

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
        if self.kept.sum() > 1:  # a single trial is shown as it is, whatever the model
            (method, test), (usually, interval) = self.model, self.usual_model
            changed += [f"model: {METHODS[method]}"] * (method != usually)
            changed += [f"interval: {words}" for name, words in TESTS.items() if name == test != interval]
        changed += [f"measure: {choice.measure} instead of {usual.measure}"] * (choice.measure != usual.measure)
        if not changed:
            return ""
        words = f"This is not the default analysis: {'; '.join(changed)}. {self._default_words()}"
        if self.left_out:
            if self.model == self.usual_model == _BAYES and isinstance(self.default, Pooled):
                words += " So few trials stay that the model is Bayesian random effects."
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
        mean, shown = self.mean, self.measure
        k = int(self.kept.sum())
        counts = [
            ("Trials", f"{k} of {len(self.rows)}" if self.left_out else f"{k}"),
            ("People", f"{self.people:,.0f}"),
            ("Trials without a number", in_short(self.account.numbers())),
        ]
        if self.fit is None or mean is None:
            return counts
        single = mean.k == 1
        spread = "–" if single or not self.random else number(mean.tau2)
        found = mean.prediction_interval
        return [
            (f"{shown.short}, one trial" if single else f"{shown.short}, pooled", shown.number(mean.estimate)),
            ("95% interval", shown.interval(*mean.ci)),
            ("95% prediction interval", "–" if found is None else shown.interval(*found)),
            ("τ²", spread),
            ("I²", "–" if single or mean.i2 is None else f"{mean.i2:.0f}%"),
            *counts,
        ]

    def _default_words(self) -> str:
        measure = self.choice.by_default().measure
        if self.default is None:
            return f"The default analysis ({measure}) has no number for this question."
        shown, fit = measure_named(measure), read_mean("explore", self.default)
        everyone = {1: "its one trial", 2: "both trials"}.get(fit.k, f"all {fit.k} trials")
        how = ", Bayesian random effects" if isinstance(self.default, Posterior) else ", REML, Knapp-Hartung"
        low, high = map(shown.number, fit.ci)
        found = f"{shown.number(fit.estimate)}, 95% interval {low} to {high}"
        return f"The default analysis ({everyone}{how * (fit.k > 1)}) gives {measure} {found}."

    def _row(self, fit: Fit) -> dict[str, Any]:
        """A row as `pool_sentence` reads it."""
        question = {name: getattr(self.choice, name) for name in PARTS}
        return {**question, **of_fit(fit, self.rows[self.kept]).numbers, "labels": "|".join(fit.slab), **self.points}


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
        fit, problem = self._pooled(rows[kept], choice) if kept.any() else (None, "")
        usual = choice.by_default()
        everyone = self.choices.rows(usual)
        default = fit if choice == usual else self._pooled(everyone, usual)[0] if len(everyone) else None
        studies = set(rows["study"]) if len(rows) else set()
        return Analysis(
            choice=choice,
            rows=rows,
            kept=kept,
            fit=fit,
            model=self._model(choice, int(kept.sum())),
            default=default,
            usual_model=self._model(replace(choice, method="tables"), int(kept.sum())),
            problem=problem,
            account=self._context.known.of([choice.condition], choice.comparator, [choice.outcome or "pain"], studies),
            worthwhile=self._context.worthwhile.of([choice.outcome], choice.measure),
            points={} if fit is None else self._points(fit, rows[kept], choice),
            words=self._context.words,
        )

    def _model(self, choice: Choice, k: int) -> Drawn:
        """Method and interval of a choice for so many trials."""
        if choice.tested:
            return choice.method, choice.test
        bayesian = self._context.pooling.bayesian(k, choice.measure, choice.outcome)
        return _BAYES if choice.method == "Bayes" or bayesian else ("REML", "hksj-adhoc")

    def _pooled(self, rows: pd.DataFrame, choice: Choice) -> tuple[Fit | None, str]:
        """The fit, or None with the reason; with a fit, what the model warned of."""
        pooling = self._context.pooling
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", NotConverged)
            warnings.simplefilter("ignore", SmallSample)  # k and the sentence say it
            try:
                if choice.method == "tables" or len(rows) == 1:
                    fit = pooling.fit(rows, slab="label")
                elif choice.method == "Bayes":
                    fit = pooling.posterior(rows, slab="label")
                else:
                    fit = pool(rows, method=choice.method, test=choice.test, slab="label")
            except EvidenceError as error:
                return None, f"this model has no answer here. {_sentence(str(error))}"
        return fit, " ".join(_sentence(str(warning.message)) for warning in said)

    def _points(self, fit: Fit, rows: pd.DataFrame, choice: Choice) -> dict[str, Any]:
        """Points of the fit; as trials print them only where these are pooled as the fit is."""
        found = self._context.points.of(of_fit(fit, rows))
        k = len(rows)
        same = k == 1 or self._model(choice, k) == self._model(choice.by_default(), k)
        return found if same or found["points_basis"] != "as printed" else {}


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
