"""Which conditions respond most: one comparator, outcome and window at a time."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..derive.comparisons import admissible
from ..derive.evidence_base import EvidenceBase
from ..derive.points import typical_sd
from ..models.bayes.compare import bayes_compare
from ..models.wording import number
from .grade.certainty import Appraisal
from .pooled_table import pooled_table
from .stricter import CHOICES, stricter
from .wording.words import COMPARATORS, CONDITIONS, FIVE, WINDOWS, outcome_words, people, trials

_POOLED = [
    "k",
    "n",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "pi_low",
    "pi_high",
    "tau2",
    "i2",
    "share_indirect",
    "points",
    "points_low",
    "points_high",
    "trials",
    "sentence",
]
_ADDED = [
    "certainty",
    "doubts",
    "p_best",
    "p_worthwhile",
    "worthwhile",
    "worthwhile_low",
    *(f"{name}{part}" for name in CHOICES for part in ("", "_low", "_high", "_k")),
    "adjusted",
    "adjusted_low",
    "adjusted_high",
]
_COLUMNS = [
    "condition",
    "label",
    "comparator",
    "outcome",
    "time",
    "measure",
    *_POOLED[:-1],
    *_ADDED,
    "trials_missing",
    "people_missing",
    "missing",
    "note",
    "sentence",
]


def rank_conditions(
    db: EvidenceBase, *, comparator: str = "sham", outcome: str = "pain", time: str = "short", measure: str = "SMD"
) -> pd.DataFrame:
    """Order the five conditions by their pooled effect, and show which have none.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    comparator, outcome, time : str
        What acupuncture is compared with, what is measured and when: never mixed.
    measure : str
        Measure of the effect, see `EvidenceBase.effects`.

    Returns
    -------
    DataFrame
        One row a condition, best first: ``condition, label, comparator, outcome, time, measure, k, n, estimate, se,
        ci_low, ci_high, pi_low, pi_high, tau2, i2, share_indirect, points, points_low, points_high, trials,
        certainty, doubts`` (what took levels of certainty), ``p_best, p_worthwhile, worthwhile`` (see Notes),
        ``worthwhile_low`` (what an interval must stay below to rule a worthwhile effect out: with the wider SD), the
        stricter choices of `evidence.answers.stricter`: ``blinded, large, direct, adjusted`` with ``_low``,
        ``_high`` and ``_k``, then ``trials_missing, people_missing, missing, note, sentence``. A condition without
        numbers has k = 0, NaN and a note; ``missing`` (joined by "|") are randomised trials with such a comparison that
        give no number for this pool.

    Notes
    -----
    ``p_best`` and ``p_worthwhile`` come from `bayes_compare`: conditions are exchangeable groups of trials, drawn
    toward each other by as much as the data say, single trials included. They are the probabilities that a condition
    has the largest mean effect of those with numbers, and that its mean effect is at least ``worthwhile``, the
    smallest worthwhile effect of ``thresholds.csv`` in the measure's units. NaN with one condition or no threshold.

    Examples
    --------
    >>> import evidence as ev
    >>> ranking = ev.rank_conditions(ev.load(), comparator="sham", outcome="pain", time="short")
    >>> sorted(ranking["condition"]) == sorted(["spinal_stenosis", "disc_herniation", "arthritis", "lumbar_sprain",
    ...                                         "chronic_overuse"])
    True
    """
    chosen = {"comparator": comparator, "outcome": outcome, "time": time}
    effects = db.effects(measure)
    effects = effects[(effects[list(chosen)] == pd.Series(chosen)).all(axis=1)]
    pools = pooled_table(effects, typical_sd(db)).set_index("condition")
    appraisal = Appraisal(db)
    pools["worthwhile"] = appraisal.worthwhile.of([outcome], measure)
    pools["worthwhile_low"] = appraisal.worthwhile.at_least([outcome], measure)
    five = effects[effects["condition"].isin(FIVE)]
    if len(five):
        grades = {str(name): appraisal.certainty(rows) for name, rows in five.groupby("condition")}
        pools["certainty"] = pd.Series({name: graded.grade for name, graded in grades.items()})
        pools["doubts"] = pd.Series({name: graded.doubts for name, graded in grades.items()})
        pools = pools.join(stricter(five)).join(_probabilities(five, appraisal.worthwhile.of([outcome], measure)))
    pairs = admissible(db.select(comparator=comparator))
    rows = []
    for condition in FIVE:
        there = db.studies[(db.studies["condition"] == condition) & db.studies["study_id"].isin(pairs["study_id"])]
        has = set(effects.loc[effects["condition"] == condition, "study"])
        missing = there[~there["study_id"].isin(has)]
        row: dict[str, Any] = {
            "condition": condition,
            "label": CONDITIONS[condition],
            "comparator": comparator,
            "outcome": outcome,
            "time": time,
            "measure": measure,
            "k": 0,
            "n": 0.0,
            "trials_missing": len(missing),
            "people_missing": missing["n_randomised"].sum(),
            "missing": "|".join(missing["study_id"]),
            "sentence": "",
        }
        if condition in pools.index:
            row |= rows_of(pools.loc[[condition]].reindex(columns=[*_POOLED, *_ADDED])).pop()
        row["note"] = _note(int(row["k"]), len(missing), float(row["people_missing"]), row.get("share_indirect", 0.0))
        if not row["k"]:
            row["sentence"] = (
                f"In {CONDITIONS[condition]}, no trial against {COMPARATORS[comparator]} gives a number "
                f"for {outcome_words(outcome)} {WINDOWS[time]} ({row['note']})."
            )
        rows.append(row)
    frame = pd.DataFrame(rows).reindex(columns=_COLUMNS)
    frame[["certainty", "doubts"]] = frame[["certainty", "doubts"]].astype(object).fillna("").astype(str)
    counts = [f"{name}_k" for name in CHOICES]
    frame[counts] = frame[counts].fillna(0).astype(int)
    return frame.sort_values("estimate", ascending=False, na_position="last", ignore_index=True)


def ranking_sentence(ranking: pd.DataFrame) -> str:
    """What may be said about the order of the conditions.

    Parameters
    ----------
    ranking : DataFrame
        From `rank_conditions`.

    Returns
    -------
    str
        Which conditions show an effect, whether their order means anything, and where there is nothing.
    """
    first = ranking.iloc[0]
    against, when = COMPARATORS[first["comparator"]], WINDOWS[first["time"]]
    what = outcome_words(first["outcome"])
    pooled = ranking[ranking["k"] >= 2]
    clear, single = pooled[pooled["ci_low"] > 0], ranking[ranking["k"] == 1]
    worse, open_ = pooled[pooled["ci_high"] < 0], pooled[(pooled["ci_low"] <= 0) & (pooled["ci_high"] >= 0)]
    none = ranking[ranking["k"] == 0]
    parts = []
    if len(clear):
        parts.append(f"For {what} {when}, trials show acupuncture doing better than {against} in {_listed(clear)}.")
    else:
        parts.append(
            f"For {what} {when}, no condition with two or more trials shows acupuncture doing better than {against}."
        )
    if len(worse):
        parts.append(f"It did worse in {_listed(worse)}.")
    if len(open_):
        parts.append(f"The interval includes no difference in {_listed(open_)}.")
    if len(single):
        parts.append(f"A single trial stands for {_listed(single)}.")
    if len(none):
        parts.append(f"No trial gives a number for {_listed(none, count=False)}.")
    if len(pooled) >= 2:
        top, others = pooled.iloc[0], pooled.iloc[1:]
        if (others["ci_high"] >= top["ci_low"]).any():
            parts.append("The intervals overlap, so the order of the conditions may be chance.")
        else:
            parts.append(f"The interval of {top['label']} lies above all others.")
    if "p_best" in ranking and ranking["p_best"].notna().any():
        best = rows_of(ranking.sort_values("p_best", ascending=False)).pop(0)
        chance = f"{best['p_best']:.0%}" if best["p_best"] < 0.995 else "more than 99%"
        parts.append(
            f"Taking all trials together, single ones too, {best['label']} has the largest effect with a probability "
            f"of {chance} ({1 / ranking['p_best'].notna().sum():.0%} if nothing were known)."
        )
    return " ".join(parts)


def _probabilities(effects: pd.DataFrame, worthwhile: float) -> pd.DataFrame:
    """P(best) and P(worthwhile) by condition; NaN where there is nothing to compare or no threshold."""
    if effects["condition"].nunique() < 2:
        return pd.DataFrame(columns=["p_best", "p_worthwhile"], dtype=float)
    threshold = None if math.isnan(worthwhile) else worthwhile
    groups = bayes_compare(effects, by="condition", worthwhile=threshold).groups
    return groups[["p_best", "p_worthwhile"]]


def _listed(rows: pd.DataFrame, *, count: bool = True) -> str:
    words = [f"{row['label']} ({_numbers(row)})" if count else str(row["label"]) for row in rows_of(rows)]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _numbers(row: dict[str, Any]) -> str:
    k, share = int(row["k"]), row["share_indirect"]
    indirect = (
        ""
        if not share
        else ", indirect"
        if k == 1
        else ", all indirect"
        if share == 1
        else (f", {round(share * k)} of them indirect")
    )
    unit = {"SMD": " SD", "MD100": " points"}.get(row["measure"], "")
    return (
        f"{number(row['estimate'])}{unit}, {number(row['ci_low'])} to {number(row['ci_high'])}, {trials(k)}{indirect}"
    )


def _note(k: int, missing: int, unseen: float, share_indirect: float) -> str:
    parts = []
    if share_indirect > 0:
        share = "all" if share_indirect == 1 else f"{round(share_indirect * k)} of {k}"
        parts.append(f"{share} in a neighbouring population" if k > 1 else "in a neighbouring population")
    if missing:
        who = f", {people(unseen)}," if unseen else ""
        more = "more " if k else ""
        words = "one" if missing == 1 else str(missing)
        parts.append(
            f"{words} {more}{'trial' if missing == 1 else 'trials'}{who} "
            f"{'gives' if missing == 1 else 'give'} no number for this"
        )
    if not parts and not k:
        parts.append("no such trial in the data")
    return "; ".join(parts)
