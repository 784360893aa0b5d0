"""What it would take to undo a result: a null trial, or a few people with another outcome."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...bias.source import read_source
from ...errors import InvalidInput, NotEstimable
from ...models import wording
from ...models.bayes.posterior import Posterior
from ...models.counts.result import CountsPooled
from ...models.engine.engine import Floats, fit_batch
from ...models.engine.inference import Interval, common_mean_columns
from ...models.result import Result
from ...models.studies import Column, Effects, Studies, studies_of
from ...models.univariate.pooled import Pooled
from .flips import Flips, flips
from .people import unit_variance
from .recount import Recount, recount
from .updated import Outlook, critical_deviate

#: A function of sizes, (p,), to the ends, (p, 2), of the interval after a null trial of each.
_After = Callable[[Floats], Floats]
_LARGEST = 1e7


@dataclass(frozen=True, repr=False, eq=False)
class Fragility(Result):
    """What would undo a result.

    Attributes
    ----------
    excludes : bool
        Whether the interval excludes no effect, so that there is something to undo.
    people : int or None
        People of the smallest null trial (no effect, two equal arms) after which the interval includes no effect; None
        where there is none.
    people_reason : str
        Why not; else empty.
    events : int or None
        Fragility index: people with another outcome that make the interval include no effect or, where it does so as it
        is, that make it exclude no effect (reverse fragility).
    events_reason : str
        Why there is no such number; else empty.
    changes : DataFrame
        Those people one by one: trial, group (1 or 2), change (events, +1 or -1), and the interval after it.
    level : float
        Coverage of the interval.

    See Also
    --------
    fragility : Makes it.
    next_trial : What would settle a result that is open.

    Examples
    --------
    >>> import evidence as ev
    >>> print(ev.fragility([0.5, 0.4, 0.6, 0.5], [0.03, 0.05, 0.04, 0.05]).sentence())
    A null trial of 480 people would undo the result: its 95% interval would include no effect.
    """

    excludes: bool
    people: int | None
    people_reason: str
    events: int | None
    events_reason: str
    changes: pd.DataFrame
    level: float

    def sentence(self) -> str:
        interval = f"{wording.percent(self.level)} interval"
        if not self.excludes:
            told = f"The {interval} includes no effect, so that there is nothing to undo"
            if self.events is None:
                return told + "."
            return f"{told}; with another outcome for {_people(self.events)} it would exclude no effect."
        if self.people is None:
            told = f"No null trial would undo the result: {self.people_reason}"
        else:
            told = (
                f"A null trial of {self.people:,} people would undo the result: its {interval} would include no effect"
            )
        return f"{told}; another outcome for {_people(self.events)} would, too." if self.events else f"{told}."

    def _title(self) -> str:
        return "Fragility"

    def _lines(self) -> list[str]:
        lines = [self.sentence()]
        if self.events_reason:
            lines.append(f"no fragility index: {self.events_reason}")
        return lines

    def _row(self) -> dict[str, object]:
        return {
            "excludes": self.excludes,
            "people": self.people,
            "events": self.events,
            "people_reason": self.people_reason,
            "events_reason": self.events_reason,
        }

    def _table(self) -> pd.DataFrame | None:
        return self.changes if len(self.changes) else None


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def fragility(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    *,
    sd: float | None = None,
    ni: Column | None = None,
) -> Fragility:
    """How little it takes to undo a result.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled, CountsPooled or Posterior
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`, `mantel_haenszel`, `peto` or
        `bayes`. The fragility index needs counts (columns ``ai``, ``bi`` or ``n1``, ``ci``, ``di`` or ``n2``) in the
        frame of the fit.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    sd : float, optional
        Standard deviation of the outcome within groups, in the units of ``yi``, which says how precise a null trial is;
        by default 1, for standardised differences. Where counts are known, the null trial has the risk of group 2
        instead.
    ni : str or array-like, optional
        In place of ``sd``, people in each trial: a column, or one value a trial.

    Returns
    -------
    Fragility
        ``.people`` of a null trial, ``.events`` to change.

    Raises
    ------
    InvalidInput
        Not trials, or an option outside of its range.
    NotEstimable
        A fit of counts that did not come in a frame.

    See Also
    --------
    next_trial : What would settle a result that is open.
    leave_one_out : What hangs on one trial.
    fail_safe_n : Null trials that were not published.

    Notes
    -----
    The fit is made again, with its method, test and level, with one more trial that found no effect. Where trials
    differ, the weight of one has an upper bound, and no single null trial may be enough.

    Fragility index (Atal 2019): step by step, that person of that trial and group gets the other outcome who moves the
    interval furthest towards no effect, until the interval includes it; for a result that includes it, the other way
    round. The steps are the best one at a time, so that the index is an upper bound of the smallest number.

    References
    ----------
    Atal, Porcher, Boutron & Ravaud (2019), Journal of Clinical Epidemiology 111:32, 10.1016/j.jclinepi.2019.03.012.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> trials = pd.DataFrame({"ai": [12, 8, 20], "n1": [60, 50, 90], "ci": [22, 17, 31], "n2": [60, 50, 90]})
    >>> found = ev.fragility(ev.mantel_haenszel(trials, measure="RR"))
    >>> found.events, found.people
    (12, 668)
    """
    if isinstance(effects, Posterior):
        _refuse_vi(vi)
        return _of_posterior(effects, sd, ni)
    if isinstance(effects, CountsPooled):
        _refuse_vi(vi)
        if sd is not None or ni is not None:
            raise InvalidInput("a fit of counts needs neither sd nor ni: a null trial has the risk of its group 2")
        counts = recount(effects)
        if isinstance(counts, str):
            raise NotEstimable(f"{counts}; give the counts of all trials in a frame, from which they are pooled again")
        return _found(effects.ci, effects.level, _with_null_table(counts), flips(counts, effects.slab, effects.ci))
    fit, studies = read_source(effects, vi, 1, "fragility", precise=False)
    counts = recount(fit)
    if isinstance(counts, str):
        return _found(fit.ci, fit.level, _with_null_trial(fit, unit_variance(studies, sd, ni)), counts)
    by_table = sd is None and ni is None
    after = _with_null_table(counts) if by_table else _with_null_trial(fit, unit_variance(studies, sd, ni))
    return _found(fit.ci, fit.level, after, flips(counts, studies.slab, fit.ci))


def _refuse_vi(vi: object) -> None:
    if vi is not None:
        raise InvalidInput("a fit brings its own variances; leave vi out")


def _of_posterior(posterior: Posterior, sd: float | None, ni: Column | None) -> Fragility:
    outlook = Outlook.of(posterior)
    studies: Studies = studies_of(posterior)
    unit = unit_variance(studies, sd, ni)
    far = critical_deviate(posterior.level)

    def after(sizes: Floats) -> Floats:
        # as an interval of deviates: it excludes zero where that of the mean effect does
        deviate = outlook.updated(np.zeros((len(sizes), 1)), unit / sizes, [0.0])[0]
        return np.concatenate([deviate - far, deviate + far], axis=1)

    now = outlook.deviate(0.0)
    return _found(
        Interval(now - far, now + far), posterior.level, after, "it is counted for fits of pool and of counts"
    )


def _with_null_trial(fit: Pooled, unit: float) -> _After | str:
    """The fit with one more trial, of no effect."""
    if fit.custom_weights is not None:
        return "weights of your own do not say what a further trial would weigh"

    def after(sizes: Floats) -> Floats:
        y, v = np.zeros((len(sizes), fit.k + 1)), np.empty((len(sizes), fit.k + 1))
        y[:, :-1], v[:, :-1], v[:, -1] = fit.yi, fit.vi, unit / sizes
        starts = np.arange(len(sizes) + 1) * (fit.k + 1)
        columns = common_mean_columns(fit.settings, fit_batch(fit.settings, y.ravel(), v.ravel(), starts))
        return np.column_stack([columns["ci_low"], columns["ci_high"]])

    return after


def _with_null_table(counts: Recount) -> _After:
    """The counts with one more trial, which has the risk of all groups 2 in both arms."""
    events, others = counts.counts[:, 2].sum(), counts.counts[:, 3].sum()
    risk = events / (events + others)

    def after(sizes: Floats) -> Floats:
        arm = np.column_stack([sizes / 2 * risk, sizes / 2 * (1 - risk)])
        null = np.concatenate([arm, arm], axis=1)[:, None]
        rows = np.broadcast_to(counts.counts, (len(sizes), *counts.counts.shape))
        return counts.intervals(np.concatenate([rows, null], axis=1))

    return after


def _found(ci: Interval, level: float, after: _After | str, changed: Flips | str) -> Fragility:
    excludes = not ci.low <= 0 <= ci.high
    people, people_reason = None, "the interval includes no effect as it is"
    if excludes:
        people, people_reason = (None, after) if isinstance(after, str) else _smallest(after)
    return Fragility(
        excludes=excludes,
        people=people,
        people_reason=people_reason,
        events=None if isinstance(changed, str) else changed.events,
        events_reason=changed if isinstance(changed, str) else changed.reason,
        changes=Flips.nothing() if isinstance(changed, str) else changed.changes,
        level=level,
    )


def _smallest(after: _After) -> tuple[int | None, str]:
    """The smallest even size after which the interval includes zero, and why there is none."""
    low, high = 2.0, _LARGEST
    for _ in range(4):
        sizes = np.geomspace(low, high, 41)
        ends = after(sizes)
        includes = (ends[:, 0] <= 0) & (ends[:, 1] >= 0)
        if not includes.any():
            return None, "even the largest would leave the interval beyond no effect"
        first = int(np.argmax(includes))
        low, high = float(sizes[max(first - 1, 0)]), float(sizes[first])
        if high - low < 0.5:
            break
    return 2 * math.ceil(high / 2 - 1e-9), ""
