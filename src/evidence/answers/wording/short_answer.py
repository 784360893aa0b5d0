"""The answer for a patient: which conditions respond, in at most 60 words and without the terms of the field."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ...languages import N_, Spoken, _, joined, pgettext
from ..glance import CARE, SHAM, Glance, Line, Mark
from .words import PRETEND, capital, listed

#: The answer is never longer.
MOST_WORDS = 60
#: How a level of certainty sounds (Santesso et al. 2020, J Clin Epidemiol 119:126: does, probably, may).
_SURE = {"high": "{what}", "moderate": N_("probably {what}"), "low": N_("perhaps {what}")}
_AGAINST: Mapping[str, str] = Spoken({SHAM: PRETEND, CARE: N_("usual care or nothing")})


def short_answer(glance: Glance) -> str:
    """What trials say about each of the article's conditions.

    Parameters
    ----------
    glance : Glance
        The results.

    Returns
    -------
    str
        Sentences from the best supported condition down; those about usual care or nothing only while there is room.

    Notes
    -----
    Pools of two trials or more are worded by their certainty and by their size in points of 100: from the smallest
    worthwhile effect on it is *less pain*, from one point on *slightly less pain*. An interval that includes no
    difference leaves it open. A single trial is told as one.
    """
    lines = [line for line in glance.lines if not line.elsewhere]
    best, sham = best_supported(glance), {"comparator": _AGAINST[SHAM]}
    if best:
        what = _amount(best.marks[0], glance.least)
        said = [_("Best supported: {condition}; against {comparator} {what}.", condition=best.label, what=what, **sham)]
    else:
        said = [_("{words}:", words=_("Compared with {comparator}", **sham))]
    for what, grouped in _grouped([line for line in lines if line is not best], 0, glance.least).items():
        labels = capital(listed([line.label for line in grouped]))
        said.append(_("{conditions}: {what}.", conditions=labels, what=what))
    found = [
        _("{what} in {conditions}", what=what, conditions=listed([line.within for line in grouped]))
        for what, grouped in _grouped([line for line in lines if not line.marks[1].silent], 1, glance.least).items()
    ]
    if found:
        more = _("Against {comparator}: {found}.", comparator=_AGAINST[CARE], found=_("; ").join(found))
        said += [more] if len(" ".join([*said, more]).split()) <= MOST_WORDS else []
    return joined(*said)


def best_supported(glance: Glance) -> Line | None:
    """The first of the article's conditions whose trials, two or more, favour it over sham; None without one.

    Parameters
    ----------
    glance : Glance
        The results, in the order of the ranking: by certainty, then by size.
    """
    for line in glance.lines:
        mark = line.marks[0]
        if not line.elsewhere and mark.k > 1 and mark.certainty in _SURE and mark.points >= 1 and mark.better:
            return line
    return None


def finding(line: Line, least: float) -> str:
    """What trials say about one condition, without its name.

    Parameters
    ----------
    line : Line
        The condition.
    least : float
        The smallest worthwhile effect in points of 100; NaN for none.
    """
    sham, care = line.marks
    if sham.silent and care.silent:
        return _amount(sham, least)
    mark, comparator = (care, CARE) if sham.silent else (sham, SHAM)
    return _("{what}, compared with {comparator}", what=_amount(mark, least), comparator=_AGAINST[comparator])


def _grouped(lines: Sequence[Line], at: int, least: float) -> dict[str, list[Line]]:
    """What is to be said, to the conditions of which it is."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[_amount(line.marks[at], least)].append(line)
    return groups


def _amount(mark: Mark, least: float) -> str:
    if mark.silent:
        return _("no number yet")
    if mark.k == 1:
        return _(_ONE[mark.better])
    if mark.certainty not in _SURE:
        return _("too uncertain to say")
    if mark.better is None:
        return _("the trials leave it open")
    return _(_SURE[mark.certainty], what=_size(mark.points, least))


_ONE = {
    True: N_("one trial found less pain"),
    False: N_("one trial found more pain"),
    None: N_("one trial found no clear difference"),
}


def _size(points: float, least: float) -> str:
    if abs(points) < 1:
        return _("about as much pain")
    if abs(points) >= least or math.isnan(least):
        return pgettext("outcomes.better", "less pain") if points > 0 else _("more pain")
    return _("slightly less pain") if points > 0 else _("slightly more pain")
