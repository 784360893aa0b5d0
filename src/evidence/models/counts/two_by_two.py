"""Read 2x2 tables (or counts in person-time) from arrays or a frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...effects.inputs import NOT_NEGATIVE, POSITIVE, read
from ...effects.measures.effect_size import effect_size
from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats

Counts = ArrayLike | None


@dataclass(frozen=True, eq=False)
class Tables:
    """k trials: group 1 has ``ai`` events and ``bi`` without, group 2 ``ci`` and ``di``; all (k,) arrays."""

    ai: Floats
    bi: Floats
    ci: Floats
    di: Floats

    @property
    def k(self) -> int:
        return len(self.ai)

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

    def effects(self, measure: str) -> pd.DataFrame:
        """Their yi and vi, 0.5 added to every cell of a trial with a zero; NaN for trials without information."""
        return effect_size(measure, add=0.5, to="only0", drop00=True, ai=self.ai, bi=self.bi, ci=self.ci, di=self.di)

    def only(self, keep: NDArray[np.bool_]) -> Tables:
        return Tables(self.ai[keep], self.bi[keep], self.ci[keep], self.di[keep])


@dataclass(frozen=True, eq=False)
class Rates:
    """k trials: ``x1`` events in ``t1`` person-time, ``x2`` in ``t2``; all (k,) arrays."""

    x1: Floats
    t1: Floats
    x2: Floats
    t2: Floats

    @property
    def k(self) -> int:
        return len(self.x1)

    def effects(self) -> pd.DataFrame:
        """Their log rate ratios, 0.5 added to both counts where one is zero; NaN without any event."""
        return effect_size("IRR", add=0.5, to="only0", drop00=True, x1=self.x1, t1=self.t1, x2=self.x2, t2=self.t2)


def read_tables(
    ai: Counts | pd.DataFrame, bi: Counts, ci: Counts, di: Counts, n1: Counts = None, n2: Counts = None
) -> Tables:
    """Tables from counts of events and of others, or of events and totals ``n1``, ``n2``; or a frame of those.

    Raises
    ------
    InvalidInput
        A count is missing, negative, or above its total; a group is empty.
    """
    given = _given({"ai": ai, "bi": bi, "ci": ci, "di": di, "n1": n1, "n2": n2})
    for events, others, total in (("ai", "bi", "n1"), ("ci", "di", "n2")):
        if events not in given or (others in given) == (total in given):
            raise InvalidInput(f"a 2x2 table needs {events} and one of {others} and {total}")
        if total in given:
            some, size = read(**{events: (given[events], NOT_NEGATIVE), total: (given[total], NOT_NEGATIVE)})
            if np.any(some > size):
                raise InvalidInput(f"{events} exceeds {total} in row {int(np.argmax(some > size))}")
            given[others] = size - some
    cells = read(**{name: (given[name], NOT_NEGATIVE) for name in ("ai", "bi", "ci", "di")})
    tables = Tables(*(np.atleast_1d(cell).astype(float) for cell in cells))
    empty = (tables.n1 == 0) | (tables.n2 == 0)
    if empty.any():
        raise InvalidInput(f"row {int(np.argmax(empty))} has a group without people")
    return tables


def read_rates(x1: Counts | pd.DataFrame, t1: Counts, x2: Counts, t2: Counts) -> Rates:
    """Counts and person-times from arrays or a frame."""
    given = _given({"x1": x1, "t1": t1, "x2": x2, "t2": t2})
    missing = [name for name in ("x1", "t1", "x2", "t2") if name not in given]
    if missing:
        raise InvalidInput(f"rates need x1, t1, x2, t2; missing: {', '.join(missing)}")
    rules = {"x1": NOT_NEGATIVE, "t1": POSITIVE, "x2": NOT_NEGATIVE, "t2": POSITIVE}
    values = read(**{name: (given[name], rule) for name, rule in rules.items()})
    return Rates(*(np.atleast_1d(value).astype(float) for value in values))


def require_both_groups(first: Floats, second: Floats, what: str) -> None:
    """Raise `NotEstimable` when one side of a ratio adds up to zero."""
    if first.sum() <= 0 or second.sum() <= 0:
        raise NotEstimable(f"no {what} can be pooled: over all trials one group has no events, or nothing but events")


def _given(values: dict[str, Counts | pd.DataFrame]) -> dict[str, ArrayLike]:
    first = next(iter(values))
    frame = values[first]
    if isinstance(frame, pd.DataFrame):
        if any(value is not None for name, value in values.items() if name != first):
            raise InvalidInput("give either a frame with the counts or the counts, not both")
        return {name: frame[name].to_numpy() for name in values if name in frame}
    return {name: value for name, value in values.items() if value is not None and not isinstance(value, pd.DataFrame)}
