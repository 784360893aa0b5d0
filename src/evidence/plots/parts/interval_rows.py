"""Rows of text and intervals under each other: the body of forest plots and their relatives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.markers import CARETLEFT, CARETRIGHT
from matplotlib.patches import Polygon, Rectangle

from ...languages import _
from .effect_axis import Measure
from .lights import draw_light
from .strokes import stroke
from .table import Layout, gap
from .text import NAME, label, shorten, width, wrap, write
from .theme import EFFECT, FADED, INK, MUTED, PAPER, POOLED, RULE, WORTHWHILE, WORTHWHILE_INK, small_size

_HEIGHTS = {
    "trial": 1.0,
    "step": 1.0,
    "answer": 0.78,
    "pooled": 1.15,
    "heading": 1.05,
    "name": 0.95,
    "note": 0.78,
    "gap": 0.45,
    "air": 0.2,
}
_AIR = 0.2  # rows between the column heads and the first row
Kind = Literal["trial", "step", "answer", "pooled", "heading", "name", "note", "gap", "air"]
_NAMED: tuple[Kind, ...] = ("trial", "step", "answer", "name", "heading")  # cells that may be shortened
_WRAPPED: dict[Kind, Kind] = {"note": "note", "heading": "name", "answer": "name"}


@dataclass(frozen=True)
class Row:
    """One row: a cell of text for each column, and the interval drawn beside them (none where not-a-number).

    A ``trial`` is a square, a ``step`` a small dot, an ``answer`` (a pooled result, one among several) a dot,
    hollow and faded where it is a single trial, ``pooled`` the diamond that closes a block; a ``name`` continues the
    name above it, faded where that is.
    """

    kind: Kind
    cells: tuple[str, ...]
    estimate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    weight: float = math.nan  # percent
    prediction: tuple[float, float] | None = None
    hollow: bool = False
    expected: tuple[float, float, float] | None = None  # low, estimate and high that moderators lead to expect

    @property
    def height(self) -> float:
        """In rows of a trial."""
        return _HEIGHTS[self.kind]


def row_points() -> float:
    """Height in points of a trial's row."""
    return 1.9 * small_size()


def header_height(layout: Layout) -> float:
    """Height of the column heads, in rows."""
    return (max(layout.header_lines, 1) * 1.3 * small_size() + 0.6 * small_size()) / row_points()


def total_height(rows: Sequence[Row], layout: Layout) -> float:
    """Height in points of head and rows."""
    return (header_height(layout) + _AIR + sum(row.height for row in rows) + 0.15) * row_points()


def wrap_rows(rows: Sequence[Row], layout: Layout) -> list[Row]:
    """The same rows, with names, headings and notes on as many lines as they need beside the plot zone."""
    wrapped: list[Row] = []
    for row in rows:
        if row.kind not in _WRAPPED or not row.cells[0]:
            wrapped.append(row)
            continue
        room = layout.spans[0][1] if row.kind == "answer" else layout.zone[0] - gap()
        first, *rest = wrap(row.cells[0], room, small_size(), bold=row.kind != "note")
        wrapped.append(replace(row, cells=(first, *row.cells[1:])))
        blank = ("",) * (len(row.cells) - 1)
        wrapped += [Row(_WRAPPED[row.kind], (line, *blank), hollow=row.hollow) for line in rest]
    return wrapped


