"""The Mantel-Haenszel method: pooled ratios and differences that need no large trials, only many."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats
from .result import ChiSquare, CountsPooled, chi_square, counts_pooled
from .two_by_two import Rates, Tables, read_rates, read_tables, require_both_groups

NAME = "Mantel-Haenszel method"


def mantel_haenszel(
    ai: ArrayLike | pd.DataFrame | None = None,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    measure: Literal["OR", "RR", "RD", "IRR"] = "OR",
    *,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    x1: ArrayLike | None = None,
    t1: ArrayLike | None = None,
    x2: ArrayLike | None = None,
    t2: ArrayLike | None = None,
    correct: bool = True,
    level: float = 0.95,
) -> CountsPooled:
    """Pool counts by the Mantel-Haenszel method.

    Parameters
    ----------
    ai, bi, ci, di : (k,) array-likes
        Group 1 with and without the event, group 2 with and without; or ``ai`` a frame with these columns. Totals
        ``n1``, ``n2`` may stand for ``bi``, ``di``. Zero cells stay as they are.
    measure : "OR", "RR" (both pooled as ratios, reported as logarithms), "RD", or "IRR"
    x1, t1, x2, t2 : (k,) array-likes, events and person-time, for "IRR" (or ``ai`` a frame with these columns)
    correct : bool, continuity correction of the Cochran-Mantel-Haenszel test
    level : float

    Returns
    -------
    CountsPooled
        For "OR" with tests "Cochran-Mantel-Haenszel", "Breslow-Day" and "Tarone"; for "IRR" with "Mantel-Haenszel".

    Raises
    ------
    InvalidInput
        Counts are missing, negative or do not fit together.
    NotEstimable
        One group has no events in any trial (ratios).

    Notes
    -----
    OR = sum(ad/N) / sum(bc/N) with the variance of Robins, Breslow & Greenland (1986, Biometrics 42:311);
    RR = sum(a n2/N) / sum(c n1/N) and RD = sum((a n2 - c n1)/N) / sum(n1 n2/N) with those of Greenland & Robins
    (1985, Biometrics 41:55) and Sato, Greenland & Robins (1989, Biometrics 45:1323); IRR = sum(x1 t2/T) / sum(x2 t1/T).
    Numbers agree with metafor's ``rma.mh``.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.mantel_haenszel([4, 6], [119, 300], [11, 29], [128, 274], "RR")
    >>> round(fit.estimate, 4), round(fit.se, 4)
    (-1.3517, 0.3455)
    """
    if not 0 < level < 1:
        raise InvalidInput(f"level {level} is not between 0 and 1; 0.95 means 95%")
    if measure == "IRR":
        if any(value is not None for value in (bi, ci, di, n1, n2)) or (x1 is not None and ai is not None):
            raise InvalidInput("IRR takes x1, t1, x2, t2 and no other counts")
        return _rate_ratio(read_rates(ai if x1 is None else x1, t1, x2, t2), correct, level)
    if measure not in _POOLERS:
        raise InvalidInput(f'measure {measure!r} is unknown; choose "OR", "RR", "RD" or "IRR"')
    if any(value is not None for value in (x1, t1, x2, t2)):
        raise InvalidInput(f"{measure} takes ai, bi, ci, di; person-time is for IRR")
    tables = read_tables(ai, bi, ci, di, n1, n2)
    estimate, variance = _POOLERS[measure](tables)
    tests = _odds_ratio_tests(tables, float(np.exp(estimate)), correct) if measure == "OR" else {}
    return counts_pooled(NAME, measure, estimate, variance, tables.effects(measure), tables.k, tests, level)


def _odds_ratio(t: Tables) -> tuple[float, float]:
    r, s = t.ai * t.di / t.total, t.bi * t.ci / t.total
    require_both_groups(r, s, "odds ratio")
    p, q = (t.ai + t.di) / t.total, (t.bi + t.ci) / t.total
    big_r, big_s = r.sum(), s.sum()
    first, last = (p * r).sum() / big_r**2, (q * s).sum() / big_s**2
    cross = (p * s + q * r).sum() / (big_r * big_s)
    return float(np.log(big_r / big_s)), float((first + cross + last) / 2)


def _risk_ratio(t: Tables) -> tuple[float, float]:
    r, s = t.ai * t.n2 / t.total, t.ci * t.n1 / t.total
    require_both_groups(r, s, "risk ratio")
    shared = t.n1 * t.n2 * t.events / t.total**2 - t.ai * t.ci / t.total
    return float(np.log(r.sum() / s.sum())), float(shared.sum() / (r.sum() * s.sum()))


def _risk_difference(t: Tables) -> tuple[float, float]:
    w = t.n1 * t.n2 / t.total
    difference = float((t.ai * t.n2 / t.total - t.ci * t.n1 / t.total).sum() / w.sum())
    share1, share2 = t.n1 / t.total, t.n2 / t.total
    slope = t.ci * share1**2 - t.ai * share2**2 + share1 * share2 * (t.n2 - t.n1) / 2
    base = (t.ai * t.di + t.ci * t.bi) / (2 * t.total)
    variance = float((difference * slope.sum() + base.sum()) / w.sum() ** 2)
    if variance <= 0:
        raise NotEstimable("no trial has an event, or all people have one: a risk difference has no standard error")
    return difference, variance


def _rate_ratio(t: Rates, correct: bool, level: float) -> CountsPooled:
    time = t.t1 + t.t2
    r, s = t.x1 * t.t2 / time, t.x2 * t.t1 / time
    require_both_groups(r, s, "rate ratio")
    spread = ((t.x1 + t.x2) * (t.t1 / time) * (t.t2 / time)).sum()
    excess = (t.x1 - (t.x1 + t.x2) * t.t1 / time).sum()
    tests = {"Mantel-Haenszel": _one_df(excess, spread, correct)}
    estimate, variance = float(np.log(r.sum() / s.sum())), float(spread / (r.sum() * s.sum()))
    return counts_pooled(NAME, "IRR", estimate, variance, t.effects(), t.k, tests, level)


def _odds_ratio_tests(t: Tables, odds_ratio: float, correct: bool) -> dict[str, ChiSquare]:
    t = t.only(t.informative)
    expected = t.n1 * t.events / t.total
    hypergeometric = t.n1 * t.n2 * t.events * (t.bi + t.di) / (t.total**2 * (t.total - 1))
    tests = {"Cochran-Mantel-Haenszel": _one_df((t.ai - expected).sum(), hypergeometric.sum(), correct)}
    a = _expected_events(t, odds_ratio)
    variance = 1 / (1 / a + 1 / (t.events - a) + 1 / (t.n1 - a) + 1 / (t.n2 - t.events + a))
    breslow_day = float(((t.ai - a) ** 2 / variance).sum())
    df = t.k - 1
    tests["Breslow-Day"] = chi_square(breslow_day, df)
    tests["Tarone"] = chi_square(breslow_day - float((t.ai - a).sum() ** 2 / variance.sum()), df)
    return tests


def _expected_events(t: Tables, odds_ratio: float) -> Floats:
    # Events in group 1 that make the table's odds ratio the common one: a root of a quadratic.
    if abs(odds_ratio - 1) < 1e-9:
        return t.n1 * t.events / t.total
    b = odds_ratio * (t.n1 + t.events) + (t.n2 - t.events)
    root = np.sqrt(b**2 - 4 * odds_ratio * (odds_ratio - 1) * t.n1 * t.events)
    return np.asarray(2 * odds_ratio * t.n1 * t.events / (b + root))


def _one_df(excess: float, variance: float, correct: bool) -> ChiSquare:
    return chi_square(float(max(abs(excess) - 0.5 * correct, 0.0) ** 2 / variance), 1)


_POOLERS = {"OR": _odds_ratio, "RR": _risk_ratio, "RD": _risk_difference}
