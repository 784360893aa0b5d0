"""The same pools under stricter choices of trials."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd

from ..errors import NotEstimable, SmallSample
from ..models.univariate.regress import regress
from .pooling import Pooling, summary_of

#: A line through fewer trials says nothing about small and large ones (Sterne et al. 2011, BMJ 343:d4002).
LEAST_TRIALS = 10
LARGE_ARM = 50
CHOICES = ("blinded", "large", "direct")


def stricter(pooling: Pooling, effects: pd.DataFrame) -> pd.DataFrame:
    """Each condition pooled from blinded, from large and from direct trials only, and adjusted for small trials.

    Parameters
    ----------
    pooling : Pooling
        How the pools of their base are summarised.
    effects : DataFrame
        Effects of one measure, comparator, outcome and window, one row a trial.

    Returns
    -------
    DataFrame
        Index ``condition``; for each choice ``<choice>, <choice>_low, <choice>_high, <choice>_k`` (NaN and k = 0 where
        no trial is left; with k = 1 that trial's own result). ``blinded``: participants blinded, as the trial says;
        ``large``: more than 50 people in each arm; ``direct``: the low-back condition itself; ``adjusted``: see Notes.

    Notes
    -----
    ``adjusted`` is the effect expected in a very large trial: meta-regression of all conditions together on
    sqrt(1/n1 + 1/n2), one slope for all and a level for each condition, in ten trials or more. The predictor is a
    function of size alone, since a standardised difference and its standard error depend on each other (Pustejovsky &
    Rodgers 2019, Research Synthesis Methods 10:57). Differences between small and large trials have other causes too:
    this is a what-if, not a correction.
    """
    arms = effects[["n_acupuncture", "n_comparator"]]
    kept = {
        "blinded": effects["participants_blinded"] == "yes",
        "large": (arms > LARGE_ARM).all(axis=1),
        "direct": effects["directness"] == "direct",
    }
    table = pd.DataFrame(index=pd.Index(effects["condition"].unique(), name="condition"))
    for name in CHOICES:
        found = {condition: _pooled(pooling, rows) for condition, rows in effects[kept[name]].groupby("condition")}
        columns = [name, f"{name}_low", f"{name}_high", f"{name}_k"]
        table[columns] = [found.get(condition, (math.nan, math.nan, math.nan, 0)) for condition in table.index]
        table[f"{name}_k"] = table[f"{name}_k"].astype(int)
    return table.join(_adjusted(effects, (1 / arms).sum(axis=1)))


def _pooled(pooling: Pooling, rows: pd.DataFrame) -> tuple[float, float, float, int]:
    found = summary_of(pooling.fit(rows))
    return found.estimate, found.ci_low, found.ci_high, len(rows)


def _adjusted(effects: pd.DataFrame, inverse_size: pd.Series) -> pd.DataFrame:
    conditions = list(dict.fromkeys(effects["condition"]))
    nothing = pd.DataFrame(math.nan, index=conditions, columns=["adjusted", "adjusted_low", "adjusted_high"])
    if len(effects) < LEAST_TRIALS or len(effects) <= len(conditions) + 1 or inverse_size.nunique() == 1:
        return nothing
    frame = effects.assign(small=np.sqrt(inverse_size))
    formula = "~ 1 + small" if len(conditions) == 1 else "~ 0 + C(condition) + small"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)
            found = regress(frame, formula=formula).coefficients
    except NotEstimable:
        return nothing
    levels = found.drop(index="small")[["estimate", "ci_low", "ci_high"]]
    names = (
        conditions
        if len(conditions) == 1
        else [str(name).split("[")[-1].strip("]").removeprefix("T.") for name in levels.index]
    )
    return levels.set_axis(nothing.columns, axis=1).set_axis(names, axis=0)