def draw_rows(
    ax: Axes,
    rows: Sequence[Row],
    layout: Layout,
    limits: tuple[float, float],
    shown: Measure,
    worthwhile: float | None = None,
    pooled: float | None = None,
) -> None:
    """Draw column heads, text and intervals on ``ax``, whose x limits are already set.

    ``worthwhile`` and ``pooled`` are places on the axis; the pooled one is continued upwards as a dotted line. An
    estimate beyond the axis stands as a number at its edge.
    """
    head = header_height(layout)
    first = head + _AIR
    end = first + sum(row.height for row in rows) + 0.15
    ax.set_ylim(end, 0)
    ax.set_yticks([])
    for side in ("top", "left", "right"):
        ax.spines[side].set_visible(False)
    ax.set_facecolor("none")
    plotted = [
        first + sum(r.height for r in rows[: i + 1]) for i, row in enumerate(rows) if math.isfinite(row.estimate)
    ]
    foot = max(plotted, default=end)
    _draw_head(ax, layout, head)
    if worthwhile is not None:
        _draw_worthwhile(ax, layout, limits, worthwhile, head, end)
    if shown.null:
        stroke(ax, [0, 0], [head, end], color=INK, linewidth=0.9, zorder=1.5, solid_capstyle="butt")
    if pooled is not None:
        style = {"color": POOLED, "linewidth": 0.9, "linestyle": (0, (1.5, 2)), "zorder": 1.6}
        stroke(ax, [pooled, pooled], [head, foot - 0.5], **style)
    heaviest = max([5.0, *(row.weight for row in rows if row.kind == "trial" and math.isfinite(row.weight))])
    y = first
    for row in rows:
        _draw_text(ax, row, layout, y + row.height / 2)
        if math.isfinite(row.estimate):
            _draw_interval(ax, row, limits, y + row.height / 2, heaviest)
            _draw_beyond(ax, row, limits, y + row.height / 2, shown.number(row.estimate))
        if row.expected is not None:
            low, estimate, high = row.expected
            _draw_diamond(ax, replace(row, low=low, estimate=estimate, high=high), limits, y + row.height / 2, 0.3)
        y += row.height


def _draw_head(ax: Axes, layout: Layout, head: float) -> None:
    across = ax.get_yaxis_transform()
    total = layout.total
    stroke(ax, [0, 1], [head, head], color=RULE, linewidth=0.8, transform=across, clip_on=False)
    for i, (column, lines) in enumerate(zip(layout.columns, layout.headers, strict=True)):
        for j, words in enumerate(reversed(lines)):
            x = layout.anchor(i) / total
            y = _head_line(head, j)
            style = {"ha": column.align, "va": "baseline", "fontsize": small_size(), "color": MUTED}
            write(ax, x, y, words, transform=across, **style)


def _draw_worthwhile(
    ax: Axes,
    layout: Layout,
    limits: tuple[float, float],
    worthwhile: float,
    head: float,
    end: float,
) -> None:
    """A light band over every effect that matters, named in the head of the plot zone."""
    band = Rectangle((worthwhile, head), limits[1] - worthwhile, end - head, color=WORTHWHILE, linewidth=0, zorder=0.5)
    ax.add_patch(band)
    edge = {"color": WORTHWHILE_INK, "linewidth": 0.8, "linestyle": (0, (4, 2)), "zorder": 0.6}
    stroke(ax, [worthwhile] * 2, [head, end], **edge)
    start, stop = layout.zone
    x = start + (worthwhile - limits[0]) / (limits[1] - limits[0]) * (stop - start)
    x = max(start, min(x, stop - max(width(line, small_size()) for line in layout.zone_head)))
    style = {"va": "baseline", "fontsize": small_size(), "color": WORTHWHILE_INK}
    for j, line in enumerate(reversed(layout.zone_head)):
        y = _head_line(head, j)
        write(ax, x / layout.total, y, line, transform=ax.get_yaxis_transform(), **style)


def worthwhile_words(measure: Measure, worthwhile: float | None) -> str:
    """What stands over the band of the effects that matter; "" without one."""
    return "" if worthwhile is None else _("worthwhile ≥\xa0{effect}", effect=measure.limit(worthwhile))


def _head_line(head: float, j: int) -> float:
    """Baseline of the line ``j`` of the heads, counted from the lowest, in rows."""
    return head - (0.45 + 1.3 * j) * small_size() / row_points()


def _draw_text(ax: Axes, row: Row, layout: Layout, y: float) -> None:
    size = small_size()
    for i, cell in enumerate(row.cells):
        if not cell:
            continue
        bold = row.kind in ("pooled", "heading", "name") or (row.kind == "answer" and i == 0)
        if layout.columns[i].lights:
            draw_light(ax, layout.anchor(i) / layout.total, y, cell, across=True)
            continue
        start, end = layout.spans[i]
        spanning = i == 0 and row.kind not in ("trial", "step", "answer")
        words = shorten(cell, layout.room(row.cells) - start if spanning else end - start + 0.5, size, bold)
        write(
            ax,
            layout.anchor(i) / layout.total,
            y,
            words,
            transform=ax.get_yaxis_transform(),
            ha=layout.columns[i].align,
            va="center_baseline",
            fontsize=size,
            weight="bold" if bold else "normal",
            color=MUTED if row.kind == "note" or row.hollow else INK,
            label=NAME if row.kind in _NAMED else None,
        )


