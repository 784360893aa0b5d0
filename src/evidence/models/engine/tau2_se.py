"""Standard error of tau2, by the formula of the estimator that found it."""

from __future__ import annotations

import numpy as np

from .engine import SMALLEST_VARIANCE, Floats, Settings
from .standard_errors import StandardError


def tau2_se(
    settings: Settings, yi: Floats, vi: Floats, tau2: float, x: Floats | None, weights: Floats | None
) -> float | None:
    """Standard error of ``tau2``, by the formula of the method that estimated it.

    Parameters
    ----------
    settings : Settings
    yi : (k,) array
    vi : (k,) array
    tau2 : float
        The estimate.
    x : (k, p) array or None
        None for a common mean.
    weights : (k,) array or None
        What GENQ was given.

    Returns
    -------
    float or None
        None for a tau2 that was not estimated, or with as many coefficients as studies.
    """
    at = StandardError(yi, np.maximum(vi, SMALLEST_VARIANCE), tau2, np.ones((len(yi), 1)) if x is None else x, weights)
    formula = settings.estimator.standard_error
    return None if settings.fixed_tau2 or at.df <= 0 or formula is None else formula(at)
