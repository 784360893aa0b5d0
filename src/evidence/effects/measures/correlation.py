"""Correlation coefficients `ri` of `ni` people; each function returns `yi` and `vi`."""

from __future__ import annotations

import numpy as np

from ..inputs import Floats


def correlation(ri: Floats, ni: Floats, vtype: str) -> tuple[Floats, Floats]:
    """COR: r itself, variance at r (LS) or at the mean r of all rows (AV); Borenstein (2009), eq. 12.27."""
    at = np.average(ri, weights=ni) if vtype == "AV" else ri
    return ri, (1 - at**2) ** 2 / (ni - 1)


def fisher_z(ri: Floats, ni: Floats) -> tuple[Floats, Floats]:
    """ZCOR = atanh(r); Fisher (1921)."""
    return np.arctanh(ri), 1 / (ni - 3)
