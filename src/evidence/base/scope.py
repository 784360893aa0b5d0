"""What may be chosen from the tables, and the rows that a choice leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from ..effects.arguments import each_of, shown
from ..errors import InvalidInput
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


def require_words(tables: TrialTables, empty: str = "", /, **asked: object) -> None:
    """Raise `InvalidInput` unless each word of a question stands in its vocabulary.

    Parameters
    ----------
    tables : TrialTables
    empty : str
        Name of the word that may be left out: "" is then no choice.
    **asked
        Words by the name of the argument of `TrialTables.select`.
    """
    words = vocabulary(tables)
    for name, value in asked.items():
        if not (isinstance(value, str) and (value in words[name] or (name == empty and not value))):
            raise InvalidInput(f"{name}={shown(value)}: choose among {', '.join(sorted(words[name]))}")


def words_of(name: str, choice: object, known: set[str]) -> tuple[str, ...]:
    """The words of a choice: one, or several in a collection.

    Parameters
    ----------
    name : str
        Of the argument.
    choice : object
        What was given for it.
    known : set of str
        Its vocabulary.

    Raises
    ------
    InvalidInput
        No word, or one that is not in the vocabulary.
    """
    values = each_of(choice)
    words = tuple(value for value in values if isinstance(value, str) and value in known)
    if not words or len(words) < len(values):
        raise InvalidInput(f"{name}={shown(choice)}: choose among {', '.join(sorted(known))}")
    return words


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
