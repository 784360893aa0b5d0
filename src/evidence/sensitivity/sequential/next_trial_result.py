"""How large the next trial has to be: what was found."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...languages import N_, _, decimal, pointed
from ...models.result import Result

#: Trials beyond this size are not run.
LARGEST = 1_000_000
#: What is asked, and an interval that answers it.
_AIMS = {
    "no effect": N_("an updated {level}% interval that excludes no effect"),
    "the worthwhile effect": N_("an updated {level}% interval that excludes the worthwhile effect of {delta}"),
    "no effect or the worthwhile effect": N_(
        "an updated {level}% interval that excludes no effect or the worthwhile effect of {delta}"
    ),
}


@dataclass(frozen=True, repr=False, eq=False)
class NextTrial(Result):
    """What one further trial of two equal arms is expected to tell.

    Attributes
    ----------
    people : int or None
        People in both arms with which it settles the question with ``probability``; 0 where nothing is left to settle;
        None where no size does.
    reason : str
        Why ``people`` is 0 or None; else empty.
    question : str
        What the interval has to exclude: "no effect", "the worthwhile effect", or "no effect or the worthwhile effect".
    probability : float
        That is wanted.
    limit : float
        Probability that an endless trial reaches.
    curve : DataFrame
        people, and probability to settle the question; with a worthwhile effect also no_effect and worthwhile, the
        probabilities to exclude either.
    delta : float or None
        The worthwhile effect.
    level : float
        Coverage of the interval.

    See Also
    --------
    next_trial : Makes it.
    trial_sequential : How far trials have come.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.next_trial([0.3, 0.4, 0.2], [0.09, 0.12, 0.1], probability=0.3)
    >>> found.question, found.people, found.probability
    ('no effect', 218, 0.3)
    """

    _figure = "next_trial"

    people: int | None
    reason: str
    question: str
    probability: float
    limit: float
    curve: pd.DataFrame
    delta: float | None
    level: float

    def sentence(self) -> str:
        if self.people == 0:
            return _("No further trial is needed: {reason}.", reason=_(self.reason))
        delta = "" if self.delta is None else pointed(f"{self.delta:.3g}")
        aim = _(_AIMS[self.question], level=pointed(f"{100 * self.level:g}"), delta=delta)
        if self.people is None:
            reason = out_of_reach(self.limit, self.probability)
            return _("No single further trial is likely to bring {aim}: {reason}.", aim=aim, reason=reason)
        return _(
            "One further trial of {people} people would bring {aim} with a probability of {probability}%.",
            people=decimal(self.people),
            aim=aim,
            probability=pointed(f"{100 * self.probability:g}"),
        )

    def _title(self) -> str:
        return "The next trial"

    def _lines(self) -> list[str]:
        rows = self.curve.iloc[:: max(1, len(self.curve) // 4)]
        told = ", ".join(f"{row.people:,.0f}: {row.probability:.2f}" for row in rows.itertuples())
        return [self.sentence(), f"people: probability {told}; without end: {self.limit:.2f}"]

    def _rows(self) -> pd.DataFrame:
        return self.curve

    def _table(self) -> pd.DataFrame:
        return self.curve


def out_of_reach(limit: float, probability: float) -> str:
    """Why no size of a further trial is enough, in the language spoken."""
    chance = _("only {limit}", limit=decimal(limit, 2)) if limit >= 0.01 else _("less than 0.01")
    if limit < probability:
        return _(
            "even an endless one would do so with a probability of {chance}, as the average may be too close and true "
            "effects may differ between trials",
            chance=chance,
        )
    return _(
        "even an endless one would do so with a probability of {chance}, and {people} people are not enough",
        chance=chance,
        people=decimal(LARGEST),
    )
