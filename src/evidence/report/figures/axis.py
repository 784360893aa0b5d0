"""The effect axis of an outcome, by its data: the same for every condition, so that figures compare."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ...answers.results import Results

#: Ends of single trials' intervals that may lie beyond the axis, on either side: their bars end in an arrow.
_BEYOND = 0.1
#: Room for effects on the side of the comparator, whatever was found.
_LEFT = -1.0
#: Limits fall on multiples of this, in standard deviations.
_STEP = 0.5


def effect_axis(results: Results, outcome: str, time: str, pools: pd.DataFrame) -> tuple[float, float]:
    """Limits of the effect axis of a figure, in standard deviations.

    Nine in ten intervals of the trials of the article's conditions that measured the outcome lie inside on either
    side. The axis is longer only where an interval pooled from two trials or more would leave it: that of a few trials
    far apart can be long, and is shown whole.

    Parameters
    ----------
    results : Results
        Of the whole base.
    outcome : str
        What the figure is about.
    time : str
        Its window.
    pools : DataFrame
        What the figure draws: ``k, ci_low, ci_high``.
    """
    trials = results.effects_on(outcome=outcome, time=time)
    trials = trials[trials["condition"].isin(results.words.headline)]
    half = 1.96 * np.sqrt(trials["vi"])
    low, high = (trials["yi"] - half).quantile(_BEYOND), (trials["yi"] + half).quantile(1 - _BEYOND)
    several = pools[pools["k"] > 1]
    ends = [_LEFT, *([] if trials.empty else [low, high]), *several["ci_low"], *several["ci_high"]]
    return _STEP * math.floor(min(ends) / _STEP), _STEP * math.ceil(max(*ends, _STEP) / _STEP)
