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


def size_of_statistic(test: str, statistic: Printed, df: Floats) -> Range:
    """Sizes of a statistic z or t; of a correlation that of the t it stands for."""
    size = size_of(rounded(statistic))
    if test != "r":
        return size
    r = [np.minimum(end, 1) for end in size]
    with np.errstate(divide="ignore"):
        return Range(*(end * np.sqrt(df / (1 - end**2)) for end in r))


def size_of_ratio(estimate: Range, se: Range) -> Range:
    """Sizes of an estimate over its standard error, infinite where that is next to nothing."""
    size = size_of(estimate)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return Range(size.least / se.most, size.value / se.value, size.most / np.maximum(se.least, 0))


def meeting(ranges: list[Range]) -> Range:
    """What lies in all ranges (none where the least is above the most), with the value of the first that is known."""
    value = ranges[-1].value
    for each in reversed(ranges[:-1]):
        value = np.where(np.isnan(each.value), value, each.value)
    return Range(np.fmax.reduce([each.least for each in ranges]), value, np.fmin.reduce([each.most for each in ranges]))


def p_of_size(size: Range, df: Floats) -> Range:
    """p values of two sides, of t or, where df is NaN, of z: the larger the statistic, the smaller."""
    return Range(*(_two_sided(end, df) for end in reversed(size)))


def p_of_tail(test: str, statistic: Printed, df: Floats, df2: Floats) -> Range:
    """p values of the upper tail that a statistic F or chi-square leaves open."""
    size = size_of(rounded(statistic))
    return Range(
        *(np.asarray(fdtrc(df, df2, end) if test == "f" else chdtrc(df, end), float) for end in reversed(size))
    )


def fitting(ranges: list[Range]) -> Bools:
    """Whether some value, (k,), lies in all ranges, which is so when each two of them meet; what is unknown fits."""
    found = meeting(ranges)
    return np.asarray(~(found.least > found.most * (1 + 1e-9) + 1e-15))


def _two_sided(size: Floats, df: Floats) -> Floats:
    """p value of |t|, or of |z| where df is NaN."""
    p = np.full(len(size), np.nan)
    known = ~np.isnan(size)
    of_t = known & ~np.isnan(df)
    of_z = known & ~of_t
    p[of_t], p[of_z] = 2 * stdtr(df[of_t], -size[of_t]), 2 * ndtr(-size[of_z])
    return p
