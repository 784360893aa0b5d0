"""League table: every treatment against every other, as numbers on their colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_rgb
from matplotlib.patches import Rectangle

from ..errors import InvalidInput
from .parts.canvas import close_axes, open_axes, room_for
from .parts.colours import DIVERGING, colour_reach, draw_colour_bar, ink_on
from .parts.effect_axis import Measure, measure_shown
from .parts.frames import Table, level_of, need, table_of
from .parts.options import reads_options
from .parts.text import NAME, plain, shorten, width, wrap, write
from .parts.theme import INK, MUTED, PAPER, RULE, small_size

_COLUMNS = ("treatment1", "treatment2", "estimate", "ci_low", "ci_high")


@dataclass(frozen=True)
class _Table:
    """The figures by row and column, (T, T), not-a-number on the diagonal, and how much of them fits."""

    names: tuple[str, ...]
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    direct: np.ndarray
    left: float
    cell: float
    tall: float
    shows: str  # "interval", "estimate" or "colour"


@reads_options
def league(
    result: Table | object,
    *,
    order: Sequence[object] | None = None,
    measure: str | None = None,
    level: float | None = None,
    limit: float | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the league table of a network: row against column, with its interval where there is room.

    Parameters
    ----------
    result : network or frame
        What ``ev.network`` returned, or its ``league()``: a frame with ``treatment1, treatment2, estimate, ci_low,
        ci_high`` and where known ``k``, one row a pair of treatments in each direction.
    order : sequence, optional
        Treatments from the top down, as the index of ``Network.ranking``; by mean effect when not given.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"RR"`` ...); ratios come as logs and are shown back. By default that of the
        trials, else it is called an effect.
    level : float
        Level of the intervals, for the key.
    limit : float, optional
        Effect, as readers know it, at which the colour is fullest; the largest in the frame when not given.
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
        A column or a pair is missing, or ``order`` does not name every treatment once.

    See Also
    --------
    network : the model.
    plots.network : what trials compared directly.
    plots.rankogram : which is best.

    Notes
    -----
    A cell is its row's treatment minus (for ratios: over) its column's. Bold: the interval excludes no difference.
    Framed: some trial compares the two directly; all else is indirect. Where the intervals do not fit the estimates
    alone are printed, and where these do not fit colours with a dot for bold.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"study": list("abc"), "treatment1": ["A", "B", "A"], "treatment2": ["sham", "sham", "B"]})
    >>> net = ev.network(frame.assign(yi=[0.4, 0.1, 0.3], vi=[0.03, 0.02, 0.04]), reference="sham", method="EE")
    >>> ax = ev.plots.league(net)
    >>> any(text.get_text().startswith("Effect, row minus column") for text in ax.texts)
    True
    >>> plt.close(ax.figure)
    """
    shown = measure_shown(measure, result)
    small = small_size()
    frame = table_of("league", result.league() if hasattr(result, "league") else result)
    frame = need("league", frame, *_COLUMNS, numbers=("k", "se", "df"), labels=("treatment1", "treatment2"))
    level = level_of(result, frame, level)
    count = frame["treatment1"].nunique()
    least = width(str(count), small) + 0.5 * small
    total = max(room_for(ax), 0.0 if ax is not None else (count * least + small) / 0.7)
    table = _table(frame, order, shown, total)
    heads = [wrap(name, table.cell - 0.5 * small, small) for name in table.names]
    longest = max(width(word, small) for name in table.names for word in name.split(" "))
    numbered = longest > table.cell - 0.5 * small or max(map(len, heads)) > 4
    every = 1
    if numbered:
        heads = [[str(i + 1)] for i in range(count)]
        every = math.ceil(least / table.cell)
    head = (1.3 * max(map(len, heads)) + 0.8) * small
    body = head + table.tall * count
    key = _key(table, shown, level, total)
    height = body + (4.6 + 1.4 * len(key)) * small
    ax, owned = open_axes(ax, height, total - room_for(ax))
    ax.set(xlim=(0, total), ylim=(height, 0))
    ax.axis("off")
    for i, lines in enumerate(heads):
        x, y = table.left + table.cell * (i + 0.5), head + table.tall * (i + 0.5)
        style = {"fontsize": small, "color": MUTED, "linespacing": 1.15}
        if i % every == 0:
            write(ax, x, head - 0.5 * small, "\n".join(lines), ha="center", va="bottom", label=NAME, **style)
        _write_name(ax, table, i, f"{i + 1}  " if numbered else "", y)
    reach = colour_reach(table.estimate, shown, limit)
    for i in range(count):
        for j in range(count):
            if i != j:
                _draw_cell(ax, table, shown, reach, i, j, head)
    draw_colour_bar(ax, shown, reach, body + 1.9 * small)
    for n, words in enumerate(key):
        write(ax, 0, body + (4.2 + 1.4 * n) * small, words, va="center_baseline", fontsize=small, color=MUTED)
    return close_axes(ax, owned, title, source, height if owned else None)


