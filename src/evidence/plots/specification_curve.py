"""Specification curve: every defensible analysis, sorted by what it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from ..errors import InvalidInput
from ..languages import _, pgettext
from .parts.canvas import close_axes, dress, name_y, open_axes, settle
from .parts.effect_axis import SIDES, effect_limits, measure_named
from .parts.effect_words import up_and_down
from .parts.fonts import families
from .parts.frames import Table, need, table_of
from .parts.options import reads_options
from .parts.text import NAME, counted, plain, shorten, write
from .parts.theme import EFFECT, FAINT, INK, MUTED, PAPER, POOLED, RULE, WORTHWHILE_INK, small_size, text_size


@reads_options
def specification_curve(
    result: Table,
    choices: Sequence[str] | None = None,
    *,
    headline: int | None = None,
    measure: str = "SMD",
    favours: tuple[str, str] = SIDES,
    worthwhile: float | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the estimates of all specifications in order, and under each what was chosen.

    Parameters
    ----------
    result : result of `evidence.multiverse`, or frame
        What ``ev.multiverse`` returned: one row a specification with ``estimate``, ``ci_low``, ``ci_high`` and a
        column for each choice.
    choices : sequence of str, optional
        Columns of the choices, drawn from top to bottom; when not given, those left of ``set`` with several options.
    headline : int, optional
        Position in the frame of the specification that was reported.
    measure : str
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back.
    favours : (str, str)
        What effects under and over the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it (a ratio for ratios).
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        The upper panel; the choices stand in an inset below it.

    See Also
    --------
    multiverse : makes the specifications.
    all_models : every model of one set of trials.

    References
    ----------
    Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4:1208.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"method": ["REML", "DL"], "estimate": [0.4, 0.2]})
    >>> frame = frame.assign(ci_low=[0.1, -0.1], ci_high=[0.7, 0.5])
    >>> ax = ev.plots.specification_curve(frame, ["method"])
    >>> ax.lines[0].get_ydata().tolist()  # sorted
    [0.2, 0.4]
    >>> plt.close(ax.figure)
    """
    frame = table_of("specification_curve", result)
    if choices is None:
        frame = need("specification_curve", frame, "set")
        before = frame.columns[: frame.columns.get_indexer(pd.Index(["set"]))[0]]
        choices = [str(column) for column in before if frame[column].nunique() > 1]
    frame = need("specification_curve", frame, "estimate", "ci_low", "ci_high", *choices)
    bounds = frame[["estimate", "ci_low", "ci_high"]].to_numpy(float)
    known = np.isfinite(bounds).all(axis=1)
    if not known.any():
        raise InvalidInput("specification_curve: no specification has an estimate and an interval")
    found = bounds[known, 0]
    alike = np.round(found / (np.abs(found).max() or 1), 9)  # the last digits are the processor's
    order = np.flatnonzero(known)[np.argsort(alike, kind="stable")]
    if headline is not None and headline not in order:
        raise InvalidInput(f"specification_curve: headline is {headline}; give the place of a row with an estimate")
    shown = measure_named(measure)
    place = None if worthwhile is None else shown.placed(worthwhile)
    estimate, ci_low, ci_high = bounds[order].T
    low, high = effect_limits(estimate, ci_low, ci_high, keep=estimate if place is None else (*estimate, place))
    height = 17 * text_size()
    ax, owned = open_axes(ax, height)
    dress(ax)
    rank = np.arange(len(order))
    ax.set(xlim=(-1, len(order)), ylim=(low, high))
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ticks = shown.ticks(low, high, most=5)
    ax.set_yticks([t for t, _ in ticks], [words for _, words in ticks], parse_math=False)
    thick = float(np.clip(260 / len(order), 0.3, 3))
    excludes = (bounds[order, 1] > 0) | (bounds[order, 2] < 0)
    bars = np.clip(bounds[order, 1:], low, high)
    segments = [[(i, a), (i, b)] for i, (a, b) in enumerate(bars)]
    colours = np.where(excludes, EFFECT, "#a9c3d6").tolist()
    ax.add_collection(LineCollection(segments, colors=colours, linewidths=thick, zorder=2))
    dots: dict[str, Any] = {
        "markersize": float(np.clip(700 / len(order), 2, 5)),
        "linestyle": "none",
        "marker": "o",
        "zorder": 3,
    }
    ax.plot(rank, bounds[order, 0], color=PAPER, markeredgecolor=EFFECT, **dots)
    ax.axhline(0, color=INK, linewidth=0.9, zorder=1.5)
    if place is not None:
        ax.axhline(place, color=WORTHWHILE_INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1.5)
    at = None if headline is None else int(np.flatnonzero(order == headline)[0])
    if at is not None:
        ax.plot([at], [bounds[order[at], 0]], "D", markersize=7, color=POOLED, markeredgecolor=PAPER, zorder=4)
    _draw_choices(ax, frame, order, choices, height, thick, at)
    settle(ax, owned)
    drawn = counted(len(order), "specification")
    if len(order) < len(frame):
        drawn = _("{specifications} ({n} more cannot be estimated)", specifications=drawn, n=len(frame) - len(order))
    marks = [up_and_down(shown, favours), drawn, _("dark: interval excludes no effect")]
    marks += [] if place is None else [_("dashed: worthwhile\xa0≥\xa0{effect}", effect=shown.limit(place))]
    marks += [] if at is None else [_("diamond: as reported")]
    name_y(ax, _("; ").join(marks))
    return close_axes(ax, owned, title, source, height if owned else None)


