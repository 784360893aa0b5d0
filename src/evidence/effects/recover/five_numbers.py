"""Median with quartiles, range or both, checked: what quantile methods start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from ...errors import InvalidInput
from ..inputs import FINITE, Floats, Rule, read, require

_SAMPLE_SIZE = Rule(lambda x: x >= 5, "be a sample size of 5 or more, as five quantiles need")


@dataclass(frozen=True, slots=True)
class FiveNumbers:
    """Some or all of minimum, quartiles and maximum, with the median and the sample size.

    Attributes
    ----------
    n : array
        Sample sizes.
    median : array
        Medians.
    quartiles : (q1, q3) arrays, or None
        First and third quartile.
    extremes : (min, max) arrays, or None
        Minimum and maximum.
    """

    n: Floats
    median: Floats
    quartiles: tuple[Floats, Floats] | None
    extremes: tuple[Floats, Floats] | None

    def quantiles(self) -> tuple[Floats, Floats]:
        """Values and their probabilities, shape (..., 3 or 5), ascending; the extremes stand at 1/n and 1 - 1/n."""
        values, probabilities = [self.median], [np.full_like(self.n, 0.5)]
        if self.quartiles:
            values = [self.quartiles[0], *values, self.quartiles[1]]
            probabilities = [np.full_like(self.n, 0.25), *probabilities, np.full_like(self.n, 0.75)]
        if self.extremes:
            values = [self.extremes[0], *values, self.extremes[1]]
            probabilities = [1 / self.n, *probabilities, 1 - 1 / self.n]
        return np.stack(values, axis=-1), np.stack(probabilities, axis=-1)

    def map(self, change: Callable[[Floats], Floats]) -> FiveNumbers:
        """The same with `change`, an increasing function, applied to each quantile."""
        quartiles = self.quartiles and (change(self.quartiles[0]), change(self.quartiles[1]))
        extremes = self.extremes and (change(self.extremes[0]), change(self.extremes[1]))
        return FiveNumbers(self.n, change(self.median), quartiles, extremes)

    def row(self, index: tuple[int, ...]) -> FiveNumbers:
        """One of many groups."""
        return replace(self.map(lambda values: values[index]), n=self.n[index])


def read_five_numbers(
    n: ArrayLike,
    median: ArrayLike,
    q1: ArrayLike | None,
    q3: ArrayLike | None,
    min: ArrayLike | None,
    max: ArrayLike | None,
) -> FiveNumbers:
    """Broadcast and check: pairs complete, at least one of them, ascending order, some spread.

    Raises
    ------
    InvalidInput
        With the argument, the index and the value that break a rule.
    """
    if (q1 is None) != (q3 is None) or (min is None) != (max is None) or (q1 is None and min is None):
        raise InvalidInput("give n and median with q1 and q3, with min and max, or with all four")
    given = {"min": min, "q1": q1, "median": median, "q3": q3, "max": max}
    ascending = {name: values for name, values in given.items() if name == "median" or values is not None}
    arrays = read(n=(n, _SAMPLE_SIZE), **{name: (values, FINITE) for name, values in ascending.items()})
    by_name = dict(zip(("n", *ascending), arrays, strict=True))
    names = list(ascending)
    for lower, upper in pairwise(names):
        require(by_name[upper] >= by_name[lower], upper, by_name[upper], f"not lie below {lower}")
    for lower, upper in (("q1", "q3"), ("min", "max")):
        if lower in by_name:
            require(by_name[upper] > by_name[lower], upper, by_name[upper], f"lie above {lower}: there is no spread")
    return FiveNumbers(
        by_name["n"],
        by_name["median"],
        (by_name["q1"], by_name["q3"]) if "q1" in by_name else None,
        (by_name["min"], by_name["max"]) if "min" in by_name else None,
    )
