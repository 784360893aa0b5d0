"""The true effect of a new study: five ways to its interval, and the probability that it lies between two values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import ndtr, stdtr

from ...effects.arguments import require_choice
from ..bayes.bayes import bayes
from ..bayes.tau_prior import TauPrior
from ..engine.engine import Floats
from ..engine.inference import Interval, critical
from .nagashima import ConfidenceDistribution

Named = Literal["t", "riley", "partlett-riley", "nagashima"]
Prediction = Named | TauPrior


def require_prediction(prediction: object) -> None:
    """`InvalidInput` unless it is the name of a way, or a prior of tau."""
    if not isinstance(prediction, TauPrior):
        require_choice("prediction", prediction, get_args(Named))


@dataclass(frozen=True, slots=True)
class Mean:
    """What a prediction rests on.

    Attributes
    ----------
    estimate : float
        The mean.
    se : float
        Its standard error.
    df : float
        Its degrees of freedom; infinite for the normal distribution.
    tau2 : float
        Variance between studies.
    yi : (k,) array
        Effects of the studies.
    vi : (k,) array
        Their sampling variances.
    """

    estimate: float
    se: float
    df: float
    tau2: float
    yi: Floats
    vi: Floats


def prediction_interval(way: Prediction, level: float, mean: Mean) -> Interval | None:
    """Bounds for the true effect of a new study; None where there are none.

    Parameters
    ----------
    way : str or TauPrior
        "t": estimate ± t sqrt(se^2 + tau2), with the quantile of the mean's own test. "riley": the same with t of k - 2
        df and three studies or more. "partlett-riley": that with Knapp and Hartung's standard error whatever the test.
        "nagashima": from the distribution of tau2 that Cochran's Q gives. A prior of tau: the posterior predictive
        distribution.
    level : float
        Coverage.
    mean : Mean
    """
    if len(mean.yi) == 1:
        return None
    if isinstance(way, TauPrior):
        post = bayes(mean.yi, mean.vi, tau_prior=way, level=level)
        return Interval(*post.quantile([0.5 - level / 2, 0.5 + level / 2], of="predictive").tolist())
    if way == "nagashima":
        if (mean.vi == 0).any():
            return None
        found = ConfidenceDistribution(mean.yi, mean.vi)
        return Interval(found.quantile(0.5 - level / 2), found.quantile(0.5 + level / 2))
    df, scale = _student(way, mean)
    if df == 0:
        return None
    half = float(critical(level, np.array([df]))[0]) * scale
    return Interval(mean.estimate - half, mean.estimate + half)


def prediction_probability(way: Prediction, mean: Mean, lower: float, upper: float) -> float | None:
    """Probability that the true effect of a new study lies between two values; None where there is none.

    ``way`` and ``mean`` as for `prediction_interval`, whose interval at 95% holds 0.95 of it.
    """
    if len(mean.yi) == 1:
        return None
    if isinstance(way, TauPrior):
        return bayes(mean.yi, mean.vi, tau_prior=way).probability(lower, upper, of="predictive")
    if way == "nagashima":
        if (mean.vi == 0).any():
            return None
        found = ConfidenceDistribution(mean.yi, mean.vi)
        ends = [found.below(end) if math.isfinite(end) else float(end > 0) for end in (lower, upper)]
        return ends[1] - ends[0]
    df, scale = _student(way, mean)
    if df == 0:
        return None
    low, high = ((end - mean.estimate) / scale for end in (lower, upper))
    return float(ndtr(high) - ndtr(low) if math.isinf(df) else stdtr(df, high) - stdtr(df, low))


def _student(way: Named, mean: Mean) -> tuple[float, float]:
    """Degrees of freedom and scale of the t distribution around the estimate."""
    variance = mean.se**2
    if way == "partlett-riley":
        w = 1 / (mean.vi + mean.tau2)
        variance = float((w * (mean.yi - mean.estimate) ** 2).sum() / ((len(w) - 1) * w.sum()))
    df = mean.df if way == "t" else len(mean.yi) - 2.0
    return df, math.sqrt(variance + mean.tau2)
