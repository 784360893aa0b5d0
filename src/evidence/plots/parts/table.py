"""Columns of text that share one Axes with a plot zone, sized by measuring what they hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes

from ...errors import InvalidInput
from .canvas import PAD, room_for
from .lights import light_width
from .text import number, plain, width, wrap
from .theme import small_size


class TooNarrow(InvalidInput):
    """The columns leave the plot less than the share of the width that it must have."""


@dataclass(frozen=True)
class Column:
    """One column: its header, on which side of the plot zone it stands, and whether its text may be shortened."""

    header: str
    align: Literal["left", "right", "center"] = "left"
    side: Literal["left", "right"] = "left"
    shrink: bool = False
    lights: bool = False  # its cells are signs of risk of bias


@dataclass(frozen=True)
class Layout:
    """Where columns and plot zone stand, in points from the left edge of the Axes."""

    columns: tuple[Column, ...]
    spans: tuple[tuple[float, float], ...]
    headers: tuple[tuple[str, ...], ...]
    zone: tuple[float, float]
    total: float
    missing: float  # points that would be needed beyond the width there is
    zone_head: tuple[str, ...]  # words over the plot zone

    @property
    def fractions(self) -> tuple[float, float]:
        """The plot zone as shares of the width of the Axes."""
        return self.zone[0] / self.total, self.zone[1] / self.total

    @property
    def header_lines(self) -> int:
        return max(len(self.zone_head), *(len(lines) for lines in self.headers))

    def anchor(self, i: int) -> float:
        """Where the text of column ``i`` is held."""
        start, end = self.spans[i]
        align = self.columns[i].align
        return start if align == "left" else end if align == "right" else (start + end) / 2

    def room(self, cells: Sequence[str]) -> float:
        """Points a label in the first column may take before it meets the next filled cell or the plot zone."""
        for i, cell in enumerate(cells):
            if i and (cell or self.columns[i].side == "right"):
                end = self.anchor(i) - (width(cell, small_size(), True) if self.columns[i].align == "right" else 0.0)
                return min(end, self.zone[0]) - gap()
        return self.zone[0] - gap()


def gap() -> float:
    """Points between two columns."""
    return 0.85 * small_size()


def lay_out(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    bold: Sequence[bool],
    total: float,
    narrowest_zone: float,
    narrowest_left: float = 0.0,
    zone_words: str = "",
) -> Layout:
    """Share ``total`` points among columns and plot zone.

    Columns get what their widest cell needs; when the zone would become narrower than ``narrowest_zone``, the widest
    columns that may shrink give way first. ``zone_words`` stand over the zone, on as many lines as they need.
    """
    floor = 9 * small_size()
    size = small_size()
    needs, headers = [], []
    for i, column in enumerate(columns):
        body = max((width(row[i], size, b) for row, b in zip(rows, bold, strict=True)), default=0.0)
        word = max((width(w, size) for w in column.header.split(" ")), default=0.0)
        needs.append(max(body, word, light_width() if column.lights else 0.0))
    left = [i for i, c in enumerate(columns) if c.side == "left"]
    taken = sum(needs[i] for i in left) + gap() * (len(left) - 1)
    if left and taken < narrowest_left:
        needs[left[0]] += narrowest_left - taken
    excess = sum(needs) + gap() * len(columns) + narrowest_zone - total
    for i in sorted((i for i, c in enumerate(columns) if c.shrink), key=lambda i: -needs[i]):
        cut = min(max(excess, 0.0), max(needs[i] - floor, 0.0))
        needs[i] -= cut
        excess -= cut
    for column, need in zip(columns, needs, strict=True):
        headers.append(tuple(line.replace("\xa0", " ") for line in wrap(column.header, need + 0.5, size)))
    spans, x = [], 0.0
    for column, need in zip(columns, needs, strict=True):
        if column.side == "left":
            spans.append((x, x + need))
            x += need + gap()
    start = x
    x = total - sum(n for c, n in zip(columns, needs, strict=True) if c.side == "right")
    x -= gap() * (sum(c.side == "right" for c in columns) - 1)
    end = x - gap() if any(c.side == "right" for c in columns) else total
    for column, need in zip(columns, needs, strict=True):
        if column.side == "right":
            spans.append((x, x + need))
            x += need + gap()
    over = tuple(line.replace("\xa0", " ") for line in wrap(zone_words, end - start, size)) if zone_words else ()
    return Layout(
        tuple(columns), tuple(spans), tuple(headers), (start, end), total, excess if excess > 1e-6 else 0.0, over
    )


def fitted(
    figure: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    bold: Sequence[bool],
    ax: Axes | None,
    narrowest_zone: float,
    narrowest_left: float,
    zone_words: str = "",
    least_share: float = 0.0,
) -> Layout:
    """Layout for ``ax``, which must hold it, or for a figure of our own, which is made as wide as it has to be.

    The plot zone takes a third of the figure where the columns leave it, and has to have its ``least_share``.
    """
    total = room_for(ax)
    third = (total + 2 * PAD) / 3
    layout = lay_out(columns, rows, bold, total, max(narrowest_zone, third), narrowest_left, zone_words)
    if layout.missing:  # so many columns that the plot gets what is left of a third
        zone = max(narrowest_zone, third - layout.missing)
        layout = lay_out(columns, rows, bold, total, zone, narrowest_left, zone_words)
    if layout.missing and ax is not None:
        raise InvalidInput(
            f"{figure}: the columns need {layout.missing:.0f} points more than ax is wide; leave some out"
        )
    if layout.missing:
        layout = lay_out(columns, rows, bold, total + layout.missing, narrowest_zone, narrowest_left, zone_words)
    share = (layout.zone[1] - layout.zone[0]) / (layout.total + 2 * PAD)
    if share < least_share:
        raise TooNarrow(
            f"{figure}: the columns leave the plot {share:.0%} of the width, and it must have {least_share:.0%}; "
            "leave some out"
        )
    return layout


def cells_of(column: pd.Series) -> tuple[list[str], bool]:
    """Text of a column, and whether its values are numbers."""
    kinds = pd.api.types
    numeric = kinds.is_numeric_dtype(column) and not (kinds.is_bool_dtype(column) or kinds.is_complex_dtype(column))
    return [_cell(value, numeric) for value in column], numeric


def _cell(value: object, numeric: bool) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return "–"
    if not numeric:
        return plain(value)
    real = float(value)  # type: ignore[arg-type]
    if not math.isfinite(real) or not real.is_integer():
        return number(real, 1)
    return f"{int(real)}".replace("-", "−")
