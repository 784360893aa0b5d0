"""Refits with studies taken out or rearranged, the raw material of residuals and diagnostics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..engine.engine import Batch, Floats, Settings, fit_batch

# Rows of refits that stand in memory at a time.
_ROWS = 1 << 20


class Fit(Protocol):
    """What every single fitted model offers: `Pooled` and `Regression` do."""

    @property
    def yi(self) -> Floats: ...
    @property
    def vi(self) -> Floats: ...
    @property
    def slab(self) -> tuple[str, ...]: ...
    @property
    def x(self) -> Floats | None: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def beta(self) -> Floats: ...
    @property
    def cov(self) -> Floats: ...
    @property
    def tau2(self) -> float: ...
    @property
    def df(self) -> float: ...
    @property
    def k(self) -> int: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def custom_weights(self) -> Floats | None: ...


def design_matrix(fit: Fit) -> Floats:
    """The (k, p) design matrix, a column of ones for a common mean."""
    return np.ones((fit.k, 1)) if fit.x is None else fit.x


@dataclass(frozen=True, slots=True)
class Numbers:
    """The part of a fit that refitting needs, small enough to send to another process."""

    settings: Settings
    yi: Floats
    vi: Floats
    x: Floats | None
    custom_weights: Floats | None

    @classmethod
    def of(cls, fit: Fit) -> Numbers:
        return cls(fit.settings, fit.yi, fit.vi, fit.x, fit.custom_weights)


def fit_rows(fit: Fit | Numbers, rows: NDArray[np.intp], starts: NDArray[np.int64]) -> Batch:
    """Refit the model to selections of its studies.

    Parameters
    ----------
    fit : Fit or Numbers
    rows : (N,) int array
        Positions of studies, all selections end to end.
    starts : (B + 1,) int array
        Selection b is ``rows[starts[b]:starts[b + 1]]``.
    """
    x = None if fit.x is None else fit.x[rows]
    weights = None if fit.custom_weights is None else fit.custom_weights[rows]
    return fit_batch(fit.settings, fit.yi[rows], fit.vi[rows], starts, x, weights)


def fit_subsets(fit: Fit | Numbers, include: NDArray[np.bool_]) -> Batch:
    """Refit the model to subsets of its studies, one row of the (B, k) array ``include`` each."""
    starts = np.concatenate([[0], np.cumsum(include.sum(axis=1))])
    return fit_rows(fit, np.nonzero(include)[1], starts)


def without_each(fit: Fit) -> Batch:
    """The k fits that leave one study out, some at a time: all of their rows together grow as k squared.

    Studies that are alike leave the same fit behind, which is made once.
    """
    columns = [fit.yi, fit.vi, *design_matrix(fit).T, *([] if fit.custom_weights is None else [fit.custom_weights])]
    _, first, same = np.unique(np.stack(columns), axis=1, return_index=True, return_inverse=True)
    size = max(1, _ROWS // fit.k)
    parts = (np.arange(fit.k) != first[low : low + size, None] for low in range(0, len(first), size))
    return Batch.join([fit_subsets(fit, part) for part in parts]).take(same.reshape(-1))
