"""Adverse events in each arm: people with one, of people treated, and of what kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...base.rows import rows_of
from ...derive.align import arm_sizes
from ...derive.evidence_base import EvidenceBase
from ...derive.labels import labels
from ...derive.notes import readable
from ...effects.recover.exact_counts import exact_proportion
from ..counted import counted
from ..wording.vocabulary import Vocabulary

#: What a definition counts when harms.csv does not say.
_UNGRADED = "ungraded"
_COLUMNS = (
    "study",
    "label",
    "condition",
    "arm",
    "role",
    "definition",
    "kind",
    "serious",
    "events",
    "n",
    "percent",
    "counted",
    "note",
)


def harm_arms(db: EvidenceBase) -> pd.DataFrame:
    """One row an arm and definition, as `Safety.arms`, of the conditions that have a line of their own."""
    names, sizes, wanted = labels(db), arm_sizes(db), Vocabulary.of(db).headline
    kinds = dict(zip(db.harms["definition"], db.harms["kind"], strict=True))
    conditions = dict(zip(db.studies["study_id"], db.studies["condition"], strict=True))
    roles = {(row["study_id"], row["arm"]): row["role"] for row in rows_of(db.arms)}
    rows = []
    for row in rows_of(db.results[db.results["outcome"] == "adverse_event"]):
        study, arm = row["study_id"], row["arm"]
        if conditions[study] not in wanted:
            continue
        kind, found = kinds.get(row["definition"], _UNGRADED), counted(row, sizes)
        rows.append(
            {
                "study": study,
                "label": names[study],
                "condition": conditions[study],
                "arm": arm,
                "role": roles[study, arm],
                "definition": row["definition"],
                "kind": kind,
                "serious": kind == "serious",
                "events": found.events,
                "n": found.n,
                "percent": row["percent"],
                "counted": found.how,
                "note": readable(row["note"], names),
            }
        )
    return _with_intervals(pd.DataFrame(rows, columns=list(_COLUMNS)))


def _with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    frame["ci_low"], frame["ci_high"] = np.nan, np.nan
    known = frame["events"].notna() & frame["n"].notna()
    if known.any():
        found = exact_proportion(frame.loc[known, "events"], frame.loc[known, "n"])
        for name, values in zip(("percent", "ci_low", "ci_high"), found, strict=True):
            frame.loc[known, name] = 100 * values
    columns = [name for name in frame.columns if name not in ("counted", "note")]
    return frame[[*columns, "counted", "note"]]
