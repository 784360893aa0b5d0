"""What may explain a difference between a published pool and ours: facts of both, none of them proof."""

from __future__ import annotations

import math
import re
from typing import Any

from ..grade.synthesis import Synthesis

_ONE_OF_MANY = r"ibuprofen|diclofenac|meloxicam|sulfasalazine|traction"
_MOST = 50.0


def reasons(review: dict[str, Any], found: Synthesis) -> list[str]:
    """What differs between a row of published_reviews.csv and our pool of the same question.

    Parameters
    ----------
    review : dict
        The row.
    found : Synthesis
        Our pool.
    """
    said, k = [], review["k_studies"]
    if found.k == 1:
        said.append("ours is a single trial")
    elif found.k == 2:
        said.append("ours are two trials, whose interval is wide")
    if not math.isnan(k) and k != found.k:
        said.append(f"theirs has {k:.0f} {'trial' if k == 1 else 'trials'}, ours {found.k}")
    later = _later(review["year"], found)
    if later:
        ours = f"{later} of our {found.k} trials" if found.k > 1 else "our trial"
        said.append(f"{ours} came out after the review")
    if re.search(_ONE_OF_MANY, review["comparison"]):
        said.append("theirs is against one such treatment, ours against any of the kind")
    if not review["time"]:
        said.append("theirs states no time; taken as the end of treatment")
    if "presumed" in review["scale"]:
        said.append("their scale is presumed")
    if found.weight(word == "indirect" for word in found.columns["directness"]) > _MOST:
        said.append(f"ours is mostly from neighbouring populations, theirs studied {review['population']}")
    return said


def reading(theirs: list[float], ours: list[float], why: list[str], elsewhere: list[str]) -> str:
    """Do two results agree, and if not, what may be behind it.

    Parameters
    ----------
    theirs : list of float
        Estimate and the ends of its interval.
    ours : list of float
        The same of our pool, in the same unit.
    why : list of str
        What `reasons` gives.
    elsewhere : list of str
        Windows at which our interval does meet theirs.
    """
    if meet(theirs, ours):
        clear = [not low <= 0 <= high for _, low, high in (theirs, ours)]
        only = (
            "" if clear[0] == clear[1] else f", though only {'theirs' if clear[0] else 'ours'} excludes no difference"
        )
        return f"agrees: the intervals meet{only}"
    larger = "theirs" if theirs[0] > ours[0] else "ours"
    times = [f"at another time ({' or '.join(elsewhere)}) ours does meet it"] if elsewhere else []
    causes = "; ".join([*times, *why]) or "nothing in the data explains it"
    return f"differs: {larger} is larger, beyond both intervals; possible reasons: {causes}"


def meet(theirs: list[float], ours: list[float]) -> bool:
    """Whether two intervals (estimate, low, high) share a value."""
    return ours[1] <= theirs[2] and theirs[1] <= ours[2]


def _later(year: float, found: Synthesis) -> int:
    """Our trials that were published after the review."""
    own = dict(zip(found.columns["study"], found.columns["year"], strict=True))
    return sum(published > year for published in own.values())