def _draw_choices(
    ax: Axes,
    frame: pd.DataFrame,
    order: np.ndarray,
    choices: Sequence[str],
    height: float,
    thick: float,
    at: int | None,
) -> None:
    """A row an option that some specification took, in the order of the frame, with a mark under each that did."""
    small = small_size()
    rows: list[tuple[str, np.ndarray | None]] = []
    for choice in choices:
        rows.append((plain(choice).replace("_", " "), None))
        values = frame[choice].astype(object).where(frame[choice].notna(), pgettext("choice", "none"))
        options = [(plain(v), (values == v).to_numpy(bool)[order]) for v in dict.fromkeys(values)]
        rows += [(words, marked) for words, marked in options if marked.any()]
    tall = 1.5 * small * len(rows)
    panel = ax.inset_axes((0, -(tall + 0.8 * small) / height, 1, tall / height))
    panel.set(xlim=(-1, len(order)), ylim=(len(rows) - 0.5, -0.5))
    for side in panel.spines.values():
        side.set_visible(False)
    panel.set_xticks([])
    names = [shorten(words, 13 * small, small) if taken is not None else "" for words, taken in rows]
    panel.set_yticks(range(len(rows)), names, fontsize=small, fontfamily=families(), parse_math=False)
    panel.tick_params(axis="y", length=0, pad=4)
    for words in panel.get_yticklabels():
        words.set(color=MUTED, label=NAME)
    for y, (heading, taken) in enumerate(rows):
        if taken is None:
            panel.axhline(y - 0.5, color=RULE if y else FAINT, linewidth=0.5)
            heading = shorten(heading, 36 * small, small, bold=True)
            write(panel, -1, y, heading, fontsize=small, weight="bold", color=INK, va="center", label=NAME)
            continue
        _draw_marks(panel, np.flatnonzero(taken), (y - 0.32, y + 0.32), EFFECT, thick)
        if at is not None and taken[at]:
            _draw_marks(panel, np.array([at]), (y - 0.42, y + 0.42), POOLED, max(thick, 2))


def _draw_marks(panel: Axes, x: np.ndarray, ends: tuple[float, float], colour: str, thick: float) -> None:
    """Upright marks; four times as fast as ``vlines``, which fits limits to each anew."""
    segments = np.stack([np.column_stack([x, np.full(len(x), end)]) for end in ends], axis=1)
    panel.add_collection(LineCollection(list(segments), colors=colour, linewidths=thick), autolim=False)
