"""The interval for the true effect of a new study: three ways, each with what simulation says of it."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np

from ...effects.arguments import require_choice
from ..bayes.bayes import bayes
from ..bayes.tau_prior import TauPrior
from ..engine.engine import Floats
from ..engine.inference import Interval, critical

Named = Literal["t", "riley"]
Prediction = Named | TauPrior


def require_prediction(prediction: object) -> None:
    """`InvalidInput` unless it is the name of a way, or a prior of tau."""
    if not isinstance(prediction, TauPrior):
        require_choice("prediction", prediction, get_args(Named))


def prediction_interval(
    way: Prediction, level: float, mean: tuple[float, float, float], tau2: float, yi: Floats, vi: Floats
) -> Interval | None:
    """Bounds for the true effect of a new study; None where there are none.

    Parameters
    ----------
    way : str or TauPrior
        "t": estimate ± t sqrt(se^2 + tau2), with the quantile of the mean's own test. "riley": the same with t of k - 2
        df and three studies or more. A prior of tau: the posterior predictive distribution.
    level : float
        Coverage.
    mean : (float, float, float)
        Estimate, its standard error and degrees of freedom (infinite for the normal distribution).
    tau2 : float
        Variance between studies.
    yi : (k,) array
        Effects of the studies.
    vi : (k,) array
        Their sampling variances.
    """
    k = len(yi)
    if k == 1:
        return None
    if isinstance(way, TauPrior):
        new = bayes(yi, vi, tau_prior=way, level=level).predictive
        return Interval(float(new["ci_low"]), float(new["ci_high"]))
    estimate, se, df = mean
    df = df if way == "t" else k - 2.0
    if df == 0:
        return None
    half = float(critical(level, np.array([df]))[0]) * math.sqrt(se**2 + tau2)
    return Interval(estimate - half, estimate + half)
