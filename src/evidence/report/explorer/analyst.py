"""The analyst: pools the trials that a choice counts, and gathers what is said beside the answer."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ...answers.context import Context
from ...answers.grade.certainty import Certainty, grade
from ...answers.grade.synthesis import Synthesis, of_fit, synthesise
from ...answers.pooling import Fit
from ...derive.evidence_base import EvidenceBase
from ...errors import EvidenceError, NotConverged, SmallSample
from ...languages import _, joined
from ...models.univariate.pool import pool
from .analysis import BAYES, Analysis, Drawn, sentence_of
from .choice import Choice
from .choices import Choices
from .filters import counted, filter_words
from .settling import Settling


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
        self._settling = Settling(self._context)
        self._defaults: dict[Choice, Fit | None] = {}
        self._styles = {style: label for label, style in self.choices.styles()}

    def analyse(self, choice: Choice, *, settles: bool = True) -> Analysis:
        """Pool the chosen trials by the chosen model.

        Parameters
        ----------
        choice : Choice
        settles : bool
            Whether to reckon what would settle the question: most of the time that an answer takes.
        """
        everything, rows, usual = self.choices.everything(choice), self.choices.rows(choice), choice.by_default()
        kept = np.array([study not in choice.left_out for study in rows["study"]], dtype=bool)
        counts = rows[kept]
        fit, problem = self._pooled(counts, choice) if kept.any() else (None, "")
        serious, known = everything["integrity"] == "serious", counted(everything, replace(choice, flagged=True))
        flagged = everything["label"][serious & known]
        filtered = everything["label"][~known & (choice.flagged | ~serious)]
        pool = None if fit is None else of_fit(fit, counts)
        graded = None if pool is None else self._graded(counts, choice)
        context = self._context
        return Analysis(
            choice=choice,
            rows=rows,
            everything=everything,
            kept=kept,
            fit=fit,
            model=self._model(choice, int(kept.sum())),
            default=fit if choice == usual else self._default(usual),
            usual_model=self._model(replace(choice, method="tables"), int(kept.sum())),
            problem=problem,
            account=context.known.of(
                [choice.condition], choice.comparator, [choice.outcome or "pain"], set(everything["study"])
            ),
            worthwhile=context.worthwhile.of([choice.outcome], choice.measure),
            pool=pool,
            certainty=graded,
            per_100={} if pool is None else self._per_100(pool, everything, choice),
            settles=() if fit is None or not settles else self._settling.of(choice, fit, counts, graded),
            filters=filter_words(choice, self._styles),
            filtered=tuple(map(str, filtered)),
            flagged=tuple(map(str, flagged)),
            with_flagged=self._with(everything) if len(flagged) and choice == usual else {},
            points={} if pool is None else self._points(pool, choice),
            words=context.words,
        )

    def _default(self, usual: Choice) -> Fit | None:
        """The default analysis of a question, once."""
        if usual not in self._defaults:
            rows = self.choices.rows(usual)
            self._defaults[usual] = self._pooled(rows, usual)[0] if len(rows) else None
        return self._defaults[usual]

    def _graded(self, rows: pd.DataFrame, choice: Choice) -> Certainty | None:
        """The certainty of the trials, where precision can be judged in the measure."""
        known = self._context.worthwhile.for_precision([choice.outcome], choice.measure)
        return None if math.isnan(known) else grade(self._context, rows)

    def _with(self, everything: pd.DataFrame) -> dict[str, Any]:
        """The tables' pool with the trials that it leaves out for their numbers."""
        found = synthesise(self._context.pooling, everything)
        tight = everything["label"][everything["study"].isin(self._context.db.too_tight)]
        numbers = {f"with_serious_{name}": getattr(found, name) for name in ("estimate", "ci_low", "ci_high")}
        return numbers | {"too_tight": "|".join(tight)}

    def _as_in_tables(self, choice: Choice, k: int) -> bool:
        """Whether the trials are pooled as the tables would."""
        return k == 1 or self._model(choice, k) == self._model(choice.by_default(), k)

    def _model(self, choice: Choice, k: int) -> Drawn:
        """Method and interval of a choice for so many trials."""
        if choice.tested:
            return choice.method, choice.test
        bayesian = self._context.pooling.bayesian(k, choice.measure, choice.outcome)
        return BAYES if choice.method == "Bayes" or bayesian else ("REML", "hksj-adhoc")

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
                return None, joined(_("this model has no answer here."), sentence_of(str(error)))
        return fit, " ".join(sentence_of(str(warning.message)) for warning in said)

    def _points(self, pool: Synthesis, choice: Choice) -> dict[str, Any]:
        """Points of the fit; as trials print them only where these are pooled as the fit is."""
        found = self._context.points.of(pool)
        return found if self._as_in_tables(choice, pool.k) or found["points_basis"] != "as printed" else {}

    def _per_100(self, pool: Synthesis, everything: pd.DataFrame, choice: Choice) -> dict[str, Any]:
        """People of 100; from counts only where these are pooled as the fit is. Flagged trials have none."""
        if choice.flagged and "serious" in set(pool.columns["integrity"]):
            return {}
        if choice.measure == "RR" and choice.outcome == "responder":
            return self._context.absolute.of_ratio(pool)
        found = self._context.absolute.of(pool, without=set(everything["study"]) - set(pool.columns["study"]))
        smd = found["per_100_basis"] == "SMD as odds ratio"
        return found if found["per_100_basis"] and (smd or self._as_in_tables(choice, pool.k)) else {}
