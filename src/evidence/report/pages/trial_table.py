"""The table of trials with their sources that pages of conditions and mechanisms end with."""

from __future__ import annotations

from typing import Any

from ...answers.wording.vocabulary import Vocabulary
from ...answers.wording.words import listed, outcome_words, trials
from ...charts.sources import trial_address
from ...derive.notes import readable
from ...languages import _, ngettext
from .markup import link, name, table, text


def trial_table(caption: str, rows: list[dict[str, Any]], words: Vocabulary) -> str:
    """Trials with their sources, and what each gives.

    Parameters
    ----------
    caption : str
        What the table shows.
    rows : list of dict
        Rows of `Results.trials`.
    words : Vocabulary
        What comparators are called.
    """
    cells = [
        (
            _named(trial),
            text("" if trial["n_randomised"] != trial["n_randomised"] else f"{trial['n_randomised']:,.0f}"),
            name(readable(trial["population"])),
            text(listed([words.comparators[word] for word in trial["comparators"]]) if trial["comparators"] else ""),
            text(", ".join(map(outcome_words, trial["outcomes"])) or trial["reason"]),
        )
        for trial in sorted(rows, key=lambda trial: (trial["year"] != trial["year"], trial["year"], trial["label"]))
    ]
    columns = ["Trial", "People", "Who", "Against", "Effects on, or why there is none"]
    return table(caption, columns, cells, numeric=["People"])


def trials_counted(rows: list[dict[str, Any]]) -> str:
    """How many trials there are, and how many of them say something in numbers, in running text.

    Parameters
    ----------
    rows : list of dict
        Rows of `Results.trials`.
    """
    compared, numbered = (sum(bool(trial[name]) for trial in rows) for name in ("comparators", "outcomes"))
    return _(
        "{trials}; {compared}, and {numbered}",
        trials=trials(len(rows)),
        compared=ngettext("{n} makes a comparison that counts", "{n} make a comparison that counts", compared),
        numbered=ngettext(
            "{n} of those gives an effect on some outcome", "{n} of those give an effect on some outcome", numbered
        ),
    )


def _named(trial: dict[str, Any]) -> str:
    """A trial with the way to its source; its year is told where its name does not."""
    year = "" if trial["year"] != trial["year"] else f"{trial['year']:.0f}"
    return link(name(trial["label"]), trial_address(trial)) + (f" ({year})" if year not in trial["label"] else "")
