"""What every method of this room starts from: complete studies and the naive fit of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..errors import InvalidInput, NotEstimable
from ..models.engine.engine import Floats, Settings
from ..models.studies import numbers, read_studies
from ..models.univariate.pool import pool_studies
from ..models.univariate.pooled import Pooled

Effects = Pooled | ArrayLike | pd.DataFrame


@dataclass(frozen=True, slots=True)
class Source:
    """A naive fit and the way back to the rows it came from.

    Attributes
    ----------
    fit : Pooled
    frame : the frame the studies came in, or None
    complete : bool array over the rows given, False for those dropped; None when a fit was given
    """

    fit: Pooled
    frame: pd.DataFrame | None
    complete: NDArray[np.bool_] | None

    def column(self, values: str | ArrayLike | None, name: str) -> Floats:
        """One more number a study, (k,): an array, or the name of a column of the frame."""
        if values is None:
            raise InvalidInput(f"{name} is missing: give one value a study")
        if isinstance(values, str):
            if self.frame is None:
                raise InvalidInput(f"{name} can name a column only when the studies come in a frame")
            if values not in self.frame:
                raise InvalidInput(f"{name} {values!r} is not a column of the frame: {list(self.frame.columns)}")
            values = self.frame[values]
        array = numbers(values, name)
        if self.complete is not None and len(array) == len(self.complete):
            array = array[self.complete]
        if len(array) != self.fit.k:
            raise InvalidInput(f"{name} has {len(array)} values for {self.fit.k} pooled studies")
        if not np.isfinite(array).all():
            first = self.fit.slab[int(np.flatnonzero(~np.isfinite(array))[0])]
            raise InvalidInput(f"study {first!r} has no {name}")
        return array


def read_source(effects: Effects, vi: ArrayLike | None, least: int, method: str) -> Source:
    """Take a fit of `pool`, a frame with ``yi`` and ``vi``, or the two arrays (pooled with the defaults of `pool`).

    Raises
    ------
    NotEstimable
        Fewer than ``least`` studies, or one without sampling error.
    """
    if isinstance(effects, Pooled):
        if vi is not None:
            raise InvalidInput("a fit brings its own variances; leave vi out")
        source = Source(effects, None, None)
        _check(effects.vi, effects.slab, least, method)
        return source
    studies = read_studies(effects, vi)
    _check(studies.vi, studies.slab, least, method)
    fit = pool_studies(studies.yi, studies.vi, studies.slab, Settings(), None, studies.dropped)
    return Source(fit, effects if isinstance(effects, pd.DataFrame) else None, studies.complete)


def _check(vi: Floats, slab: tuple[str, ...], least: int, method: str) -> None:
    if len(vi) < least:
        raise NotEstimable(f"{method} needs at least {least} studies; there {_are(len(vi))}")
    if (vi == 0).any():
        name = slab[int(np.argmin(vi))]
        raise NotEstimable(f"study {name!r} has vi = 0, and {method} divides by it; leave the study out")


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"
