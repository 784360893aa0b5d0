"""What every method of this room starts from: complete studies and the naive pool of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..errors import InvalidInput, NotEstimable
from ..models.engine.engine import Settings
from ..models.studies import Effects as Effects
from ..models.studies import Studies, read_studies
from ..models.univariate.pool import pool_studies
from ..models.univariate.pooled import Pooled
from ..models.univariate.regression import Regression


class Source(NamedTuple):
    """A naive fit and its studies, which know what else was given beside them."""

    fit: Pooled
    studies: Studies


def read_source(effects: Effects, vi: ArrayLike | None, least: int, method: str) -> Source:
    """Take a fit of `pool`, or trials, which are pooled with the defaults of `pool`.

    Raises
    ------
    InvalidInput
        Not trials, or a regression.
    NotEstimable
        Fewer than ``least`` studies, or one without sampling error.
    """
    if isinstance(effects, Regression):
        raise InvalidInput(f"{method} looks at a pooled mean: give trials or a fit of pool, not a regression")
    studies = read_studies(effects, vi)
    if studies.k < least:
        raise NotEstimable(f"{method} needs at least {least} studies; there {_are(studies.k)}")
    if (studies.vi == 0).any():
        name = studies.slab[int(np.argmin(studies.vi))]
        raise NotEstimable(f"study {name!r} has vi = 0, and {method} divides by it; leave the study out")
    return Source(effects if isinstance(effects, Pooled) else pool_studies(studies, Settings(), None), studies)


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"
