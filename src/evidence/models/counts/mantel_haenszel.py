"""The Mantel-Haenszel method: pooled ratios and differences that need no large trials, only many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_flag, require_level
from ...effects.measures.names import measure_name
from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats
from ..studies import Column
from .result import ChiSquare, Combined, CountsPooled, chi_square, counts_pooled
from .two_by_two import Rates, Tables, read_rates, read_tables, require_both_groups

CountMeasure = Literal["OR", "RR", "RD", "IRR"]


def mantel_haenszel(
    ai: ArrayLike | pd.DataFrame | None = None,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    measure: CountMeasure = "OR",
    *,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    x1: ArrayLike | None = None,
    t1: ArrayLike | None = None,
    x2: ArrayLike | None = None,
    t2: ArrayLike | None = None,
    correct: bool = True,
    level: float = 0.95,
    slab: Column | None = None,
) -> CountsPooled:
    """Pool counts by the Mantel-Haenszel method.

    Parameters
    ----------
    ai : (k,) array-like, or DataFrame
        People of group 1 with the event; or a frame with all counts in columns of these names. Zero cells stay as
        they are. Series are paired by their labels.
    bi : (k,) array-like, optional
        People of group 1 without the event.
    ci : (k,) array-like, optional
        People of group 2 with it.
    di : (k,) array-like, optional
        People of group 2 without it.
    measure : {"OR", "RR", "RD", "IRR"}
        Odds, risk and rate ratio (pooled as ratios, reported as logarithms), or risk difference; small letters will do.
    n1 : (k,) array-like, optional
        People in group 1, in place of ``bi``.
    n2 : (k,) array-like, optional
        People in group 2, in place of ``di``.
    x1 : (k,) array-like, optional
        Events of group 1, for "IRR", which takes these four in place of all other counts.
    t1 : (k,) array-like, optional
        Person-time of group 1.
    x2 : (k,) array-like, optional
        Events of group 2.
    t2 : (k,) array-like, optional
        Person-time of group 2.
    correct : bool
        Continuity correction of the Cochran-Mantel-Haenszel test.
    level : float
        Coverage of the interval.
    slab : str or (k,) array-like, optional
        Labels of the trials, or the name of a column of the frame; by default as for `pool`.

    Returns
    -------
    CountsPooled
        For "OR" with tests "Cochran-Mantel-Haenszel", "Breslow-Day" and "Tarone"; for "IRR" with "Mantel-Haenszel".

    Raises
    ------
    InvalidInput
        Counts are missing, negative or do not fit together.
    NotEstimable
        One group has no events in any trial (ratios), or nobody or everybody has the event.

    See Also
    --------
    peto : For rare events and groups of like size.
    glmm : Odds ratios that differ between trials.
    effect_size : Each trial's own ratio, for `pool`.

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
    measure = cast("CountMeasure", measure_name(measure, tuple(METHODS)))
    require_flag("correct", correct)
    require_level(level)
    trials: Tables | Rates
    if measure == "IRR":
        if any(value is not None for value in (bi, ci, di, n1, n2)) or (x1 is not None and ai is not None):
            raise InvalidInput("IRR takes x1, t1, x2, t2 and no other counts")
        trials = read_rates(ai if x1 is None else x1, t1, x2, t2)
    else:
        if any(value is not None for value in (x1, t1, x2, t2)):
            raise InvalidInput(f"{measure} takes ai, bi, ci, di; person-time is for IRR")
        trials = read_tables(ai, bi, ci, di, n1, n2)
    combined = METHODS[measure](trials, correct)
    return counts_pooled("Mantel-Haenszel method", measure, combined, trials.studies(measure, slab), trials.k, level)


def _odds_ratio(t: Tables, correct: bool) -> Combined:
    r, s = t.ai * t.di / t.total, t.bi * t.ci / t.total
    require_both_groups(r, s, "odds ratio")
    p, q = (t.ai + t.di) / t.total, (t.bi + t.ci) / t.total
    big_r, big_s = r.sum(), s.sum()
    first, last = (p * r).sum() / big_r**2, (q * s).sum() / big_s**2
    cross = (p * s + q * r).sum() / (big_r * big_s)
    odds_ratio = float(big_r / big_s)
    tests = _odds_ratio_tests(t.only_informative(), odds_ratio, correct)
    return Combined(float(np.log(odds_ratio)), float((first + cross + last) / 2), s, tests)


def _risk_ratio(t: Tables, correct: bool) -> Combined:
    r, s = t.ai * t.n2 / t.total, t.ci * t.n1 / t.total
    require_both_groups(r, s, "risk ratio")
    if not (t.bi + t.di).any():
        raise NotEstimable("all people have the event: a risk ratio has no standard error")
    shared = t.n1 * t.n2 * t.events / t.total**2 - t.ai * t.ci / t.total
    return Combined(float(np.log(r.sum() / s.sum())), float(shared.sum() / (r.sum() * s.sum())), s, {})


def _risk_difference(t: Tables, correct: bool) -> Combined:
    w = t.n1 * t.n2 / t.total
    difference = float((t.ai * t.n2 / t.total - t.ci * t.n1 / t.total).sum() / w.sum())
    share1, share2 = t.n1 / t.total, t.n2 / t.total
    slope = t.ci * share1**2 - t.ai * share2**2 + share1 * share2 * (t.n2 - t.n1) / 2
    base = (t.ai * t.di + t.ci * t.bi) / (2 * t.total)
    variance = float((difference * slope.sum() + base.sum()) / w.sum() ** 2)
    if variance <= 1e-12 * base.sum() / w.sum() ** 2:  # zero but for rounding
        raise NotEstimable("all people of a group have the event, or none: a risk difference has no standard error")
    return Combined(difference, variance, w, {})


def _rate_ratio(t: Rates, correct: bool) -> Combined:
    time = t.t1 + t.t2
    r, s = t.x1 * t.t2 / time, t.x2 * t.t1 / time
    require_both_groups(r, s, "rate ratio")
    spread = ((t.x1 + t.x2) * (t.t1 / time) * (t.t2 / time)).sum()
    excess = (t.x1 - (t.x1 + t.x2) * t.t1 / time).sum()
    tests = {"Mantel-Haenszel": _one_df(excess, spread, correct)}
    return Combined(float(np.log(r.sum() / s.sum())), float(spread / (r.sum() * s.sum())), s, tests)


def _odds_ratio_tests(t: Tables, odds_ratio: float, correct: bool) -> dict[str, ChiSquare]:
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


#: A measure is a function of the trials and its line here; its label stands in the registry of effect measures.
METHODS: Mapping[CountMeasure, Callable[[Any, bool], Combined]] = {
    "OR": _odds_ratio,
    "RR": _risk_ratio,
    "RD": _risk_difference,
    "IRR": _rate_ratio,
}
