"""Pool the effects frame: one row per measure, condition, comparator, outcome and window."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..base.rows import rows_of
from ..models.univariate.pool import pool
from .wording.pool_sentence import pool_sentence
from .wording.vocabulary import Vocabulary, bundled

GROUPS = ["measure", "condition", "comparator", "outcome", "time"]


def pooled_table(
    effects: pd.DataFrame, typical: pd.DataFrame | None = None, *, words: Vocabulary | None = None
) -> pd.DataFrame:
    """Pool every group of the effects frame by REML with Hartung-Knapp intervals.

    Parameters
    ----------
    effects : DataFrame
        Effects frames of one or several measures (see `EvidenceBase.effects`).
    typical : DataFrame, optional
        Standard deviations by outcome (see `typical_sd`), to say an SMD in points of 100.
    words : Vocabulary, optional
        What conditions, comparators and outcomes are called. Default: as in the data that comes with the package.

    Returns
    -------
    DataFrame
        The columns of `pool` with ``by``, then ``n`` (people), ``n_acupuncture``, ``n_comparator``,
        ``share_indirect``, ``share_doubtful`` (shares of the trials), ``routes`` (route: trials), ``labels`` and
        ``trials`` (joined by "|"), ``points, points_low, points_high, points_sd`` (SMD only) and ``sentence``.
        With k = 1 a row is that trial's own result, nothing is pooled.

    See Also
    --------
    pool : one pool, with all that can be asked of it.
    certainty_table : the grade of each pool.
    rank_conditions : the conditions in the order of their effect.

    Examples
    --------
    >>> import evidence as ev
    >>> effects = ev.load().select(condition="arthritis", outcome="pain", time="short").effects()
    >>> pools = ev.pooled_table(effects)
    >>> int(pools["k"].sum()) == len(effects)
    True
    """
    if effects.empty:
        return pd.DataFrame(columns=[*GROUPS, "k"])
    words = words or bundled()
    fits = pool(effects, by=list(GROUPS))
    groups = effects.groupby(GROUPS)
    about = groups.agg(
        n_acupuncture=("n_acupuncture", "sum"),
        n_comparator=("n_comparator", "sum"),
        share_indirect=("directness", lambda words: (words == "indirect").mean()),
        share_doubtful=("confidence", lambda words: (words == "low").mean()),
        routes=("route", lambda routes: "; ".join(f"{name}: {k}" for name, k in sorted(routes.value_counts().items()))),
        labels=("label", "|".join),
        trials=("study", "|".join),
    )
    about.insert(0, "n", about["n_acupuncture"] + about["n_comparator"])
    table = fits.merge(about.reset_index(), on=GROUPS, validate="one_to_one")
    sd = pd.Series(np.nan, index=table.index)
    if typical is not None:
        sd = table["outcome"].map(typical["sd"]).where(table["measure"] == "SMD")
    for name, column in {"points": "estimate", "points_low": "ci_low", "points_high": "ci_high"}.items():
        table[name] = table[column] * sd
    table["points_sd"] = sd
    table["k"] = table["k"].astype(int)
    table["sentence"] = [pool_sentence(row, words) for row in rows_of(table)]
    return table.sort_values(GROUPS, ignore_index=True)
