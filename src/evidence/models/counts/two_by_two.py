"""Read 2x2 tables (or counts in person-time) from arrays, Series paired by label, or a frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...effects.inputs import POSITIVE, Rule, label_index, read, require_distinct
from ...effects.measures.effect_size import effect_size
from ...effects.measures.names import columns_named
from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats
from ..studies import Column, Studies, read_studies

# Shares of people occur (a correction of 0.5), shares of a millionth do not.
_PEOPLE = Rule(lambda x: (x == 0) | ((x >= 1e-6) & (x <= 1e15)), "be 0, or a count from 1e-6 to 1e15")
Counts = ArrayLike | pd.Series | None
_OTHERS = {"bi": ("ai", "n1"), "di": ("ci", "n2")}  # what is left of a total without the events


@dataclass(frozen=True, eq=False)
class Rows:
    """Where trials came from: their frame, or the labels of their Series; None where they have none."""

    frame: pd.DataFrame | None
    index: pd.Index | None


class Trials(ABC):
    """k trials that came as counts."""

    rows: Rows

    @abstractmethod
    def counts(self) -> dict[str, Floats]:
        """The counts by name, (k,) arrays."""

    @property
    def k(self) -> int:
        return len(next(iter(self.counts().values())))

    def studies(self, measure: str, slab: Column | None, add: float = 0.5) -> Studies:
        """The trials' own effects; those without information are left out.

        ``add`` goes to every count of a trial with a zero.
        """
        counts: dict[str, Any] = self.counts()
        own = effect_size(measure, add=add, to="only0", drop00=True, **counts)
        yi, vi = own["yi"].to_numpy(), own["vi"].to_numpy()
        if self.rows.frame is not None:
            return read_studies(self.rows.frame.assign(yi=yi, vi=vi), slab=slab)
        return read_studies(pd.Series(yi, self.rows.index), pd.Series(vi, self.rows.index), slab)


@dataclass(frozen=True, eq=False)
class Tables(Trials):
    """Trials in which group 1 has ``ai`` events and ``bi`` without, group 2 ``ci`` and ``di``; all (k,) arrays."""

    ai: Floats
    bi: Floats
    ci: Floats
    di: Floats
    rows: Rows

    def counts(self) -> dict[str, Floats]:
        return {"ai": self.ai, "bi": self.bi, "ci": self.ci, "di": self.di}

    @property
    def n1(self) -> Floats:
        return self.ai + self.bi

    @property
    def n2(self) -> Floats:
        return self.ci + self.di

    @property
    def events(self) -> Floats:
        return self.ai + self.ci

    @property
    def total(self) -> Floats:
        return self.n1 + self.n2

    @property
    def informative(self) -> NDArray[np.bool_]:
        """Trials with an event and a person without one: the others say nothing about an odds ratio."""
        return np.asarray((self.events > 0) & (self.bi + self.di > 0))

    def only_informative(self) -> Tables:
        """The trials that are `informative`; which rows they came from is no longer known."""
        return self.only(self.informative)

    def only(self, keep: NDArray[np.bool_]) -> Tables:
        """Some of the trials; which rows they came from is no longer known."""
        return Tables(self.ai[keep], self.bi[keep], self.ci[keep], self.di[keep], Rows(None, None))


@dataclass(frozen=True, eq=False)
class Rates(Trials):
    """Trials with ``x1`` events in ``t1`` person-time, and ``x2`` in ``t2``; all (k,) arrays."""

    x1: Floats
    t1: Floats
    x2: Floats
    t2: Floats
    rows: Rows

    def counts(self) -> dict[str, Floats]:
        return {"x1": self.x1, "t1": self.t1, "x2": self.x2, "t2": self.t2}


def read_tables(
    ai: Counts | pd.DataFrame, bi: Counts, ci: Counts, di: Counts, n1: Counts = None, n2: Counts = None
) -> Tables:
    """Tables from counts of events and of others, or of events and totals ``n1``, ``n2``; or a frame of those.

    Raises
    ------
    InvalidInput
        A count is missing, negative, or above its total; a group is empty; labels differ.
    """
    given, rows = given_counts({"ai": ai, "bi": bi, "ci": ci, "di": di, "n1": n1, "n2": n2})
    for others, (events, total) in _OTHERS.items():
        if events not in given or (others in given) == (total in given):
            raise InvalidInput(f"a 2x2 table needs {events} and one of {others} and {total}")
    counts = read_counts(dict.fromkeys(given, _PEOPLE), given)
    for others, (events, total) in _OTHERS.items():
        if total in counts:
            counts[others] = counts.pop(total) - counts[events]
            if (counts[others] < 0).any():
                raise InvalidInput(f"{events} exceeds {total} in row {int(np.argmax(counts[others] < 0))}")
    tables = Tables(counts["ai"], counts["bi"], counts["ci"], counts["di"], rows)
    empty = (tables.n1 == 0) | (tables.n2 == 0)
    if empty.any():
        raise InvalidInput(f"row {int(np.argmax(empty))} has a group without people")
    return tables


def read_rates(x1: Counts | pd.DataFrame, t1: Counts, x2: Counts, t2: Counts) -> Rates:
    """Counts and person-times from arrays or a frame."""
    given, rows = given_counts({"x1": x1, "t1": t1, "x2": x2, "t2": t2})
    missing = [name for name in ("x1", "t1", "x2", "t2") if name not in given]
    if missing:
        raise InvalidInput(f"rates need x1, t1, x2, t2; missing: {', '.join(missing)}")
    counts = read_counts({"x1": _PEOPLE, "t1": POSITIVE, "x2": _PEOPLE, "t2": POSITIVE}, given)
    return Rates(counts["x1"], counts["t1"], counts["x2"], counts["t2"], rows)


def require_both_groups(first: Floats, second: Floats, what: str) -> None:
    """Raise `NotEstimable` when one side of a ratio adds up to zero."""
    if first.sum() <= 0 or second.sum() <= 0:
        raise NotEstimable(f"no {what} can be pooled: over all trials one group has no events, or nothing but events")


def given_counts(values: dict[str, Counts | pd.DataFrame]) -> tuple[dict[str, object], Rows]:
    """What was given, by name, and the rows it came from."""
    first = next(iter(values))
    frame = values[first]
    if isinstance(frame, pd.DataFrame):
        if any(value is not None for name, value in values.items() if name != first):
            raise InvalidInput("give either a frame with the counts or the counts, not both")
        require_distinct(frame)
        found = columns_named(frame, values)
        totals = [total for others, (_, total) in _OTHERS.items() if others in found]  # say nothing more
        counts: dict[str, object] = {
            name: frame[column].to_numpy() for name, column in found.items() if name not in totals
        }
        return counts, Rows(frame, frame.index)
    given: dict[str, object] = {name: value for name, value in values.items() if value is not None}
    return given, Rows(None, label_index(*given.values()))


def read_counts(rules: Mapping[str, Rule], given: Mapping[str, object]) -> dict[str, Floats]:
    arrays = read(**{name: (given[name], rule) for name, rule in rules.items()})
    if arrays[0].ndim > 1 or not arrays[0].size:
        raise InvalidInput(f"the counts have shape {arrays[0].shape}; give one of each a trial, shape (k,)")
    return {name: np.atleast_1d(array).astype(float) for name, array in zip(rules, arrays, strict=True)}
