"""Exact intervals for counts: right with few events, and with none."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ...errors import InvalidInput
from ..inputs import PROBABILITY, Floats, read, scalar_if_0d


class ExactProportion(NamedTuple):
    """A proportion with its exact interval."""

    proportion: Floats
    ci_low: Floats
    ci_high: Floats


class ExactOddsRatio(NamedTuple):
    """Conditional maximum-likelihood odds ratio with its exact interval; 0 or infinite where a cell is empty."""

    odds_ratio: float
    ci_low: float
    ci_high: float


def exact_proportion(xi: ArrayLike, ni: ArrayLike, level: float = 0.95) -> ExactProportion:
    """Proportion with the interval of Clopper and Pearson.

    Parameters
    ----------
    xi, ni : scalars or arrays that broadcast
        Events, and people at risk.
    level : float
        Coverage, at least this for every true proportion.

    Returns
    -------
    ExactProportion
        With no event the lower limit is 0 and the upper 1 - ((1 - level) / 2)^(1 / n).

    Notes
    -----
    Limits are quantiles of beta distributions: B(a / 2; x, n - x + 1) and B(1 - a / 2; x + 1, n - x), a = 1 - level.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.exact_proportion(0, 50).ci_high), 4)
    0.0711

    References
    ----------
    Clopper & Pearson (1934), Biometrika 26:404.
    """
    events, people = np.broadcast_arrays(np.asarray(xi, dtype=float), np.asarray(ni, dtype=float))
    read(level=(level, PROBABILITY))
    if not ((events >= 0) & (events <= people) & (people > 0)).all():
        raise InvalidInput("events have to lie between 0 and the number of people, and there have to be people")
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(events > 0, stats.beta.ppf(tail, np.maximum(events, 1e-9), people - events + 1), 0.0)
        high = np.where(events < people, stats.beta.ppf(1 - tail, events + 1, np.maximum(people - events, 1e-9)), 1.0)
    return ExactProportion(scalar_if_0d(events / people), scalar_if_0d(low), scalar_if_0d(high))


def exact_odds_ratio(ai: int, bi: int, ci: int, di: int, level: float = 0.95) -> ExactOddsRatio:
    """Odds ratio of a two-by-two table given its margins.

    Parameters
    ----------
    ai, bi : int
        Events and non-events in the first group.
    ci, di : int
        Events and non-events in the second group.
    level : float
        Coverage.

    Returns
    -------
    ExactOddsRatio
        Without an event in either group nothing is known: not-a-number, from 0 to infinity.

    Examples
    --------
    >>> import evidence as ev
    >>> tuple(round(float(value), 3) for value in ev.exact_odds_ratio(3, 97, 9, 91))
    (0.314, 0.053, 1.311)

    References
    ----------
    Cornfield (1956), Proceedings of the Third Berkeley Symposium 4:135.
    """
    cells = [ai, bi, ci, di]
    if any(cell < 0 or cell != int(cell) for cell in cells):
        raise InvalidInput(f"counts have to be whole numbers of at least 0, not {cells}")
    if ai + ci == 0 or bi + di == 0:
        return ExactOddsRatio(float("nan"), 0.0, float("inf"))
    found = stats.contingency.odds_ratio(np.array([[ai, bi], [ci, di]], dtype=int), kind="conditional")
    interval = found.confidence_interval(level)
    return ExactOddsRatio(float(found.statistic), float(interval.low), float(interval.high))
