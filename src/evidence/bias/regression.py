"""Effects regressed on a measure of study size: two error models, one result."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..errors import NotConverged, NotEstimable
from ..models.engine.engine import Floats, Settings, single
from ..models.engine.inference import Interval, critical, degrees_of_freedom, scale, two_sided_p
from ..models.engine.tau2 import COLLINEAR, CONVERGED
from ..models.univariate.pooled import Pooled

# Below this share of its largest value, the spread of a predictor is rounding error.
_NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True)
class Line:
    """Coefficients of a regression, each a (p,) array, intercept first.

    Attributes
    ----------
    beta : (p,) array
    se : (p,) array
    statistic : (p,) array
    p_value : (p,) array
    ci_low : (p,) array
    ci_high : (p,) array
    df : float
        Infinite for a normal test.
    tau2 : float or None
        Variance between studies around the line; None for the multiplicative model.
    dispersion : float or None
        Factor on the sampling variances; None for the additive model.
    """

    beta: Floats
    se: Floats
    statistic: Floats
    p_value: Floats
    ci_low: Floats
    ci_high: Floats
    df: float
    tau2: float | None
    dispersion: float | None

    def ci(self, i: int) -> Interval:
        return Interval(float(self.ci_low[i]), float(self.ci_high[i]))

    def frame(self, names: list[str]) -> pd.DataFrame:
        """Coefficient table: estimate, se, statistic, df, p_value, ci_low, ci_high."""
        columns = {
            "estimate": self.beta,
            "se": self.se,
            "statistic": self.statistic,
            "df": np.full(len(self.beta), self.df),
            "p_value": self.p_value,
            "ci_low": self.ci_low,
            "ci_high": self.ci_high,
        }
        return pd.DataFrame(columns, index=pd.Index(names))


def multiplicative(y: Floats, x: Floats, w: Floats, level: float) -> Line:
    """Weighted least squares with the residual variance as a factor on 1 / w.

    Parameters
    ----------
    y : (k,) array
    x : (k, p) array
        Design.
    w : (k,) array
        Weights.
    level : float
        Coverage of intervals.

    Notes
    -----
    Var(y_i) = phi / w_i with phi = sum w (y - x b)^2 / (k - p); t with k - p df.

    References
    ----------
    Thompson & Sharp (1999), Statistics in Medicine 18:2693, their model with multiplicative variance.
    """
    k, p = x.shape
    root = np.sqrt(w)
    size = np.abs(x).max(axis=0)
    q, r = np.linalg.qr(root[:, None] * x / size)
    beta = np.linalg.solve(r, q.T @ (root * y)) / size
    rss = float(np.sum((root * (y - x @ beta)) ** 2))
    if rss <= 1e-24 * float(np.sum(w * y**2)):
        raise NotEstimable("all studies lie on one line, so its standard errors would be zero")
    dispersion = rss / (k - p)
    inverse = np.linalg.inv(r) / size[:, None]
    return _line(beta, np.sqrt(dispersion * np.sum(inverse**2, axis=1)), float(k - p), level, None, dispersion)


def additive(settings: Settings, y: Floats, v: Floats, x: Floats, weights: Floats | None) -> Line:
    """Random-effects regression with the estimator, test and weights of a fit of `pool`."""
    batch = single(settings, y, v, x, weights)
    if batch.status[0] == COLLINEAR:
        raise NotEstimable("the predictor cannot be told from the intercept in these studies")
    if batch.status[0] != CONVERGED:
        warnings.warn(f"the iteration for tau2 did not end; it stands at {batch.tau2[0]:g}", NotConverged, stacklevel=4)
    se = np.sqrt(np.diagonal(batch.cov[0]) * scale(settings, batch)[0])
    df = float(degrees_of_freedom(settings, batch)[0])
    return _line(batch.beta[0], se, df, settings.level, float(batch.tau2[0]), None)


def with_intercept(predictor: Floats, name: str) -> Floats:
    """Design (k, 2) of an intercept and one predictor.

    Raises
    ------
    NotEstimable
        All studies have the same value.
    """
    if np.ptp(predictor) <= _NO_SPREAD * np.abs(predictor).max():
        raise NotEstimable(f"all studies have the same {name}, so effects cannot be regressed on it")
    return np.column_stack([np.ones(len(predictor)), predictor])


def _lm(fit: Pooled, x: Floats) -> Line:
    return multiplicative(fit.yi, x, 1 / fit.vi, fit.level)


def _rma(fit: Pooled, x: Floats) -> Line:
    return additive(fit.settings, fit.yi, fit.vi, x, fit.custom_weights)


ErrorModel = Literal["lm", "rma"]
#: How effects scatter around the line, by metafor's names: a factor on vi, or a variance added to it.
ERROR_MODELS: dict[ErrorModel, Callable[[Pooled, Floats], Line]] = {"lm": _lm, "rma": _rma}


def _line(beta: Floats, se: Floats, df: float, level: float, tau2: float | None, dispersion: float | None) -> Line:
    statistic = beta / se
    half = critical(level, np.array([df]))[0] * se
    p_value = two_sided_p(statistic, np.full(len(beta), df))
    return Line(beta, se, statistic, p_value, beta - half, beta + half, df, tau2, dispersion)
