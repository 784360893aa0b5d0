"""Time windows: when, after the start of treatment, a result was measured."""

from __future__ import annotations

import math
from typing import NamedTuple

#: Last week of each window; 13 weeks are three months, 52 are twelve. At 52 the long window begins.
SHORT_ENDS, LONG_BEGINS = 13, 52
#: Where several weeks fall in one window, the one nearest to this week is taken (short: nearest the treatment's end).
TARGET_WEEK = {"intermediate": 26.0, "long": 52.0}


class Moment(NamedTuple):
    """A window, the week it rests on (NaN when not printed), and a remark for the derivation ("" when none)."""

    window: str
    week: float
    remark: str


def moment(week: float, when: str, sessions: float, treatment_weeks: float) -> Moment:
    """Place a result in a window.

    Parameters
    ----------
    week : float
        Weeks since the first treatment, NaN when not printed.
    when : str
        "immediate", "during treatment", "end of treatment", "follow-up" or "".
    sessions : float
        Sessions of the acupuncture arm, NaN when not printed.
    treatment_weeks : float
        Weeks that its treatment lasts, NaN when not printed.

    Returns
    -------
    Moment
        ``immediate``: under a week after the first session, or right after a single session; ``short``: up to
        13 weeks; ``intermediate``: up to 52; ``long``: 52 or more; ``unstated``: cannot be told.

    Examples
    --------
    >>> moment(26, "follow-up", 10, 6).window
    'intermediate'
    >>> moment(float("nan"), "follow-up", 10, 6).window
    'unstated'
    """
    remark = ""
    if math.isnan(week):
        if when == "immediate" or (when == "end of treatment" and sessions == 1):
            return Moment("immediate", week, "")
        if when != "end of treatment":
            return Moment("unstated", week, "time not printed")
        if math.isnan(treatment_weeks):
            return Moment("short", week, "end of treatment, week not printed: taken as short term")
        week, remark = treatment_weeks, "week taken from the length of treatment"
    if week < 1 and (when in ("immediate", "follow-up", "") or sessions == 1):
        return Moment("immediate", week, remark)
    if week <= SHORT_ENDS:
        return Moment("short", week, remark)
    return Moment("intermediate" if week < LONG_BEGINS else "long", week, remark)


def distance(window: str, week: float, when: str, treatment_weeks: float) -> float:
    """How far a result lies from the moment its window stands for, in weeks; smaller is preferred.

    A result at the end of treatment comes first in the short window, then the nearest to that end. Where the length
    of treatment is not printed the earlier result comes first. A result without week comes last.
    """
    if window in ("immediate", "unstated"):
        return 0.0 if math.isnan(week) else week
    if window == "short" and when == "end of treatment":
        return 0.0
    if math.isnan(week):
        return math.inf
    target = TARGET_WEEK.get(window, 0.0 if math.isnan(treatment_weeks) else treatment_weeks)
    return abs(week - target) + 1e-6 * week
