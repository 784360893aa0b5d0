"""The condition that a trial is evidence on: its own, or for indirect trials that of a related condition.

Knee osteoarthritis is direct evidence on osteoarthritis and says little of the back, so studies.csv's "arthritis,
indirect" becomes a condition of its own where conditions.csv has a row for it (``neighbour_of``, ``populations``,
``except_populations``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .rows import rows_of


def by_population(studies: pd.DataFrame, conditions: pd.DataFrame) -> pd.DataFrame:
    """Trials with ``condition`` and ``directness`` of the population that they studied.

    Parameters
    ----------
    studies : DataFrame
        As studies.csv has them.
    conditions : DataFrame
        As conditions.csv has them; of rows with the same ``neighbour_of`` the first in ``order`` that fits is taken.

    Returns
    -------
    DataFrame
        Trials that move are as direct as is usual in their new condition (``directness_default``).
    """
    condition, directness = (studies[name].to_numpy(dtype=object, copy=True) for name in ("condition", "directness"))
    left = directness == "indirect"
    for row in rows_of(conditions[conditions["neighbour_of"] != ""].sort_values("order", kind="stable")):
        near = np.flatnonzero(left & (condition == row["neighbour_of"]))
        populations = [population.lower() for population in studies["population"].to_numpy()[near]]
        fits = _hold(populations, row["populations"])
        if row["except_populations"]:
            fits &= ~_hold(populations, row["except_populations"])
        moved = near[fits]
        condition[moved], directness[moved], left[moved] = row["condition"], row["directness_default"], False
    moved_to = {"condition": condition, "directness": directness}
    return studies.assign(**{name: pd.Series(words, studies.index, dtype=object) for name, words in moved_to.items()})


def reviews_by_population(reviews: pd.DataFrame, conditions: pd.DataFrame) -> pd.DataFrame:
    """Pooled results of reviews, those on a related condition under its own condition.

    Parameters
    ----------
    reviews : DataFrame
        As published_reviews.csv has them.
    conditions : DataFrame
        As conditions.csv has them; only rows that name their populations count.
    """
    named = conditions[conditions["populations"] != ""]
    return by_population(reviews.assign(directness="indirect"), named).drop(columns="directness")


def _hold(populations: list[str], words: str) -> np.ndarray:
    """Which populations hold one of the words: all of them where there is no word."""
    asked = words.lower().split("|")
    return np.array([any(word in population for word in asked) for population in populations], dtype=bool)
