"""Exact intervals for counts: right with few events, and with none."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ...errors import InvalidInput
from ..arguments import require_level
from ..inputs import NOT_NEGATIVE, POSITIVE, Floats, Rule, read, require, scalar_if_0d

_COUNT = Rule(lambda x: (x >= 0) & (x == np.floor(x)) & (x < 2**53), "be a whole number of 0 or more")


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
    xi : scalar or array
        Events.
    ni : scalar or array
        People at risk.
    level : float
        Coverage, at least this for every true proportion.

    Returns
    -------
    ExactProportion
        With no event the lower limit is 0 and the upper 1 - ((1 - level) / 2)^(1 / n).

    See Also
    --------
    exact_odds_ratio : two groups
    effect_size : proportions to pool: PR, PLO, PFT

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
    from statsmodels.stats.proportion import proportion_confint  # here, for it takes a second to import

    events, people = read(xi=(xi, NOT_NEGATIVE), ni=(ni, POSITIVE))
    require(events <= people, "xi", events, "not exceed ni")
    require_level(level)
    low, high = proportion_confint(np.copy(events), np.copy(people), 1 - level, method="beta")  # it writes into them
    return ExactProportion(*(scalar_if_0d(np.asarray(values)) for values in (events / people, low, high)))


def exact_odds_ratio(ai: int, bi: int, ci: int, di: int, level: float = 0.95) -> ExactOddsRatio:
    """Odds ratio of a two-by-two table given its margins.

    Parameters
    ----------
    ai : int
        Events in the first group.
    bi : int
        Non-events in the first group.
    ci : int
        Events in the second group.
    di : int
        Non-events in the second group.
    level : float
        Coverage.

    Returns
    -------
    ExactOddsRatio
        Without an event in either group nothing is known: not-a-number, from 0 to infinity.

    See Also
    --------
    exact_proportion : one group
    glmm : many trials with few events
    peto : rare events in many trials

    Examples
    --------
    >>> import evidence as ev
    >>> tuple(round(float(value), 3) for value in ev.exact_odds_ratio(3, 97, 9, 91))
    (0.314, 0.053, 1.311)

    References
    ----------
    Cornfield (1956), Proceedings of the Third Berkeley Symposium 4:135.
    """
    cells = read(ai=(ai, _COUNT), bi=(bi, _COUNT), ci=(ci, _COUNT), di=(di, _COUNT))
    if cells[0].ndim:
        raise InvalidInput(f"ai, bi, ci and di make tables of shape {cells[0].shape}; give one table at a time")
    require_level(level)
    table = np.array(cells, dtype=int).reshape(2, 2)
    if not table.sum(axis=0).all():
        return ExactOddsRatio(float("nan"), 0.0, float("inf"))
    found = stats.contingency.odds_ratio(table, kind="conditional")
    interval = found.confidence_interval(level)
    return ExactOddsRatio(float(found.statistic), float(interval.low), float(interval.high))
