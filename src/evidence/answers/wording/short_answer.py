"""The answer for a patient: which conditions respond, in at most 60 words and without the terms of the field."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..glance import CARE, SHAM, Glance, Line, Mark
from .words import PRETEND, capital, listed

#: The answer is never longer.
MOST_WORDS = 60
#: How a level of certainty sounds (Santesso et al. 2020, J Clin Epidemiol 119:126: does, probably, may).
_SURE: Mapping[str, str] = {"high": "", "moderate": "probably ", "low": "perhaps "}
_AGAINST: Mapping[str, str] = {SHAM: PRETEND, CARE: "usual care or nothing"}


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
    best = best_supported(glance)
    said = [
        f"Best supported: {best.label}; against {_AGAINST[SHAM]} {_amount(best.marks[0], glance.least)}."
        if best
        else f"Compared with {_AGAINST[SHAM]}:"
    ]
    rest = _grouped([line for line in lines if line is not best], 0, glance.least)
    said += [f"{capital(labels)}: {what}." for what, labels in rest.items()]
    care = _grouped([line for line in lines if not line.marks[1].silent], 1, glance.least)
    if care:
        found = "; ".join(f"{what} in {labels}" for what, labels in care.items())
        more = f"Against {_AGAINST[CARE]}: {found}."
        said += [more] if len(" ".join([*said, more]).split()) <= MOST_WORDS else []
    return " ".join(said)


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
    said = _amount(sham, least)
    if not sham.silent:
        return f"{said}, compared with {_AGAINST[SHAM]}"
    return said if care.silent else f"{_amount(care, least)}, compared with {_AGAINST[CARE]}"


def _grouped(lines: Sequence[Line], at: int, least: float) -> dict[str, str]:
    """What is to be said, to the conditions of which it is."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        groups[_amount(line.marks[at], least)].append(line.label)
    return {what: listed(labels) for what, labels in groups.items()}


def _amount(mark: Mark, least: float) -> str:
    if mark.silent:
        return "no number yet"
    if mark.k == 1:
        found = {True: "less pain", False: "more pain", None: "no clear difference"}[mark.better]
        return f"one trial found {found}"
    if mark.certainty not in _SURE:
        return "too uncertain to say"
    if mark.better is None:
        return "the trials leave it open"
    return f"{_SURE[mark.certainty]}{_size(mark.points, least)}"


def _size(points: float, least: float) -> str:
    if abs(points) < 1:
        return "about as much pain"
    slightly = "" if abs(points) >= least or math.isnan(least) else "slightly "
    return f"{slightly}{'less' if points > 0 else 'more'} pain"
