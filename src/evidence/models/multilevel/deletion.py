"""A fit of dependent rows without some of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ...errors import NotEstimable
from ..design import Design
from .fitted_rows import Blocks
from .given_covariance import read_sampling
from .mixed_fit import fit_mixed
from .mixed_maximum import inside
from .mixed_model import MixedModel
from .multilevel import fit_nested
from .nested_levels import read_levels
from .result import Multilevel
from .terms import read_terms


def without_rows(fit: Multilevel | MixedModel, keep: NDArray[np.bool_]) -> Multilevel | MixedModel:
    """The same model, its variances estimated anew, of some of its rows.

    Parameters
    ----------
    fit : Multilevel or MixedModel
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
    left, right, values = fit.sampling.entries()
    given: Any = csr_array((values, (left, right)), shape=(fit.k, fit.k))[keep][:, keep]
    design = Design(x, fit._design.names, every, fit._design.spec)
    kind = None if fit.robust_fit is None else fit.robust_fit.kind
    asked = (fit.method, fit.test, kind, fit.level)
    if isinstance(fit, Multilevel):
        nested = read_levels(frame, fit._levels.names, every)
        sampling = read_sampling(frame, every, nested.codes[0], nested.names[0], 0.0, given)
        return fit_nested(fit.yi[keep], design, nested, sampling, frame, asked)
    old = [each.term for each in fit._placed]
    terms = read_terms(frame, [term.given for term in old])
    sampling = read_sampling(frame, every, terms[0].outer, terms[0].name, 0.0, given)
    same = all(now.labels == before.labels for now, before in zip(terms, old, strict=True))
    found = zip(fit._placed, fit._top.theta, strict=True)
    start = [inside(fit._problem, each, theta) for each, theta in found] if same else None
    return fit_mixed(fit.yi[keep], design, terms, sampling, frame, asked, start=start)


def blocks_without(fit: Multilevel | MixedModel, deleted: Multilevel | MixedModel) -> Blocks:
    """The marginal covariance of all rows of a fit, at the variances that a fit without some of them found.

    Raises
    ------
    NotEstimable
        A value that has a variance of its own is gone.
    """
    if isinstance(fit, Multilevel) and isinstance(deleted, Multilevel):
        return tuple(stack.marginal(deleted._state.sigma2) for stack in fit._problem.stacks)
    if not (isinstance(fit, MixedModel) and isinstance(deleted, MixedModel)):
        raise TypeError("the two fits are of different kinds")
    parts = []
    for whole, left, theta in zip(fit._placed, deleted._placed, deleted._top.theta, strict=True):
        covariance = whole.term.covariance
        if whole.term.labels != left.term.labels and covariance.fixed.shape != left.term.covariance.fixed.shape:
            raise NotEstimable(f"without it a value of {whole.term.given.effect!r} is gone, and so is its variance")
        parts.append(whole.spread(covariance.matrix(theta)))
    return tuple(np.add.reduce([stack.v, *each]) for stack, *each in zip(fit._problem.stacks, *parts, strict=True))
