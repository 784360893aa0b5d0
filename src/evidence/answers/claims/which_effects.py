"""Which effects of the trials a comparison takes: each result once, in one window."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

import pandas as pd

from .question import WINDOW_ORDER

#: The columns of effects that a window is chosen by.
WINDOWED = ("time", "study", "outcome")


def once(effects: pd.DataFrame, conditions: Collection[str], outcomes: Collection[str]) -> pd.DataFrame:
    """Effects of some conditions and outcomes, each result once: not again where it stands in for another outcome."""
    rows = effects[effects["condition"].isin(conditions) & effects["outcome"].isin(outcomes)]
    if len(outcomes) == 1:
        return rows
    first: dict[tuple[str, ...], int] = {}
    own = (rows["measured"] == rows["outcome"]).tolist()
    results = list(zip(*(rows[name].tolist() for name in ("study", "comparator", "time", "result_ids")), strict=True))
    for at in sorted(range(len(own)), key=lambda at: not own[at]):
        first.setdefault(results[at], at)
    return rows.iloc[sorted(first.values())] if len(first) < len(rows) else rows


def one_window(effects: pd.DataFrame, times: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """Rows of the first window with two trials; else every trial by its first window.

    Parameters
    ----------
    effects : DataFrame
        Effects against one comparator.
    times : sequence of str
        Windows that are allowed.

    Returns
    -------
    rows : DataFrame
        Those that are taken.
    time : str
        The window, or "any" where trials enter by different ones.
    """
    at, time = in_one_window({name: effects[name].tolist() for name in WINDOWED}, range(len(effects)), times)
    return effects.iloc[at], time


def in_one_window(
    columns: Mapping[str, Sequence[str]], among: Iterable[int], times: Sequence[str]
) -> tuple[list[int], str]:
    """`one_window` of some places in the columns of effects: the places that are taken.

    Parameters
    ----------
    columns : mapping
        Those of `WINDOWED`.
    among : iterable of int
        Places of effects against one comparator.
    times : sequence of str
        Windows that are allowed.
    """
    windows, studies, outcomes = (columns[name] for name in WINDOWED)
    places: dict[str, list[int]] = {time: [] for time in WINDOW_ORDER if time in times}
    for at in among:
        if windows[at] in places:
            places[windows[at]].append(at)
    for time, there in places.items():
        if len({studies[at] for at in there}) >= 2:
            return there, time
    first: dict[tuple[str, str], int] = {}
    for at in chain.from_iterable(places.values()):
        first.setdefault((studies[at], outcomes[at]), at)
    kinds = {windows[at] for at in first.values()}
    return list(first.values()), kinds.pop() if len(kinds) == 1 else "any"
