"""Differences between two arms, and several of them as one."""

from __future__ import annotations

import math
from itertools import product
from typing import NamedTuple

import numpy as np

from ..align import Reported
from .comparison import Comparison

NAN = math.nan


class Difference(NamedTuple):
    """Arm minus versus, on the scale of the value."""

    value: float
    se: float
    n1: float
    n2: float
    notes: tuple[str, ...]
    rows: tuple[Reported, ...]
    doubtful: bool


def wanted(c: Comparison, pairs: dict[tuple[str, str], Difference]) -> list[Difference]:
    """The differences between our arms and theirs, turned round or taken by way of a third arm where need be."""
    found: list[Difference] = []
    for one, two in product(c.ours, c.theirs) if pairs else ():
        if (one, two) in pairs:
            found.append(pairs[one, two])
        elif (two, one) in pairs:
            back = pairs[two, one]
            found.append(Difference(-back.value, back.se, back.n2, back.n1, back.notes, back.rows, back.doubtful))
        else:
            found += _by_way_of_a_third(pairs, one, two)
    return found


def average(found: list[Difference]) -> Difference:
    """Several acupuncture or comparator arms as one: means weighted by size, the shared arm counted once.

    With a common residual variance s2, var(difference ij) = s2 (1/ni + 1/nj); the joint difference has
    s2 (1/sum ni + 1/sum nj).
    """
    if len(found) == 1:
        return found[0]
    ours = {pair.rows[0].arm: pair.n1 for pair in found}
    theirs = {pair.rows[0].versus: pair.n2 for pair in found}
    n1, n2 = sum(ours.values()), sum(theirs.values())
    if math.isnan(n1 + n2):
        best = min(found, key=lambda pair: pair.se)
        note = "one of several pairs of arms, sizes for joining them are not known"
        return Difference(best.value, best.se, best.n1, best.n2, (*best.notes, note), best.rows, best.doubtful)
    value = float(np.average([pair.value for pair in found], weights=[pair.n1 * pair.n2 for pair in found]))
    se = math.sqrt(_residual_variance(found) * (1 / n1 + 1 / n2))
    notes = tuple(dict.fromkeys(note for pair in found for note in pair.notes))
    return Difference(
        value,
        se,
        n1,
        n2,
        (*notes, f"arms combined: {' + '.join(ours)} against {' + '.join(theirs)}"),
        tuple(row for pair in found for row in pair.rows),
        any(pair.doubtful for pair in found),
    )


def _by_way_of_a_third(pairs: dict[tuple[str, str], Difference], one: str, two: str) -> list[Difference]:
    for (arm, third), first in pairs.items():
        second = pairs.get((two, third))
        if arm == one and second is not None and not math.isnan(first.n1 + first.n2 + second.n1):
            residual = _residual_variance([first, second])
            return [
                Difference(
                    first.value - second.value,
                    math.sqrt(residual * (1 / first.n1 + 1 / second.n1)),
                    first.n1,
                    second.n1,
                    (f"difference of the contrasts of {one} and {two} with {third}", *first.notes),
                    (*first.rows, *second.rows),
                    first.doubtful or second.doubtful,
                )
            ]
    return []


def _residual_variance(pairs: list[Difference]) -> float:
    return float(np.mean([pair.se**2 / (1 / pair.n1 + 1 / pair.n2) for pair in pairs]))
