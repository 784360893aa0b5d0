"""Does acupuncture do more the shorter symptoms have lasted? Between trials, and in published analyses of patients."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ..base.rows import rows_of
from ..base.scope import require_words
from ..derive.evidence_base import EvidenceBase
from ..derive.symptoms import symptom_durations
from ..errors import NotEstimable, SmallSample
from ..languages import _, in_english, joined, ngettext
from ..models.result import Result
from ..models.univariate.regress import regress
from .claims.question import WINDOW_ORDER
from .claims.which_effects import one_window
from .context import Context
from .published_findings import published_findings, said_of
from .wording.vocabulary import Vocabulary
from .wording.words import FAVOURS, number, trials

#: A slope takes ten trials for each covariate (Cochrane Handbook 6.4, section 10.11.5.1).
LEAST_TRIALS = 10


@dataclass(frozen=True, repr=False, eq=False)
class EarlyStart(Result):
    """Effect by how long symptoms had lasted.

    Attributes
    ----------
    outcome : str
        What is measured.
    comparator : str
        What acupuncture is compared with.
    effects : DataFrame
        One row a trial that tells the mean duration and gives an effect, with ``years``.
    durations : DataFrame
        Every trial that says anything of the duration (`symptom_durations`).
    linear : Series or None
        Change of the effect for one year more: estimate, se, df, p_value, ci_low, ci_high. None with fewer than ten
        trials.
    line : DataFrame or None
        The line over the years: years, estimate, ci_low, ci_high, pi_low, pi_high.
    published : DataFrame
        What analyses of individual patients found (`published_findings`).
    words : Vocabulary
        What conditions, comparators and outcomes are called.

    See Also
    --------
    early_start : makes it.
    plots.bubble : draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.early_start(ev.load(), comparator="usual_care")
    >>> found.linear is None and "too few for a slope" in found.sentence()
    True
    """

    _figure: ClassVar[str] = "bubble"

    outcome: str
    comparator: str
    effects: pd.DataFrame
    durations: pd.DataFrame
    linear: pd.Series | None
    line: pd.DataFrame | None
    published: pd.DataFrame
    words: Vocabulary

    @property
    def k(self) -> int:
        """Trials that tell the mean duration and give an effect."""
        return len(self.effects)

    def _row(self) -> dict[str, object]:
        names = ("estimate", "se", "df", "p_value", "ci_low", "ci_high")
        slope = {name: math.nan if self.linear is None else float(self.linear[name]) for name in names}
        head = {"outcome": self.outcome, "comparator": self.comparator, "k": self.k, "told": len(self.durations)}
        return {**head, **slope, "sentence": self.sentence()}

    def _title(self) -> str:
        thing = self.words.does(self.outcome)[1]
        return f"{thing} against {self.words.comparators[self.comparator]}, by how long symptoms had lasted"

    def _lines(self) -> list[str]:
        return [self.sentence()]

    def _table(self) -> pd.DataFrame:
        return self.published[["review", "finding", "quote", "source_url"]]

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if self.line is None:
            raise NotEstimable(
                f"{trials(self.k)} with a mean duration and an effect: no figure, since it would suggest a slope; "
                f"it takes {LEAST_TRIALS}. effects has the trials"
            )
        return (self.effects, "years"), {"line": self.line, "name": "years of symptoms, mean", "favours": FAVOURS}

    def sentence(self) -> str:
        """What trials and published analyses say.

        Returns
        -------
        str
            A few plain sentences.
        """
        about = {"outcome": self.words.does(self.outcome)[1], "comparator": self.words.comparators[self.comparator]}
        if self.linear is None:
            return joined(_too_few(self.k, about), said_of(rows_of(self.published)))
        names = ("estimate", "ci_low", "ci_high")
        estimate, low, high = (number(self.linear[name], 3) for name in names)
        amount = _(
            "{estimate} standard deviations for each year more, {low} to {high}", estimate=estimate, low=low, high=high
        )
        about["numbers"] = _("{amount}; {trials}", amount=amount, trials=trials(self.k))
        if self.linear["ci_low"] > 0:
            said = _(
                "For {outcome} against {comparator}, the longer symptoms had lasted, the larger the effect "
                "({numbers}).",
                **about,
            )
        elif self.linear["ci_high"] < 0:
            said = _(
                "For {outcome} against {comparator}, the longer symptoms had lasted, the smaller the effect "
                "({numbers}).",
                **about,
            )
        else:
            said = _(
                "For {outcome} against {comparator}, no clear link between how long symptoms had lasted and the effect "
                "({numbers}).",
                **about,
            )
        between = _("This compares trials that differ in much else, not patients who came early or late.")
        return joined(said, between, said_of(rows_of(self.published)))


def _too_few(k: int, about: dict[str, str]) -> str:
    """Why there is no slope."""
    if not k:
        return _(
            "No trial tells how long symptoms had lasted on average, with a number for {outcome} against {comparator}: "
            "too few for a slope, which takes {least}.",
            least=LEAST_TRIALS,
            **about,
        )
    return ngettext(
        "One trial tells how long symptoms had lasted on average, with a number for {outcome} against {comparator}: "
        "too few for a slope, which takes {least}.",
        "{n} trials tell how long symptoms had lasted on average, with a number for {outcome} against {comparator}: "
        "too few for a slope, which takes {least}.",
        k,
        least=LEAST_TRIALS,
        **about,
    )


@in_english
def early_start(db: EvidenceBase, *, outcome: str = "pain", comparator: str = "sham") -> EarlyStart:
    """Regress the effect on how long symptoms had lasted, one row a trial, where enough trials tell.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    outcome : str
        What is measured.
    comparator : str
        What acupuncture is compared with; comparators are never mixed.

    Returns
    -------
    EarlyStart
        The trials with their durations, the slope where ten trials or more carry it, and the published findings.

    See Also
    --------
    symptom_durations : how long symptoms had lasted, by trial.
    published_findings : analyses of individual patients.
    regress : the model behind the line.

    Notes
    -----
    Random-effects meta-regression (REML, Hartung-Knapp) on the mean duration in years; a trial enters by the first
    window with two trials, as in `claims`. The slope is ecological: trials of long-standing pain differ from trials of
    recent pain in whom, where and against what they treated. Limits of inclusion give no mean and do not enter.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.early_start(ev.load())
    >>> found.k == found.effects["study"].nunique()
    True
    """
    context = Context.of(db)
    require_words(db, outcome=outcome, comparator=comparator)
    effects = with_durations(db, context.effects("SMD"))
    chosen = (effects["outcome"] == outcome) & (effects["comparator"] == comparator) & effects["years"].notna()
    rows, _ = one_window(effects[chosen], WINDOW_ORDER)
    rows = rows.drop_duplicates("study").reset_index(drop=True)
    linear, line = _line(rows)
    durations = symptom_durations(db)
    return EarlyStart(outcome, comparator, rows, durations, linear, line, _published(db), context.words)


def _published(db: EvidenceBase) -> pd.DataFrame:
    """`published_findings` about the claims that an earlier start does more."""
    asked = set(db.claims.loc[db.claims["expects"] == "earlier_is_better", "claim_id"])
    every = published_findings(db)
    return every[[bool(asked.intersection(ids.split("|"))) for ids in every["claim_id"]]].reset_index(drop=True)


def with_durations(db: EvidenceBase, effects: pd.DataFrame) -> pd.DataFrame:
    """Effects with the mean duration of symptoms in their trial (``years``) and its ``course``, as far as known."""
    known = symptom_durations(db).set_index("study")
    course = effects["study"].map(known["course"]).astype(object).fillna("")
    return effects.assign(years=effects["study"].map(known["years"]).astype(float), course=course)


def _line(rows: pd.DataFrame) -> tuple[pd.Series | None, pd.DataFrame | None]:
    if len(rows) < LEAST_TRIALS or rows["years"].nunique() < 2:
        return None, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)  # the number of trials is told with the slope
            fit = regress(rows, formula="~ years")
    except NotEstimable:
        return None, None
    grid = pd.DataFrame({"years": np.linspace(rows["years"].min(), rows["years"].max(), 50)})
    return fit.coefficients.T["years"], pd.concat([grid, fit.predict(grid).drop(columns="se")], axis=1)
