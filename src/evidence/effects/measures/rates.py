"""Measures of event counts in person-times, of two groups (`x1 t1 x2 t2`) or one (`xi ti`)."""

from __future__ import annotations

import numpy as np

from ..inputs import Floats


def rate_ratio(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> tuple[Floats, Floats]:
    """IRR = log((x1/t1) / (x2/t2))."""
    return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2


def rate_difference(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> tuple[Floats, Floats]:
    """IRD = x1/t1 - x2/t2."""
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


def root_difference(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> tuple[Floats, Floats]:
    """IRSD = sqrt(x1/t1) - sqrt(x2/t2)."""
    return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


def rate(xi: Floats, ti: Floats) -> tuple[Floats, Floats]:
    """IR = x/t, of one group."""
    return xi / ti, xi / ti**2


def log_rate(xi: Floats, ti: Floats) -> tuple[Floats, Floats]:
    """IRLN = log(x/t)."""
    return np.log(xi / ti), 1 / xi


def root_rate(xi: Floats, ti: Floats) -> tuple[Floats, Floats]:
    """IRS = sqrt(x/t)."""
    return np.sqrt(xi / ti), 1 / (4 * ti)


def double_root_rate(xi: Floats, ti: Floats) -> tuple[Floats, Floats]:
    """IRFT: mean of sqrt(x/t) and sqrt((x+1)/t); Freeman & Tukey (1950), doi:10.1214/aoms/1177729756."""
    return (np.sqrt(xi / ti) + np.sqrt((xi + 1) / ti)) / 2, 1 / (4 * ti)
