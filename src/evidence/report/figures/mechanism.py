"""Figures of the mechanisms: what the trials that give numbers found of their markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ... import plots
from ...answers.results import Results
from ...answers.wording.words import CERTAINTY, WINDOWS, capital, listed, people, trials
from ...base.rows import rows_of
from ...languages import _, joined, ngettext
from .figure import Figure, NothingToDraw
from .presets import BLOG, Preset
from .words import amount, lowered, mechanism_labels, outcome_labels


def mechanisms(results: Results, mechanism: str = "", preset: Preset = BLOG) -> Figure:
    """Effects on the markers of one mechanism, or of all four, wherever trials give numbers.

    Parameters
    ----------
    results : Results
        Of the whole base.
    mechanism : str
        One of ``mechanisms.csv``; "" for all.
    preset : Preset
        A card shows the markers with two trials or more against sham.

    Raises
    ------
    NothingToDraw
        When no trial gives a number.
    """
    db, pools = results.db, results.mechanisms
    pools = pools[pools["mechanism"] == mechanism] if mechanism else pools
    labels, called = outcome_labels(db), mechanism_labels(db)
    known = pools[pools["estimate"].notna() & (pools["outcome"] != "all")]
    card = (known["comparator"] == "sham") & (known["k"] > 1)
    known = known[card] if preset.card else known
    if known.empty:
        raise NothingToDraw(f"no trial gives a number for a marker of {called.get(mechanism, 'a mechanism')}")
    rows, short = rows_of(known), results.words.short_comparators
    shown = known.assign(
        label=[
            _("{topic}, against {comparator}", topic=labels[row["outcome"]], comparator=short[row["comparator"]])
            for row in rows
        ],
        note=[_basis(row) for row in rows],
        of=known["mechanism"].map(called),
    )
    about = called.get(mechanism, _("Mechanisms"))
    title = topic = _("{mechanism}: what trials that give numbers found", mechanism=about)
    if preset.card:
        topic = _("{mechanism} against sham: markers with two trials or more", mechanism=about)
        title = _clear(shown.assign(label=known["outcome"].map(labels)))
    axes = plots.ranking(
        shown.assign(label=known["outcome"].map(labels)) if preset.card else shown,
        label="label",
        by=None if preset.card or mechanism else "of",
        counts="beside" if preset.card else "below",
        measure="SD",
        favours=("the opposite", "what is hoped for"),
        title=f"{title}\n{topic}" if preset.card else title,
        source=joined(_("Hollow: one trial.") if (known["k"] == 1).any() else "", preset.source),
    )
    caption = joined(_finding(shown), _behind(pools, known, called), _("Above 0 is the direction hoped for."))
    kind = ngettext("Dot plot of one effect on a marker.", "Dot plot of {n} effects on markers.", len(shown))
    each = [_("{what} {amount}", what=row["label"], amount=amount(row)) for row in rows_of(shown)]
    details = _("{what}.", what=_("; ").join(each))
    name = f"mechanism_{mechanism}" if mechanism else "mechanisms"
    alt = joined(kind, caption, "" if len(shown) > 3 else capital(details))
    return Figure(name, title, caption, alt, preset.finish(axes), details, topic, _finding(shown).rstrip(".。"))


def _basis(row: Mapping[str, Any]) -> str:
    """What a result rests on: trials, people, certainty, window."""
    return _(", ").join((trials(row["k"]), people(row["n"]), CERTAINTY[row["certainty"]], WINDOWS[row["time"]]))


def _behind(pools: pd.DataFrame, known: pd.DataFrame, called: Mapping[str, str]) -> str:
    """How many of the trials that measured a mechanism stand behind the figure."""
    measured = pools[pools["outcome"] == "all"].groupby("mechanism", sort=False)["measured"].max().to_dict()
    k = len(set("|".join(known["trials"]).split("|")))
    counted = [_("{mechanism} ({n})", mechanism=lowered(called[str(name)]), n=n) for name, n in measured.items()]
    return ngettext(
        "Most trials print no number that can be pooled: of those that measured {counted}, {trials} stands here.",
        "Most trials print no number that can be pooled: of those that measured {counted}, {trials} stand here.",
        k,
        counted=listed(counted),
        trials=trials(k),
    )


def _clear(shown: pd.DataFrame) -> str:
    """Which of the markers with two trials or more moved as hoped, for the title of a card."""
    moved = [str(row["label"]) for row in rows_of(shown) if row["k"] > 1 and row["ci_low"] > 0]
    if not moved:
        return _("No marker moved as hoped in two trials or more")
    return _("{n} of {k} markers moved as hoped: {markers}", n=len(moved), k=len(shown), markers=listed(moved))


def _finding(shown: pd.DataFrame) -> str:
    several = [row for row in rows_of(shown) if row["k"] > 1]
    clear = [row for row in several if row["ci_low"] > 0 or row["ci_high"] < 0]
    if not several:
        return _("No marker has numbers from two trials.")
    if not clear:
        return _("No marker with two or more trials shows an effect: every such interval includes no difference.")
    markers = listed([row["label"] for row in clear])
    return _("With two trials or more, the interval excludes no effect for {markers}.", markers=markers)
