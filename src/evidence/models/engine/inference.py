"""From fitted coefficients to standard errors, tests, intervals and heterogeneity, for a whole batch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

from .coefficient_tests import TESTS
from .engine import Batch, Floats, Settings

# A variance of an estimate below this can only come from a study whose sampling variance is zero.
_NO_ERROR = 1e-60


# What a fit of a common mean can lack, as `lacking` tells it.
NO_STUDY, OUTWEIGHED, NO_DIFFERENCE = 1, 2, 3


class Interval(NamedTuple):
    """Lower and upper bound, in the units of the estimate."""

    low: float
    high: float


class Heterogeneity(NamedTuple):
    """Cochran's Q with its test, I2 (percent) and H2, each a (B,) array."""

    q: Floats
    q_df: Floats
    q_p: Floats
    i2: Floats
    h2: Floats


def degrees_of_freedom(settings: Settings, batch: Batch) -> Floats:
    """Degrees of freedom of the test of a coefficient, (B,); infinity stands for the normal distribution."""
    df = (batch.k - batch.beta.shape[1]).astype(float)
    return np.where(df > 0, df, np.inf) if TESTS[settings.test].t else np.full(len(df), np.inf)


def scale(settings: Settings, batch: Batch) -> Floats:
    """Knapp & Hartung's (2003) factor on the variance of the coefficients, (B,); 1 for "z" and "t".

    y'Py / (k - p) at the estimated tau2; "hksj-adhoc" keeps it from falling below 1.
    """
    df = batch.k - batch.beta.shape[1]
    test = TESTS[settings.test]
    if not test.scaled:
        return np.ones(len(df))
    return np.maximum(np.where(df > 0, batch.rss / np.maximum(df, 1), 1.0), test.least)


def critical(level: float, df: Floats) -> Floats:
    """Two-sided quantile of t (normal where df is infinite), same shape as ``df``."""
    values, where = np.unique(df, return_inverse=True)
    finite = np.isfinite(values)
    quantile = np.full(values.shape, ndtri(0.5 + level / 2))
    quantile[finite] = stdtrit(values[finite], 0.5 + level / 2)
    return quantile[where].reshape(df.shape)


def two_sided_p(statistic: Floats, df: Floats) -> Floats:
    """Two-sided p value of a t (or, where df is infinite, z) statistic."""
    tail = -np.abs(statistic)
    finite = np.isfinite(df)
    if finite.all():
        return 2 * stdtr(df, tail)
    return 2 * np.where(finite, stdtr(np.where(finite, df, 1.0), tail), ndtr(tail))


def heterogeneity(settings: Settings, batch: Batch, tau2: Floats | None = None) -> Heterogeneity:
    """Q test, I2 and H2.

    Notes
    -----
    Random effects: I2 = 100 tau2 / (s2 + tau2), H2 = 1 + tau2 / s2 with the typical sampling variance
    s2 = (k - p) / tr P (Higgins & Thompson 2002, eq. 9). Equal effects: I2 = 100 (Q - df) / Q, H2 = Q / df.
    ``tau2`` replaces the estimate, for the bounds of an interval.
    """
    df = (batch.k - batch.beta.shape[1]).astype(float)
    t = batch.tau2 if tau2 is None else tau2
    some = df > 0
    q = np.where(some, batch.q, np.where(batch.k > 0, 0.0, np.nan))
    safe_df = np.where(some, df, 1.0)
    q_p = np.where(some, chdtrc(safe_df, q), 1.0)
    if settings.random:
        ratio = np.where(some, t * batch.trace / safe_df, 0.0)
        i2, h2 = 100 * ratio / (1 + ratio), 1 + ratio
    else:
        i2 = np.where(q > df, 100 * (q - df) / np.where(q > 0, q, 1.0), 0.0)
        h2 = np.where(some, q / safe_df, 1.0)
    return Heterogeneity(q, df, q_p, i2, h2)


def lacking(settings: Settings, batch: Batch) -> NDArray[np.int8]:
    """What keeps each fit of a common mean from a standard error, (B,): 0 where nothing does.

    `NO_STUDY`; `OUTWEIGHED`, by a study without sampling error while tau2 is 0, so that there is no mean either;
    `NO_DIFFERENCE` between effects, from which "hksj" takes the standard error of a mean that is known.
    """
    model = batch.cov[:, 0, 0]
    found = np.zeros(len(model), dtype=np.int8)
    found[model * scale(settings, batch) < _NO_ERROR] = NO_DIFFERENCE
    found[model < _NO_ERROR] = OUTWEIGHED
    found[np.isnan(model)] = NO_STUDY
    return found


def common_mean_columns(settings: Settings, batch: Batch) -> dict[str, NDArray[Any]]:
    """What a table of pooled results shows, one entry a fit of a common mean, by column name.

    NaN stands for what a fit does not have: an interval for a new study when k = 1 or under equal effects, whatever
    needs a standard error where `lacking` says that there is none.
    """
    lack = lacking(settings, batch)
    variance = np.where(lack > 0, np.nan, batch.cov[:, 0, 0] * scale(settings, batch))
    se = np.sqrt(variance)
    estimate = np.where((lack == NO_STUDY) | (lack == OUTWEIGHED), np.nan, batch.beta[:, 0])
    df = degrees_of_freedom(settings, batch)
    statistic = estimate / se
    crit = critical(settings.level, df)
    het = heterogeneity(settings, batch)
    spread = crit * np.sqrt(variance + batch.tau2)
    if not settings.random:
        spread = np.full(len(se), np.nan)
    spread[batch.k < 2] = np.nan
    return {
        "k": batch.k,
        "estimate": estimate,
        "se": se,
        "ci_low": estimate - crit * se,
        "ci_high": estimate + crit * se,
        "statistic": statistic,
        "df": df,
        "p_value": two_sided_p(statistic, df),
        "tau2": batch.tau2,
        "i2": het.i2,
        "h2": het.h2,
        "q": het.q,
        "q_df": het.q_df,
        "q_p": het.q_p,
        "pi_low": estimate - spread,
        "pi_high": estimate + spread,
    }
