"""How a standard deviation stands among those that others found with the same instrument."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..effects.inputs import Floats, as_floats
from ..errors import InvalidInput

#: Beyond this a modified z is an outlier (Iglewicz & Hoaglin 1993).
LIMIT = 3.5

#: Standard deviations that make a reference.
LEAST = 5


class Reference(NamedTuple):
    """The logarithms of an instrument's SDs, by median and median absolute deviation.

    Attributes
    ----------
    median : float
        Of the SDs, in their units; NaN where there are too few.
    deviation : float
        Median absolute deviation of their logarithms.
    """

    median: float
    deviation: float

    @property
    def reason(self) -> str:
        """Why it says nothing; "" where it does."""
        if np.isnan(self.median):
            return f"fewer than {LEAST} reference SDs"
        return "" if self.deviation > 0 else "more than half of the reference SDs are equal"

    def z(self, sd: Floats) -> Floats:
        """Modified z of the logarithm, 0.6745 (log sd - median) / MAD; -inf for an SD of 0, NaN without a reference."""
        if self.reason:
            return np.full(np.shape(sd), np.nan)
        with np.errstate(divide="ignore"):
            return np.asarray(0.6745 * (np.log(sd) - np.log(self.median)) / self.deviation)


def read_reference(reference: object) -> Reference:
    """SDs above 0, missing ones left out.

    Raises
    ------
    InvalidInput
        What is no number, or negative.
    """
    sds = np.atleast_1d(as_floats("reference", reference))
    if (sds < 0).any() or np.isinf(sds).any():
        raise InvalidInput("reference: must be standard deviations of 0 or more")
    logs = np.log(sds[sds > 0])
    if len(logs) < LEAST:
        return Reference(float("nan"), float("nan"))
    middle = float(np.median(logs))
    return Reference(float(np.exp(middle)), float(np.median(np.abs(logs - middle))))
