"""Hedges' exact correction for the small-sample bias of a standardized mean."""

from __future__ import annotations

import numpy as np
from scipy.special import poch

from .inputs import Floats


def bias_correction(df: Floats) -> Floats:
    """J(df) = gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)), the factor that makes d unbiased.

    Parameters
    ----------
    df : array
        Degrees of freedom of the standard deviation in the denominator of d; above 1.

    Returns
    -------
    array
        Between 0 and 1.

    Notes
    -----
    The ratio of gammas is a Pochhammer symbol, (x)_{1/2} with x = (df-1)/2, which stays accurate to 1e-11 relative
    for any df, where a difference of log-gammas loses a digit with each power of ten.

    References
    ----------
    Hedges (1981), Journal of Educational Statistics 6:107, doi:10.3102/10769986006002107, eq. 6e.
    """
    correction: Floats = poch((df - 1) / 2, 0.5) / np.sqrt(df / 2)
    return correction
