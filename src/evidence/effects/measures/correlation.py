"""Correlation coefficients `ri` of `ni` people; each function returns `yi` and `vi`."""

from __future__ import annotations

import numpy as np
from scipy.special import hyp2f1

from ..inputs import Floats


def correlation(ri: Floats, ni: Floats, vtype: str) -> tuple[Floats, Floats]:
    """COR: r itself, variance at r (LS) or at the mean r of all rows (AV); Borenstein (2009), eq. 12.27."""
    at = np.average(ri, weights=ni) if vtype == "AV" else ri
    return ri, (1 - at**2) ** 2 / (ni - 1)


def fisher_z(ri: Floats, ni: Floats) -> tuple[Floats, Floats]:
    """ZCOR = atanh(r); Fisher (1921)."""
    return np.arctanh(ri), 1 / (ni - 3)


def unbiased_correlation(ri: Floats, ni: Floats, vtype: str) -> tuple[Floats, Floats]:
    """UCOR: r without its bias (Olkin & Pratt 1958, doi:10.1214/aoms/1177706717); UB: Hedges (1989), unbiased, too."""
    rest = 1 - ri**2
    yi = ri * hyp2f1(0.5, 0.5, (ni - 2) / 2, rest)
    if vtype == "UB":
        return yi, yi**2 - (1 - (ni - 3) / (ni - 2) * rest * hyp2f1(1.0, 1.0, ni / 2, rest))
    at = np.average(yi, weights=ni) if vtype == "AV" else yi
    return yi, (1 - at**2) ** 2 / (ni - 1)
