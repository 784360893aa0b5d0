"""What every method starts from that looks at a pooled mean again: the fit, and the studies behind it."""

from __future__ import annotations

from typing import NamedTuple

from numpy.typing import ArrayLike

from ..engine.engine import Settings
from ..studies import Column, Effects, Studies, read_studies
from .pool import pool_studies
from .pooled import Pooled
from .regression import Regression


class Source(NamedTuple):
    """A fit and its studies, which know what else was given beside them."""

    fit: Pooled | Regression
    studies: Studies


def read_source(effects: Effects, vi: ArrayLike | None = None, slab: Column | None = None) -> Source:
    """Take a fit of `pool` or `regress` as it is; pool anything else that has studies with the defaults of `pool`.

    Raises
    ------
    InvalidInput
        As `read_studies`.
    """
    studies = read_studies(effects, vi, slab)
    if isinstance(effects, (Pooled, Regression)):
        return Source(effects, studies)
    return Source(pool_studies(studies, Settings(), None), studies)
