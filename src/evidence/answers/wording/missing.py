"""What is said of trials that give no number: how many, how large, and which way they went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...languages import _, ngettext
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
    who = {"size": sizes(row["people_missing"], int(row["unsized_missing"]))}
    if more:
        text = ngettext(
            "one more trial, {size}, gives no number for this",
            "{n} more trials, {size}, give no number for this",
            missing,
            **who,
        )
    else:
        text = ngettext(
            "one trial, {size}, gives no number for this", "{n} trials, {size}, give no number for this", missing, **who
        )
    told = what_they_tell(row, against, marker=marker)
    return _("{trials}: {told}", trials=text, told=told) if told else text


def what_they_tell(row: Mapping[str, Any], against: str, *, marker: bool = False) -> str:
    """`which_way`, and of how many nothing can be read. Parameters as for `without_number`."""
    went, unreadable = which_way(row, against, marker=marker), int(row["trials_unreadable"])
    if not went or not unreadable:
        return went
    return ngettext("{went}; of one nothing can be read", "{went}; of {n} nothing can be read", unreadable, went=went)


def which_way(row: Mapping[str, Any], against: str, *, marker: bool = False) -> str:
    """Which way trials went that say no more than that; "" where none says. Parameters as for `without_number`."""
    better, same, worse = (int(row[f"said_{way}"]) for way in ("better", "no_difference", "worse"))
    k = better + same + worse
    if k == 0:
        return ""
    if k == 1:
        return _one_way("better" if better else "worse" if worse else "same", against, marker)
    ways = [_ours(better, marker), _same(same), _theirs(worse, against, marker)]
    counted = listed([words for n, words in zip((better or 1, same, worse or 1), ways, strict=True) if n])
    return _("of {trials} that say which way it went, {counted}", trials=trials(k), counted=counted)


def _one_way(way: str, against: str, marker: bool) -> str:
    if way == "same":
        return _("the one trial that says which way it went found no difference")
    if marker and way == "better":
        return _("the one trial that says which way it went went as claimed")
    if marker:
        return _("the one trial that says which way it went went the other way")
    if way == "better":
        return _("the one trial that says which way it went favoured acupuncture")
    return _("the one trial that says which way it went favoured {comparator}", comparator=against)


def _ours(n: int, marker: bool) -> str:
    if marker:
        return ngettext("{n} went as claimed", "{n} went as claimed", n) if n else _("none went as claimed")
    return ngettext("{n} favoured acupuncture", "{n} favoured acupuncture", n) if n else _("none favoured acupuncture")


def _same(n: int) -> str:
    return ngettext("{n} found no difference", "{n} found no difference", n)


def _theirs(n: int, against: str, marker: bool) -> str:
    if marker:
        return ngettext("{n} went the other way", "{n} went the other way", n) if n else _("none went the other way")
    if n:
        return ngettext("{n} favoured {comparator}", "{n} favoured {comparator}", n, comparator=against)
    return _("none favoured {comparator}", comparator=against)


def in_short(row: Mapping[str, Any]) -> str:
    """Trials without a number and what they tell, for a cell: "21 (9 better, 4 no difference, 8 not readable)"."""
    told, n = told_instead(row), f"{row['trials_missing']:.0f}"
    return _("{n} ({told})", n=n, told=told) if told else n


def told_instead(row: Mapping[str, Any]) -> str:
    """What trials without a number tell: "9 better, 4 no difference, 8 not readable"; "" where none says a way."""
    better, same, worse = (int(row[f"said_{way}"]) for way in ("better", "no_difference", "worse"))
    told = [
        *([ngettext("{n} better", "{n} better", better)] if better else []),
        *([ngettext("{n} no difference", "{n} no difference", same)] if same else []),
        *([ngettext("{n} worse", "{n} worse", worse)] if worse else []),
    ]
    if told and row["trials_unreadable"]:
        told.append(ngettext("{n} not readable", "{n} not readable", int(row["trials_unreadable"])))
    return _(", ").join(told)


def said_elsewhere(n: int) -> str:
    """Trials that tell nothing of what is asked, but of something beside it."""
    return ngettext(
        "one trial tells of other times or outcomes only", "{n} trials tell of other times or outcomes only", n
    )


def sizes(n: float, unsized: int) -> str:
    """People, with the number of trials that do not state them: "1,162 people (not stated in 2)"."""
    if not n:
        return _("people not stated")
    if not unsized:
        return people(n)
    return ngettext("{people} (not stated in one)", "{people} (not stated in {n})", unsized, people=people(n))
