"""All candidates for one measure, the chosen ones, and why other rows gave nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from ..base.rows import rows_of
from ..base.tables import TrialTables
from .align import Reported
from .blinding import Blinding, blinding
from .comparisons import comparisons
from .hierarchy import Hierarchy
from .labels import labels
from .routes.candidate import Candidate, across
from .routes.comparison import Comparison
from .routes.numbers import computed
from .routes.registry import ROUTES
from .routes.route import Reports, Route

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


@dataclass(frozen=True)
class _Ranked:
    """A candidate for one outcome, with its place among those for the same trial, comparator and window."""

    outcome: str
    candidate: Candidate
    order: tuple[float | str, ...]


class _Chosen(NamedTuple):
    """A candidate, what it stands for, and the arms that are compared."""

    study: str
    comparator: str
    outcome: str
    window: str
    candidate: Candidate
    parts: Sequence[Comparison]


class Derivation:
    """All candidates of one measure, the chosen ones, and why the other rows gave nothing."""

    def __init__(self, db: TrialTables, measure: str, rows: Mapping[str, list[Reported]]) -> None:
        self.db, self.measure, self.rows = db, measure, rows
        self.faults: dict[str, str] = {}
        self.used: dict[str, set[str]] = defaultdict(set)  # result row -> rows of the effects it is part of
        self.passed_over: dict[str, str] = {}
        self._of_kinds: dict[frozenset[str], list[Route]] = {}

    @cached_property
    def effects(self) -> pd.DataFrame:
        chosen = list(self._chosen())
        numbers = computed([each.candidate.numbers for each in chosen]).tolist()
        rows = [self._row(each, yi, vi) for each, (yi, vi) in zip(chosen, numbers, strict=True)]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        for name in ("outcome", "time", "mechanism"):
            if name in self.db.scope:
                frame = frame[frame[name].isin(self.db.scope[name])]
        return frame.sort_values(["condition", "comparator", "outcome", "time", "study"], ignore_index=True)

    def _chosen(self) -> Iterator[_Chosen]:
        """The candidate that stands for each trial, comparator, outcome and window."""
        for study, comparator, parts in comparisons(self.db):
            best: dict[tuple[str, str], _Ranked] = {}
            for ranked in self._ranked(study, parts):
                slot = ranked.outcome, ranked.candidate.rows[0].at.window
                held = best.setdefault(slot, ranked)
                winner, loser = (ranked, held) if ranked.order < held.order else (held, ranked)
                best[slot] = winner
                if winner is not loser:
                    self._pass_over(loser.candidate, winner.candidate)
            for (outcome, window), ranked in best.items():
                for row in ranked.candidate.rows:
                    self.used[row.id].add(outcome)
                yield _Chosen(study, comparator, outcome, window, ranked.candidate, parts)

    def _ranked(self, study: str, parts: Sequence[Comparison]) -> Iterator[_Ranked]:
        """Candidates from all rows of a trial about these arms, for each outcome that they may stand for."""
        arms = {arm for part in parts for arm in (*part.ours, *part.theirs)}
        weeks = self._treatment_weeks(study, parts)
        keyed: dict[tuple[Any, ...], list[Reported]] = defaultdict(list)
        usable = []
        for row in self.rows.get(study, []):
            if not row.unusable:
                usable.append(row)
            if row.arm in arms or row.versus in arms:
                if row.unusable:
                    self._fail(row, row.unusable)
                else:
                    keyed[row.key].append(row)
        for rows in keyed.values():
            found: dict[str, list[Candidate]] = defaultdict(list)
            routes = self._routes(frozenset(row.kind for row in rows))
            for part in parts if routes else ():
                reports = Reports(part, rows, usable, self.measure, self._fail)
                for route in routes:
                    candidate = route(reports)
                    if candidate is not None:
                        found[candidate.route].append(candidate)
            for candidates in found.values():
                joined = across(candidates)
                for outcome in self._hierarchy.pools(study, joined.rows[0], self.measure):
                    place = self._hierarchy.preference(study, outcome, joined, weeks)
                    yield _Ranked(outcome, joined, (*place, min(row.id for row in joined.rows)))

    def _routes(self, kinds: frozenset[str]) -> list[Route]:
        """The routes that may read rows of these kinds."""
        if kinds not in self._of_kinds:
            self._of_kinds[kinds] = [route for route in ROUTES if route.reads(self.measure, kinds)]
        return self._of_kinds[kinds]

    def _fail(self, row: Reported, reason: str) -> None:
        self.faults.setdefault(row.id, reason)

    def _pass_over(self, loser: Candidate, winner: Candidate) -> None:
        taken = "|".join(row.id for row in winner.rows)
        for row in loser.rows:
            self.passed_over[row.id] = f"another result stands for this trial, outcome and window: {taken}"

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        return Hierarchy.of(self.db)

    @cached_property
    def _arms(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["study_id"], row["arm"]): row for row in rows_of(self.db.arms)}

    @cached_property
    def _studies(self) -> dict[str, dict[str, Any]]:
        return {row["study_id"]: row for row in rows_of(self.db.studies)}

    @cached_property
    def _risk_of_bias(self) -> dict[str, str]:
        """Trial to "high" (a domain is), "low" (every judged domain is) or "unclear"; absent where nobody judged."""
        judged = self.db.risk_of_bias.groupby("study_id")["judgement"].agg(set)
        return {
            str(trial): "high" if "High" in words else "low" if words == {"Low"} else "unclear"
            for trial, words in judged.items()
        }

    @cached_property
    def _blinding(self) -> Blinding:
        return blinding(self.db)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return labels(self.db)

    @cached_property
    def _mechanisms(self) -> dict[str, str]:
        return dict(zip(self.db.outcomes["outcome"], self.db.outcomes["mechanism"], strict=True))

    def _treatment_weeks(self, study: str, parts: Sequence[Comparison]) -> float:
        known = [self._arms[study, arm]["weeks"] for part in parts for arm in part.ours]
        return max((weeks for weeks in known if not math.isnan(weeks)), default=math.nan)

    def _row(self, chosen: _Chosen, yi: float, vi: float) -> dict[str, Any]:
        study, comparator, outcome, window, candidate, parts = chosen
        trial, first = self._studies[study], candidate.rows[0]
        involved = {arm for row in candidate.rows for arm in (row.arm, row.versus)}
        arms = [self._arms[study, arm] for part in parts for arm in part.ours if arm in involved]
        sessions = _mean([arm["sessions"] for arm in arms])
        weekly = [
            arm["sessions_per_week"] if not math.isnan(arm["sessions_per_week"]) else arm["sessions"] / arm["weeks"]
            for arm in arms
            if arm["weeks"] != 0
        ]
        stands_in = self._hierarchy.stands_in(trial["condition"], outcome, first.outcome)
        notes = [
            first.at.remark,
            "crossover read as parallel groups" if parts[0].crossover else "",
            f"{first.outcome.replace('_', ' ')} stands in for {outcome}" if stands_in else "",
        ]
        doubtful = candidate.doubtful or any(row.doubtful for row in candidate.rows)
        return {
            "study": study,
            "label": self._labels[study],
            "year": trial["year"],
            "condition": trial["condition"],
            "comparator": comparator,
            "outcome": outcome,
            "measured": first.outcome,
            "mechanism": self._mechanisms.get(outcome, ""),
            "time": window,
            "week": first.at.week,
            "measure": self.measure,
            "yi": yi,
            "vi": vi,
            "n_acupuncture": candidate.n1,
            "n_comparator": candidate.n2,
            "style": "|".join(sorted({arm["style"] for arm in arms} - {""})),
            "sessions": sessions,
            "sessions_per_week": _mean(weekly),
            "directness": trial["directness"],
            "participants_blinded": self._blinding.participants(study, comparator),
            "risk_of_bias": self._risk_of_bias.get(study, ""),
            "route": candidate.route,
            "derivation": "; ".join(dict.fromkeys(note for note in (*candidate.notes, *notes) if note)),
            "confidence": "low" if doubtful else "high",
            "imputed": candidate.imputed,
            "result_ids": "|".join(dict.fromkeys(row.id for row in candidate.rows)),
        }


def _mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
