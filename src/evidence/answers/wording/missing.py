"""What is said of trials that give no number: how many, how large, and which way they went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .words import listed, people, trials


def without_number(row: Mapping[str, Any], against: str, *, more: bool, marker: bool = False) -> str:
    """Trials without a number, their people, and what they tell instead; "" where there is none.

    Parameters
    ----------
    row : mapping
        Columns of `evidence.answers.known_trials.Account.numbers`.
    against : str
        What the comparator is called.
    more : bool
        True where other trials give a number.
    marker : bool
        True where a marker moves the claimed way or the other, instead of favouring somebody.

    Returns
    -------
    str
        "3 more trials, 210 people (not stated in one), give no number for this: of 2 trials that say which way it went,
        ...; of one nothing can be read".
    """
    missing = int(row["trials_missing"])
    if not missing:
        return ""
    size = sizes(row["people_missing"], int(row["unsized_missing"]))
    who = f"{'one' if missing == 1 else missing} {'more ' if more else ''}{'trial' if missing == 1 else 'trials'}"
    text = f"{who}, {size}, {'gives' if missing == 1 else 'give'} no number for this"
    told = what_they_tell(row, against, marker=marker)
    return f"{text}: {told}" if told else text


def what_they_tell(row: Mapping[str, Any], against: str, *, marker: bool = False) -> str:
    """`which_way`, and of how many nothing can be read. Parameters as for `without_number`."""
    went, unreadable = which_way(row, against, marker=marker), int(row["trials_unreadable"])
    if not went or not unreadable:
        return went
    return f"{went}; of {'one' if unreadable == 1 else unreadable} nothing can be read"


def which_way(row: Mapping[str, Any], against: str, *, marker: bool = False) -> str:
    """Which way trials went that say no more than that; "" where none says. Parameters as for `without_number`."""
    better, same, worse = (int(row[f"said_{way}"]) for way in ("better", "no_difference", "worse"))
    ours, theirs = "favoured acupuncture", f"favoured {against}"
    if marker:
        ours, theirs = "went as claimed", "went the other way"
    k = better + same + worse
    if k == 0:
        return ""
    if k == 1:
        went = ours if better else theirs if worse else "found no difference"
        return f"the one trial that says which way it went {went}"
    counted = [f"{better or 'none'} {ours}", f"{same} found no difference", f"{worse or 'none'} {theirs}"]
    return f"of {trials(k)} that say which way it went, {listed([words for words in counted if words[0] != '0'])}"


def in_short(row: Mapping[str, Any]) -> str:
    """Trials without a number and what they tell, for a cell: "21 (9 better, 4 no difference, 8 not readable)"."""
    told = told_instead(row)
    return f"{row['trials_missing']:.0f} ({told})" if told else f"{row['trials_missing']:.0f}"


def told_instead(row: Mapping[str, Any]) -> str:
    """What trials without a number tell: "9 better, 4 no difference, 8 not readable"; "" where none says a way."""
    kinds = {"said_better": "better", "said_no_difference": "no difference", "said_worse": "worse"}
    told = [f"{row[name]:.0f} {words}" for name, words in kinds.items() if row[name]]
    if told and row["trials_unreadable"]:
        told.append(f"{row['trials_unreadable']:.0f} not readable")
    return ", ".join(told)


def sizes(n: float, unsized: int) -> str:
    """People, with the number of trials that do not state them: "1,162 people (not stated in 2)"."""
    if not n:
        return "people not stated"
    return people(n) + (f" (not stated in {'one' if unsized == 1 else unsized})" if unsized else "")
