"""Which conditions respond most: one comparator, outcome and window at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..derive.evidence_base import EvidenceBase
from ..errors import InvalidInput
from ..models.bayes.compare import bayes_compare
from .context import Context
from .grade.certainty import grade
from .known_trials import COLUMNS
from .pooled_table import pooled_table
from .ranked import FIRST, Ranking
from .stricter import CHOICES, stricter
from .wording.missing import without_number
from .wording.words import WINDOWS, outcome_words, trials

_POOLED = (
    "se",
    "pi_low",
    "pi_high",
    "tau2",
    "i2",
    "share_indirect",
    "p_better",
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
_GRADED = ("doubts", "worthwhile", *_STRICTER, "adjusted", "adjusted_low", "adjusted_high")
_COLUMNS = (*FIRST, *_POOLED, *_POINTS, *_GRADED, *COLUMNS, "note", "sentence")


def rank_conditions(
    db: EvidenceBase, *, comparator: str = "sham", outcome: str = "pain", time: str = "short", measure: str = "SMD"
) -> Ranking:
    """Order the conditions of the article by their pooled effect, and show which have none.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    comparator : str
        What acupuncture is compared with; comparators are never mixed.
    outcome : str
        What is measured.
    time : str
        Window of the measurement.
    measure : str
        Measure of the effect, see `EvidenceBase.effects`.

    Returns
    -------
    Ranking
        ``to_frame()`` has one row a condition, best first: ``condition, label, estimate, ci_low, ci_high, k, n,
        certainty, p_best, p_worthwhile`` (see Notes); ``comparator, outcome, time, measure``; ``se, pi_low, pi_high,
        tau2, i2, share_indirect, points, points_low, points_high, trials``; ``doubts`` (what took levels of certainty),
        ``worthwhile``, the stricter choices of `evidence.answers.stricter`: ``blinded, large, direct, adjusted`` with
        ``_low``, ``_high`` and ``_k``, then what is missing, with the columns of `missing_results`
        (``trials_compared`` to ``missing``), ``note`` and ``sentence``. A condition without numbers has k = 0, NaN and
        a note.

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
    ``p_best`` and ``p_worthwhile`` come from `bayes_compare`: conditions are exchangeable groups of trials, drawn
    toward each other by as much as the data say, single trials included. They are the probabilities that a condition
    has the largest mean effect of those with numbers, and that its mean effect is at least ``worthwhile``, the
    smallest worthwhile effect of ``thresholds.csv`` in the measure's units. NaN with one condition or no threshold.

    Examples
    --------
    >>> import evidence as ev
    >>> ranking = ev.rank_conditions(ev.load(), comparator="sham", outcome="pain", time="short").to_frame()
    >>> sorted(ranking["condition"]) == sorted(["spinal_stenosis", "disc_herniation", "arthritis", "lumbar_sprain",
    ...                                         "chronic_overuse"])
    True
    """
    asked = {"comparator": comparator, "outcome": outcome, "time": time}
    context = Context.of(db)
    words, known = context.words, {"comparator": context.words.comparators, "time": WINDOWS}
    for name, allowed in {**known, "outcome": list(db.outcomes["outcome"])}.items():
        if asked[name] not in allowed:
            raise InvalidInput(f"{name}={asked[name]!r}: choose among {', '.join(allowed)}")
    effects = context.effects(measure)
    effects = effects[
        (effects[list(asked)] == pd.Series(asked)).all(axis=1) & effects["condition"].isin(words.headline)
    ]
    pools = _pools(context, effects, outcome, measure) if len(effects) else {}
    rows = []
    for condition in words.headline:
        given = set(effects.loc[effects["condition"] == condition, "study"])
        account = context.known.of([condition], comparator, [outcome], given).numbers()
        row: dict[str, Any] = {
            "condition": condition,
            "label": words.conditions[condition],
            **asked,
            "measure": measure,
            "k": 0,
            "n": 0.0,
            "sentence": "",
        }
        row |= pools.get(condition, {})
        row |= account
        row["note"] = _note(int(row["k"]), account, row.get("share_indirect", 0.0), words.comparators[comparator])
        if not row["k"]:
            row["sentence"] = (
                f"In {words.conditions[condition]}, no trial against {words.comparators[comparator]} gives a number "
                f"for {outcome_words(outcome)} {WINDOWS[time]} ({row['note']})."
            )
        rows.append(row)
    frame = pd.DataFrame(rows).reindex(columns=list(_COLUMNS))
    frame[["certainty", "doubts"]] = frame[["certainty", "doubts"]].astype(object).fillna("").astype(str)
    counts = [f"{name}_k" for name in CHOICES]
    frame[counts] = frame[counts].fillna(0).astype(int)
    frame = frame.sort_values("estimate", ascending=False, na_position="last", ignore_index=True)
    return Ranking(comparator, outcome, time, measure, frame, words)


def _pools(context: Context, effects: pd.DataFrame, outcome: str, measure: str) -> dict[str, dict[str, Any]]:
    """Pool, grade and probabilities of each condition, by its key."""
    least = context.worthwhile.of([outcome], measure)
    pools = pooled_table(effects, context.db).set_index("condition")
    grades = {str(name): grade(context, rows) for name, rows in effects.groupby("condition")}
    pools["certainty"] = pd.Series({name: graded.grade for name, graded in grades.items()})
    pools["doubts"] = pd.Series({name: graded.doubts for name, graded in grades.items()})
    pools["worthwhile"] = least
    pools = pools.join(stricter(context.pooling, effects)).join(_probabilities(effects, least))
    kept = [name for name in (*FIRST[2:], *_POOLED, *_POINTS, *_GRADED, "sentence") if name in pools]
    return dict(zip(pools.index.astype(str), rows_of(pools[kept]), strict=True))


def _probabilities(effects: pd.DataFrame, worthwhile: float) -> pd.DataFrame:
    """P(best) and P(worthwhile) by condition; NaN where there is nothing to compare or no threshold."""
    if effects["condition"].nunique() < 2:
        return pd.DataFrame(columns=["p_best", "p_worthwhile"], dtype=float)
    threshold = None if math.isnan(worthwhile) else worthwhile
    groups = bayes_compare(effects, by="condition", worthwhile=threshold).groups
    return groups[["p_best", "p_worthwhile"]]


def _note(k: int, account: Mapping[str, Any], share_indirect: float, against: str) -> str:
    parts = []
    if share_indirect > 0:
        share = "all" if share_indirect == 1 else f"{round(share_indirect * k)} of {k}"
        parts.append(f"{share} in a neighbouring population" if k > 1 else "in a neighbouring population")
    missing, elsewhere = without_number(account, against, more=k > 0), account["trials_elsewhere"]
    if missing:
        parts.append(missing)
    if not parts and not k:
        parts.append(
            f"{trials(elsewhere)} {'tells' if elsewhere == 1 else 'tell'} of other times or outcomes only"
            if elsewhere
            else "no such trial in the data"
        )
    return "; ".join(parts)
