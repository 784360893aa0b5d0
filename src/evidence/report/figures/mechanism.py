"""Figures of the mechanisms: what the trials that give numbers found of their markers."""

from __future__ import annotations

import pandas as pd

from ... import plots
from ...answers.results import Results
from ...answers.wording.words import WINDOWS, capital, listed, people, trials
from ...base.rows import rows_of
from ...languages import joined
from .figure import Figure, NothingToDraw
from .presets import BLOG, Preset
from .words import amount


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
    labels = db.outcomes.set_index("outcome")["label"]
    whole = dict(zip(db.mechanisms["mechanism"], db.mechanisms["label"], strict=True))
    known = pools[pools["estimate"].notna() & (pools["outcome"] != "all")]
    card = (known["comparator"] == "sham") & (known["k"] > 1)
    known = known[card] if preset.card else known
    if known.empty:
        raise NothingToDraw(f"no trial gives a number for a marker of {whole.get(mechanism, 'a mechanism')}")
    rows, short = rows_of(known), results.words.short_comparators
    shown = known.assign(
        label=[f"{labels[row['outcome']]}, against {short[row['comparator']]}" for row in rows],
        note=[
            f"{trials(row['k'])}, {people(row['n'])}, {row['certainty']} certainty, {WINDOWS[row['time']]}"
            for row in rows
        ],
        of=known["mechanism"].map(whole),
    )
    title = f"{whole.get(mechanism, 'Mechanisms')}: what trials that give numbers found"
    topic = title
    if preset.card:
        topic = f"{whole.get(mechanism, 'Mechanisms')} against sham: markers with two trials or more"
        title = _clear(shown.assign(label=known["outcome"].map(labels)))
    axes = plots.ranking(
        shown.assign(label=known["outcome"].map(labels)) if preset.card else shown,
        label="label",
        by=None if preset.card or mechanism else "of",
        counts="beside" if preset.card else "below",
        measure="SD",
        favours=("the opposite", "what is hoped for"),
        title=f"{title}\n{topic}" if preset.card else title,
        source=joined("Hollow: one trial." if (known["k"] == 1).any() else "", preset.source),
    )
    measured = pools[pools["outcome"] == "all"].groupby("mechanism", sort=False)["measured"].max().to_dict()
    behind = len(set("|".join(known["trials"]).split("|")))
    caption = joined(
        _finding(shown),
        f"Most trials print no number that can be pooled: of those that measured "
        f"{listed([f'{whole[str(name)].lower()} ({k})' for name, k in measured.items()])}, "
        f"{trials(behind)} {'stands' if behind == 1 else 'stand'} here.",
        "Above 0 is the direction hoped for.",
    )
    kind = "Dot plot of one effect on a marker" if len(shown) == 1 else f"Dot plot of {len(shown)} effects on markers"
    each = [f"{row['label']} {amount(row)}" for row in rows_of(shown)]
    details = f"{'; '.join(each)}."
    name = f"mechanism_{mechanism}" if mechanism else "mechanisms"
    alt = joined(f"{kind}.", caption, "" if len(shown) > 3 else capital(details))
    return Figure(name, title, caption, alt, preset.finish(axes), details, topic, _finding(shown).rstrip("."))


def _clear(shown: pd.DataFrame) -> str:
    """Which of the markers with two trials or more moved as hoped, for the title of a card."""
    moved = [str(row["label"]) for row in rows_of(shown) if row["k"] > 1 and row["ci_low"] > 0]
    if not moved:
        return "No marker moved as hoped in two trials or more"
    return f"{len(moved)} of {len(shown)} markers moved as hoped: {listed(moved)}"


def _finding(shown: pd.DataFrame) -> str:
    several = [row for row in rows_of(shown) if row["k"] > 1]
    clear = [row for row in several if row["ci_low"] > 0 or row["ci_high"] < 0]
    if not several:
        return "No marker has numbers from two trials."
    if not clear:
        return "No marker with two or more trials shows an effect: every such interval includes no difference."
    return f"With two trials or more, the interval excludes no effect for {listed([row['label'] for row in clear])}."
