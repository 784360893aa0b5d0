"""Names beside points, as many as fit without touching."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from numpy.typing import ArrayLike

from .canvas import size_of
from .text import NAME, label, plain, shorten, width
from .theme import INK, small_size

_Box = tuple[float, float, float, float]


def label_points(
    ax: Axes, x: ArrayLike, y: ArrayLike, names: Sequence[object], wanted: Iterable[int], radius: float = 4.0
) -> list[Annotation]:
    """Name the points ``wanted``, the most important first; a name that finds no free place is left out.

    To be called last: places are measured in points on the finished Axes.

    Parameters
    ----------
    x : (k,) array
        Where all points stand across, in data units: none is written over.
    y : (k,) array
        Where they stand up, in data units.
    names : sequence of length k
        Their names.
    wanted : iterable of int
        Positions of the points to name.
    radius : float
        Radius of the markers in points.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    places = ax.transData.transform(np.column_stack([np.asarray(x, float), np.asarray(y, float)]))
    places = (places - ax.get_window_extent().p0) * 72 / figure.dpi
    total, tall = size_of(ax)
    small = small_size()
    taken: list[_Box] = [(px - radius, py - radius, px + radius, py + radius) for px, py in places]
    drawn = []
    for i in wanted:
        words = shorten(plain(names[i]), 0.45 * total, small)
        wide, high, off = width(words, small), 1.25 * small, radius + 2.0
        px, py = (float(v) for v in places[i])
        for dx, dy in ((off, -high / 2), (-off - wide, -high / 2), (-wide / 2, off), (-wide / 2, -off - high)):
            box = (px + dx, py + dy, px + dx + wide, py + dy + high)
            if box[0] < 0 or box[1] < 0 or box[2] > total or box[3] > tall or any(_touch(box, t) for t in taken):
                continue
            taken.append(box)
            at = (float(np.asarray(x, float)[i]), float(np.asarray(y, float)[i]))
            style = {"va": "baseline", "fontsize": small, "color": INK, "label": NAME}
            drawn.append(label(ax, words, at, (dx, dy + 0.3 * small), "data", **style))
            break
    return drawn


def _touch(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
