"""Adverse events of arms together, by kind, role and condition, and how many trials say nothing of harms."""

from __future__ import annotations

import pandas as pd

from ...base.rows import rows_of
from ...derive.evidence_base import EvidenceBase
from ...effects.recover.exact_counts import exact_proportion
from ..wording.vocabulary import Vocabulary

_COLUMNS = (
    "condition",
    "role",
    "kind",
    "arms",
    "trials",
    "events",
    "n",
    "percent",
    "ci_low",
    "ci_high",
    "least",
    "most",
)


def totals(arms: pd.DataFrame) -> pd.DataFrame:
    """People with an event in arms of a role, as `Safety.totals`.

    Parameters
    ----------
    arms : DataFrame
        `Safety.arms`.

    Notes
    -----
    An arm counts once: of the kinds of event it gives, the most frequent, since one person may have several. Where
    nobody in an arm had any event, nobody had a serious one.
    """
    known = arms[arms["events"].notna() & arms["n"].notna()]
    light = _once_an_arm(known[known["kind"].isin(("minor", "ungraded"))])
    spared = light[(light["events"] == 0) & (light["kind"] == "ungraded")]
    serious = _once_an_arm(pd.concat([known[known["kind"] == "serious"], spared]))
    rows = [
        _row(group, condition, str(role), kind)
        for kind, counted in (("minor", light), ("serious", serious))
        for condition in ("", *sorted(counted["condition"].unique()))
        for role, group in counted[(counted["condition"] == condition) | (condition == "")].groupby("role")
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def reporting(db: EvidenceBase, arms: pd.DataFrame) -> pd.DataFrame:
    """Trials that say something of harms and trials that do not, as `Safety.reporting`."""
    has_results = set(db.results["study_id"])
    treated = set(db.arms.loc[db.arms["role"] == "acupuncture", "study_id"])
    told, rows, wanted = set(arms["study"]), [], Vocabulary.of(db).headline
    readable = [
        (row["study_id"], row["condition"])
        for row in rows_of(db.studies)
        if row["study_id"] in has_results & treated and row["condition"] in wanted
    ]
    for condition in ("", *sorted({where for _, where in readable})):
        asked = {study for study, where in readable if condition in ("", where)}
        rows.append({"condition": condition, "trials": len(asked), "silent": len(asked - told)})
    return pd.DataFrame(rows)


def _once_an_arm(rows: pd.DataFrame) -> pd.DataFrame:
    order = rows.sort_values(["events", "definition"], ascending=[False, True], kind="stable")
    return order.drop_duplicates(["study", "arm"])


def _row(group: pd.DataFrame, condition: str, role: str, kind: str) -> dict[str, object]:
    events, n = group["events"].sum(), group["n"].sum()
    found = exact_proportion(events, n)
    return {
        "condition": condition,
        "role": role,
        "kind": kind,
        "arms": len(group),
        "trials": group["study"].nunique(),
        "events": events,
        "n": n,
        "percent": 100 * found.proportion,
        "ci_low": 100 * found.ci_low,
        "ci_high": 100 * found.ci_high,
        "least": group["percent"].min(),
        "most": group["percent"].max(),
    }
