"""The interval for the true effect of a new study: three ways, each with what simulation says of it.

All bounds are for a mean mu estimated with standard error se and studies that differ by tau2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from ...effects.arguments import require_choice
from ..bayes.bayes import bayes
from ..bayes.tau_prior import TauPrior
from ..engine.inference import Interval, critical

if TYPE_CHECKING:
    from .pooled import Pooled

Named = Literal["t", "riley"]
Prediction = Named | TauPrior


def require_prediction(prediction: object) -> None:
    """`InvalidInput` unless it is the name of a way, or a prior of tau."""
    if not isinstance(prediction, TauPrior):
        require_choice("prediction", prediction, get_args(Named))


def prediction_interval(fit: Pooled, level: float) -> Interval | None:
    """Bounds by the way that the fit names; None where there are none.

    Parameters
    ----------
    fit : Pooled
        One mean effect.
    level : float
        Coverage.

    Notes
    -----
    "t": estimate ± t sqrt(se^2 + tau2), with the quantile of the fit's own test. "riley": the same with t of k - 2 df
    and three studies or more. A prior of tau: the posterior predictive distribution.
    """
    if fit.k == 1 or not fit.settings.random:
        return None
    if isinstance(fit.prediction, TauPrior):
        new = bayes(fit.yi, fit.vi, tau_prior=fit.prediction, level=level).predictive
        return Interval(float(new["ci_low"]), float(new["ci_high"]))
    df = fit.df if fit.prediction == "t" else fit.k - 2.0
    if df == 0:
        return None
    half = float(critical(level, np.array([df]))[0]) * math.sqrt(fit.se**2 + fit.tau2)
    return Interval(fit.estimate - half, fit.estimate + half)
