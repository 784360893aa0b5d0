"""Adverse events with acupuncture against those in the comparator's arm of the same trial."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from ...base.rows import rows_of
from ...derive.comparisons import admissible
from ...derive.evidence_base import EvidenceBase
from ...effects.measures.effect_size import effect_size
from ...effects.recover.exact_counts import exact_odds_ratio
from ...languages import N_, _
from ..wording.vocabulary import Vocabulary

#: What two arms permit to say.
_NOTHING, _FEWER, _MORE, _OPEN = (
    N_("{trial}: {a} of {n1} with acupuncture, {c} of {n2} with {comparator}: no event, so nothing can be compared."),
    N_("{trial}: {a} of {n1} with acupuncture, {c} of {n2} with {comparator}: fewer with acupuncture."),
    N_("{trial}: {a} of {n1} with acupuncture, {c} of {n2} with {comparator}: more with acupuncture."),
    N_("{trial}: {a} of {n1} with acupuncture, {c} of {n2} with {comparator}: the difference may be chance."),
)


def contrasts(db: EvidenceBase, arms: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of arms with counts in both, as `Safety.contrasts` without its sentences."""
    counted = arms[arms["events"].notna() & arms["n"].notna() & (arms["kind"] != "drug")]
    by_arm: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(counted.sort_values("definition", kind="stable")):
        by_arm[row["study"], row["arm"]].append(row)
    rows: list[dict[str, Any]] = []
    for pair in rows_of(admissible(db)):
        both = product(by_arm[pair["study_id"], pair["arm"]], by_arm[pair["study_id"], pair["versus"]])
        ours, theirs = max(both, key=_alike, default=(None, None))
        if ours is None or theirs is None:
            continue
        a, n1, c, n2 = ours["events"], ours["n"], theirs["events"], theirs["n"]
        exact = exact_odds_ratio(int(a), int(n1 - a), int(c), int(n2 - c))
        row = {name: ours[name] for name in ("study", "label", "condition", "definition")}
        row |= {"comparator": pair["comparator"], "ai": a, "n1": n1, "ci": c, "n2": n2}
        row |= dict(zip(("odds_ratio", "odds_ratio_low", "odds_ratio_high"), exact, strict=True))
        rows.append(row | _risk_ratio(a, n1, c, n2))
    return pd.DataFrame(rows)


def with_sentences(compared: pd.DataFrame, words: Vocabulary) -> pd.DataFrame:
    """What `contrasts` gives, each pair told in the language spoken."""
    told = compared.copy()
    if len(told):
        place = list(told.columns).index("risk_ratio")
        told.insert(place, "sentence", [_sentence(row, words) for row in rows_of(compared)])
    return told


def _alike(pair: tuple[dict[str, Any], dict[str, Any]]) -> tuple[bool, float]:
    """Rows of two arms are compared by the same definition, and by what happened most often."""
    return pair[0]["definition"] == pair[1]["definition"], pair[0]["events"] + pair[1]["events"]


def _risk_ratio(a: float, n1: float, c: float, n2: float) -> dict[str, float]:
    """Risk ratio; not estimable without an event in either arm."""
    names = ("risk_ratio", "risk_ratio_low", "risk_ratio_high")
    if a + c == 0:
        return dict.fromkeys(names, math.nan)
    found = effect_size("RR", ai=a, bi=n1 - a, ci=c, di=n2 - c).iloc[0]
    half = 1.959963984540054 * math.sqrt(found["vi"])
    return dict(zip(names, np.exp([found["yi"], found["yi"] - half, found["yi"] + half]).tolist(), strict=True))


def _sentence(row: dict[str, Any], words: Vocabulary) -> str:
    if row["ai"] + row["ci"] == 0:
        said = _NOTHING
    elif row["odds_ratio_high"] < 1:
        said = _FEWER
    else:
        said = _MORE if row["odds_ratio_low"] > 1 else _OPEN
    counts = {name: f"{row[column]:.0f}" for name, column in (("a", "ai"), ("n1", "n1"), ("c", "ci"), ("n2", "n2"))}
    return _(said, trial=row["label"], comparator=words.comparators[row["comparator"]], **counts)
