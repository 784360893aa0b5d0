"""Colours that stand for an effect: against on one side, for on the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from .effect_axis import Measure
from .text import write
from .theme import MUTED, small_size

DIVERGING = LinearSegmentedColormap.from_list("against_for", ["#a63d12", "#eeb48f", "#f3f1ee", "#93bdd9", "#1f5f8b"])
_SWATCHES = 11


def colour_reach(values: np.ndarray, shown: Measure, limit: float | None) -> float:
    """The effect, as pooled, at which the colour is fullest."""
    if limit is not None:
        return abs(shown.placed(limit))
    known = np.abs(values[np.isfinite(values)])
    return float(known.max()) if known.size and known.max() > 0 else 1.0


def ink_on(fill: Sequence[float]) -> str:
    """Black or white, whichever has a contrast of 4.5 or more on an sRGB colour (relative luminance of WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in fill]
    return "#ffffff" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.179 else "#000000"


def draw_colour_bar(ax: Axes, shown: Measure, reach: float, middle: float) -> float:
    """Draw the key of the colours at the left of ``ax``, whose units are points; returns its width."""
    small = small_size()
    swatch = 1.15 * small
    for i in range(_SWATCHES):
        colour = DIVERGING(i / (_SWATCHES - 1))
        ax.add_patch(Rectangle((i * swatch, middle - 1.1 * small), swatch, small, facecolor=colour, linewidth=0))
    bar = _SWATCHES * swatch
    for place, side, value in ((0.0, "left", -reach), (bar / 2, "center", 0.0), (bar, "right", reach)):
        words = shown.number(value)
        write(ax, place, middle + 0.8 * small, words, ha=side, va="center_baseline", fontsize=small, color=MUTED)
    return bar
