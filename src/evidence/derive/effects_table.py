"""The effects frame of one measure: what each chosen candidate comes to, beside what is known of its trial."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ..base.once import once
from ..base.tables import TrialTables
from .blinding import blinding
from .comparisons import admissible
from .hierarchy import Hierarchy
from .labels import labels
from .routes.candidate import Candidate
from .routes.comparison import Comparison
from .routes.numbers import computed

#: Columns of the effects frame.
COLUMNS = (
    "study",
    "label",
    "year",
    "condition",
    "comparator",
    "outcome",
    "measured",
    "mechanism",
    "time",
    "week",
    "measure",
    "yi",
    "vi",
    "n_acupuncture",
    "n_comparator",
    "style",
    "sessions",
    "sessions_per_week",
    "directness",
    "participants_blinded",
    "risk_of_bias",
    "route",
    "derivation",
    "confidence",
    "imputed",
    "result_ids",
)


class Chosen(NamedTuple):
    """A candidate, what it stands for, and the arms that are compared."""

    study: str
    comparator: str
    outcome: str
    window: str
    candidate: Candidate
    parts: Sequence[Comparison]


class Treatment(NamedTuple):
    """What arms.csv tells of the treatment in one arm."""

    style: str
    sessions: float
    weeks: float
    sessions_per_week: float


class _Trial(NamedTuple):
    """What the tables tell of one trial."""

    condition: str
    year: float
    directness: str


@once
def treatments(db: TrialTables) -> dict[tuple[str, str], Treatment]:
    """The treatment in each arm that is compared with another, by trial and arm.

    Parameters
    ----------
    db : TrialTables
        The trials.
    """
    compared = set(_cells(admissible(db), ("study_id", "arm")))
    told = zip(_cells(db.arms, ("study_id", "arm")), _cells(db.arms, Treatment._fields), strict=True)
    return {arm: Treatment._make(cells) for arm, cells in told if arm in compared}


def effects_table(db: TrialTables, measure: str, chosen: Iterable[Chosen]) -> pd.DataFrame:
    """One row a chosen candidate.

    Parameters
    ----------
    db : TrialTables
        The trials.
    measure : str
        The measure of the effects.
    chosen : iterable of Chosen
        What stands for each trial, comparator, outcome and window.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, rows in the order given.
    """
    trials = dict(zip(db.studies["study_id"], map(_Trial._make, _cells(db.studies, _Trial._fields)), strict=True))
    mechanisms = dict(zip(db.outcomes["outcome"], db.outcomes["mechanism"], strict=True))
    names, given, hierarchy = labels(db), treatments(db), Hierarchy.of(db)
    blind, bias = blinding(db), _risk_of_bias(db)
    numbers, rows = [], []
    for study, comparator, outcome, window, candidate, parts in chosen:
        numbers.append(candidate.numbers)
        trial, first = trials[study], candidate.rows[0]
        involved = {arm for row in candidate.rows for arm in (row.arm, row.versus)}
        arms = [given[study, arm] for part in parts for arm in part.ours if arm in involved]
        notes = [
            *candidate.notes,
            first.at.remark,
            "crossover read as parallel groups" if parts[0].crossover else "",
            f"{first.outcome.replace('_', ' ')} stands in for {outcome}"
            if hierarchy.stands_in(trial.condition, outcome, first.outcome)
            else "",
        ]
        rows.append(
            (
                study,
                names[study],
                trial.year,
                trial.condition,
                comparator,
                outcome,
                first.outcome,
                mechanisms.get(outcome, ""),
                window,
                first.at.week,
                measure,
                candidate.n1,
                candidate.n2,
                "|".join(sorted({arm.style for arm in arms} - {""})),
                _mean(arm.sessions for arm in arms),
                _mean(_weekly(arm) for arm in arms if arm.weeks != 0),
                trial.directness,
                blind.participants(study, comparator),
                bias.get(study, ""),
                candidate.route,
                "; ".join(dict.fromkeys(filter(None, notes))),
                "low" if candidate.doubtful or any(row.doubtful for row in candidate.rows) else "high",
                candidate.imputed,
                "|".join(dict.fromkeys(row.id for row in candidate.rows)),
            )
        )
    at = COLUMNS.index("yi")
    effects = zip(rows, computed(numbers).tolist(), strict=True)
    return pd.DataFrame([(*row[:at], *effect, *row[at:]) for row, effect in effects], columns=list(COLUMNS))


@once
def _risk_of_bias(db: TrialTables) -> dict[str, str]:
    """Trial to "high" (a domain is), "low" (every judged domain is) or "unclear"; absent where nobody judged."""
    judged = db.risk_of_bias[["study_id", "judgement"]]
    unclear = dict.fromkeys(judged.loc[judged["judgement"] != "Low", "study_id"], "unclear")
    high = dict.fromkeys(judged.loc[judged["judgement"] == "High", "study_id"], "high")
    return dict.fromkeys(judged["study_id"], "low") | unclear | high


def _cells(table: pd.DataFrame, names: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns, as tuples of plain values."""
    return zip(*(table[name].tolist() for name in names), strict=True)


def _weekly(arm: Treatment) -> float:
    return arm.sessions / arm.weeks if math.isnan(arm.sessions_per_week) else arm.sessions_per_week


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
