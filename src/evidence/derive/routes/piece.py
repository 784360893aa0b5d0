"""What a route is given and what it returns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..align import Reported, Size

NAN = math.nan


Fail = Callable[[Reported, str], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Acupuncture arms and comparator arms that are all compared with each other, and what is known of them."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    sizes: Mapping[str, Size]
    crossover: bool
    baseline_sds: Mapping[tuple[str, str, str], float]


@dataclass(frozen=True, slots=True)
class Piece:
    """An effect with what it came from; ``preference`` orders routes, smaller first."""

    yi: float
    vi: float
    n1: float
    n2: float
    route: str
    preference: int
    notes: tuple[str, ...]
    rows: tuple[Reported, ...]
    doubtful: bool = False
    imputed: bool = False


def across(pieces: Sequence[Piece]) -> Piece:
    """One effect from parts of a trial that share nobody, weighted by inverse variance."""
    if len(pieces) == 1:
        return pieces[0]
    weights = np.array([1 / piece.vi for piece in pieces])
    yi = float(np.average([piece.yi for piece in pieces], weights=weights))
    notes = tuple(dict.fromkeys(note for piece in pieces for note in piece.notes))
    return Piece(
        yi,
        float(1 / weights.sum()),
        sum(piece.n1 for piece in pieces),
        sum(piece.n2 for piece in pieces),
        pieces[0].route,
        max(piece.preference for piece in pieces),
        (*notes, f"{len(pieces)} separate pairs of arms, inverse-variance mean"),
        tuple(row for piece in pieces for row in piece.rows),
        any(piece.doubtful for piece in pieces),
        any(piece.imputed for piece in pieces),
    )


def size_of(c: Comparison, row: Reported) -> tuple[float, str, bool]:
    """(n of the row's arm, remark, is it assumed?)"""
    if not math.isnan(row.n):
        return row.n, "", False
    size = c.sizes[row.arm]
    return size.n, size.source, size.source.startswith("equal")


def pair_sizes(c: Comparison, row: Reported) -> tuple[float, float, tuple[str, ...], bool]:
    """Sizes of both arms of a contrast; a printed total is divided as randomised."""
    one, two = c.sizes[row.arm], c.sizes[row.versus]
    said = tuple(dict.fromkeys(source for source in (one.source, two.source) if source))
    assumed = any(source.startswith("equal") for source in said)
    together = one.n + two.n
    if not math.isnan(row.n) and row.n < together:
        return (
            row.n * one.n / together,
            row.n * two.n / together,
            (f"{row.n:g} analysed, divided as randomised",),
            assumed,
        )
    return one.n, two.n, said, assumed


def first_per_arm(rows: Iterable[Reported]) -> list[Reported]:
    first: dict[str, Reported] = {}
    for row in rows:
        first.setdefault(row.arm, row)
    return list(first.values())


def sides(c: Comparison, rows: Iterable[Reported]) -> tuple[list[Reported], list[Reported]]:
    rows = list(rows)
    return [row for row in rows if row.arm in c.ours], [row for row in rows if row.arm in c.theirs]


def joined_note(ours: Sequence[Reported], theirs: Sequence[Reported]) -> tuple[str, ...]:
    if len(ours) == 1 and len(theirs) == 1:
        return ()
    return (f"arms combined: {' + '.join(row.arm for row in ours)} against {' + '.join(row.arm for row in theirs)}",)
