"""Hedges' exact correction for the small-sample bias of a standardized mean."""

from __future__ import annotations

import numpy as np
from scipy.special import poch

from ..inputs import Floats

_LARGE = 200.0  # from here on the series below is exact to double precision, and log-gammas are not


def bias_correction(df: Floats) -> Floats:
    """J(df) = gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)), the factor that makes d unbiased.

    Parameters
    ----------
    df : array
        Degrees of freedom of the standard deviation in the denominator of d; above 1.

    Returns
    -------
    array
        Between 0 and 1, exact to 1e-13 relative for any df.

    Notes
    -----
    With x = (df-1)/2 the ratio of gammas is gamma(x + 1/2) / gamma(x): a Pochhammer symbol for small df, and for large
    df its expansion sqrt(x) (1 - 1/(8x) + 1/(128x^2) + 5/(1024x^3) - 21/(32768x^4) - ...). Subtracting log-gammas
    instead loses a digit with each power of ten of df.

    References
    ----------
    Hedges (1981), Journal of Educational Statistics 6:107, doi:10.3102/10769986006002107. NIST Digital Library of
    Mathematical Functions, 5.11.13.
    """
    small = poch((np.minimum(df, _LARGE) - 1) / 2, 0.5)
    x = (np.maximum(df, _LARGE) - 1) / 2
    large = np.sqrt(x) * (1 + (-1 / 8 + (1 / 128 + (5 / 1024 - 21 / 32768 / x) / x) / x) / x)
    correction: Floats = np.where(df < _LARGE, small, large) / np.sqrt(df / 2)
    return correction
