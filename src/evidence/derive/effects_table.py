"""The effects frame of one measure: what each chosen candidate comes to, beside what is known of its trial."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import attrgetter
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


class EffectRow(NamedTuple):
    """One row of the effects frame."""

    study: str
    label: str
    year: float
    condition: str
    comparator: str
    outcome: str
    measured: str
    mechanism: str
    time: str
    week: float
    measure: str
    yi: float
    vi: float
    n_acupuncture: float
    n_comparator: float
    style: str
    sessions: float
    sessions_per_week: float
    directness: str
    participants_blinded: str
    risk_of_bias: str
    route: str
    derivation: str
    confidence: str
    imputed: bool
    result_ids: str


#: Columns of the effects frame.
COLUMNS = EffectRow._fields


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
        Columns `COLUMNS`, rows by condition, comparator, outcome, window and trial.
    """
    each = list(chosen)
    rows = _Rows(db, measure)
    numbers = computed([one.candidate.numbers for one in each]).tolist()
    found = [rows.of(one, yi, vi) for one, (yi, vi) in zip(each, numbers, strict=True)]
    found.sort(key=attrgetter("condition", "comparator", "outcome", "time", "study"))
    return pd.DataFrame(found, columns=list(COLUMNS))


class _Rows:
    """Rows of the effects frame, with what they take from the tables."""

    def __init__(self, db: TrialTables, measure: str) -> None:
        trials = map(_Trial._make, _cells(db.studies, _Trial._fields))
        self._trials = dict(zip(db.studies["study_id"], trials, strict=True))
        self._mechanisms = dict(zip(db.outcomes["outcome"], db.outcomes["mechanism"], strict=True))
        self._labels, self._treatments, self._hierarchy = labels(db), treatments(db), Hierarchy.of(db)
        self._blinding, self._risk_of_bias, self._measure = blinding(db), _risk_of_bias(db), measure

    def of(self, chosen: Chosen, yi: float, vi: float) -> EffectRow:
        study, comparator, outcome, window, candidate, parts = chosen
        trial, first = self._trials[study], candidate.rows[0]
        involved = {arm for row in candidate.rows for arm in (row.arm, row.versus)}
        arms = [self._treatments[study, arm] for part in parts for arm in part.ours if arm in involved]
        stands_in = self._hierarchy.stands_in(trial.condition, outcome, first.outcome)
        notes = [
            *candidate.notes,
            first.at.remark,
            "crossover read as parallel groups" if parts[0].crossover else "",
            f"{first.outcome.replace('_', ' ')} stands in for {outcome}" if stands_in else "",
        ]
        doubtful = candidate.doubtful or any(row.doubtful for row in candidate.rows)
        return EffectRow(
            study=study,
            label=self._labels[study],
            year=trial.year,
            condition=trial.condition,
            comparator=comparator,
            outcome=outcome,
            measured=first.outcome,
            mechanism=self._mechanisms.get(outcome, ""),
            time=window,
            week=first.at.week,
            measure=self._measure,
            yi=yi,
            vi=vi,
            n_acupuncture=candidate.n1,
            n_comparator=candidate.n2,
            style="|".join(sorted({arm.style for arm in arms} - {""})),
            sessions=_mean(arm.sessions for arm in arms),
            sessions_per_week=_mean(_weekly(arm) for arm in arms if arm.weeks != 0),
            directness=trial.directness,
            participants_blinded=self._blinding.participants(study, comparator),
            risk_of_bias=self._risk_of_bias.get(study, ""),
            route=candidate.route,
            derivation="; ".join(dict.fromkeys(filter(None, notes))),
            confidence="low" if doubtful else "high",
            imputed=candidate.imputed,
            result_ids="|".join(dict.fromkeys(row.id for row in candidate.rows)),
        )


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
