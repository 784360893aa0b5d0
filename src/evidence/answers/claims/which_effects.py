"""Which effects of the trials a comparison takes: each result once, in one window."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

import pandas as pd

from .question import WINDOW_ORDER


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
    allowed = [time for time in WINDOW_ORDER if time in times]
    windows, studies, outcomes = (effects[name].tolist() for name in ("time", "study", "outcome"))
    places = {time: [at for at, window in enumerate(windows) if window == time] for time in allowed}
    for time, at in places.items():
        if len({studies[i] for i in at}) >= 2:
            return effects.iloc[at], time
    first: dict[tuple[str, str], int] = {}
    for i in chain.from_iterable(places.values()):
        first.setdefault((studies[i], outcomes[i]), i)
    kinds = {windows[i] for i in first.values()}
    return effects.iloc[list(first.values())], kinds.pop() if len(kinds) == 1 else "any"
