"""Which conditions respond: against one comparator, or against each kind of comparator side by side."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple, overload

import pandas as pd

from ..base.once import once
from ..base.rows import rows_of
from ..base.scope import require_words
from ..derive.evidence_base import EvidenceBase
from ..errors import SmallSample
from ..languages import _
from ..models.bayes.bayes import bayes
from ..models.bayes.compare import bayes_compare
from ..models.bayes.priors import HalfNormal
from .by_comparator import ByComparator
from .comparator_families import by_comparator
from .context import Context
from .grade.certainty import grade
from .grade.doubts import doubt_words
from .headline_pools import headline_pools
from .known_trials import COLUMNS
from .ranked import FIRST, SHRUNKEN, Ranking, in_order
from .stricter import CHOICES, stricter
from .wording.missing import said_elsewhere, without_number
from .wording.pool_sentence import pool_sentence
from .wording.words import WINDOWS, outcome_words

_POOLED = (
    "se",
    "pi_low",
    "pi_high",
    "tau2",
    "i2",
    "share_indirect",
    "p_best",
    "trials_better",
    "trials_worse",
    "trials",
)
_POINTS = (
    "points",
    "points_low",
    "points_high",
    "points_cut",
    "points_basis",
    "points_sd",
    "points_sd_low",
    "points_sd_high",
)
_STRICTER = tuple(f"{name}{part}" for name in CHOICES for part in ("", "_low", "_high", "_k"))
_GRADED = ("worthwhile", *_STRICTER, "adjusted", "adjusted_low", "adjusted_high")
_OF_A_POOL = (*FIRST[2:], *_POOLED, *_POINTS, *_GRADED)
_COLUMNS = (*FIRST, *_POOLED, *_POINTS, "doubts", *_GRADED, *COLUMNS, "note", "sentence")


@overload
def rank_conditions(
    db: EvidenceBase, *, comparator: str, outcome: str = "pain", time: str = "short", measure: str = "SMD"
) -> Ranking: ...
@overload
def rank_conditions(
    db: EvidenceBase, *, comparator: None = None, outcome: str = "pain", time: str = "short", measure: str = "SMD"
) -> ByComparator: ...
def rank_conditions(
    db: EvidenceBase,
    *,
    comparator: str | None = None,
    outcome: str = "pain",
    time: str = "short",
    measure: str = "SMD",
) -> Ranking | ByComparator:
    """What trials show in each condition of the article, by certainty and then by size, and which have none.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    comparator : str, optional
        What acupuncture is compared with; None for all side by side: sham, usual care or nothing, drugs, exercise or
        physical therapy.
    outcome : str
        What is measured.
    time : str
        Window of the measurement.
    measure : str
        Measure of the effect, see `EvidenceBase.effects`.

    Returns
    -------
    Ranking or ByComparator
        Against one comparator ``to_frame()`` has one row a condition: ``condition, label, estimate, ci_low, ci_high, k,
        n, certainty, shrunken, shrunken_low, shrunken_high, p_better, p_worthwhile`` (see Notes); ``comparator,
        outcome, time, measure``; ``se, pi_low, pi_high, tau2, i2, share_indirect, p_best, points, points_low,
        points_high, trials``; ``doubts`` (what took levels of certainty), ``worthwhile``, the stricter choices of
        `evidence.answers.stricter`: ``blinded, large, direct, adjusted`` with ``_low``, ``_high`` and ``_k``, then
        what is missing, with the columns of `missing_results` (``trials_compared`` to ``missing``), ``note`` and
        ``sentence``. A condition without numbers has k = 0, NaN and a note. Without a comparator one row a condition
        and kind of comparator: see `ByComparator`.

    Raises
    ------
    InvalidInput
        The comparator, outcome, window or measure is unknown.

    See Also
    --------
    claims : verdicts on what an article claims.
    multiverse : one condition, by every defensible analysis.
    plots.ranking : draws the result.

    Notes
    -----
    Pools come first, in the order of certainty and then of the shrunken effect; single trials after them, by the same
    rule. ``estimate`` with its interval is the pool by itself, and so are ``p_better`` and ``p_worthwhile``: the
    probabilities that its mean effect is above 0, and at least ``worthwhile``, the smallest worthwhile effect of
    ``thresholds.csv`` in the measure's units. They come from the model of the interval and never contradict it.
    ``shrunken`` with its interval comes from `bayes_compare`: conditions are exchangeable groups of trials, drawn
    toward each other by as much as the data say, single trials included (with one condition, `bayes`); ``p_best`` is
    the probability in it that the effect is the largest of those with numbers. NaN where there is no prior, no
    threshold or nothing to compare. Without a comparator the model is `bayes_crossed`.

    Examples
    --------
    >>> import evidence as ev
    >>> ranking = ev.rank_conditions(ev.load(), comparator="sham", outcome="pain", time="short").to_frame()
    >>> {"spinal_stenosis", "disc_herniation", "arthritis", "lumbar_sprain"} < set(ranking["condition"])
    True
    """
    asked = {"comparator": comparator, "outcome": outcome, "time": time}
    context = Context.of(db)
    words = context.words
    require_words(db, outcome=outcome, time=time)
    if comparator is None:
        return by_comparator(context, outcome, time, measure)
    require_words(db, comparator=comparator)
    pools = _pools(db, comparator, outcome, time, measure)
    rows = []
    for condition in words.headline:
        pool = pools.get(condition)
        account = context.known.of([condition], comparator, [outcome], pool.studies if pool else ()).numbers()
        row: dict[str, Any] = {
            "condition": condition,
            "label": words.conditions[condition],
            **asked,
            "measure": measure,
            "k": 0,
            "n": 0.0,
            "sentence": "",
        }
        if pool:
            told = {"doubts": doubt_words(pool.levels), "sentence": pool_sentence(pool.row, words)}
            row |= {name: pool.row[name] for name in _OF_A_POOL if name in pool.row} | told
        row |= account
        row["note"] = _note(int(row["k"]), account, row.get("share_indirect", 0.0), words.comparators[comparator])
        if not row["k"]:
            row["sentence"] = _(
                "In {condition}, no trial against {comparator} gives a number for {outcome} {when} ({note}).",
                condition=words.conditions[condition],
                comparator=words.comparators[comparator],
                outcome=outcome_words(outcome),
                when=WINDOWS[time],
                note=row["note"],
            )
        rows.append(row)
    frame = pd.DataFrame(rows).reindex(columns=list(_COLUMNS))
    frame[["certainty", "doubts"]] = frame[["certainty", "doubts"]].astype(object).fillna("").astype(str)
    counts = [f"{name}_k" for name in CHOICES]
    frame[counts] = frame[counts].fillna(0).astype(int)
    least = context.worthwhile.points.get(outcome, math.nan)
    return Ranking(comparator, outcome, time, measure, in_order(frame), words, least)


class _Pool(NamedTuple):
    """What a condition's trials come to, whatever language it is told in.

    Attributes
    ----------
    row : dict
        Its numbers, grade, probabilities and stricter choices.
    levels : dict
        Levels of certainty that each domain took.
    studies : frozenset of str
        Its trials.
    """

    row: dict[str, Any]
    levels: dict[str, int]
    studies: frozenset[str]


@once
def _pools(db: EvidenceBase, comparator: str, outcome: str, time: str, measure: str) -> dict[str, _Pool]:
    """The pool of each condition with trials, by its key."""
    context = Context.of(db)
    effects = context.effects(measure)
    asked = (effects["comparator"] == comparator) & (effects["outcome"] == outcome) & (effects["time"] == time)
    effects = effects[asked & effects["condition"].isin(context.words.headline)]
    if effects.empty:
        return {}
    least = context.worthwhile.of([outcome], measure)
    prior = context.pooling.tau_scale(measure, outcome)
    others = stricter(context.pooling, effects).join(_together(effects, prior))
    beside = dict(zip(others.index, rows_of(others), strict=True))
    known, found = headline_pools(db, measure), {}
    for condition, rows in effects.groupby("condition"):
        pool = known[measure, condition, comparator, outcome, time]
        graded = grade(context, rows, pool=pool)
        row = pool.numbers | context.points.of(pool) | beside[condition]
        row |= {"condition": condition, "comparator": comparator, "outcome": outcome, "time": time}
        row |= {"tau2": 0.0, "i2": 0.0} if pool.k == 1 else {}
        row |= {"se": pool.se, "share_indirect": float((rows["directness"] == "indirect").mean())}
        row |= {"certainty": graded.grade, "worthwhile": least, "p_worthwhile": pool.chance_above(least)}
        row |= {"labels": "|".join(rows["label"]), "trials": "|".join(rows["study"])}
        levels = {step.domain: step.levels for step in graded.steps}
        found[str(condition)] = _Pool(row, levels, frozenset(rows["study"]))
    return found


def _together(effects: pd.DataFrame, scale: float) -> pd.DataFrame:
    """What one model of all trials says of each condition: its shrunken effect, and whether it is the largest."""
    names, prior = ["median", "ci_low", "ci_high", "p_best"], None if math.isnan(scale) else HalfNormal(scale)
    if prior is None:
        groups = pd.DataFrame(columns=names, dtype=float)
    elif effects["condition"].nunique() > 1:
        groups = bayes_compare(effects, by="condition", tau_prior=prior, between_prior=prior).groups[names]
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallSample)  # k stands in the row
            post = bayes(effects, tau_prior=prior)
        groups = pd.DataFrame([[*post.mu[names[:3]], math.nan]], index=effects["condition"].unique(), columns=names)
    return groups.set_axis([*SHRUNKEN, "p_best"], axis=1)


def _note(k: int, account: Mapping[str, Any], share_indirect: float, against: str) -> str:
    parts = []
    if share_indirect > 0:
        n = round(share_indirect * k)
        if k == 1:
            parts.append(_("in a related condition"))
        elif share_indirect == 1:
            parts.append(_("all in a related condition"))
        else:
            parts.append(_("{n} of {k} in a related condition", n=n, k=k))
    missing, elsewhere = without_number(account, against, more=k > 0), account["trials_elsewhere"]
    if missing:
        parts.append(missing)
    if not parts and not k:
        parts.append(said_elsewhere(elsewhere) if elsewhere else _("no such trial in the data"))
    return _("; ").join(parts)
