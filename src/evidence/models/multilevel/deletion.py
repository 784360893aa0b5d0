"""A fit with nested random effects without some of its rows, and what single rows pull."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ...errors import NotEstimable
from ..design import Design
from ..engine.engine import Floats
from .given_covariance import read_sampling
from .multilevel import fit_nested
from .nested_levels import read_levels
from .result import Multilevel


def without_rows(fit: Multilevel, keep: NDArray[np.bool_]) -> Multilevel:
    """The same model, its variances estimated anew, of some of its rows.

    Parameters
    ----------
    fit : Multilevel
    keep : (k,) bool array
        Rows to use.

    Raises
    ------
    NotEstimable
        What is left does not determine the coefficients or the variances.
    """
    x = fit._design.x[keep]
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise NotEstimable("what is left does not determine every coefficient")
    frame, every = fit.frame[keep], np.ones(len(x), dtype=bool)
    nested = read_levels(frame, fit._levels.names, every)
    left, right, values = fit.sampling.entries()
    given: Any = csr_array((values, (left, right)), shape=(fit.k, fit.k))[keep][:, keep]
    sampling = read_sampling(frame, every, nested.codes[0], nested.names[0], 0.0, given)
    design = Design(x, fit._design.names, every, fit._design.spec)
    kind = None if fit.robust_fit is None else fit.robust_fit.kind
    return fit_nested(fit.yi[keep], design, nested, sampling, frame, (fit.method, fit.test, kind, fit.level))


def covariance_at(fit: Multilevel, sigma2: Floats) -> Floats:
    """(p, p) covariance of the coefficients of all rows at given variances."""
    x = fit._design.x
    information = np.zeros((x.shape[1], x.shape[1]))
    for rows, stack in zip(fit._problem.rows, fit._problem.stacks, strict=True):
        each = x[rows]
        information += np.einsum("nmp,nmq->pq", each, np.linalg.solve(stack.marginal(sigma2), each))
    return np.asarray(np.linalg.inv(information), dtype=float)


def hat_values(fit: Multilevel) -> Floats:
    """(k,) diagonal of X (X'WX)^-1 X'W, W the inverse of the marginal covariance."""
    x, covariance = fit._design.x, fit._state.covariance
    hat = np.empty(fit.k)
    for rows, stack in zip(fit._problem.rows, fit._problem.stacks, strict=True):
        each = x[rows]
        hat[rows] = np.einsum(
            "nmp,pq,nmq->nm", each, covariance, np.linalg.solve(stack.marginal(fit._state.sigma2), each)
        )
    return hat
