"""One choice analysed: the pooled effect, what it says, and how it departs from the default analysis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ...answers.absolute import in_people
from ...answers.grade.certainty import Certainty
from ...answers.grade.synthesis import Synthesis
from ...answers.known_trials import Account
from ...answers.pooling import Fit
from ...answers.wording.missing import without_number
from ...answers.wording.narrative import sentence as narrative
from ...answers.wording.pool_sentence import pool_sentence
from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import WINDOWS, capital, listed, outcome_words, trials
from ...languages import _, joined, ngettext
from ...models.bayes.posterior import Posterior
from ...models.univariate.pooled import Pooled
from ...plots.parts.effect_axis import Measure, measure_named
from ...plots.parts.fits import Mean, read_mean
from ..figures.words import running
from .apart import filtered_words, flagged_words, related_words
from .choice import METHODS, PARTS, TESTS, Choice, Model

Drawn = tuple[Model, str]
BAYES: Drawn = ("Bayes", "")


@dataclass(frozen=True)
class Analysis:
    """What a choice gives.

    Attributes
    ----------
    choice : Choice
        What was chosen.
    rows : DataFrame
        Effects of every trial that the choice counts, oldest first.
    everything : DataFrame
        Effects of every trial of the question, counted or not.
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
    pool : Synthesis or None
        The fit, as it is graded and told.
    certainty : Certainty or None
        Of the same trials pooled as in the tables; None where the measure is not graded.
    per_100 : dict
        The effect in people of 100, see `evidence.answers.absolute.Absolute.of`; empty where it has none.
    settles : tuple of str
        What would settle the question, in sentences.
    filters : str
        What the trials that are counted did, see `filter_words`; empty where every trial counts.
    filtered : tuple of str
        Labels of trials that the filters keep from being counted.
    flagged : tuple of str
        Labels of trials whose numbers cannot be right as printed; they count where the choice says so.
    with_flagged : dict
        Estimate and interval of the default analysis with these; empty where there is none.
    points : dict
        The effect in points of 100, see `evidence.answers.points.Points.of`; empty where it has none.
    words : Vocabulary
        What conditions, comparators and outcomes are called.
    """

    choice: Choice
    rows: pd.DataFrame
    everything: pd.DataFrame
    kept: np.ndarray
    fit: Fit | None
    model: Drawn
    default: Fit | None
    usual_model: Drawn
    problem: str
    account: Account
    worthwhile: float
    pool: Synthesis | None
    certainty: Certainty | None
    per_100: dict[str, Any]
    settles: tuple[str, ...]
    filters: str
    filtered: tuple[str, ...]
    flagged: tuple[str, ...]
    with_flagged: dict[str, Any]
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

    @cached_property
    def left_out(self) -> list[str]:
        """Labels of the trials left out by hand."""
        return [str(label) for label in self.rows["label"][~self.kept]] if len(self.rows) else []

    @cached_property
    def title(self) -> str:
        """The question in a few words."""
        choice = self.choice
        name = self.words.condition_names.get(choice.condition, outcome_words(choice.condition))
        asked = capital(_("{condition} against {comparator}", condition=name, comparator=self._against))
        if not choice.outcome:
            return asked
        window = WINDOWS.get(choice.time, outcome_words(choice.time))
        return _("{topic}: {outcome} {when}", topic=asked, outcome=outcome_words(choice.outcome), when=window)

    @cached_property
    def sentence(self) -> str:
        """What the chosen analysis says, and no more; begins with the trials that do not count as they usually do."""
        if self.fit is None or self.pool is None:
            return _("{topic}: {said}", topic=self.title, said=self._nothing)
        return self._led(pool_sentence(self._row(self.pool), self.words))

    @cached_property
    def plain(self) -> str:
        """The same in plain words, points of 100 and certainty; empty where the result is not graded."""
        if self.pool is None or self.certainty is None:
            return ""
        about = {"worthwhile": self.worthwhile, "certainty": self.certainty.grade}
        return self._led(narrative(self._row(self.pool) | about, words=self.words))

    @property
    def copied(self) -> str:
        """What goes to the clipboard: the plain sentence, how it departs from the default analysis, who is left out."""
        left = [self._filtered_words] + [self._flagged_words] * (not self.choice.flagged)
        return joined(self.plain or self.sentence, self.departure, *left)

    @cached_property
    def people_of_100(self) -> str:
        """Of 100 people, how many improve with either, and where that comes from; empty where it is not known."""
        if not (told := in_people(self.per_100, self._against) if self.per_100 else ""):
            return ""
        counted = _("How many improve without it is counted: {source}.", source=self.per_100["risk_source"])
        return joined(capital(_("{what}.", what=told)), counted)

    @property
    def _against(self) -> str:
        """What acupuncture is compared with."""
        return self.words.comparators.get(self.choice.comparator, outcome_words(self.choice.comparator))

    @property
    def _nothing(self) -> str:
        """Why there is no answer."""
        if not len(self.rows):
            if self.filtered:
                return ngettext(
                    "the one trial with a number is not known to have {filters}. Take a filter off to see what there "
                    "is.",
                    "none of {n} trials with numbers is known to have {filters}. Take a filter off to see what there "
                    "is.",
                    len(self.filtered),
                    filters=self.filters,
                )
            return _("no trial measured this in a way that gives a number.")
        return _("every trial is left out, so there is nothing to show.") if not self.kept.any() else self.problem

    def _led(self, found: str) -> str:
        """A sentence, led by the trials that count or do not count in it."""
        lead = []
        if self.left_out:
            lead.append(_("with {n} of {trials} left out by hand", n=len(self.left_out), trials=trials(len(self.rows))))
        if self.filtered:
            lead.append(_("counting only trials that {filters}", filters=self.filters))
        if self.flagged and self.choice.flagged:
            lead.append(
                ngettext(
                    "counting also one trial whose numbers cannot be right as printed or spread far too little",
                    "counting also {n} trials whose numbers cannot be right as printed or spread far too little",
                    len(self.flagged),
                )
            )
        if not lead:
            return found
        return capital(_("{lead}, {said}", lead=_(", ").join(lead), said=running(found)))

    @property
    def _flagged_words(self) -> str:
        return flagged_words(self.flagged, self.choice.flagged)

    @property
    def _filtered_words(self) -> str:
        return filtered_words(self.filtered, self.filters)

    @cached_property
    def departure(self) -> str:
        """How the choice departs from the default analysis, and what that one gives; empty where it does not."""
        choice, usual = self.choice, self.choice.by_default()
        if not len(self.rows):
            return ""
        changed = [_("only trials that {filters}", filters=self.filters)] * bool(self.filtered)
        changed += [_("{trials} left out by hand", trials=listed(self.left_out))] if self.left_out else []
        if self.flagged and choice.flagged:
            changed.append(_("flagged trials count ({trials})", trials=listed(list(self.flagged))))
        if self.kept.sum() > 1:  # a single trial is shown as it is, whatever the model
            (method, test), (usually, interval) = self.model, self.usual_model
            changed += [_("model: {name}", name=METHODS[method])] * (method != usually)
            changed += [_("interval: {name}", name=words) for name, words in TESTS.items() if name == test != interval]
        if choice.measure != usual.measure:
            changed.append(_("measure: {one} instead of {other}", one=choice.measure, other=usual.measure))
        if not changed:
            return ""
        few = self.left_out and self.model == self.usual_model == BAYES and isinstance(self.default, Pooled)
        return joined(
            _("This is not the default analysis: {changes}.", changes=_("; ").join(changed)),
            self._default_words(),
            _("So few trials stay that the model is Bayesian random effects.") if few else "",
            _("Trials left out after their results were seen can move the answer either way.") if self.left_out else "",
        )

    @property
    def remarks(self) -> list[str]:
        """What a reader has to know beside the answer: indirect trials, trials without a number, a model's warning."""
        words = [found for found in (self._filtered_words, self._flagged_words) if found]
        if self.filters and len(self.rows) and not self.filtered:
            words.append(_("The filter keeps every trial of this question."))
        k = int(self.kept.sum())
        indirect = int((self.rows["directness"][self.kept] == "indirect").sum()) if k else 0
        if indirect:
            words.append(related_words(indirect, k))
        missing = without_number(self.account.numbers(), self._against, more=len(self.rows) > 0)
        if missing:
            words.append(capital(_("{what}.", what=missing)))
        if elsewhere := len(self.account.elsewhere):
            words.append(
                ngettext(
                    "One trial of this comparison tells of other times or outcomes only.",
                    "{n} trials of this comparison tell of other times or outcomes only.",
                    elsewhere,
                )
            )
        if self.fit is not None and self.problem:
            words.append(self.problem)
        return words

    def _default_words(self) -> str:
        measure = self.choice.by_default().measure
        if self.default is None:
            return _("The default analysis ({measure}) has no number for this question.", measure=measure)
        shown, fit = measure_named(measure), read_mean("explore", self.default)
        how = {1: _("its one trial"), 2: _("both trials")}.get(fit.k, _("all {k} trials", k=fit.k))
        if fit.k > 1:
            model = _("Bayesian random effects") if isinstance(self.default, Posterior) else "REML, Knapp-Hartung"
            how = _("{trials}, {model}", trials=how, model=model)
        low, high = map(shown.number, fit.ci)
        return _(
            "The default analysis ({how}) gives {measure} {estimate}, 95% interval {low} to {high}.",
            how=how,
            measure=measure,
            estimate=shown.number(fit.estimate),
            low=low,
            high=high,
        )

    def _row(self, pool: Synthesis) -> dict[str, Any]:
        """A row as sentences read it."""
        question = {name: getattr(self.choice, name) for name in PARTS}
        labels = "|".join(self.rows["label"][self.kept].astype(str))
        serious = {"serious": "|".join(self.flagged), **self.with_flagged} if self.with_flagged else {}
        return {**question, **pool.numbers, "labels": labels, **self.points, **serious}


def sentence_of(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
