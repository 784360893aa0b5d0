"""The correlation matrix closest to a matrix that is none."""

from __future__ import annotations

import numpy as np

from ...errors import NotEstimable
from ..engine.engine import Floats

_TOLERANCE = 1e-10  # largest change of an entry at which the projections have met
_ITERATIONS = 10_000


def nearest_correlation(matrix: Floats) -> Floats:
    """Project onto the correlation matrices, in the Frobenius norm.

    Parameters
    ----------
    matrix : (m, m) array, symmetric

    Returns
    -------
    (m, m) array
        Ones on the diagonal, no negative eigenvalue.

    Notes
    -----
    Alternating projections with Dykstra's correction: Higham (2002), IMA Journal of Numerical Analysis 22:329,
    algorithm 3.3.
    """
    y, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(_ITERATIONS):
        r = y - correction
        values, vectors = np.linalg.eigh(r)
        x = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = x - r
        y = x.copy()
        np.fill_diagonal(y, 1.0)
        if np.abs(y - x).max() < _TOLERANCE:
            root = np.sqrt(np.diagonal(x))
            return np.asarray(x / np.outer(root, root))
    raise NotEstimable("the nearest possible correlation matrix was not found; give other correlations")
