"""Measures of event counts `x1`, `x2` in person-times `t1`, `t2` of two groups; each returns `yi` and `vi`."""

from __future__ import annotations

import numpy as np

from ..inputs import Floats


def rate_ratio(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> tuple[Floats, Floats]:
    """IRR = log((x1/t1) / (x2/t2))."""
    return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2


def rate_difference(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> tuple[Floats, Floats]:
    """IRD = x1/t1 - x2/t2."""
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2
