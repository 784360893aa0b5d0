"""What would settle the question that is looked at: the people still needed, and the next trial."""

from __future__ import annotations

import math

import pandas as pd

from ...answers.claims.settle import surer, trials_against
from ...answers.context import Context
from ...answers.grade.certainty import Certainty
from ...answers.pooling import Fit
from ...answers.wording.words import capital
from ...errors import EvidenceError
from ...languages import _
from ...models.bayes.posterior import Posterior
from ...sensitivity.sequential.next_trial import next_trial
from .choice import Choice


class Settling:
    """Says what would settle a pool of a base.

    Parameters
    ----------
    context : Context
        Of the base.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, choice: Choice, fit: Fit, rows: pd.DataFrame, graded: Certainty | None) -> tuple[str, ...]:
        """What a pool lacks, and what one further trial would tell.

        Parameters
        ----------
        choice : Choice
            The question.
        fit : Pooled or Posterior
            The pool.
        rows : DataFrame
            Its effects.
        graded : Certainty or None
            How sure it is.

        Returns
        -------
        tuple of str
            Sentences. People are reckoned in standardised differences only: in a ratio it depends on how many have
            the event anyway.
        """
        told = []
        if graded is not None and choice.measure == "SMD":
            least = self._context.worthwhile.for_precision([choice.outcome], "SMD")
            lacks = surer(graded, least, trials_against(choice.comparator, self._context.words))
            told.append(capital(_("{what}.", what=lacks)))
        return (*told, self._next(choice, fit, rows))

    def _next(self, choice: Choice, fit: Fit, rows: pd.DataFrame) -> str:
        worthwhile = self._context.worthwhile.of([choice.outcome], choice.measure)
        people = None if choice.measure == "SMD" else (rows["n_acupuncture"] + rows["n_comparator"]).to_numpy(float)
        prior = None if isinstance(fit, Posterior) else self._context.pooling.prior(choice.measure, choice.outcome)
        try:
            found = next_trial(fit, delta=None if math.isnan(worthwhile) else worthwhile, ni=people, tau_prior=prior)
        except EvidenceError as error:
            return _("What one further trial would tell cannot be reckoned: {error}.", error=error)
        return found.sentence()
