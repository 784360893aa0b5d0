"""Arms that are compared with each other, and how many people are in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..align import Reported, Size


class Comparison(NamedTuple):
    """Acupuncture arms and comparator arms that are all compared with each other, and what is known of them."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    sizes: Mapping[str, Size]
    crossover: bool
    baseline_sds: Mapping[tuple[str, str, str], float]

    def size_of(self, row: Reported) -> tuple[float, str, bool]:
        """(n of the row's arm, remark, is it assumed?)"""
        if not math.isnan(row.n):
            return row.n, "", False
        size = self.sizes[row.arm]
        return size.n, size.source, size.source.startswith("equal")

    def pair_sizes(self, row: Reported) -> tuple[float, float, tuple[str, ...], bool]:
        """Sizes of both arms of a contrast, remarks, are they assumed?; a printed total is divided as randomised."""
        one, two = self.sizes[row.arm], self.sizes[row.versus]
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

    def sides(self, rows: Iterable[Reported]) -> tuple[list[Reported], list[Reported]]:
        """Rows about our arms, and rows about theirs."""
        rows = list(rows)
        return [row for row in rows if row.arm in self.ours], [row for row in rows if row.arm in self.theirs]
