"""What a figure found, in its title: true of the numbers it draws, whatever they are."""

from __future__ import annotations

import pandas as pd

from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import GRADES, capital, listed, trials
from ...base.rows import rows_of


def best_condition(ranked: pd.DataFrame, words: Vocabulary, outcome: str, comparator: str) -> str:
    """Which condition trials support best against one comparator.

    Parameters
    ----------
    ranked : DataFrame
        Rows of a ranking: ``condition, label, k, ci_low, certainty, share_indirect``, in its order.
    words : Vocabulary
        Of their base.
    outcome : str
        What they measured.
    comparator : str
        What acupuncture was compared with.

    Notes
    -----
    Of the conditions with two trials or more whose interval excludes no difference, those of the best certainty. A
    population beside the back is named as such, and only where no condition of the back has such a pool.
    """
    better, against = words.better(outcome), words.comparators[comparator]
    pooled, single = ranked[ranked["k"] > 1], ranked[ranked["k"] == 1]
    clear, alone = pooled[pooled["ci_low"] > 0], single[single["ci_low"] > 0]
    beside = ~clear["condition"].isin(words.article) | (clear["share_indirect"] == 1)
    if len(clear) and beside.all():
        return f"Supported only beside the back: {_named(clear, words)}"
    if len(clear):
        return f"Best supported: {_named(clear[~beside], words)}"
    if len(alone):
        return f"Only single trials show {better} than with {against}: {listed(list(alone['label']))}"
    return f"No condition shows {better} than with {against}"


def _named(clear: pd.DataFrame, words: Vocabulary) -> str:
    """Those of the best certainty, with the number of their trials."""
    best = _surest(clear)
    called = [
        row["label"] if row["condition"] in words.article else words.short_conditions[row["condition"]]
        for row in rows_of(best)
    ]
    named = [f"{name} ({trials(k)})" for name, k in zip(called, best["k"], strict=True)]
    return f"{listed(named)}, {_sure(best)}"


def best_comparison(pools: pd.DataFrame, words: Vocabulary, outcome: str) -> str:
    """Against what a condition's trials show most.

    Parameters
    ----------
    pools : DataFrame
        Its pools of one outcome and window: ``comparator, k, ci_low, certainty``.
    words : Vocabulary
        Of their base.
    outcome : str
        What they measured.
    """
    better, place = capital(words.better(outcome)), list(words.comparators).index
    pools = pools.sort_values("comparator", key=lambda names: names.map(place))
    pooled, single = pools[pools["k"] > 1], pools[pools["k"] == 1]
    clear, alone = pooled[pooled["ci_low"] > 0], single[single["ci_low"] > 0]
    if len(clear):
        best = _surest(clear)
        names = [f"{words.comparators[row['comparator']]} ({trials(row['k'])})" for row in rows_of(best)]
        return f"{better} than with {listed(names)}, {_sure(best)}"
    if len(alone):
        names = [words.comparators[name] for name in alone["comparator"]]
        return f"{better} than with {listed(names)}, in one trial{' each' if len(names) > 1 else ''}"
    if len(pooled) == 1 == len(pools) and pooled["ci_high"].iloc[0] > 0:
        only = rows_of(pooled)[0]
        against = f"{words.comparators[only['comparator']]} ({trials(only['k'])})"
        return f"Left open: {words.better(outcome)} than with {against}, {_sure(pooled)}"
    return f"No comparison shows {words.better(outcome)}"


def lasting(points: pd.DataFrame, words: Vocabulary, outcome: str) -> str:
    """Until when two trials or more show a benefit, against what.

    Parameters
    ----------
    points : DataFrame
        ``comparator, week, k, ci_low``.
    words : Vocabulary
        Of their base.
    outcome : str
        What they measured.
    """
    clear = points[(points["k"] > 1) & (points["ci_low"] > 0)]
    if clear.empty:
        return f"No time at which two trials or more show {words.better(outcome)}"
    last = rows_of(clear.nlargest(1, "week"))[0]
    against = words.short_comparators[last["comparator"]]
    return f"{capital(words.better(outcome))} until week {last['week']:.0f}, against {against} ({trials(last['k'])})"


def _surest(clear: pd.DataFrame) -> pd.DataFrame:
    grade = clear["certainty"].map({name: at for at, name in enumerate(GRADES)})
    return clear[grade == grade.max()]


def _sure(best: pd.DataFrame) -> str:
    return f"{best['certainty'].iloc[0]} certainty"
