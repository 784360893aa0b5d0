"""The fragility index of a meta-analysis of counts: people whose other outcome would change its conclusion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...models.engine.engine import Floats
from ...models.engine.inference import Interval
from .recount import Recount

_MOST = 1000
_COLUMNS = ["trial", "group", "change", "ci_low", "ci_high"]
#: What a person's other outcome does to ai, bi, ci, di, and how it is told: group and change of events.
_LOWER = ((np.array([-1.0, 1, 0, 0]), 1, -1), (np.array([0.0, 0, 1, -1]), 2, 1))
_HIGHER = ((np.array([1.0, -1, 0, 0]), 1, 1), (np.array([0.0, 0, -1, 1]), 2, -1))


@dataclass(frozen=True, slots=True)
class Flips:
    """People whose outcome was changed, one a row; why that changed nothing, where it did not."""

    events: int | None
    reason: str
    changes: pd.DataFrame

    @staticmethod
    def nothing() -> pd.DataFrame:
        return pd.DataFrame(columns=_COLUMNS)


def flips(data: Recount, slab: tuple[str, ...], ci: Interval) -> Flips:
    """Change one outcome at a time, each the one that moves the interval furthest, until its conclusion changes."""
    positive, excludes = ci.low + ci.high > 0, not ci.low <= 0 <= ci.high
    # to include zero an effect above it has to fall; to exclude zero it has to rise
    falling = positive == excludes
    moves = _LOWER if falling else _HIGHER
    counts, rows = data.counts.copy(), []
    for _ in range(_MOST):
        versions, labels = _versions(counts, moves)
        if not labels:
            return Flips(None, "everybody's other outcome would not change the conclusion", Flips.nothing())
        ends = data.intervals(versions)
        near = ends[:, 0] if positive else ends[:, 1]
        best = _best(near, falling)
        if best is None:
            return Flips(None, "with the outcomes changed no interval can be had any more", Flips.nothing())
        counts = versions[best]
        low, high = ends[best].tolist()
        trial, group, change = labels[best]
        rows.append((slab[trial], group, change, low, high))
        if (low <= 0 <= high) == excludes:
            return Flips(len(rows), "", pd.DataFrame(rows, columns=_COLUMNS))
    return Flips(None, f"other outcomes for {_MOST:,} people would not change the conclusion", Flips.nothing())


def _versions(counts: Floats, moves: tuple[tuple[Floats, int, int], ...]) -> tuple[Floats, list[tuple[int, int, int]]]:
    """The counts with one person changed, (B, k, 4), and trial, group and change of each."""
    versions, labels = [], []
    for step, group, change in moves:
        for trial in np.flatnonzero((counts + step >= 0).all(axis=1)).tolist():
            version = counts.copy()
            version[trial] += step
            versions.append(version)
            labels.append((trial, group, change))
    return np.array(versions), labels


def _best(near: Floats, falling: bool) -> int | None:
    """Which interval's near end moved furthest; None where there is no interval."""
    if np.isnan(near).all():
        return None
    return int(np.nanargmin(near) if falling else np.nanargmax(near))
