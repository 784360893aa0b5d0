"""Does the effect last? Effects over the weeks after treatment ends."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..base.scope import require_words
from ..derive.evidence_base import EvidenceBase
from ..derive.points import reference_sd
from ..errors import NotEstimable, SmallSample
from ..languages import _, joined
from ..models.dependence.robust import too_few
from ..models.multilevel.multilevel import multilevel
from ..models.result import Result
from .context import Context
from .dose_response import treatment_weeks
from .grade.synthesis import synthesise
from .maintenance import Maintenance
from .points import NAMES
from .pooling import ENOUGH
from .wording.vocabulary import Vocabulary
from .wording.words import FAVOURS, WINDOWS, number, one_sided, points_words, trials

#: Weeks after the end of treatment for which the expected effect is told.
POINTS = (0, 13, 26, 52)
_QUARTER = 13
_NUMBERS = ("k", "n", "estimate", "ci_low", "ci_high", "trials_better", "trials_worse")


@dataclass(frozen=True, repr=False, eq=False)
class Durability(Result):
    """Effect over the weeks since treatment ended.

    Attributes
    ----------
    outcome : str
        What is measured.
    comparator : str
        What acupuncture is compared with.
    effects : DataFrame
        One row a trial and window, with ``since``, the weeks since the end of treatment (below 0 while it goes on).
    windows : DataFrame
        Pooled by window: ``time, week`` (the median of its trials), ``k, n, estimate, ci_low, ci_high``, and what
        these come to in points of 100 (see `pooled_table`).
    expected : DataFrame or None
        Expected effect 0, 13, 26 and 52 weeks after treatment: ``since, estimate, ci_low, ci_high``, and whether
        trials were followed that long, ``observed``. None with too few trials.
    change : Series or None
        Change of the effect in 13 weeks: estimate, ci_low, ci_high, df.
    half_life : float
        Weeks until half of the effect at the end of treatment is left, which is taken as known. Infinite where the
        effect does not fall; NaN where there is none to fall.
    half_life_low : float
        The same by the lower limit of the slope.
    half_life_high : float
        The same by the upper limit.
    k : int
        Trials.
    repeated : int
        Trials measured more than once.
    unknown : int
        Rows left out because the length of treatment or the week is unknown.
    maintenance : Maintenance
        Trials that went on after the same first course, or not: they are no part of the windows.
    sd : float
        Points of 100 that one standard deviation of the outcome is (`reference_sd`); NaN where none is known.
    words : Vocabulary
        What conditions, comparators and outcomes are called.

    See Also
    --------
    durability : makes it.
    plots.timecourse : draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.durability(ev.load()).to_frame()["time"].tolist()[:2]
    ['immediate', 'short']
    """

    outcome: str
    comparator: str
    effects: pd.DataFrame
    windows: pd.DataFrame
    expected: pd.DataFrame | None
    change: pd.Series | None
    half_life: float
    half_life_low: float
    half_life_high: float
    k: int
    repeated: int
    unknown: int
    maintenance: Maintenance
    sd: float
    words: Vocabulary

    _figure = "timecourse"

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self,), {"favours": FAVOURS}

    def _rows(self) -> pd.DataFrame:
        return self.windows

    def _title(self) -> str:
        return f"{self.words.does(self.outcome)[1]} against {self.words.comparators[self.comparator]}, over time"

    def _lines(self) -> list[str]:
        return [self.sentence()]

    def _table(self) -> pd.DataFrame:
        return self.windows

    def sentence(self) -> str:
        """What the trials say about how long the effect lasts.

        Returns
        -------
        str
            A few plain sentences.
        """
        other = self.words.comparators[self.comparator]
        about = {"outcome": self.words.does(self.outcome)[1], "comparator": other}
        found = _("; ").join(_told(row, other) for row in rows_of(self.windows))
        if found:
            first = _("For {outcome} against {comparator}: {found}.", found=found, **about)
        else:
            first = _("For {outcome} against {comparator}, no trial gives a number.", **about)
        went_on = "" if self.maintenance.found.empty else self.maintenance.sentence()
        return joined(first, self._changes(), went_on)

    def _changes(self) -> str:
        """Whether the effect grows or falls after treatment."""
        if self.change is None:
            return _("Too few trials are followed to tell how the effect changes.")
        low, high = self.change["ci_low"], self.change["ci_high"]
        numbers = _(
            "{amount} in 13 weeks; {trials}, {repeated} of them measured more than once",
            amount=_amount(float(self.change["estimate"]), low, high, self.sd),
            trials=trials(self.k),
            repeated=self.repeated,
        )
        if low > 0:
            said = _("After treatment the effect grows ({numbers}).", numbers=numbers)
        elif high < 0:
            said = _("After treatment the effect falls ({numbers}).", numbers=numbers)
        else:
            said = _("Whether it lasts, falls or grows is open ({numbers}).", numbers=numbers)
        few = _("So few trials carry this that the interval is too narrow.") if too_few(self.change["df"]) else ""
        return joined(said, few)


def _told(row: dict[str, Any], other: str) -> str:
    """One window: on which side its interval lies, how much, by how many trials."""
    if row["ci_low"] > 0:
        side = _("acupuncture did better")
    elif row["ci_high"] < 0:
        side = _("acupuncture did worse")
    else:
        agreed = one_sided(row["k"], row.get("trials_better", 0), row.get("trials_worse", 0), other)
        side = agreed or _("which did better is open")
    in_points = not math.isnan(row.get("points", math.nan))
    amount = points_words(row) if in_points else _in_sd(row["estimate"], row["ci_low"], row["ci_high"])
    return _(
        "{when} {finding} ({amount}; {trials})",
        when=WINDOWS[row["time"]],
        finding=side,
        amount=amount,
        trials=trials(row["k"]),
    )


def _in_sd(*numbers: float) -> str:
    names = dict(zip(("estimate", "low", "high"), map(number, numbers), strict=True))
    return _("{estimate} SD, 95% interval {low} to {high}", **names)


def _amount(estimate: float, low: float, high: float, sd: float) -> str:
    if math.isnan(sd):
        return _in_sd(estimate, low, high)
    middle, least, most = (number(value * sd, 1) for value in (estimate, low, high))
    return _("about {mean} of 100 points, 95% interval {low} to {high}", mean=middle, low=least, high=most)


def durability(db: EvidenceBase, *, outcome: str = "pain", comparator: str = "sham", condition: str = "") -> Durability:
    """Follow the effect over the weeks since the end of treatment.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    outcome : str
        What is measured.
    comparator : str
        What acupuncture is compared with.
    condition : str
        One condition; "" for all populations together.

    Returns
    -------
    Durability
        The pool of each window, the line over the weeks since treatment, and when half of the effect is gone.

    See Also
    --------
    maintenance : trials that went on after a first course, or not.
    dose_response : more treatment, more effect?
    multilevel : the model behind the line.
    plots.timecourse : draws the windows.

    Notes
    -----
    Trials measured in several windows enter by several rows: `multilevel` with trials and rows as levels, sampling
    errors of one trial correlated at 0.6, CR2 standard errors, and a straight line in the weeks since treatment ended.
    Treatment ends where ``weeks`` of the acupuncture arms say.

    Examples
    --------
    >>> import evidence as ev
    >>> lasting = ev.durability(ev.load(), outcome="disability")
    >>> bool(lasting.windows["k"].max() > 2)
    True
    """
    context = Context.of(db)
    require_words(db, "condition", outcome=outcome, comparator=comparator, condition=condition)
    effects = context.effects("SMD")
    asked = {"outcome": outcome, "comparator": comparator} | ({"condition": condition} if condition else {})
    effects = effects[(effects[list(asked)] == pd.Series(asked)).all(axis=1)]
    length = effects["study"].map(treatment_weeks(db))
    since = (effects["week"] - length).where(effects["time"] != "unstated")
    followed = effects.assign(since=since)[since.notna()].reset_index(drop=True)
    rows = []
    for time in [name for name in WINDOWS if name in set(effects["time"])]:
        pool = synthesise(context.pooling, effects[effects["time"] == time])
        numbers = {name: pool.numbers[name] for name in _NUMBERS}
        in_points = context.points.of(pool)
        rows.append({"time": time, "week": pool.frame["week"].median(), **numbers, **in_points})
    counts = followed["study"].value_counts()
    expected, change = _line(followed)
    halves = _half_lives(expected, change)
    return Durability(
        outcome,
        comparator,
        followed,
        pd.DataFrame(rows, columns=["time", "week", *_NUMBERS, *NAMES, "points_basis", "points_cut"]),
        expected,
        change,
        *halves,
        len(counts),
        int((counts > 1).sum()),
        len(effects) - len(followed),
        context.maintenance.only(**asked),
        float(reference_sd(db)["sd"].get(outcome, math.nan)),
        context.words,
    )


def _line(followed: pd.DataFrame) -> tuple[pd.DataFrame | None, pd.Series | None]:
    if followed["study"].nunique() < ENOUGH or followed["since"].nunique() < 2 or len(followed) < 6:
        return None, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)  # the sentence tells when degrees of freedom are few
            fit = multilevel(followed.assign(quarters=followed["since"] / _QUARTER), formula="~ quarters")
            grid = pd.DataFrame({"quarters": [week / _QUARTER for week in POINTS]})
            expected = fit.predict(grid)
    except NotEstimable:
        return None, None
    table = pd.DataFrame({"since": POINTS, **{c: expected[c].to_numpy() for c in ("estimate", "ci_low", "ci_high")}})
    table["observed"] = [bool((followed["since"] >= week).any()) for week in POINTS]
    return table, fit.coefficients[["estimate", "ci_low", "ci_high", "df"]].T["quarters"]


def _half_lives(expected: pd.DataFrame | None, change: pd.Series | None) -> tuple[float, float, float]:
    if expected is None or change is None:
        return math.nan, math.nan, math.nan
    start = float(expected["estimate"].iloc[0])
    if start <= 0:
        return math.nan, math.nan, math.nan
    slopes = (float(change[name]) / _QUARTER for name in ("estimate", "ci_low", "ci_high"))
    middle, low, high = (-start / (2 * slope) if slope < 0 else math.inf for slope in slopes)
    return middle, low, high
