"""Time course: how long an effect lasts."""

from __future__ import annotations

import math
from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like
from matplotlib.markers import CARETDOWN, CARETUP

from ..errors import InvalidInput
from ..languages import _
from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle, size_of, words_height
from .parts.effect_axis import SIDES, effect_limits, measure_named
from .parts.effect_words import up_and_down
from .parts.fonts import families
from .parts.frames import Table, need, table_of
from .parts.options import reads_options
from .parts.text import NAME, label, plain, shorten, width, wrap
from .parts.theme import CYCLE, INK, PAPER, WORTHWHILE, WORTHWHILE_INK, small_size, text_size

_LAST = 10_000
_WEEKS = ((0, 1, 2, 3, 4, 6, 8), (0, 4, 8, 12, 16), (0, 4, 8, 12, 26, 39, 52), (0, 13, 26, 52, 78, 104))


@reads_options
def timecourse(
    result: Table,
    *,
    x: str | None = None,
    by: str | None = None,
    colours: Mapping[str, str] | None = None,
    measure: str = "SMD",
    favours: tuple[str, str] = SIDES,
    worthwhile: float | None = None,
    name: str | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw effects with their intervals over time, a colour a series, named at its end.

    An interval that leaves the axis ends in an arrow. Points are joined only where the same trials stand behind them:
    a line between different trials would look like the course of the same people.

    Parameters
    ----------
    result : frame, or result with such rows
        One row a point: ``x``, ``estimate``, ``ci_low``, ``ci_high`` and ``k`` (written under the point); ``trials``
        where known, what each point rests on, as one text.
    x : str, optional
        Column with the time, as a number or as windows in their order; ``week`` when not given, or ``time`` where there
        is no week.
    by : str, optional
        Column that splits points into series; eight at most.
    colours : mapping of str to str, optional
        Colour of each value of ``by``, so that it is the same in several figures; those of the theme when not given.
    measure : str
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back.
    favours : (str, str)
        What effects under and over the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it (a ratio for ratios).
    name : str, optional
        Words for the time axis.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the time, its y axis the effect.

    See Also
    --------
    durability : how long effects last.
    plots.bubble : single trials against a number.
    charts.timecourse : the interactive twin.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"week": [4, 26], "estimate": [0.4, 0.2], "k": [3, 9]})
    >>> frame = frame.assign(ci_low=0.1, ci_high=[0.7, 0.3])
    >>> ax = ev.plots.timecourse(frame)
    >>> ax.lines[-1].get_xdata().tolist()
    [4.0, 26.0]
    >>> plt.close(ax.figure)
    """
    frame = table_of("timecourse", result)
    x = x or ("time" if "time" in frame.columns and "week" not in frame.columns else "week")
    dated = x in frame.columns and pd.api.types.is_numeric_dtype(frame[x])
    weekly = (x,) if dated else ()
    frame = need("timecourse", frame, x, "estimate", "ci_low", "ci_high", "k", by, numbers=weekly, labels=(by,))
    known = frame[frame["estimate"].notna() & frame[x].notna()]
    windows = [] if dated else list(dict.fromkeys(known[x]))
    if windows:
        known = known.assign(**{x: known[x].map({window: i for i, window in enumerate(windows)}).astype(float)})
    name = name or (_("time since treatment began") if windows else _("weeks since treatment began"))
    series = [("", known)] if by is None else list(known.groupby(by, sort=False))
    inks = [(colours or {}).get(str(key), CYCLE[i % len(CYCLE)]) for i, (key, _points) in enumerate(series)]
    if odd := [ink for ink in inks if not is_color_like(ink)]:
        raise InvalidInput(f"timecourse: colours has {odd[0]!r}, which is no colour; give one such as '#1f5f8b'")
    if known.empty or len(series) > len(CYCLE):
        raise InvalidInput(f"timecourse: {len(series)} series with {len(known)} points; it draws one to {len(CYCLE)}")
    shown, small = measure_named(measure), small_size()
    place = None if worthwhile is None else shown.placed(worthwhile)
    bounds = known[["estimate", "ci_low", "ci_high"]].to_numpy(float)
    estimate, ci_low, ci_high = bounds.T
    low, high = effect_limits(estimate, ci_low, ci_high, keep=estimate if place is None else (*estimate, place))
    weeks = known[x].to_numpy(float)
    ticks_x = list(range(len(windows))) if windows else week_ticks(float(weeks.max()))
    last = max(float(weeks.max()), float(ticks_x[-1]))
    span = last - min(0.0, float(weeks.min())) or 1.0
    across, tall = (72 * float(inches) for inches in mpl.rcParams["figure.figsize"])
    around = words_height(title, source, across) + 3 * text_size() + 1.35 * small * (len(series) + 3)
    height = max(tall - around, 8 * text_size())
    ax, owned = open_axes(ax, height)
    dress(ax)
    ax.set(xlim=(min(0.0, float(weeks.min())) - 0.03 * span, last + 0.05 * span), ylim=(low, high))
    if windows:
        ax.set_xticks(ticks_x, [plain(window) for window in windows], parse_math=False, fontfamily=families())
    else:
        ax.set_xticks(ticks_x)
    ticks = shown.ticks(low, high)
    ax.set_yticks([t for t, _words in ticks], [words for _place, words in ticks], parse_math=False)
    ax.axhline(0, color=INK, linewidth=0.9, zorder=1.5)
    if place is not None:
        ax.axhspan(place, high, color=WORTHWHILE, linewidth=0, zorder=0.5)
        ax.axhline(place, color=WORTHWHILE_INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0.6)
    for i, (_key, points) in enumerate(series):
        shift = (i - (len(series) - 1) / 2) * 0.018 * span
        _draw_series(ax, points.sort_values(x, kind="stable"), x, shift, inks[i], (low, high))
    ends = [float(points.sort_values(x, kind="stable")["estimate"].iloc[-1]) for _key, points in series]
    names = [plain(words) for words, _points in series]
    if by is not None:
        _name_series(ax, ends, names, inks, height if owned else size_of(ax)[1])
    row_names = []
    for i, words in enumerate(names):
        words = shorten(words or _("trials"), 0.22 * size_of(ax)[0], small)
        style = {"ha": "right", "va": "top", "fontsize": small, "color": inks[i], "label": NAME}
        row_names.append(label(ax, words, (0, 0), (-0.8 * small, -4 * small), **style))
    settle(ax, owned)
    depth = name_x(ax, _("{time}; below: trials", time=name)) + 0.4 * small
    for i, (_key, points) in enumerate(series):
        row_names[i].xyann = (-0.8 * small, -depth - 1.35 * small * i)
        _count_trials(ax, points.sort_values(x, kind="stable"), x, depth + 1.35 * small * i, inks[i])
    marks = [] if place is None else [_("shaded: worthwhile\xa0≥\xa0{effect}", effect=shown.limit(place))]
    name_y(ax, _("; ").join([up_and_down(shown, favours), *marks]))
    return close_axes(ax, owned, title, source, height if owned else None)


def week_ticks(last: float) -> list[int]:
    """Weeks to mark on an axis whose last point is week ``last``: by months or quarters where it is long.

    The last of them stands at that week or beyond, so that every point lies between two weeks that are named.
    """
    if last > _LAST:
        raise InvalidInput(f"timecourse: week {last:g} is no time after the start of a treatment; at most {_LAST}")
    ticks = next((t for t in _WEEKS if t[-1] >= last), None)
    if ticks is None:  # years
        step = 52 * math.ceil(last / 52 / 6)
        return list(range(0, step * math.ceil(last / step) + 1, step))
    return list(ticks[: 1 + next(i for i, week in enumerate(ticks) if week >= last)])


def _draw_series(
    ax: Axes, points: pd.DataFrame, x: str, shift: float, colour: str, limits: tuple[float, float]
) -> None:
    at, estimate = points[x].to_numpy(float) + shift, points["estimate"].to_numpy(float)
    low, high = (np.clip(points[c].to_numpy(float), *limits) for c in ("ci_low", "ci_high"))
    for i in range(1, len(points)):
        if "trials" in points.columns and points["trials"].iloc[i] == points["trials"].iloc[i - 1]:
            ax.plot(at[i - 1 : i + 1], estimate[i - 1 : i + 1], color=colour, linewidth=1.6, zorder=3)
    for edge, arrow, beyond in (
        (limits[0], CARETDOWN, points["ci_low"] < limits[0]),
        (limits[1], CARETUP, points["ci_high"] > limits[1]),
    ):
        there = at[beyond.to_numpy()]
        ax.plot(there, np.full(len(there), edge), marker=arrow, color=colour, linestyle="none", zorder=2, clip_on=False)
    ax.vlines(at, low, high, color=colour, linewidth=1.1, zorder=2)
    ax.plot(at, estimate, "o", color=colour, markersize=6.5, markeredgecolor=PAPER, markeredgewidth=0.8, zorder=4)


def _count_trials(ax: Axes, points: pd.DataFrame, x: str, depth: float, colour: str) -> None:
    """The number of trials under each point, where there is room for it."""
    small = small_size()
    low, high = ax.get_xlim()
    unit = size_of(ax)[0] / (high - low)
    end = -np.inf
    for week, k in zip(points[x].to_numpy(float), points["k"], strict=True):
        words = "–" if np.isnan(k) else f"{int(k)}"
        half = width(words, small) / 2
        centre = (week - low) * unit
        if centre - half < end:
            continue
        end = centre + half + 0.3 * small
        style = {"ha": "center", "va": "top", "fontsize": small, "color": colour}
        label(ax, words, (week, 0), (0, -depth), ax.get_xaxis_transform(), **style)


def _name_series(ax: Axes, ends: list[float], names: list[str], inks: list[str], tall: float) -> None:
    """Names right of the last points, moved apart so that they do not touch: up first, then down from the top."""
    small = small_size()
    low, high = ax.get_ylim()
    blocks = [wrap(name, 0.22 * size_of(ax)[0], small) for name in names]
    halves = [0.65 * small * len(lines) + 0.15 * small for lines in blocks]
    places = [(end - low) / (high - low) * tall for end in ends]
    order = sorted(range(len(ends)), key=lambda i: ends[i])
    floor, ceiling = 0.0, tall
    for i in order:
        places[i] = max(places[i], floor + halves[i])
        floor = places[i] + halves[i]
    for i in reversed(order):
        places[i] = min(places[i], ceiling - halves[i])
        ceiling = places[i] - halves[i]
    for i, lines in enumerate(blocks):
        style = {"va": "center", "fontsize": small, "color": inks[i], "label": NAME}
        label(ax, "\n".join(lines), (1, places[i] / tall), (5, 0), **style)
