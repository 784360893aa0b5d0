"""Pool the effects frame: one row per measure, condition, comparator, outcome and window."""

from __future__ import annotations

import math
import warnings
from collections.abc import Hashable, Mapping

import pandas as pd

from ..base.rows import rows_of
from ..derive.evidence_base import EvidenceBase, load
from ..effects.arguments import require_kind
from ..errors import SmallSample
from ..models.univariate.pool import pool
from .context import Context
from .grade.synthesis import Synthesis, synthesise
from .headline_pools import GROUPS
from .sound import sound
from .wording.pool_sentence import pool_sentence

#: What a summary says in place of REML and Hartung-Knapp, which stand beside it as hk_...
_SUMMARY = ("model", "estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high", "p_better")
_ENDS = ("estimate", "ci_low", "ci_high")
_BAYES = ("statistic", "df", "p_value")


def pooled_table(effects: pd.DataFrame, db: EvidenceBase | None = None) -> pd.DataFrame:
    """Pool every group of the effects frame, each by the model that its number of trials allows.

    Parameters
    ----------
    effects : DataFrame
        Effects frames of one or several measures (see `EvidenceBase.effects`).
    db : EvidenceBase, optional
        The base they come from: priors, how scores spread, what things are called. Default: the bundled data.

    Returns
    -------
    DataFrame
        ``measure, condition, comparator, outcome, time, k``; ``model`` ("one trial", "Bayesian random effects" for two
        to four trials, "random effects" for more: see `evidence.answers.pooling`) with its ``estimate, se, ci_low,
        ci_high, pi_low, pi_high`` and ``p_better``, the probability of an effect above 0; ``hk_estimate, hk_ci_low,
        hk_ci_high`` (REML, Hartung-Knapp) and the other columns of `pool`, where ``statistic, df, p_value`` are NaN
        beside a Bayesian model; ``trials_better, trials_worse`` (by their own estimate). Then ``n`` (people),
        ``n_acupuncture``, ``n_comparator``, ``share_indirect``, ``share_doubtful`` (shares of the trials), ``routes``
        (route: trials), ``labels`` and ``trials`` (joined by "|"), ``points, points_low, points_high, points_cut,
        points_basis, points_sd, points_sd_low, points_sd_high`` (SMD only, see `evidence.answers.points.Points.of`),
        ``with_serious_estimate, with_serious_ci_low, with_serious_ci_high, serious, too_tight`` and ``sentence``.
        Trials whose numbers cannot be right as printed or spread far too little (``integrity`` serious) enter none of
        these but the last five: the pool with them, their labels, and of these the labels of those whose scores only
        spread too little; NaN and "" where there is no such trial.

    See Also
    --------
    pool : one pool, with all that can be asked of it.
    certainty_table : the grade of each pool.
    rank_conditions : the conditions in the order of their effect.

    Examples
    --------
    >>> import evidence as ev
    >>> db = ev.load()
    >>> pools = ev.pooled_table(db.select(condition="osteoarthritis", outcome="pain", time="short").effects(), db)
    >>> set(pools.loc[pools["k"].between(2, 4), "model"]) <= {"Bayesian random effects"}
    True
    """
    require_kind("effects", effects, pd.DataFrame, "a frame of effects, as EvidenceBase.effects gives it")
    context = Context.of(load() if db is None else db)
    pools = {key: synthesise(context.pooling, rows) for key, rows in sound(effects).groupby(GROUPS)}
    return table_of(context, effects, pools)


def table_of(
    context: Context, everything: pd.DataFrame, pools: Mapping[tuple[Hashable, ...], Synthesis]
) -> pd.DataFrame:
    """`pooled_table` of pools that are known.

    Parameters
    ----------
    context : Context
        Of the base they come from.
    everything : DataFrame
        Effects, those of trials with a serious concern among them.
    pools : mapping
        What the sound ones come to, by `GROUPS`.
    """
    effects = sound(everything)
    if effects.empty:
        return pd.DataFrame(columns=[*GROUPS, "k"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)  # k stands in the table
        fits = pool(effects, by=list(GROUPS))
    hk = fits[["estimate", "ci_low", "ci_high"]].where(fits["k"] > 1).add_prefix("hk_")
    groups = effects.groupby(GROUPS)
    table = fits.drop(columns=list(_SUMMARY), errors="ignore").join(hk).merge(_summaries(context, pools), on=GROUPS)
    bayesian = table["model"].str.startswith("Bayes")
    table.loc[bayesian, list(_BAYES)] = math.nan
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
    table = table.merge(about.reset_index(), on=GROUPS, validate="one_to_one")
    table = table.merge(_with_serious(context, everything), on=GROUPS, how="left")
    table = table.fillna({"serious": "", "too_tight": ""})
    table["k"] = table["k"].astype(int)
    first = [*GROUPS, "k", *_SUMMARY, *hk.columns]
    table = table[[*first, *table.columns.difference(first, sort=False)]]
    table["sentence"] = [pool_sentence(row, context.words) for row in rows_of(table)]
    return table.sort_values(GROUPS, ignore_index=True)


def _with_serious(context: Context, effects: pd.DataFrame) -> pd.DataFrame:
    """Pools with the trials that headlines leave out, where there are any, and the labels of these."""
    columns = [*GROUPS, *(f"with_serious_{name}" for name in _ENDS), "serious", "too_tight"]
    rows = []
    left_out = effects[effects["integrity"] == "serious"]
    groups = effects.groupby(GROUPS)
    for key, serious in left_out.groupby(GROUPS):
        found = synthesise(context.pooling, groups.get_group(key))
        tight = serious[serious["study"].isin(context.db.too_tight)]
        labels = ("|".join(those["label"]) for those in (serious, tight))
        rows.append([*key, *(getattr(found, name) for name in _ENDS), *labels])
    return pd.DataFrame(rows, columns=columns)


def _summaries(context: Context, pools: Mapping[tuple[Hashable, ...], Synthesis]) -> pd.DataFrame:
    """Each pool's summary, and the same in points."""
    rows = []
    for key, each in pools.items():
        summary = {name: getattr(each, name) for name in (*_SUMMARY, "trials_better", "trials_worse")}
        rows.append(dict(zip(GROUPS, key, strict=True)) | summary | context.points.of(each))
    return pd.DataFrame(rows)
