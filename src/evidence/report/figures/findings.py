"""What a figure found, in its title: true of the numbers it draws, whatever they are."""

from __future__ import annotations

import pandas as pd

from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import CERTAINTY, GRADES, capital, listed, trials
from ...base.rows import rows_of
from ...languages import _, ngettext


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
        return _("Supported only beside the back: {conditions}", conditions=_named(clear, words))
    if len(clear):
        return _("Best supported: {conditions}", conditions=_named(clear[~beside], words))
    if len(alone):
        return _(
            "Only single trials show {what} than with {comparator}: {conditions}",
            what=better,
            comparator=against,
            conditions=listed([words.condition_names[key] for key in alone["condition"]]),
        )
    return _("No condition shows {what} than with {comparator}", what=better, comparator=against)


def _named(clear: pd.DataFrame, words: Vocabulary) -> str:
    """Those of the best certainty, with the number of their trials."""
    best = _surest(clear)
    called = [
        words.condition_names[key] if key in words.article else words.short_conditions[key] for key in best["condition"]
    ]
    named = [_counted(name, k) for name, k in zip(called, best["k"], strict=True)]
    return _("{names}, {certainty}", names=listed(named), certainty=_sure(best))


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
    pools = pools.sort_values("comparator", key=lambda names: names.map(place), kind="stable")
    pooled, single = pools[pools["k"] > 1], pools[pools["k"] == 1]
    clear, alone = pooled[pooled["ci_low"] > 0], single[single["ci_low"] > 0]
    if len(clear):
        best = _surest(clear)
        names = listed([_counted(words.comparators[row["comparator"]], row["k"]) for row in rows_of(best)])
        return _("{what} than with {comparators}, {certainty}", what=better, comparators=names, certainty=_sure(best))
    if len(alone):
        names = listed([words.comparators[name] for name in alone["comparator"]])
        return ngettext(
            "{what} than with {comparators}, in one trial",
            "{what} than with {comparators}, in one trial each",
            len(alone),
            what=better,
            comparators=names,
        )
    if len(pooled) == 1 == len(pools) and pooled["ci_high"].iloc[0] > 0:
        only = rows_of(pooled)[0]
        return _(
            "Left open: {what} than with {comparators}, {certainty}",
            what=words.better(outcome),
            comparators=_counted(words.comparators[only["comparator"]], only["k"]),
            certainty=_sure(pooled),
        )
    return _("No comparison shows {what}", what=words.better(outcome))


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
        return _("No time at which two trials or more show {what}", what=words.better(outcome))
    last = rows_of(clear.nlargest(1, "week"))[0]
    return _(
        "{what} until week {week}, against {comparator} ({trials})",
        what=capital(words.better(outcome)),
        week=f"{last['week']:.0f}",
        comparator=words.short_comparators[last["comparator"]],
        trials=trials(last["k"]),
    )


def _counted(name: str, k: int) -> str:
    return _("{name} ({trials})", name=name, trials=trials(k))


def _surest(clear: pd.DataFrame) -> pd.DataFrame:
    grade = clear["certainty"].map({name: at for at, name in enumerate(GRADES)})
    return clear[grade == grade.max()]


def _sure(best: pd.DataFrame) -> str:
    return CERTAINTY[best["certainty"].iloc[0]]
