"""Lines and marks among words, on axes whose limits are set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D


def stroke(ax: Axes, x: Sequence[float], y: Sequence[float], **style: Any) -> None:
    """Draw a line or marks in the colour of ``style``.

    As ``ax.plot`` would, which asks each time whether the limits have to grow, and takes twice as long. They are taken
    to lie inside ``ax``: when room is made around it, they are not measured.
    """
    ax.add_artist(Line2D(x, y, in_layout=False, **style))
