"""The condition that a trial is evidence on: its own, or for indirect trials that of a related condition.

Knee osteoarthritis is direct evidence on osteoarthritis and says little of the back, so studies.csv's "arthritis,
indirect" becomes a condition of its own where conditions.csv has a row for it (``neighbour_of``, ``populations``,
``except_populations``).
"""

from __future__ import annotations

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
    found = studies.copy()
    left = studies["directness"] == "indirect"
    for row in rows_of(conditions[conditions["neighbour_of"] != ""].sort_values("order")):
        fits = left & (studies["condition"] == row["neighbour_of"])
        fits &= _holds(studies["population"], row["populations"])
        if row["except_populations"]:
            fits &= ~_holds(studies["population"], row["except_populations"])
        found.loc[fits, "condition"] = row["condition"]
        found.loc[fits, "directness"] = row["directness_default"]
        left &= ~fits
    return found


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


def _holds(populations: pd.Series, words: str) -> pd.Series:
    """Populations that hold one of the words, all of them where there is no word."""
    asked = words.lower().split("|")
    return populations.map(lambda population: any(word in population.lower() for word in asked))
