"""Correlations given other predictors: from the test ``ti`` of one of ``mi`` in a regression of ``ni`` people.

Every function takes (k,) arrays already checked, and returns `yi` and `vi`. Aloe & Becker (2012), Journal of
Educational and Behavioral Statistics 37:278, doi:10.3102/1076998610396901; Aloe (2014). Variances are those of later
versions of metafor, which agree with those of a plain correlation where the predictor stands alone.
"""

from __future__ import annotations

import numpy as np

from ..inputs import Floats


def partial(ti: Floats, mi: Floats, ni: Floats, vtype: str) -> tuple[Floats, Floats]:
    """PCOR = t / sqrt(t2 + df), variance at it (LS) or at its mean over all rows (AV)."""
    yi = _partial(ti, mi, ni)
    at = np.average(yi, weights=ni) if vtype == "AV" else yi
    return yi, (1 - at**2) ** 2 / (ni - mi)


def partial_z(ti: Floats, mi: Floats, ni: Floats) -> tuple[Floats, Floats]:
    """ZPCOR = atanh of the partial correlation."""
    spare = ni - mi - 2
    return np.arctanh(_partial(ti, mi, ni)), np.where(spare > 0, 1 / spare, np.nan)


def semi_partial(ti: Floats, mi: Floats, ni: Floats, r2i: Floats, vtype: str) -> tuple[Floats, Floats]:
    """SPCOR = t sqrt((1 - R2) / df), with the R2 of the whole regression; `vtype` as for PCOR."""
    yi = ti * np.sqrt((1 - r2i) / _df(mi, ni))
    at = np.average(yi, weights=ni) if vtype == "AV" else yi
    without = r2i - at**2  # R2 without the predictor
    return yi, np.where(np.abs(yi) < 1, (r2i**2 - 2 * r2i + without + 1 - without**2) / ni, np.nan)


def semi_partial_z(ti: Floats, mi: Floats, ni: Floats, r2i: Floats, vtype: str) -> tuple[Floats, Floats]:
    """ZSPCOR = atanh of the semi-partial correlation, whose variance it does not make constant."""
    yi, vi = semi_partial(ti, mi, ni, r2i, vtype)
    return np.arctanh(yi), vi / (1 - yi**2) ** 2


def _df(mi: Floats, ni: Floats) -> Floats:
    df = ni - mi - 1
    return np.where(df > 0, df, np.nan)


def _partial(ti: Floats, mi: Floats, ni: Floats) -> Floats:
    return np.asarray(ti / np.sqrt(ti**2 + _df(mi, ni)))
