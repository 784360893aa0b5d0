"""Residuals of a fit and the leverage of its studies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..engine.engine import Batch, Floats
from ..engine.inference import scale
from ..weights import used_weights
from .deletion import Fit, design_matrix, without_each


def hat_matrix(fit: Fit) -> Floats:
    """(k, k) array that turns yi into fitted values, X (X'AX)^-1 X'A for weights A."""
    root = np.sqrt(used_weights(fit.settings, fit.vi, fit.tau2, fit.custom_weights))
    q = np.linalg.qr(root[:, None] * design_matrix(fit))[0]
    return np.asarray((q / root[:, None]) @ (q * root[:, None]).T)


def deleted_predictions(fit: Fit, deleted: Batch) -> tuple[Floats, Floats]:
    """What the fits without study i expect for study i, and the variance of that, (k,) arrays."""
    x = design_matrix(fit)
    cov = deleted.scaled(scale(fit.settings, deleted)).cov
    return np.einsum("ij,ij->i", x, deleted.beta), np.einsum("ij,ijl,il->i", x, cov, x)


def studentised(fit: Fit, deleted: Batch) -> Floats:
    """Externally studentised residuals, (k,) array; NaN where a fit needs the study it would leave out.

    Notes
    -----
    (yi - fitted without i) / sqrt(s2 (vi + tau2) + Var(fitted)), all from the fit without study i; s2 is the
    scale of the test (1 for "z" and "t").

    References
    ----------
    Viechtbauer & Cheung (2010), Research Synthesis Methods 1:112, 10.1002/jrsm.11.
    """
    expected, variance = deleted_predictions(fit, deleted)
    difference = _without_rounding(fit.yi - expected)
    return np.asarray(difference / np.sqrt(scale(fit.settings, deleted) * (fit.vi + deleted.tau2) + variance))


def residual_table(fit: Fit) -> pd.DataFrame:
    """Residuals of every study, index slab.

    Returns
    -------
    DataFrame
        Columns residual, yi minus the fitted value; se, its standard error from (I - H) M (I - H)'; standardised,
        residual / se, NaN for a study fitted exactly; and studentised (see `studentised`).
    """
    rest = np.eye(fit.k) - hat_matrix(fit)
    residual = _without_rounding(fit.yi - design_matrix(fit) @ fit.beta)
    variance = fit.vi + fit.tau2
    se = np.sqrt(np.sum(rest**2 * variance, axis=1))
    se[se < 1e-10 * np.sqrt(variance)] = 0.0  # a study that is fitted exactly
    columns = {
        "residual": residual,
        "se": se,
        "standardised": np.divide(residual, se, out=np.full(fit.k, np.nan), where=se > 0),
        "studentised": studentised(fit, without_each(fit)),
    }
    return pd.DataFrame(columns, index=pd.Index(fit.slab, name="study"))


def _without_rounding(residual: Floats) -> Floats:
    # A saturated point is fitted exactly; what is left of it is not a residual.
    return np.where(np.abs(residual) < 100 * np.finfo(float).eps, 0.0, residual)
