"""Which treatment is best, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from ...effects.arguments import require_choice, require_count
from ..engine.engine import Floats
from ..engine.inference import two_sided_p

Better = Literal["higher", "lower"]

#: The sign that makes a larger number better.
BETTER: Mapping[Better, float] = {"higher": 1.0, "lower": -1.0}


def ranking_table(
    treatments: tuple[str, ...],
    effects: Floats,
    covariance: Floats,
    df: float,
    better: Better,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """P-scores and rank probabilities.

    Parameters
    ----------
    treatments : tuple of T str
    effects : (T,) array
    covariance : (T, T) array of rank T - 1 or more
    df : float
        Infinite for the normal distribution.
    better : {"higher", "lower"}
        Which effects are good.
    draws : int
        Simulations of the ranks.
    seed : int
        Seed of their random numbers.

    Returns
    -------
    DataFrame
        Index treatment, best first; p_score, sucra, mean_rank, and rank_1 to rank_T, the probability of each rank.

    Notes
    -----
    The P-score is the mean, over all other treatments, of the one-sided certainty of being better:
    P_i = mean over j of Phi((d_i - d_j) / se_ij). It takes no simulation. SUCRA, (T - mean_rank) / (T - 1), is the same
    up to that of the draws. Ranks come from draws of all effects together, normal or t. A rank says nothing about the
    size of a difference or the quality of the trials.

    References
    ----------
    Rücker & Schwarzer (2015), BMC Medical Research Methodology 15:58, 10.1186/s12874-015-0060-8.
    Salanti, Ades & Ioannidis (2011), Journal of Clinical Epidemiology 64:163, 10.1016/j.jclinepi.2010.03.016.
    """
    require_choice("better", better, BETTER)
    require_count("draws", draws, 1, 10_000_000)
    require_count("seed", seed, 0)
    count = len(treatments)
    good = BETTER[better] * effects
    variance = np.diag(covariance)
    se = np.sqrt(np.maximum(variance[:, None] + variance - 2 * covariance, 0.0))
    np.fill_diagonal(se, 1.0)
    statistic = (good[:, None] - good) / se
    half = two_sided_p(statistic, np.full(statistic.shape, df)) / 2
    certainty = np.where(statistic > 0, 1 - half, half)
    np.fill_diagonal(certainty, 0.0)
    score = certainty.sum(axis=1) / (count - 1)
    chances = _rank_probabilities(good, covariance, df, draws, seed)
    table = pd.DataFrame(chances, columns=[f"rank_{r + 1}" for r in range(count)])
    table.insert(0, "p_score", score)
    mean_rank = chances @ np.arange(1, count + 1)
    table.insert(1, "sucra", (count - mean_rank) / (count - 1))
    table.insert(2, "mean_rank", mean_rank)
    table.index = pd.Index(treatments, name="treatment")
    return table.sort_values("p_score", ascending=False, kind="stable")


def _rank_probabilities(good: Floats, covariance: Floats, df: float, draws: int, seed: int) -> Floats:
    """Share of draws in which each treatment has each rank, (T, T)."""
    random = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    count = len(good)
    seen: Floats = np.zeros((count, count))
    for start in range(0, draws, 20_000):  # bounds the memory of large networks
        size = min(20_000, draws - start)
        error = random.standard_normal((size, count)) @ root.T
        if np.isfinite(df):
            error /= np.sqrt(random.chisquare(df, (size, 1)) / df)
        order = np.argsort(-(good + error), axis=1, kind="stable")
        for rank in range(count):
            seen[:, rank] += np.bincount(order[:, rank], minlength=count)
    return seen / draws
