"""A table of coloured squares: rows and columns of one kind, named at the left and numbered on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from .canvas import open_axes, room_for
from .text import NAME, shorten, width, wrap, write
from .theme import INK, MUTED, PAPER, small_size

Colour = str | tuple[float, float, float]


@dataclass(frozen=True)
class Squares:
    """Where the squares stand, in points from the top left, and the Axes they are drawn on."""

    ax: Axes
    owned: bool
    left: float
    head: float
    cell: float
    tall: float
    height: float


def draw_squares(
    ax: Axes | None,
    rows: Sequence[str],
    columns: Sequence[str],
    values: np.ndarray,
    colour: Callable[[int, int], Colour],
    words: Callable[[int, int], str],
    ink: Callable[[int, int], str],
    key: Sequence[str],
) -> Squares:
    """Draw the table and its key; columns that are rows, too, have the number of their row, others one of their own.

    Parameters
    ----------
    ax : Axes or None
    rows : names of the R rows
    columns : names of the C columns
    values : (R, C) array, not-a-number where nothing is drawn
    colour : of a square, by row and column
    words : what stands in it where there is room, likewise
    ink : the colour of the words, likewise
    key : lines under the table
    """
    small = small_size()
    total = room_for(ax)
    numbers = {name: i + 1 for i, name in enumerate(rows)}
    own = [name for name in columns if name not in numbers]
    numbers |= {name: len(rows) + i + 1 for i, name in enumerate(own)}
    labels = [f"{numbers[name]}  {name}" for name in rows]
    left = min(max(width(label, small) for label in labels) + 0.8 * small, max(0.36 * total, 8 * small))
    fewest = len(columns) * (width(str(len(numbers)), small) + 0.3 * small)
    total = max(total, left + fewest if ax is None else total)
    cell = min((total - left) / len(columns), 6 * small)
    tall = 1.9 * small
    head = 1.7 * small
    extra = wrap("; ".join(f"{numbers[name]} {name}" for name in own), total, small) if own else []
    lines = [line for words_ in key for line in wrap(words_, total, small)] + extra
    height = head + tall * len(rows) + (1.4 * len(lines) + 1.2) * small
    ax, owned = open_axes(ax, height, total - room_for(ax))
    ax.set(xlim=(0, total), ylim=(height, 0))
    ax.axis("off")
    every = max(1, int(np.ceil((width(str(len(numbers)), small) + 0.3 * small) / cell)))
    for j, name in enumerate(columns):
        if j % every == 0:
            place = left + cell * (j + 0.5)
            write(
                ax,
                place,
                0.8 * small,
                str(numbers[name]),
                ha="center",
                va="center_baseline",
                fontsize=small,
                color=MUTED,
            )
    corners, colours = [], []
    for i, label in enumerate(labels):
        y = head + tall * i
        short = shorten(label, left - 0.8 * small, small)
        write(ax, 0, y + tall / 2, short, va="center_baseline", fontsize=small, color=INK, label=NAME)
        for j in range(len(columns)):
            if not np.isfinite(values[i, j]):
                continue
            x, text = left + cell * j, words(i, j)
            corners.append([(x, y), (x + cell, y), (x + cell, y + tall), (x, y + tall)])
            colours.append(colour(i, j))
            if text and width(text, small) + 0.1 * small <= cell:
                style = {"ha": "center", "va": "center_baseline", "fontsize": small, "color": ink(i, j)}
                write(ax, x + cell / 2, y + tall / 2, text, **style)
    # Thousands of squares are one artist: each by itself takes a millisecond.
    ax.add_collection(PolyCollection(corners, facecolors=colours, edgecolors=PAPER, linewidths=1), autolim=False)
    for n, line in enumerate(lines):
        y = head + tall * len(rows) + (1.4 * n + 1.3) * small
        write(ax, 0, y, line, va="center_baseline", fontsize=small, color=MUTED)
    return Squares(ax, owned, left, head, cell, tall, height)
