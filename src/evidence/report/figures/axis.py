"""The effect axis of an outcome, by its data: the same for every condition, so that figures compare."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ...answers.points import NAMES
from ...answers.results import Results

#: Ends of single trials' intervals that may lie beyond the axis, on either side: their bars end in an arrow.
_BEYOND = 0.1
#: Room for effects on the side of the comparator, whatever was found.
_LEFT = -1.0
#: Limits fall on multiples of this, in standard deviations.
_STEP = 1.0
#: The same where the axis is in points of 100.
_STEP_POINTS = 10
_ESTIMATE = ("estimate", "ci_low", "ci_high")


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


def has_points(pools: pd.DataFrame) -> bool:
    """Whether every pool with a number has it in points of 100, too: a figure of them can then speak in points."""
    known = pools[pools["k"] > 0]
    return bool(len(known) and known["points"].notna().all())


def in_points(pools: pd.DataFrame) -> pd.DataFrame:
    """Pools with their effects in points of 100 in place of standard deviations.

    Parameters
    ----------
    pools : DataFrame
        ``points, points_low, points_high, points_sd, pi_low, pi_high`` beside the effects.

    Returns
    -------
    DataFrame
        The same rows; prediction intervals only of those that were put into points by one SD.
    """
    turned = {name: pools[points] for name, points in zip(_ESTIMATE, NAMES, strict=False)}
    predicted = {name: pools[name] * pools["points_sd"] for name in ("pi_low", "pi_high")}
    return pools.assign(**turned, **predicted).drop(columns="se", errors="ignore")  # it is in standard deviations


def without_predictions(pools: pd.DataFrame) -> pd.DataFrame:
    """Pools for a card, which has no room to say what a second, thinner bar is."""
    return pools.assign(pi_low=math.nan, pi_high=math.nan)


def points_axis(results: Results, outcome: str, time: str) -> tuple[float, float]:
    """Limits of the axis of a figure of pools, in points of 100: one for an outcome and window.

    It holds every interval that two trials or more of a condition drawn anywhere came to, and the smallest worthwhile
    effect.
    """
    pools = results.pools_on(outcome=outcome, time=time)
    several = pools[(pools["k"] > 1) & pools["condition"].isin(results.words.headline)]
    ends = several[list(NAMES[1:3])].to_numpy(float).ravel()
    known = [-_STEP_POINTS, _STEP_POINTS, results.context.worthwhile.points.get(outcome, 0.0), *ends[~np.isnan(ends)]]
    low, high = min(known) / _STEP_POINTS, max(known) / _STEP_POINTS
    return float(_STEP_POINTS * math.floor(low)), float(_STEP_POINTS * math.ceil(high))
