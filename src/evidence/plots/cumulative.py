"""Cumulative forest plot: how the answer moved as trials came in."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import InvalidInput
from .parts.canvas import close_axes, open_axes, room_for
from .parts.effect_axis import SIDES, effect_limits, given_limits, measure_shown
from .parts.effect_words import name_effect_axis
from .parts.fits import described
from .parts.frames import Table, computed, level_of, names_of, need, table_of
from .parts.interval_rows import Row, draw_rows, total_height, worthwhile_words
from .parts.options import reads_options
from .parts.table import Column, cells_of, fitted
from .parts.text import plain
from .parts.theme import small_size

_HEADS = {"added": "Trial added", "without": "Trial left out"}


@reads_options
def cumulative(
    result: Table | object,
    *,
    label: str | None = None,
    columns: pd.DataFrame | None = None,
    head: str | None = None,
    measure: str | None = None,
    level: float | None = None,
    favours: tuple[str, str] | None = SIDES,
    worthwhile: float | None = None,
    xlim: tuple[float, float] | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a pooled effect a row: after each trial added, or with each trial left out.

    Parameters
    ----------
    result : result of `evidence.cumulative` or `evidence.leave_one_out`, trials or frame
        What these returned, or a frame with ``estimate``, ``ci_low``, ``ci_high``, in the order in which rows are
        drawn; a fit or other trials are pooled one after the other.
    label : str, optional
        Column with the names of the rows; the index when not given.
    columns : DataFrame with as many rows, optional
        Columns printed between name and plot.
    head : str, optional
        What the names are; "Trial added" or "Trial left out" when not given.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back. By default that of the trials, else it is called an effect.
    level : float
        Level of the intervals.
    favours : (str, str) or None
        What the left and the right side of the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it (a ratio for ratios).
    xlim : (float, float), optional
        Limits of the effect axis as readers know them. Intervals that pass them end in an arrow.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Columns, plot zone and numbers share it; its x axis is the effect.

    See Also
    --------
    cumulative : pools as trials come in.
    leave_one_out : pools without each trial.
    plots.forest : every trial by itself.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> ax = ev.plots.cumulative(ev.leave_one_out(fit))
    >>> ax.texts[0].get_text()
    'Trial left out'
    >>> plt.close(ax.figure)
    """
    from ..sensitivity.cumulative import cumulative as pooled_in_order

    found = computed("cumulative", result, pooled_in_order, "estimate", "ci_low", "ci_high")
    frame = table_of("cumulative", found)
    frame = need("cumulative", frame, "estimate", "ci_low", "ci_high", label, numbers=("se", "df"))
    level = level_of(found, frame, level)
    first = frame.index.name if isinstance(frame.index.name, str) else str(frame.columns[0])
    if first not in _HEADS and not isinstance(found, pd.DataFrame):
        raise InvalidInput(
            f"cumulative: give what ev.cumulative or ev.leave_one_out returned, or trials; not {described(found)}"
        )
    head = head or _HEADS.get(first) or _HEADS["without" if _left_out(frame) else "added"]
    if columns is not None and len(columns) != len(frame):
        raise InvalidInput(f"cumulative: columns has {len(columns)} rows, the frame {len(frame)}")
    named = measure_shown(measure, result)
    names = [plain(v) for v in names_of(frame, label)]
    texts, fields = [], []
    for i in range(0 if columns is None else columns.shape[1]):
        assert columns is not None
        cells, numeric = cells_of(columns.iloc[:, i])
        texts.append(cells)
        fields.append(Column(plain(columns.columns[i]), "right" if numeric else "left", shrink=not numeric))
    rows = []
    bounds = frame[["estimate", "ci_low", "ci_high"]].to_numpy(float)
    shown = named.suited((low, high) for _, low, high in bounds.tolist() if np.isfinite(high - low))
    for i, (estimate, low, high) in enumerate(bounds.tolist()):
        words = (shown.number(estimate), shown.interval(low, high)) if np.isfinite(estimate) else ("–", "")
        rows.append(Row("step", (names[i], *(t[i] for t in texts), *words), estimate, low, high))
    numbers = [Column(shown.short, "right", "right"), Column(f"{level * 100:g}%\xa0interval", "right", "right")]
    fields = [Column(head, shrink=True), *fields, *numbers]
    small = small_size()
    plain_rows = [False] * len(rows)
    place = None if worthwhile is None else shown.placed(worthwhile)
    heading = worthwhile_words(named, place)
    layout = fitted("cumulative", fields, [r.cells for r in rows], plain_rows, ax, 12 * small, 12 * small, heading)
    limits = effect_limits(
        bounds[:, 0], bounds[:, 1], bounds[:, 2], keep=() if place is None else (place,), null=shown.null
    )
    if xlim is not None:
        limits = given_limits("cumulative", shown, xlim)
    height = total_height(rows, layout)
    ax, owned = open_axes(ax, height, layout.total - room_for(ax))
    draw_rows(ax, rows, layout, limits, shown, worthwhile=place)
    name_effect_axis(ax, shown, limits, favours, layout.fractions)
    return close_axes(ax, owned, title, source, height if owned else None)


def _left_out(frame: pd.DataFrame) -> bool:
    """Whether every row pools all trials but one, of a frame whose index no longer says so."""
    return "k" in frame.columns and len(frame) > 1 and bool((frame["k"] == len(frame) - 1).all())
