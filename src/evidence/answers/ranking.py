"""Which conditions respond most: one comparator, outcome and window at a time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..effects.comparisons import admissible
from ..effects.points import typical_sd
from ..effects.table import EvidenceBase
from ..models.wording import number
from .pooled import pooled_table
from .words import COMPARATORS, CONDITIONS, WINDOWS, outcome_words, people, trials

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
_COLUMNS = [
    "condition",
    "label",
    "comparator",
    "outcome",
    "time",
    "measure",
    *_POOLED[:-1],
    "trials_missing",
    "people_missing",
    "note",
    "sentence",
]

FIVE = ("spinal_stenosis", "disc_herniation", "arthritis", "lumbar_sprain", "chronic_overuse")


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
        trials_missing, people_missing, note, sentence``. A condition without numbers has k = 0, NaN and a note;
        ``trials_missing`` are randomised trials with such a comparison that give no number for this pool.

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
            "sentence": "",
        }
        if condition in pools.index:
            row |= rows_of(pools.loc[[condition], _POOLED]).pop()
        row["note"] = _note(int(row["k"]), len(missing), float(row["people_missing"]), row.get("share_indirect", 0.0))
        if not row["k"]:
            row["sentence"] = (
                f"In {CONDITIONS[condition]}, no trial against {COMPARATORS[comparator]} gives a number "
                f"for {outcome_words(outcome)} {WINDOWS[time]} ({row['note']})."
            )
        rows.append(row)
    frame = pd.DataFrame(rows).reindex(columns=_COLUMNS)
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
    return " ".join(parts)


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
