"""All candidates for one measure, the chosen ones, and why other rows gave nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import pandas as pd

from ..base.tables import TrialTables
from .align import Reported
from .comparisons import comparisons
from .effects_table import Chosen, Treatment, effects_table, treatments
from .hierarchy import Hierarchy
from .routes.candidate import Candidate, across
from .routes.comparison import Comparison
from .routes.registry import ROUTES
from .routes.route import Reports, Route


class _Ranked(NamedTuple):
    """A candidate for one outcome, with its place among those for the same trial, comparator and window."""

    outcome: str
    candidate: Candidate
    order: tuple[float | str, ...]


class Derivation:
    """All candidates of one measure, the chosen ones, and why the other rows gave nothing."""

    def __init__(self, db: TrialTables, measure: str, rows: Mapping[str, list[Reported]]) -> None:
        self.db, self.measure, self.rows = db, measure, rows
        self.faults: dict[str, str] = {}
        self.used: set[str] = set()  # result rows that are part of an effect
        self.passed_over: dict[str, str] = {}
        self._of_kinds: dict[frozenset[str], list[Route]] = {}

    @cached_property
    def effects(self) -> pd.DataFrame:
        frame = effects_table(self.db, self.measure, self._chosen())
        for name in ("outcome", "time", "mechanism"):
            if name in self.db.scope:
                frame = frame[frame[name].isin(self.db.scope[name])]
        return frame.reset_index(drop=True)

    def _chosen(self) -> Iterator[Chosen]:
        """The candidate that stands for each trial, comparator, outcome and window."""
        for study, compared in groupby(comparisons(self.db), itemgetter(0)):
            rows = self.rows.get(study, [])
            for _, comparator, parts in compared:
                for (outcome, window), ranked in self._best(self._ranked(study, parts, rows)).items():
                    self.used.update(row.id for row in ranked.candidate.rows)
                    yield Chosen(study, comparator, outcome, window, ranked.candidate, parts)

    def _best(self, every: Iterable[_Ranked]) -> dict[tuple[str, str], _Ranked]:
        """The first in rank of each outcome and window; the others are passed over."""
        best: dict[tuple[str, str], _Ranked] = {}
        for ranked in every:
            slot = ranked.outcome, ranked.candidate.rows[0].at.window
            held = best.setdefault(slot, ranked)
            winner, loser = (ranked, held) if ranked.order < held.order else (held, ranked)
            best[slot] = winner
            if winner is not loser:
                self._pass_over(loser.candidate, winner.candidate)
        return best

    def _ranked(self, study: str, parts: Sequence[Comparison], rows: Sequence[Reported]) -> Iterator[_Ranked]:
        """Candidates from those rows of a trial that are about these arms, for each outcome that they may stand for."""
        arms = {arm for part in parts for arm in (*part.ours, *part.theirs)}
        weeks = self._treatment_weeks(study, parts)
        keyed: dict[tuple[Any, ...], list[Reported]] = defaultdict(list)
        for row in rows:
            if row.arm in arms or row.versus in arms:
                if row.unusable:
                    self._fail(row, row.unusable)
                else:
                    keyed[row.key].append(row)
        usable = [row for row in rows if not row.unusable]
        for alike in keyed.values():
            found: dict[str, list[Candidate]] = defaultdict(list)
            routes = self._routes(frozenset([row.kind for row in alike]))
            for part in parts if routes else ():
                reports = Reports(part, alike, usable, self.measure, self._fail)
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
    def _treatments(self) -> Mapping[tuple[str, str], Treatment]:
        return treatments(self.db)

    def _treatment_weeks(self, study: str, parts: Sequence[Comparison]) -> float:
        known = [self._treatments[study, arm].weeks for part in parts for arm in part.ours]
        return max((weeks for weeks in known if not math.isnan(weeks)), default=math.nan)
