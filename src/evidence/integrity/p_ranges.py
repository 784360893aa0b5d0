"""The p values that rounded numbers leave open."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc, fdtrc, ndtr, stdtr

from ..effects.inputs import Floats
from .printed import Bools, Printed

#: Which degrees of freedom each test needs.
TESTS: dict[str, tuple[str, ...]] = {"t": ("df",), "z": (), "f": ("df", "df2"), "chi2": ("df",), "r": ("df",)}
TWO_SIDED = ("t", "z", "r")


class Range(NamedTuple):
    """From the least to the most that a number, (k,), can be, and what it is as printed; NaN where nothing is known."""

    least: Floats
    value: Floats
    most: Floats


def rounded(printed: Printed, scale: str = "identity") -> Range:
    """What a printed number can be; on the scale "log" its logarithm, unknown where it can be 0 or less."""
    ends = printed.low, printed.value, printed.high
    if scale == "log":
        ends = tuple(np.log(np.where(printed.low > 0, end, np.nan)) for end in ends)  # type: ignore[assignment]
    return Range(*ends)


def size_of(x: Range) -> Range:
    """The absolute value."""
    least = np.maximum(np.maximum(x.least, -x.most), 0)
    return Range(least, np.abs(x.value), np.maximum(np.abs(x.least), np.abs(x.most)))


def p_of_statistic(test: str, statistic: Printed, df: Floats, df2: Floats) -> Range:
    """p values that a printed statistic leaves open."""
    size = size_of(rounded(statistic))
    return Range(*(_p(test, end, df, df2) for end in reversed(size)))


def p_of_ratio(estimate: Range, se: Range, df: Floats) -> Range:
    """p values that an estimate over its standard error leaves open; of z where df is NaN."""
    size = size_of(estimate)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = Range(size.least / se.most, size.value / se.value, size.most / np.maximum(se.least, 0))
    return Range(*(_p("t", end, df, df) for end in reversed(ratio)))


def fitting(ranges: list[Range]) -> Bools:
    """Whether some value, (k,), lies in all ranges, which is so when each two of them meet; what is unknown fits."""
    least = np.fmax.reduce([each.least for each in ranges])
    most = np.fmin.reduce([each.most for each in ranges])
    return np.asarray(~(least > most * (1 + 1e-9) + 1e-15))


def _p(test: str, size: Floats, df: Floats, df2: Floats) -> Floats:
    """p value of a statistic taken as positive: two-sided for t, z and r, of the upper tail for F and chi-square."""
    if test == "f":
        return np.asarray(fdtrc(df, df2, size))
    if test == "chi2":
        return np.asarray(chdtrc(df, size))
    if test == "r":
        r = np.minimum(size, 1)
        with np.errstate(divide="ignore"):
            size = r * np.sqrt(df / (1 - r**2))
    if test == "z":
        return np.asarray(2 * ndtr(-size))
    return np.where(np.isnan(df), 2 * ndtr(-size), 2 * stdtr(df, -size))
