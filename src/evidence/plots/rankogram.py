"""Rankogram: how probable each rank is for each treatment."""

from __future__ import annotations

import re

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import InvalidInput
from .parts.canvas import close_axes, open_axes, room_for
from .parts.frames import Table, names_of, need, table_of
from .parts.options import reads_options
from .parts.table import Column, Layout, fitted
from .parts.text import NAME, plain, shorten, width, wrap, write
from .parts.theme import EFFECT, FAINT, INK, MUTED, POOLED, RULE, small_size


@reads_options
def rankogram(
    result: Table | object,
    *,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a small histogram of the ranks of each treatment, the best treatment on top.

    Parameters
    ----------
    result : network or frame
        What ``ev.network`` returned, or its ``ranking()``: a frame whose index or first column are the treatments, with
        ``p_score`` and ``rank_1``, ``rank_2``, ... (the probabilities of the ranks). Rows are drawn in its order.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its units are points.

    Raises
    ------
    InvalidInput
        A column is missing, or a row of probabilities does not sum to 1.

    See Also
    --------
    network : the model.
    plots.league : every treatment against every other.

    Notes
    -----
    All bars share one scale; the first, the probability of being best, is set apart by colour and printed. Flat rows
    are treatments whose place the trials do not tell.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"study": list("abc"), "treatment1": ["A", "B", "A"], "treatment2": ["sham", "sham", "B"]})
    >>> net = ev.network(frame.assign(yi=[0.4, 0.1, 0.3], vi=[0.03, 0.02, 0.04]), reference="sham", method="EE")
    >>> ax = ev.plots.rankogram(net)
    >>> [text.get_text() for text in ax.texts if text.get_text() in net.treatments]  # the best on top
    ['A', 'B', 'sham']
    >>> plt.close(ax.figure)
    """
    frame = table_of("rankogram", result.ranking() if hasattr(result, "ranking") else result)
    ranks = sorted((c for c in frame.columns if re.fullmatch(r"rank_\d+", str(c))), key=lambda c: int(str(c)[5:]))
    frame = need("rankogram", frame, "p_score", *(ranks or ["rank_1"]), numbers=ranks)
    chances = frame[ranks].to_numpy(float)
    if not np.allclose(chances.sum(axis=1), 1, atol=1e-6):
        raise InvalidInput("rankogram: the probabilities of the ranks of each treatment should sum to 1")
    small = small_size()
    names = [plain(name) for name in names_of(frame, None)]
    cells = [
        (name, _percent(best), f"{score:.2f}")
        for name, best, score in zip(names, chances[:, 0], frame["p_score"].to_numpy(float), strict=True)
    ]
    fields = [Column("", shrink=True), Column("P(best)", "right", "right"), Column("P-score", "right", "right")]
    layout = fitted("rankogram", fields, cells, [False] * len(cells), ax, 18 * small, 6 * small)
    start, end = layout.spans[0]
    wrapped = [_lines(name, end - start) for name in names]
    tall = (3.2 if len(names) <= 12 else 2.6) * small
    heights = [max(tall, 1.25 * small * len(lines) + 0.6 * small) for lines in wrapped]
    head = (1.3 * layout.header_lines + 0.8) * small
    height = head + sum(heights) + 3.6 * small
    ax, owned = open_axes(ax, height, layout.total - room_for(ax))
    ax.set(xlim=(0, layout.total), ylim=(height, 0))
    ax.axis("off")
    for i, head_lines in enumerate(layout.headers):
        style = {"ha": layout.columns[i].align, "va": "bottom", "fontsize": small, "color": MUTED}
        write(ax, layout.anchor(i), head - 0.4 * small, "\n".join(head_lines), **style)
    ax.plot([0, layout.total], [head, head], color=RULE, linewidth=0.8)
    y, highest = head, float(chances.max())
    for name, row, shares, step in zip(wrapped, cells, chances, heights, strict=True):
        middle = y + step / 2
        style = {"va": "center", "fontsize": small, "color": INK, "linespacing": 1.15, "label": NAME}
        write(ax, start, middle, "\n".join(name), **style)
        for i in (1, 2):
            write(ax, layout.anchor(i), middle, row[i], ha="right", va="center_baseline", fontsize=small, color=INK)
        _draw_bars(ax, shares, layout, middle + tall / 2 - 0.25 * small, (tall - 0.6 * small) / highest)
        y += step
    _name_ranks(ax, len(ranks), layout, y, highest)
    return close_axes(ax, owned, title, source, height if owned else None)


def _lines(name: str, room: float) -> list[str]:
    """The name on two lines at most."""
    lines = wrap(name, room, small_size())
    if len(lines) <= 2:
        return lines
    return [lines[0], shorten(" ".join(lines[1:]), room, small_size())]


def _percent(share: float) -> str:
    if share < 0.01:  # nothing seen in simulations is not nothing
        return "< 1%"
    return "> 99%" if share > 0.99 else f"{100 * share:.0f}%"


def _draw_bars(ax: Axes, shares: np.ndarray, layout: Layout, foot: float, unit: float) -> None:
    start, end = layout.zone
    step = (end - start) / len(shares)
    ax.plot([start, end], [foot, foot], color=FAINT, linewidth=0.8, zorder=1)
    for rank, share in enumerate(shares):
        place = (start + (rank + 0.1) * step, foot - share * unit)
        colour = EFFECT if rank else POOLED
        ax.add_patch(Rectangle(place, 0.8 * step, share * unit, facecolor=colour, linewidth=0, zorder=2))


def _name_ranks(ax: Axes, count: int, layout: Layout, top: float, highest: float) -> None:
    """Numbers under the bars, as many as fit, and what they are."""
    small = small_size()
    start, end = layout.zone
    step = (end - start) / count
    every = max(1, int(np.ceil((width(str(count), small) + 0.5 * small) / step)))
    for rank in range(0, count, every):
        x = start + (rank + 0.5) * step
        write(ax, x, top + 0.7 * small, str(rank + 1), ha="center", va="center_baseline", fontsize=small, color=MUTED)
    words = f"rank, 1 is best; tallest bar {_percent(highest)}"
    words = shorten(words, layout.total, small)
    x = min(max((start + end) / 2, width(words, small) / 2), layout.total - width(words, small) / 2)
    write(ax, x, top + 2.3 * small, words, ha="center", va="center_baseline", fontsize=small, color=MUTED)