def _table(frame: pd.DataFrame, order: Sequence[object] | None, shown: Measure, total: float) -> _Table:
    if order is None:
        means = frame.groupby("treatment1", sort=False)["estimate"].mean()
        order = list(means.sort_values(ascending=False, kind="stable").index)
    given = set(frame["treatment1"]) | set(frame["treatment2"])
    if set(order) != given or len(order) != len(given):
        raise InvalidInput(f"league: order should name each of {sorted(map(str, given))} once")
    places = pd.MultiIndex.from_product([order, order])
    pairs = frame.assign(k=frame.get("k", 0)).drop_duplicates(["treatment1", "treatment2"])
    square = pairs.set_index(["treatment1", "treatment2"]).reindex(places)
    shape = (len(order), len(order))
    values = {c: square[c].to_numpy(float).reshape(shape) for c in ("estimate", "ci_low", "ci_high", "k")}
    off = ~np.eye(len(order), dtype=bool)
    if not np.isfinite(np.stack(list(values.values())))[:, off].all():
        raise InvalidInput("league: give every pair of treatments in both directions, with its interval")
    direct = values["k"] > 0
    small = small_size()
    names = tuple(plain(name) for name in order)
    widest = max(width(name, small) for name in names) + width("00  ", small)
    left = min(widest, max(0.3 * total, 8 * small)) + 0.8 * small
    cell = (total - left) / len(names)
    numbers = max(width(shown.number(v), small, True) for v in values["estimate"][off])
    intervals = max(
        width(shown.interval(a, b), small) for a, b in zip(values["ci_low"][off], values["ci_high"][off], strict=True)
    )
    shows = "interval" if intervals + 0.6 * small <= cell else "estimate" if numbers + 0.4 * small <= cell else "colour"
    tall = {"interval": 3.3, "estimate": 2.0, "colour": 1.6}[shows] * small
    return _Table(
        names, values["estimate"], values["ci_low"], values["ci_high"], direct, left, min(cell, 12 * small), tall, shows
    )


def _write_name(ax: Axes, table: _Table, i: int, number: str, y: float) -> None:
    small = small_size()
    most = max(1, int(table.tall / (1.3 * small)))
    room = table.left - 0.8 * small
    lines = wrap(number + table.names[i], room, small)
    if len(lines) > most:
        lines = [*lines[: most - 1], shorten(" ".join(lines[most - 1 :]), room, small)]
    write(ax, 0, y, "\n".join(lines), va="center", fontsize=small, color=INK, linespacing=1.15, label=NAME)


def _draw_cell(ax: Axes, table: _Table, shown: Measure, reach: float, i: int, j: int, head: float) -> None:
    small = small_size()
    effect, low, high = (float(part[i, j]) for part in (table.estimate, table.low, table.high))
    x, y = table.left + j * table.cell, head + i * table.tall
    fill = to_rgb(DIVERGING(Normalize(-reach, reach, clip=True)(effect)))
    ax.add_patch(Rectangle((x, y), table.cell, table.tall, facecolor=fill, edgecolor=PAPER, linewidth=1.2))
    if table.direct[i, j]:
        edge = RULE if ink_on(fill) == "#000000" else PAPER
        inside = (x + 1.3, y + 1.3), table.cell - 2.6, table.tall - 2.6
        ax.add_patch(Rectangle(*inside, fill=False, edgecolor=edge, linewidth=0.9))
    clear = low > 0 or high < 0
    centre = x + table.cell / 2, y + table.tall / 2
    style = {"ha": "center", "va": "center_baseline", "fontsize": small, "color": ink_on(fill)}
    if table.shows == "colour":
        if clear:
            ax.plot(*centre, marker="o", markersize=0.3 * min(table.cell, table.tall), color=ink_on(fill))
        return
    up = 0.75 * small if table.shows == "interval" else 0.0
    write(ax, centre[0], centre[1] - up, shown.number(effect), weight="bold" if clear else "normal", **style)
    if table.shows == "interval":
        write(ax, centre[0], centre[1] + up, shown.interval(low, high), **style)


def _key(table: _Table, shown: Measure, level: float, total: float) -> list[str]:
    marks = [f"{shown.short}, row {'over' if shown.ratio else 'minus'} column"]
    marks += [f"in brackets: {level * 100:g}% interval"] if table.shows == "interval" else []
    sign = "dot" if table.shows == "colour" else "bold"
    marks.append(f"{sign}: the {level * 100:g}% interval excludes no difference")
    marks += ["framed: trials compare the two directly"] if table.direct.any() else []
    return wrap("; ".join(marks), total, small_size())
