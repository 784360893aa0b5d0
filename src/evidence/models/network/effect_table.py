"""Effects of a network with tests, confidence and prediction intervals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ..engine.engine import Floats
from ..engine.inference import critical
from ..wald import coefficient_table


def effect_table(beta: Floats, covariance: Floats, df: float, level: float, tau2: float | None) -> pd.DataFrame:
    """`coefficient_table` with pi_low and pi_high; ``tau2`` None: equal effects, which have none."""
    table = coefficient_table(beta, covariance, df, level, [str(i) for i in range(len(beta))])
    half = float(critical(level, np.array([df]))[0])
    spread = half * np.sqrt(table["se"] ** 2 + (math.nan if tau2 is None else tau2))
    return table.assign(pi_low=table["estimate"] - spread, pi_high=table["estimate"] + spread)


def league_table(
    treatments: tuple[str, ...],
    effects: Floats,
    covariance: Floats,
    comparisons: pd.DataFrame,
    df: float,
    level: float,
    tau2: float | None,
) -> pd.DataFrame:
    """`effect_table` of every ordered pair, with the trials that compare the two (``comparisons``) as k."""
    count = len(treatments)
    one, two = (side.ravel() for side in np.indices((count, count)))
    one, two = one[one != two], two[one != two]
    names = np.array(treatments, dtype=object)
    own = np.diag(covariance)
    variance = own[one] + own[two] - 2 * covariance[one, two]
    table = effect_table(effects[one] - effects[two], variance, df, level, tau2)
    direct = np.zeros((count, count), dtype=int)
    at = pd.Index(treatments)
    sides = (at.get_indexer(pd.Index(comparisons[name])) for name in ("treatment1", "treatment2"))
    direct[tuple(sides)] = comparisons["k"]
    table.insert(0, "treatment1", names[one])
    table.insert(1, "treatment2", names[two])
    return table.assign(k=(direct + direct.T)[one, two]).reset_index(drop=True)
