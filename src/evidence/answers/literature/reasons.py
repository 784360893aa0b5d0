"""What may explain a difference between a published pool and ours: facts of both, none of them proof."""

from __future__ import annotations

import math
import re
from functools import reduce
from typing import Any

from ...languages import _, ngettext
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
        said.append(_("ours is a single trial"))
    elif found.k == 2:
        said.append(_("ours are two trials, whose interval is wide"))
    if not math.isnan(k) and k != found.k:
        said.append(ngettext("theirs has {n} trial, ours {k}", "theirs has {n} trials, ours {k}", k, k=found.k))
    later = _later(review["year"], found)
    if later and found.k == 1:
        said.append(_("our trial came out after the review"))
    elif later:
        said.append(
            ngettext(
                "{n} of our {k} trials came out after the review",
                "{n} of our {k} trials came out after the review",
                later,
                k=found.k,
            )
        )
    if re.search(_ONE_OF_MANY, review["comparison"]):
        said.append(_("theirs is against one such treatment, ours against any of the kind"))
    if not review["time"]:
        said.append(_("theirs states no time; taken as the end of treatment"))
    if "presumed" in review["scale"]:
        said.append(_("their scale is presumed"))
    if found.weight(word == "indirect" for word in found.columns["directness"]) > _MOST:
        said.append(
            _(
                "ours is mostly from related conditions, theirs studied {population}",
                population=review["population"],
            )
        )
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
        clear = [not low <= 0 <= high for _mean, low, high in (theirs, ours)]
        if clear[0] == clear[1]:
            return _("agrees: the intervals meet")
        if clear[0]:
            return _("agrees: the intervals meet, though only theirs excludes no difference")
        return _("agrees: the intervals meet, though only ours excludes no difference")
    causes = _("; ").join([*_another_time(elsewhere), *why]) or _("nothing in the data explains it")
    if theirs[0] > ours[0]:
        return _("differs: theirs is larger, beyond both intervals; possible reasons: {causes}", causes=causes)
    return _("differs: ours is larger, beyond both intervals; possible reasons: {causes}", causes=causes)


def meet(theirs: list[float], ours: list[float]) -> bool:
    """Whether two intervals (estimate, low, high) share a value."""
    return ours[1] <= theirs[2] and theirs[1] <= ours[2]


def _another_time(elsewhere: list[str]) -> list[str]:
    """The windows at which our interval does meet theirs, in words."""
    if not elsewhere:
        return []
    times = reduce(lambda first, last: _("{first} or {last}", first=first, last=last), elsewhere)
    return [_("at another time ({times}) ours does meet it", times=times)]


def _later(year: float, found: Synthesis) -> int:
    """Our trials that were published after the review."""
    own = dict(zip(found.columns["study"], found.columns["year"], strict=True))
    return sum(published > year for published in own.values())
