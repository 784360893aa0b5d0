"""Trials whose numbers could not be had, and what the pool would be if they had all found nothing."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from ...base.rows import rows_of
from ...derive.comparisons import admissible
from ...derive.evidence_base import EvidenceBase
from ...errors import SmallSample
from ...models.univariate.pool import pool
from ...models.wording import number
from ..wording.words import COMPARATORS, CONDITIONS, WINDOWS, outcome_words, people, trials


def missing_results(db: EvidenceBase, *, outcome: str = "pain", time: str = "short") -> pd.DataFrame:
    """How much is missing from each pool, and what it would come to if all missing trials had found no difference.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    outcome, time : str
        The pools: one for each condition and comparator.

    Returns
    -------
    DataFrame
        One row a condition and comparator with an admissible trial: ``condition, comparator, outcome, time, k, n``,
        ``estimate, ci_low, ci_high`` (SMD as pooled), ``trials_missing, people_missing`` (trials of the comparison that
        give no number for the pool), ``null_estimate, null_ci_low, null_ci_high`` (with every missing trial as 0) and
        ``sentence``.

    Notes
    -----
    A missing trial of n people enters as 0 with the variance 4 / n of an SMD of two equal groups; where its size is not
    known either, with the median size of the trials in the comparison. This is the pessimist's pool, not an estimate:
    it says how much the answer leans on what could be read.
    """
    effects = db.select(outcome=outcome, time=time).effects("SMD")
    sizes = db.studies.set_index("study_id")["n_randomised"]
    pairs = admissible(db)[["study_id", "comparator"]].drop_duplicates().merge(
        db.studies[["study_id", "condition"]], on="study_id"
    )  # fmt: skip
    rows = []
    for key, group in pairs.groupby(["condition", "comparator"], sort=True):
        condition, comparator = (str(word) for word in key)
        there = effects[(effects["condition"] == condition) & (effects["comparator"] == comparator)]
        missing = sizes.reindex(group.loc[~group["study_id"].isin(there["study"]), "study_id"])
        known = sizes.reindex(group["study_id"])
        n = there["n_acupuncture"].sum() + there["n_comparator"].sum()
        row = {"condition": condition, "comparator": comparator, "outcome": outcome, "time": time, "k": len(there),
               "n": n, "trials_missing": len(missing), "people_missing": missing.sum()}  # fmt: skip
        filled = missing.fillna(known.median()).dropna()
        yi = np.concatenate([there["yi"], np.zeros(len(filled))])
        vi = np.concatenate([there["vi"], 4 / filled])
        row |= _pooled(there["yi"].to_numpy(), there["vi"].to_numpy(), "") | _pooled(yi, vi, "null_")
        rows.append(row)
    frame = pd.DataFrame(rows)
    frame["sentence"] = [_sentence(row) for row in rows_of(frame)]
    return frame


def _pooled(yi: np.ndarray, vi: np.ndarray, prefix: str) -> dict[str, float]:
    names = [f"{prefix}{name}" for name in ("estimate", "ci_low", "ci_high")]
    if not len(yi):
        return dict.fromkeys(names, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSample)  # k stands in the row
        fit = pool(yi, vi)
    return dict(zip(names, (fit.estimate, *fit.ci), strict=True))


def _sentence(row: dict[str, float | str]) -> str:
    about = (
        f"{CONDITIONS[str(row['condition'])]}, against {COMPARATORS[str(row['comparator'])]}, "
        f"{outcome_words(str(row['outcome']))} {WINDOWS[str(row['time'])]}"
    )
    k, missing = int(row["k"]), int(row["trials_missing"])
    if not missing:
        return f"In {about}: {'the one trial gives' if k == 1 else f'all {k} trials give'} a number."
    size = people(float(row["people_missing"])) if row["people_missing"] else "size not known"
    gone = f"{trials(missing)} ({size})"
    if not k:
        return f"In {about}: no trial gives a number; missing {'is' if missing == 1 else 'are'} {gone}."
    low, high = float(row["null_ci_low"]), float(row["null_ci_high"])
    reading = "would still lie above no difference" if low > 0 else (
        "would lie below no difference" if high < 0 else "would include no difference")  # fmt: skip
    found = number(float(row["estimate"]))
    return (
        f"In {about}: {trials(k)} {'gives' if k == 1 else 'give'} {found} SD; "
        f"if the missing {gone} had found nothing, it would be {number(float(row['null_estimate']))} SD, "
        f"and the interval ({number(low)} to {number(high)}) {reading}."
    )
