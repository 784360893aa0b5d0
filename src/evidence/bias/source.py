"""What the methods of this room and of `evidence.sensitivity` start from: a naive fit and the studies behind it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..errors import InvalidInput, NotEstimable
from ..models.engine.engine import Settings
from ..models.result import Result
from ..models.studies import Column, Studies, read_studies
from ..models.studies import Effects as Effects
from ..models.univariate import source as univariate
from ..models.univariate.pool import pool_studies
from ..models.univariate.pooled import Pooled
from ..models.univariate.regression import Regression


class Source(NamedTuple):
    """A naive fit and its studies, which know what else was given beside them."""

    fit: Pooled
    studies: Studies


def read_source(
    effects: Effects, vi: ArrayLike | None, least: int, method: str, slab: Column | None = None, *, precise: bool = True
) -> Source:
    """Take a fit of `pool`, or trials, which are pooled with the defaults of `pool`.

    Parameters
    ----------
    effects : a fit, a frame or (k,) array-like
    vi : (k,) array-like, optional
    least : int
        Studies that the method needs.
    method : str
        Its name, for messages.
    slab : labels or the name of a column, optional
    precise : bool
        Whether the method divides by standard errors.

    Raises
    ------
    InvalidInput
        Not trials, or a fit of another kind.
    NotEstimable
        Fewer than ``least`` studies, or one without sampling error.
    """
    studies = read_trials(effects, vi, method, slab)
    if studies.k < least:
        raise NotEstimable(
            f"{method} needs at least {least} studies; there {'is' if studies.k == 1 else 'are'} {studies.k}"
        )
    if precise and (studies.vi == 0).any():
        name = studies.slab[int(np.argmin(studies.vi))]
        raise NotEstimable(f"study {name!r} has vi = 0, and {method} divides by it; leave the study out")
    return Source(effects if isinstance(effects, Pooled) else pool_studies(studies, Settings(), None), studies)


def read_fit(
    effects: Effects, vi: ArrayLike | None, method: str, slab: Column | None = None, *, spare: int = 0
) -> univariate.Source:
    """`read_source` where a fit of `regress` serves as well.

    Parameters
    ----------
    effects : a fit, a frame or (k,) array-like
    vi : (k,) array-like, optional
    method : str
        Name of the method, for messages.
    slab : labels or the name of a column, optional
    spare : int
        How many more studies than coefficients the method needs.

    Raises
    ------
    InvalidInput
        Not trials, or a fit of another kind.
    NotEstimable
        Too few studies.
    """
    _refuse_other_fits(effects, method)
    if vi is not None and np.isscalar(vi):
        raise InvalidInput(f"vi is {vi!r}; give one sampling variance a study, and options by name, such as seed=1")
    source = univariate.read_source(effects, vi, slab)
    k, p = source.fit.k, len(source.fit.names)
    if k < p + spare:
        words = "1 coefficient" if p == 1 else f"{p} coefficients"
        raise NotEstimable(f"{_studies(k)} for {words}: leaving one out leaves nothing to compare with")
    return source


def read_trials(effects: Effects, vi: ArrayLike | None, method: str, slab: Column | None = None) -> Studies:
    """The studies alone, of trials or of a fit of `pool`.

    Raises
    ------
    InvalidInput
        Not trials, or a fit of another kind.
    """
    if isinstance(effects, Regression):
        raise InvalidInput(f"{method} looks at a pooled mean: give trials or a fit of pool, not a regression")
    _refuse_other_fits(effects, method)
    return read_studies(effects, vi, slab)


def _refuse_other_fits(effects: Effects, method: str) -> None:
    if isinstance(effects, Result) and not isinstance(effects, (Pooled, Regression)):
        kind = type(effects).__name__
        raise InvalidInput(f"{method} starts from a fit of pool or from trials, not from a {kind}; give its trials")


def _studies(count: int) -> str:
    return "1 study" if count == 1 else f"{count} studies"
