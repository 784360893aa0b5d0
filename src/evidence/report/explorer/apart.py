"""Trials that stand apart: those out for their numbers, those that filters leave out, those of a related condition."""

from __future__ import annotations

from collections.abc import Sequence

from ...answers.wording.words import listed
from ...languages import _, ngettext

#: Trials that the filters leave out are named in a sentence up to this number.
_NAMED = 8


def flagged_words(flagged: Sequence[str], counted: bool) -> str:
    """Which trials have numbers that cannot be right, and whether they count; "" where there is none.

    Parameters
    ----------
    flagged : sequence of str
        Their labels.
    counted : bool
        Whether they count.
    """
    if not flagged:
        return ""
    if counted:
        return ngettext(
            "One trial whose numbers cannot be right as printed or spread far too little counts here ({names}).",
            "{n} trials whose numbers cannot be right as printed or spread far too little count here ({names}).",
            len(flagged),
            names=listed(flagged),
        )
    return ngettext(
        "One trial whose numbers cannot be right as printed or spread far too little stays out ({names}). It counts "
        "with the tick “with flagged trials”.",
        "{n} trials whose numbers cannot be right as printed or spread far too little stay out ({names}). They count "
        "with the tick “with flagged trials”.",
        len(flagged),
        names=listed(flagged),
    )


def filtered_words(filtered: Sequence[str], filters: str) -> str:
    """Which trials the filters leave out, and why; "" where none.

    Parameters
    ----------
    filtered : sequence of str
        Their labels.
    filters : str
        What the trials that count did.
    """
    if not filtered:
        return ""
    names, more = filtered[:_NAMED], len(filtered) - _NAMED
    whose = listed([*names, *([_("{n} more, named in the saved table", n=more)] if more > 0 else [])])
    return _("Left out, as not known to have {filters}: {trials}.", filters=filters, trials=whose)


def related_words(indirect: int, k: int) -> str:
    """How many of the trials that count studied a related condition.

    Parameters
    ----------
    indirect : int
        Their number, at least one.
    k : int
        Trials that count.
    """
    if indirect < k:
        return ngettext(
            "{n} of {k} trials studied a related condition.",
            "{n} of {k} trials studied a related condition.",
            indirect,
            k=k,
        )
    if k > 2:
        return _("All {k} trials studied a related condition.", k=k)
    return _("The trial studied a related condition.") if k == 1 else _("Both trials studied a related condition.")
