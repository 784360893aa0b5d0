"""What an interval says: the rule that sentences, summaries and verdicts share."""

from __future__ import annotations

import math
from typing import Literal

from ..errors import InvalidInput

Side = Literal["better", "worse", "little", "open"]


def side_of(estimate: float, low: float, high: float, worthwhile: float = math.nan) -> Side:
    """Better, worse, little or no difference, or open.

    Parameters
    ----------
    estimate : float
        The effect, above 0 in favour of acupuncture.
    low : float
        Lower end of its interval.
    high : float
        Upper end of its interval.
    worthwhile : float
        Smallest worthwhile effect; NaN where there is none, and then no interval says "little".

    Raises
    ------
    InvalidInput
        The interval does not hold its estimate.
    """
    if not low <= estimate <= high:
        raise InvalidInput(f"the interval from {low} to {high} does not hold the estimate {estimate}")
    if low > 0:
        return "better"
    if high < 0:
        return "worse"
    return "little" if -worthwhile < low and high < worthwhile else "open"