def _draw_interval(ax: Axes, row: Row, limits: tuple[float, float], y: float, heaviest: float) -> None:
    if row.kind == "pooled":
        if row.prediction is not None:
            _draw_line(ax, *row.prediction, limits, y, POOLED, caps=True)
        _draw_diamond(ax, row, limits, y, 1.0)
        return
    answer, step = row.kind == "answer", row.kind == "step"
    if row.prediction is not None:
        _draw_line(ax, *row.prediction, limits, y, RULE)
    color = FADED if answer and row.hollow else EFFECT
    _draw_line(ax, row.low, row.high, limits, y, color, 2.4 if answer else 1.2)
    if limits[0] <= row.estimate <= limits[1]:
        side = 9.5 * math.sqrt(max(row.weight, 0.0) / heaviest) if math.isfinite(row.weight) else 5.0 if step else 8.0
        inside = PAPER if row.hollow else color
        ax.plot(
            [row.estimate],
            [y],
            marker="s" if row.kind == "trial" else "o",
            markersize=max(side, 2.5),
            markerfacecolor=inside,
            markeredgecolor=color,
            markeredgewidth=1.6 if row.hollow else 1.0,
            zorder=3,
        )


def _draw_beyond(ax: Axes, row: Row, limits: tuple[float, float], y: float, words: str) -> None:
    """Of an estimate that lies beyond the axis, its value at the edge, with an arrow."""
    if limits[0] <= row.estimate <= limits[1]:
        return
    right = row.estimate > limits[1]
    edge, arrow = (limits[1], CARETRIGHT) if right else (limits[0], CARETLEFT)
    colour = POOLED if row.kind == "pooled" else FADED if row.kind == "answer" and row.hollow else EFFECT
    stroke(ax, [edge], [y], marker=arrow, markersize=5, color=colour, linestyle="none", zorder=2)
    shift = -0.75 * small_size() if right else 0.75 * small_size()
    style = {"ha": "right" if right else "left", "va": "center_baseline", "fontsize": small_size(), "zorder": 4}
    box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.9, "pad": 0.6}
    label(ax, words, (edge, y), (shift, 0), "data", color=POOLED if colour == POOLED else EFFECT, bbox=box, **style)


def _draw_line(
    ax: Axes,
    low: float,
    high: float,
    limits: tuple[float, float],
    y: float,
    color: str,
    thick: float = 1.2,
    caps: bool = False,
) -> None:
    """An interval; an arrow stands where it leaves the axis."""
    start, end = (min(max(v, limits[0]), limits[1]) for v in (low, high))
    stroke(ax, [start, end], [y, y], color=color, linewidth=thick, solid_capstyle="butt", zorder=2)
    for value, edge, arrow in ((low, limits[0], CARETLEFT), (high, limits[1], CARETRIGHT)):
        beyond = value < edge if arrow == CARETLEFT else value > edge
        outside = low > limits[1] if arrow == CARETLEFT else high < limits[0]
        if beyond and not outside:
            stroke(ax, [edge], [y], marker=arrow, markersize=5, color=color, linestyle="none", zorder=2)
        elif caps and not outside:
            stroke(ax, [value] * 2, [y - 0.16, y + 0.16], color=color, linewidth=1.2, zorder=2)


def _draw_diamond(ax: Axes, row: Row, limits: tuple[float, float], y: float, alpha: float) -> None:
    corners = [(row.low, y), (row.estimate, y - 0.34), (row.high, y), (row.estimate, y + 0.34)]
    inside = [(min(max(x, limits[0]), limits[1]), v) for x, v in corners]
    style = {"facecolor": POOLED, "edgecolor": POOLED, "linewidth": 0.8}
    if alpha < 1:
        style = {"facecolor": POOLED, "alpha": alpha, "linewidth": 0.0}
    ax.add_patch(Polygon(inside, closed=True, zorder=3 if alpha == 1 else 1.8, **style))
