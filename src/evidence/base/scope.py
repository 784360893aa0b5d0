"""What may be chosen from the tables, and the rows that a choice leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from .package import resources
from .pairs import PHASES, kinds_of_pairs

if TYPE_CHECKING:
    from .tables import TrialTables

Tables = TypeVar("Tables", bound="TrialTables")

#: Tables whose rows go with their trial.
_OF_TRIALS = ("arms", "results", "risk_of_bias", "blinding", "symptom_duration", "trial_facts")


def vocabulary(tables: TrialTables) -> dict[str, set[str]]:
    """Values that each argument of `TrialTables.select` may be.

    Parameters
    ----------
    tables : TrialTables
    """
    enums = {
        name: set(column["constraints"]["enum"])
        for table in ("studies", "comparisons")
        for column in resources()[table]["schema"]["fields"]
        if "enum" in column.get("constraints", {})
        for name in [column["name"]]
    }
    return {
        **enums,
        "condition": set(tables.conditions["condition"]),
        "mechanism": set(tables.mechanisms["mechanism"]),
        "outcome": set(tables.outcomes["outcome"]),
        "style": set(tables.styles["style"]),
        "min_confidence": {"low", "high"},
        "excluded": {"yes", "no"},
        "phase": set(PHASES),
        "time": {"immediate", "short", "intermediate", "long", "unstated"},
    }


def narrowed(tables: Tables) -> Tables:
    """The tables with the rows that their scope asks for.

    Parameters
    ----------
    tables : TrialTables
    """
    scope = tables.scope
    studies = tables.studies
    for name in ("condition", "directness", "randomised"):
        if name in scope:
            studies = studies[studies[name].isin(scope[name])]
    comparisons = tables.comparisons[tables.comparisons["study_id"].isin(studies["study_id"])]
    kinds = kinds_of_pairs(comparisons)
    for name in ("comparator", "isolates", "needle", "excluded", "phase"):
        if name in scope:
            comparisons = comparisons[kinds.loc[comparisons.index, name].isin(scope[name])]
    if "style" in scope:
        styles = tables.arms.set_index(["study_id", "arm"])["style"]
        pairs = pd.MultiIndex.from_frame(comparisons[["study_id", "arm"]])
        comparisons = comparisons[styles.reindex(pairs).isin(scope["style"]).to_numpy()]
    if {"comparator", "isolates", "needle", "excluded", "phase", "style"} & scope.keys():
        studies = studies[studies["study_id"].isin(comparisons["study_id"])]
    results = tables.results
    if scope.get("min_confidence") == ("high",):
        results = results[results["confidence"] == "high"]
    of_trials = {name: getattr(tables, name) for name in _OF_TRIALS} | {"results": results}
    kept = {name: table[table["study_id"].isin(studies["study_id"])] for name, table in of_trials.items()}
    return replace(tables, studies=studies, comparisons=comparisons, **kept)
