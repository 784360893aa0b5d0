"""Tests for small-study effects in two-by-two tables, where effect and standard error depend on each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.arguments import require_level, shown
from ..errors import InvalidInput, NotEstimable
from ..models.counts.two_by_two import read_tables
from ..models.engine.engine import Floats
from .regression import multiplicative, with_intercept
from .small_study_effects import SmallStudyTest, small_study_test


def macaskill(
    ai: ArrayLike | pd.DataFrame,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    level: float = 0.95,
) -> SmallStudyTest:
    """Macaskill's test: log odds ratios on sample size, weighted by the pooled variance.

    Parameters
    ----------
    ai : (k,) array-like, or DataFrame
        Events in group 1; or a frame with the counts in columns of these names. Series are paired by their labels.
    bi : (k,) array-like, optional
        Non-events in group 1.
    ci : (k,) array-like, optional
        Events in group 2.
    di : (k,) array-like, optional
        Non-events in group 2.
    level : float
        Coverage of intervals.

    Returns
    -------
    SmallStudyTest
        Predictor "ni"; it has no limit estimate.

    Raises
    ------
    InvalidInput
        A count is missing or negative, a group is empty, or lengths or labels differ.
    NotEstimable
        Fewer than three tables with both events and non-events, or all of one size.

    Warns
    -----
    SmallSample
        Fewer than ten studies.

    See Also
    --------
    peters : The inverse of the sample size as predictor, which has a limit.
    harbord : Score statistics instead of log odds ratios.

    Notes
    -----
    Weights (a + c)(b + d) / n: up to a factor the inverse variance of the log odds ratio at the study's overall
    risk, which, unlike 1 / vi, does not depend on the effect. Tables without an event, or without a non-event, in
    either group say nothing about an odds ratio and are left out; where one cell is zero, 1/2 is added to the four.

    References
    ----------
    Macaskill, Walter & Irwig (2001), Statistics in Medicine 20:641, 10.1002/sim.698 (funnel plot regression, FPV).

    Examples
    --------
    >>> import evidence as ev
    >>> a, b = [15, 12, 29, 42, 14, 44, 14, 29, 10, 17], [60, 40, 70, 90, 30, 60, 25, 30, 12, 20]
    >>> c, d = [9, 10, 20, 40, 10, 40, 9, 25, 6, 10], [66, 42, 80, 95, 33, 66, 30, 36, 17, 26]
    >>> print(ev.macaskill(a, b, c, d).sentence())
    Small studies show higher effects than large ones (Macaskill's test, p = 0.012).
    """
    tables = _tables(ai, bi, ci, di, "Macaskill's test", level)
    return _on_size(tables, tables.sum(axis=0), "Macaskill's test", "ni", level)


def peters(
    ai: ArrayLike | pd.DataFrame,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    level: float = 0.95,
) -> SmallStudyTest:
    """Peters' test: Macaskill's with the inverse of the sample size as predictor.

    Parameters
    ----------
    ai : (k,) array-like, or DataFrame
        Events in group 1; or a frame with the counts in columns of these names. Series are paired by their labels.
    bi : (k,) array-like, optional
        Non-events in group 1.
    ci : (k,) array-like, optional
        Events in group 2.
    di : (k,) array-like, optional
        Non-events in group 2.
    level : float
        Coverage of intervals.

    Returns
    -------
    SmallStudyTest
        Predictor "ninv"; the limit estimate is a log odds ratio.

    Raises
    ------
    InvalidInput
        A count is missing or negative, a group is empty, or lengths or labels differ.
    NotEstimable
        Fewer than three tables with both events and non-events, or all of one size.

    Warns
    -----
    SmallSample
        Fewer than ten studies.

    See Also
    --------
    macaskill : The sample size itself as predictor.
    harbord : Score statistics instead of log odds ratios.

    References
    ----------
    Peters, Sutton, Jones, Abrams & Rushton (2006), JAMA 295:676, 10.1001/jama.295.6.676.

    Examples
    --------
    >>> import evidence as ev
    >>> a, b = [15, 12, 29, 42, 14, 44, 14, 29, 10, 17], [60, 40, 70, 90, 30, 60, 25, 30, 12, 20]
    >>> c, d = [9, 10, 20, 40, 10, 40, 9, 25, 6, 10], [66, 42, 80, 95, 33, 66, 30, 36, 17, 26]
    >>> print(ev.peters(a, b, c, d).sentence())
    Small studies show higher effects than large ones (Peters' test, p = 0.013).
    """
    tables = _tables(ai, bi, ci, di, "Peters' test", level)
    return _on_size(tables, 1 / tables.sum(axis=0), "Peters' test", "ninv", level)


def harbord(
    ai: ArrayLike | pd.DataFrame,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    level: float = 0.95,
) -> SmallStudyTest:
    """Harbord's modified Egger test, on score statistics of the log odds ratio.

    Parameters
    ----------
    ai : (k,) array-like, or DataFrame
        Events in group 1; or a frame with the counts in columns of these names. Series are paired by their labels.
    bi : (k,) array-like, optional
        Non-events in group 1.
    ci : (k,) array-like, optional
        Events in group 2.
    di : (k,) array-like, optional
        Non-events in group 2.
    level : float
        Coverage of intervals.

    Returns
    -------
    SmallStudyTest
        ``.intercept`` is that of Z / sqrt(V) on sqrt(V); the limit estimate is a log odds ratio.

    Raises
    ------
    InvalidInput
        A count is missing or negative, a group is empty, or lengths or labels differ.
    NotEstimable
        Fewer than three tables with both events and non-events, or all of one size.

    Warns
    -----
    SmallSample
        Fewer than ten studies.

    See Also
    --------
    peters : Regression on the inverse of the sample size.
    egger : For any effect size.

    Notes
    -----
    Z = a - (a + b)(a + c) / n is the efficient score and V = (a + b)(c + d)(a + c)(b + d) / (n^2 (n - 1)) its
    hypergeometric variance, both at an odds ratio of 1. Egger's regression with effect Z / V and variance 1 / V.

    References
    ----------
    Harbord, Egger & Sterne (2006), Statistics in Medicine 25:3443, 10.1002/sim.2380.

    Examples
    --------
    >>> import evidence as ev
    >>> a, b = [15, 12, 29, 42, 14, 44, 14, 29, 10, 17], [60, 40, 70, 90, 30, 60, 25, 30, 12, 20]
    >>> c, d = [9, 10, 20, 40, 10, 40, 9, 25, 6, 10], [66, 42, 80, 95, 33, 66, 30, 36, 17, 26]
    >>> print(ev.harbord(a, b, c, d).sentence())
    Small studies show higher effects than large ones (Harbord's test, p = 0.006).
    """
    a, b, c, d = _tables(ai, bi, ci, di, "Harbord's test", level)
    n = a + b + c + d
    score = a - (a + b) * (a + c) / n
    variance = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    x = with_intercept(1 / np.sqrt(variance), "score variance")
    line = multiplicative(score / variance, x, variance, level)
    return small_study_test("Harbord's test", "1/sqrt(V)", line, len(a), level, True)


def _on_size(tables: Floats, predictor: Floats, test: str, name: str, level: float) -> SmallStudyTest:
    a, b, c, d = tables
    add = np.where((tables == 0).any(axis=0), 0.5, 0.0)
    log_odds_ratio = np.log((a + add) * (d + add) / ((b + add) * (c + add)))
    weights = (a + c) * (b + d) / tables.sum(axis=0)
    line = multiplicative(log_odds_ratio, with_intercept(predictor, name), weights, level)
    return small_study_test(test, name, line, len(a), level, name == "ninv")


def _tables(
    ai: ArrayLike | pd.DataFrame,
    bi: ArrayLike | None,
    ci: ArrayLike | None,
    di: ArrayLike | None,
    test: str,
    level: float,
) -> Floats:
    require_level(level)
    for name, cell in {"ai": ai, "bi": bi, "ci": ci, "di": di}.items():
        if np.isscalar(cell):
            raise InvalidInput(f"{name} is {shown(cell)}; give one count a study, shape (k,)")
    tables = read_tables(ai, bi, ci, di)
    tells = tables.informative
    if tells.sum() < 3:
        raise NotEstimable(f"{test} needs at least 3 studies with events and non-events; there are {tells.sum()}")
    return np.array([count[tells] for count in tables.counts().values()])
