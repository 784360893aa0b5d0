"""Exact intervals for counts: right with few events, and with none."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ...errors import InvalidInput, NotEstimable
from ..arguments import require_level
from ..inputs import POSITIVE, Floats, Rule, read, require, scalar_if_0d
from .named_numbers import plain

_COUNT = Rule(lambda x: (x >= 0) & (x == np.floor(x)) & (x < 2**53), "be a whole number of 0 or more")
_PEOPLE = Rule(lambda x: (x > 0) & (x == np.floor(x)) & (x < 2**53), "be a whole number of 1 or more")
_MOST_TABLES = 1_000_000


class ExactProportion(NamedTuple):
    """A proportion with its exact interval."""

    proportion: Floats
    ci_low: Floats
    ci_high: Floats

    def __repr__(self) -> str:
        return plain(self)


class ExactRate(NamedTuple):
    """A rate with its exact interval."""

    rate: Floats
    ci_low: Floats
    ci_high: Floats

    def __repr__(self) -> str:
        return plain(self)


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
    exact_rate : events in time, or in treatments, in place of people
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
    from statsmodels.stats.proportion import proportion_confint  # slow to import

    events, people = read(xi=(xi, _COUNT), ni=(ni, _PEOPLE))
    require(events <= people, "xi", events, "not exceed ni")
    require_level(level)
    low, high = proportion_confint(np.copy(events), np.copy(people), 1 - level, method="beta")  # it writes into them
    return ExactProportion(*(scalar_if_0d(np.asarray(values)) for values in (events / people, low, high)))


def exact_rate(xi: ArrayLike, ti: ArrayLike, level: float = 0.95) -> ExactRate:
    """Rate of events with the interval of Garwood.

    Parameters
    ----------
    xi : scalar or array
        Events, each of which may strike one person more than once.
    ti : scalar or array
        Time at risk, treatments, or whatever the events are counted in.
    level : float
        Coverage, at least this for every true rate of a Poisson process.

    Returns
    -------
    ExactRate
        Events per unit of ``ti``. With no event the lower limit is 0 and the upper -log((1 - level) / 2) / ti.

    Raises
    ------
    InvalidInput
        A number of events that is not whole, or no time.

    See Also
    --------
    exact_proportion : people with an event
    effect_size : rates to pool: IR, IRLN, IRFT

    Notes
    -----
    Limits are quantiles of chi-square distributions over 2 ti: of a / 2 with 2 x and of 1 - a / 2 with 2 x + 2 degrees
    of freedom, a = 1 - level.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.exact_rate(0, 10_000)  # serious events in treatments
    >>> round(float(found.ci_high) * 10_000, 2)
    3.69

    References
    ----------
    Garwood (1936), Biometrika 28:437.
    """
    from statsmodels.stats.rates import confint_poisson  # slow to import

    events, time = read(xi=(xi, _COUNT), ti=(ti, POSITIVE))
    require_level(level)
    low, high = confint_poisson(events, time, method="exact-c", alpha=1 - level)
    return ExactRate(*(scalar_if_0d(np.asarray(values)) for values in (events / time, low, high)))


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
        Where the margins leave one table only (no event in either group, everyone, or an empty group) nothing is
        known: 0, from 0 to infinity, as R's ``fisher.test`` prints it.

    Raises
    ------
    InvalidInput
        A count that is none, or several tables.
    NotEstimable
        The margins allow more than a million tables: take the normal approximation of `effect_size`.

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
    own, others, events, total = float(cells[0]), float(cells[1]), float(cells[0] + cells[2]), float(sum(cells))
    low, high = max(0.0, events - (total - own - others)), min(own + others, events)
    if high - low > _MOST_TABLES:
        raise NotEstimable(f'the margins allow {high - low:g} tables, too many for exact limits; use effect_size("OR")')
    if low == high:
        return ExactOddsRatio(0.0, 0.0, math.inf)
    x = np.arange(low, high + 1)
    rises = (own + others - x) * (events - x) / ((x + 1) * (total - own - others - events + x + 1))
    weight = np.append(0.0, np.cumsum(np.log(rises[:-1])))

    def chances(log_odds: float) -> Floats:
        terms = weight + log_odds * x
        chance: Floats = np.exp(terms - terms.max())
        return np.asarray(chance / chance.sum())

    middle = math.log((own + 0.5) * (total - own - others - events + own + 0.5) / (others + 0.5) / (events - own + 0.5))
    half = (1 - level) / 2
    estimate = 0.0 if own == low else math.inf
    if low < own < high:
        estimate = _root(lambda at: float(chances(at) @ x) - own, middle)
    upper = math.inf if own == high else _root(lambda at: half - float(chances(at)[x <= own].sum()), middle)
    lower = 0.0 if own == low else _root(lambda at: float(chances(at)[x >= own].sum()) - half, middle)
    return ExactOddsRatio(estimate, lower, upper)


def _root(rising: Callable[[float], float], near: float) -> float:
    """The odds ratio at which a function of its logarithm is 0."""
    from scipy.optimize import brentq  # slow to import

    low = high = near
    step = 0.5
    while rising(low) > 0:
        low, step = low - step, 2 * step
    while rising(high) < 0:
        high, step = high + step, 2 * step
    return math.exp(near if low == high else float(brentq(rising, low, high, xtol=1e-14)))
