"""What a trial would change: its effects, the pools they enter, and the rows that give none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...answers.headline_pools import GROUPS
from ...answers.pooled_table import pooled_table
from ...answers.pools import REPORTED
from ...answers.results import Results
from ...base.rows import rows_of
from ...derive.evidence_base import load
from ..project import Project
from .check import Checked, grown

_NUMBERS = ["estimate", "ci_low", "ci_high", "k", "n"]
_MEASURES = {"SMD": "g {:.2f}", "MD100": "{:.1f} points of 100", "RR": "risk ratio {:.2f}"}


@dataclass(frozen=True)
class Preview:
    """What a trial would change.

    Attributes
    ----------
    effects : DataFrame
        Its own effects, a row a measure, comparator, outcome and time: ``estimate, ci_low, ci_high`` in the units of
        the measure (a risk ratio as its logarithm), ``points`` of 100 where a spread is known, ``n`` people, ``route``
        and ``derivation``.
    pools : DataFrame
        The pools these enter: ``estimate, ci_low, ci_high, k, n`` each with ``_before`` and ``_after``.
    silent : DataFrame
        ``item, reason, measures``: rows, pairs of arms or the trial itself that give no effect.
    """

    effects: pd.DataFrame
    pools: pd.DataFrame
    silent: pd.DataFrame

    def lines(self) -> Iterator[str]:
        """The preview in words, a line each.

        Yields
        ------
        str
        """
        yield f"effects of the trial: {len(self.effects) or 'none'}"
        for row in rows_of(self.effects):
            points = f" (about {row['points']:.1f} points of 100)" if not math.isnan(row["points"]) else ""
            how = ": ".join(filter(None, (row["route"], row["derivation"])))
            yield f"  {_question(row)}: {_estimate(row)}{points}; {row['n']:.0f} people; {how}"
        if len(self.pools):
            yield "pools it enters, before -> after:"
        for row in rows_of(self.pools):
            before = _pool(row, "_before") if row["k_before"] else "nothing"
            yield f"  {row['condition']}, {_question(row)}: {before} -> {_pool(row, '_after')}"
        if len(self.silent):
            yield "no effect from:"
        for row in rows_of(self.silent):
            yield f"  {row['item']} ({row['measures']}): {row['reason']}"


def preview(project: Project, checked: Checked) -> Preview:
    """Compute what a trial would change, in a copy of the data that has its rows.

    Parameters
    ----------
    project : Project
        The data without the trial.
    checked : Checked
        Its forms, without problems.

    Returns
    -------
    Preview
    """
    with grown(project, checked.tables) as raw:
        after = Results(load(raw))
        effects = after.effects[after.effects["study"] == checked.study]
        own, new = _pooled(after, effects), _pooled(after, effects[GROUPS].merge(after.effects, on=GROUPS))
        excluded = after.excluded
    before = Results(load(project.raw))
    old = _pooled(before, effects[GROUPS].merge(before.effects, on=GROUPS))
    pools = new.drop(columns="points").merge(
        old.drop(columns="points"), on=GROUPS, how="left", suffixes=("_after", "_before")
    )
    pools[["k_before", "n_before"]] = pools[["k_before", "n_before"]].fillna(0.0)
    mine = excluded[excluded["study"] == checked.study]
    silent = mine.groupby(["item", "reason"], sort=False)["measure"].agg(", ".join).rename("measures").reset_index()
    return Preview(own.merge(effects[[*GROUPS, "route", "derivation"]], on=GROUPS), pools, silent)


def _pooled(results: Results, effects: pd.DataFrame) -> pd.DataFrame:
    """Pools of some effects, question by question."""
    table = pooled_table(effects, results.db)
    table = table.reindex(columns=[*GROUPS, *_NUMBERS, "points"])
    table[[*_NUMBERS, "points"]] = table[[*_NUMBERS, "points"]].astype(float)
    order = table["measure"].map(REPORTED.index)
    return table.assign(order=order).sort_values([*GROUPS[1:], "order"], ignore_index=True).drop(columns="order")


def _question(row: Mapping[str, Any]) -> str:
    return f"{row['outcome']}, against {row['comparator']}, {row['time']}"


def _pool(row: Mapping[str, Any], when: str) -> str:
    numbers = {"measure": row["measure"]} | {name: row[name + when] for name in _NUMBERS}
    return f"{_estimate(numbers)} (k = {numbers['k']:.0f}, n = {numbers['n']:.0f})"


def _estimate(row: Mapping[str, Any]) -> str:
    measure = row["measure"]
    numbers = np.array([row[name] for name in ("estimate", "ci_low", "ci_high")], dtype=float)
    value, low, high = np.exp(numbers) if measure == "RR" else numbers
    digits = 1 if measure == "MD100" else 2
    return f"{_MEASURES[measure].format(value)} [{low:.{digits}f}, {high:.{digits}f}]"
