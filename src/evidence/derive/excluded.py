"""Everything that enters no effect, with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..base.rows import rows_of
from ..base.tables import TrialTables
from .comparisons import admissible
from .derivation import Derivation
from .labels import labels
from .notes import readable

#: Where a reason speaks of nothing but how a source was read.
UNREADABLE = "what the source prints cannot be read with certainty"


def excluded_rows(db: TrialTables, every: Mapping[str, Derivation]) -> pd.DataFrame:
    rows: list[tuple[str, str, str, str]] = []
    names = labels(db)
    pairs = admissible(db)
    in_pairs = set(zip(pairs["study_id"], pairs["arm"], strict=True)) | set(
        zip(pairs["study_id"], pairs["versus"], strict=True)
    )
    derivations = {measure: every[measure] for measure in ("SMD", "MD100", "RR")}
    contributing = {study for d in derivations.values() for study in d.effects["study"]}
    own = {
        "SMD": ("arm", "contrast", "events", "ratio", "direction"),
        "MD100": ("arm", "contrast"),
        "RR": ("events", "ratio"),
    }
    for row in rows_of(db.results):
        study, item = row["study_id"], row["result_id"]
        if row["when"] == "baseline" or row["statistic"] == "baseline":
            rows.append((study, item, "all", "value before treatment"))
        elif (study, row["arm"]) not in in_pairs and (study, row["versus"]) not in in_pairs:
            rows.append((study, item, "all", "arm is in no admissible comparison"))
        else:
            for measure, derivation in derivations.items():
                if row["kind"] in own[measure] and item not in derivation.used:
                    rows.append((study, item, measure, _why(row, derivation)))
    paired = set(zip(pairs["study_id"], pairs["arm"], pairs["versus"], strict=True))
    for pair in rows_of(db.comparisons):
        if (pair["study_id"], pair["arm"], pair["versus"]) not in paired:
            rows.append(
                (pair["study_id"], f"{pair['arm']} : {pair['versus']}", "all", _why_not_admissible(pair, names))
            )
    with_results = set(db.results["study_id"])
    for study in db.studies["study_id"]:
        if study not in contributing:
            has_pair = study in set(pairs["study_id"])
            reason = (
                "no result could be read"
                if study not in with_results
                else "no result of an admissible comparison gives an effect"
                if has_pair
                else "no admissible comparison"
            )
            rows.append((study, study, "all", reason))
    frame = pd.DataFrame(rows, columns=["study", "item", "measure", "reason"])
    frame.insert(1, "label", frame["study"].map(names))
    return frame.drop_duplicates(ignore_index=True).sort_values(["study", "item", "measure"], ignore_index=True)


def _why(row: dict[str, Any], derivation: Derivation) -> str:
    item = row["result_id"]
    if item in derivation.faults:
        return derivation.faults[item]
    if item in derivation.passed_over:
        return derivation.passed_over[item]
    if row["kind"] == "contrast" and math.isnan(row["estimate"]) and row["p_relation"] != "=":
        return "no estimate and no exact p value: words or a threshold"
    if row["kind"] == "ratio" and row["statistic"] != "RR":
        return f"{row['statistic'] or 'a p value alone'} does not give this measure"
    if derivation.measure == "MD100":
        return "gives no difference in points"
    return "the arm it is set against is in no admissible comparison, or has no such result"


def _why_not_admissible(pair: dict[str, Any], names: Mapping[str, str]) -> str:
    if pair["exclude_reason"]:
        return readable(pair["exclude_reason"], names) or UNREADABLE
    if pair["comparator"] == "acupuncture":
        return "acupuncture against acupuncture"
    if pair["needle"] != "yes":
        return f"needle through the skin: {pair['needle'] or 'not said'}"
    if pair["isolates"] != "yes":
        return f"isolates the needling: {pair['isolates'] or 'not said'}"
    return "the trial is not known to be randomised"
