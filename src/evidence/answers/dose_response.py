"""More treatment, more effect? Between trials, and in trials that randomised the dose."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from ..base.once import once
from ..base.scope import require_words
from ..derive.evidence_base import EvidenceBase
from ..effects.arguments import require_choice
from ..errors import NotEstimable, SmallSample
from ..languages import N_, _, joined, ngettext
from ..models.result import Result
from ..models.univariate.regress import regress
from ..models.univariate.regression import Regression
from .context import Context
from .randomised_doses import randomised_doses, said_of_doses
from .wording.vocabulary import Vocabulary
from .wording.words import FAVOURS, WINDOWS, number, trials

Dose = Literal["sessions", "sessions_per_week", "weeks"]
_EACH: dict[Dose, str] = {
    "sessions": N_("{amount} for each session more, {low} to {high}"),
    "sessions_per_week": N_("{amount} for each session a week more, {low} to {high}"),
    "weeks": N_("{amount} for each week of treatment more, {low} to {high}"),
}
#: A line needs this many trials; a curve needs twice as many and three different doses at least.
LEAST_TRIALS = 4


@dataclass(frozen=True, repr=False, eq=False)
class DoseResponse(Result):
    """Effect by dose.

    Attributes
    ----------
    dose : str
        Of the acupuncture arm.
    outcome : str
        What is measured.
    comparator : str
        What acupuncture is compared with.
    time : str
        When.
    condition : str
        Of whom; "" for all populations together.
    effects : DataFrame
        The effects whose dose is known, with a column of the dose's name.
    k : int
        Trials with a known dose.
    unknown : int
        Trials without.
    linear : Series or None
        Change of the effect for one unit more: estimate, se, df, p_value, ci_low, ci_high. None with too few trials.
    curve : DataFrame or None
        Natural cubic spline with three knots over the range of doses: the dose, estimate, ci_low, ci_high, pi_low,
        pi_high. None with too few trials or doses.
    line : DataFrame or None
        The straight line over the same doses.
    randomised : DataFrame
        Trials that randomised the dose: ``study, label, condition, phase, arm, versus, dose, dose_versus, time, yi, vi,
        direction, note``; above 0 the higher dose did better. Where no number is printed ``yi`` is NaN, and
        ``direction`` may still be known in words: 1 for the higher dose, -1 for the lower, 0 for no difference.
        ``phase`` is "maintenance" where all arms had the same first course.
    sd : float
        Points of 100 in one standard deviation of the outcome's scores; NaN where they are not known.
    words : Vocabulary
        What conditions, comparators and outcomes are called.

    See Also
    --------
    dose_response : makes it.
    plots.bubble : draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.dose_response(ev.load(), comparator="no_treatment")
    >>> found.linear is None and "too few to tell" in found.sentence()
    True
    """

    _figure: ClassVar[str] = "bubble"

    dose: Dose
    outcome: str
    comparator: str
    time: str
    condition: str
    effects: pd.DataFrame
    k: int
    unknown: int
    linear: pd.Series | None
    line: pd.DataFrame | None
    curve: pd.DataFrame | None
    randomised: pd.DataFrame
    sd: float
    words: Vocabulary

    def _row(self) -> dict[str, object]:
        head = {
            "dose": self.dose,
            "outcome": self.outcome,
            "comparator": self.comparator,
            "time": self.time,
            "condition": self.condition,
            "k": self.k,
            "unknown": self.unknown,
        }
        names = ("estimate", "se", "df", "p_value", "ci_low", "ci_high")
        slope = {name: math.nan if self.linear is None else float(self.linear[name]) for name in names}
        return {**head, **slope, "sentence": self.sentence()}

    def _title(self) -> str:
        thing = self.words.does(self.outcome)[1]
        return f"{thing} against {self.words.comparators[self.comparator]}, by {self.dose.replace('_', ' ')}"

    def _lines(self) -> list[str]:
        return [self.sentence()]

    def _table(self) -> pd.DataFrame | None:
        return self.randomised if len(self.randomised) else None

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.effects, self.dose), {"line": self.line, "favours": FAVOURS}

    def sentence(self) -> str:
        """What the trials say about dose.

        Returns
        -------
        str
            A few plain sentences.
        """
        thing, where = self.words.does(self.outcome)[1], self.words.conditions.get(self.condition, "")
        about = {
            "outcome": _("{outcome} in {condition}", outcome=thing, condition=where) if where else thing,
            "comparator": self.words.comparators[self.comparator],
            "when": WINDOWS[self.time],
        }
        if self.linear is None:
            said = ngettext(
                "For {outcome} against {comparator} {when}, one trial with a known dose is too few to tell.",
                "For {outcome} against {comparator} {when}, {n} trials with a known dose are too few to tell.",
                self.k,
                **about,
            )
            return joined(said, said_of_doses(self.randomised))
        about["numbers"] = _("{amount}; {trials}", amount=self._slope(self.linear), trials=trials(self.k))
        if self.linear["ci_low"] > 0:
            said = _("For {outcome} against {comparator} {when}, more goes with a larger effect ({numbers}).", **about)
        elif self.linear["ci_high"] < 0:
            said = _("For {outcome} against {comparator} {when}, more goes with a smaller effect ({numbers}).", **about)
        else:
            said = _(
                "For {outcome} against {comparator} {when}, whether more goes with a larger effect is open "
                "({numbers}).",
                **about,
            )
        between = _("This compares trials that differ in much else, not people given more or less.")
        return joined(said, between, said_of_doses(self.randomised))

    def _slope(self, linear: pd.Series) -> str:
        """How much the effect changes with one unit more, in points of 100 where they are known."""
        in_points = not math.isnan(self.sd)
        size, digits = (self.sd, 1) if in_points else (1.0, 3)
        slope, low, high = (number(linear[name] * size, digits) for name in ("estimate", "ci_low", "ci_high"))
        amount = _("{n} of 100 points", n=slope) if in_points else _("{n} standard deviations", n=slope)
        return _(_EACH[self.dose], amount=amount, low=low, high=high)


def dose_response(
    db: EvidenceBase,
    *,
    dose: Dose = "sessions",
    outcome: str = "pain",
    comparator: str = "sham",
    time: str = "short",
    condition: str = "",
) -> DoseResponse:
    """Regress the effect on the dose of treatment, one row a trial.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    dose : {"sessions", "sessions_per_week", "weeks"}
        Of the acupuncture arm. Minutes of needling are not in the data.
    outcome : str
        What is measured.
    comparator : str
        What acupuncture is compared with; comparators are never mixed.
    time : str
        Window of the measurement.
    condition : str
        One condition; "" for all populations together.

    Returns
    -------
    DoseResponse
        The slope with its interval, the line and the curve, and the trials that randomised the dose.

    See Also
    --------
    durability : how long the effect lasts.
    regress : the model behind the line.
    plots.bubble : draws the trials by their dose.

    Notes
    -----
    Random-effects meta-regression (REML, Hartung-Knapp) on the dose as it is, and on a natural cubic spline of it with
    a knot at the middle. Trials that give more sessions differ in other ways too: the slope is an association.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.dose_response(ev.load(), dose="sessions_per_week")
    >>> found.k == len(found.effects)
    True
    """
    context = Context.of(db)
    require_choice("dose", dose, _EACH)
    require_words(db, "condition", outcome=outcome, comparator=comparator, time=time, condition=condition)
    effects = context.effects("SMD")
    chosen = {"outcome": outcome, "comparator": comparator, "time": time} | (
        {"condition": condition} if condition else {}
    )
    effects = effects[(effects[list(chosen)] == pd.Series(chosen)).all(axis=1)]
    effects = effects.assign(weeks=effects["study"].map(treatment_weeks(db)))
    known = effects[effects[dose].notna()].reset_index(drop=True)
    linear, line, curve = _fits(known, dose)
    return DoseResponse(
        dose,
        outcome,
        comparator,
        time,
        condition,
        known,
        len(known),
        len(effects) - len(known),
        linear,
        line,
        curve,
        randomised_doses(db, dose, outcome, condition),
        context.worthwhile.sd.get(outcome, math.nan),
        context.words,
    )


@once
def treatment_weeks(db: EvidenceBase) -> dict[str, float]:
    """Weeks of treatment of each trial's acupuncture arms, on average, as far as printed."""
    arms = db.arms[(db.arms["role"] == "acupuncture") & db.arms["weeks"].notna()]
    return {str(study): float(group.mean()) for study, group in arms.groupby("study_id")["weeks"]}


def _fits(known: pd.DataFrame, dose: str) -> tuple[pd.Series | None, pd.DataFrame | None, pd.DataFrame | None]:
    if len(known) < LEAST_TRIALS or known[dose].nunique() < 2:
        return None, None, None
    grid = pd.DataFrame({dose: np.linspace(known[dose].min(), known[dose].max(), 50)})
    straight = _quietly(known, f"~ {dose}")
    if straight is None:
        return None, None, None
    bent = None
    if len(known) >= 2 * LEAST_TRIALS and known[dose].nunique() > 2:
        bent = _quietly(known, f"~ cr({dose}, df=2, constraints='center')")
    return straight.coefficients.T[dose], _over(straight, grid), _over(bent, grid) if bent else None


def _quietly(known: pd.DataFrame, formula: str) -> Regression | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)  # the number of trials is told with every slope
            return regress(known, formula=formula)
    except NotEstimable:
        return None


def _over(fit: Regression, grid: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([grid, fit.predict(grid).drop(columns="se")], axis=1)
