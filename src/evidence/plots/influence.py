"""Influence panel: what each trial does to the result, diagnostic by diagnostic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import InvalidInput
from .parts.canvas import close_axes, open_axes, room_for
from .parts.frames import Table, computed, names_of, need, table_of
from .parts.options import reads_options
from .parts.text import NAME, number, plain, shorten, width, wrap, write
from .parts.theme import EFFECT, FAINT, INK, MUTED, POOLED, RULE, small_size

# words for the head, and the value that means no influence
_DIAGNOSTICS = {
    "rstudent": ("residual (rstudent)", 0.0),
    "dffits": ("DFFITS", 0.0),
    "cooks_distance": ("Cook's distance", 0.0),
    "covariance_ratio": ("covariance ratio", 1.0),
    "tau2_deleted": ("τ² without it", None),
    "q_deleted": ("Q without it", None),
    "hat": ("hat value", None),
    "weight": ("weight, %", None),
}

_DRAWN = ("rstudent", "dffits", "cooks_distance", "covariance_ratio", "tau2_deleted", "weight")


@reads_options
def influence(
    result: Table | object,
    *,
    label: str | None = None,
    diagnostics: Sequence[str] | None = None,
    flagged: Sequence[bool] | pd.Series | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the diagnostics of every trial side by side, each on a scale of its own.

    Parameters
    ----------
    result : result of `evidence.influence`, trials or frame
        What ``ev.influence`` returned, or a frame of one row a trial, one column a diagnostic; of a fit or other trials
        it is computed.
    label : str, optional
        Column with the trials' names; the index when not given.
    diagnostics : sequence of str, optional
        Columns to draw, from left to right; when not given, residual, DFFITS, Cook's distance, covariance ratio, τ²
        without the trial and weight, as far as the result has them.
    flagged : sequence of bool, optional
        Trials to set apart in colour and bold, one value a row; the column ``influential`` when not given.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        One column a diagnostic, in points.

    See Also
    --------
    influence : the diagnostics.
    plots.baujat : two of them against each other.
    leave_one_out : the answer without each trial.

    References
    ----------
    Viechtbauer & Cheung (2010), Research Synthesis Methods 1:112.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.2, 0.15, 0.2, 1.9], [0.02] * 5, slab=list("ABCDE"))
    >>> ax = ev.plots.influence(ev.influence(fit))
    >>> [text.get_text() for text in ax.texts if text.get_weight() == "bold"]  # flagged as influential
    ['E']
    >>> plt.close(ax.figure)
    """
    from ..sensitivity.influence import influence as diagnosed

    found = computed("influence", result, diagnosed, *(_DRAWN if diagnostics is None else diagnostics))
    frame = table_of("influence", found)
    if diagnostics is None:  # clusters of a multilevel fit have no residual of their own
        diagnostics = [name for name in _DRAWN if name in frame.columns or not hasattr(found, "diagnostics")]
    frame = need("influence", frame, label, *diagnostics, numbers=diagnostics)
    if flagged is None and "influential" in frame.columns:
        flagged = frame["influential"].to_numpy(bool).tolist()
    if not diagnostics or (flagged is not None and len(flagged) != len(frame)):
        raise InvalidInput("influence: no diagnostic is named, or flagged has not one value a trial")
    marked = np.zeros(len(frame), bool) if flagged is None else np.asarray(flagged, bool)
    small = small_size()
    total = room_for(ax)
    names = [plain(v) for v in names_of(frame, label)]
    column = min(max(width(n, small, True) for n in names), 0.22 * total)
    wide = (total - column - 0.5 * small) / len(diagnostics)
    row = 1.75 * small
    heads = [wrap(_DIAGNOSTICS.get(d, (plain(d), None))[0], wide - 0.2 * small, small) for d in diagnostics]
    head = (1.3 * max(map(len, heads)) + 0.8) * small
    height = head + row * len(frame) + 2.2 * small
    ax, owned = open_axes(ax, height)
    ax.set(xlim=(0, total), ylim=(height, 0))
    ax.axis("off")
    middles = head + row * (np.arange(len(frame)) + 0.5)
    ax.plot([0, total], [head] * 2, color=RULE, linewidth=0.8)
    for name, y, flag in zip(names, middles, marked, strict=True):
        style = {"va": "center_baseline", "fontsize": small, "color": POOLED if flag else INK}
        write(
            ax, 0, y, shorten(name, column, small, bool(flag)), weight="bold" if flag else "normal", label=NAME, **style
        )
        ax.plot([0, total], [y + row / 2] * 2, color=FAINT, linewidth=0.6, zorder=0)
    for i, (name, lines) in enumerate(zip(diagnostics, heads, strict=True)):
        start = column + 0.5 * small + wide * i
        style = {"ha": "center", "va": "bottom", "fontsize": small, "color": MUTED}
        write(ax, start + wide / 2, head - 0.5 * small, "\n".join(lines), **style)
        zone = (start + 0.9 * small, start + wide - 0.9 * small)
        neutral = _DIAGNOSTICS.get(name, ("", None))[1]
        _draw_diagnostic(
            ax, frame[name].to_numpy(float), neutral, zone, middles, marked, (head, head + row * len(frame))
        )
    return close_axes(ax, owned, title, source, height if owned else None)


def _draw_diagnostic(
    ax: Axes,
    values: np.ndarray,
    neutral: float | None,
    zone: tuple[float, float],
    middles: np.ndarray,
    marked: np.ndarray,
    span: tuple[float, float],
) -> None:
    """Dots of one diagnostic in its zone, with the value of no influence and both ends of its scale."""
    small = small_size()
    known = values[np.isfinite(values)]
    if not known.size:
        return
    low, high = float(known.min()), float(known.max())
    if neutral is not None:
        low, high = min(low, neutral), max(high, neutral)
    unit = (zone[1] - zone[0]) / ((high - low) or 1.0)
    if neutral is not None:
        ax.plot([zone[0] + (neutral - low) * unit] * 2, span, color=RULE, linewidth=0.9, zorder=1)
    x = zone[0] + (values - low) * unit
    ax.plot(x, middles, color=EFFECT, linewidth=0.6, alpha=0.45, zorder=1.5)
    for chosen, colour in ((~marked, EFFECT), (marked, POOLED)):
        ax.plot(x[chosen], middles[chosen], "o", markersize=5, color=colour, zorder=2)
    style = {"va": "top", "fontsize": small, "color": MUTED}
    digits = 2 if high - low < 2 else 1 if high - low < 20 else 0
    ends = (number(low, digits), number(high, digits))
    ax.plot(zone, [span[1]] * 2, color=RULE, linewidth=0.8, zorder=1)
    if width(ends[0], small) + width(ends[1], small) < zone[1] - zone[0] + 0.4 * small:
        write(ax, zone[0] - 0.5 * small, span[1] + 0.4 * small, ends[0], ha="left", **style)
        write(ax, zone[1] + 0.5 * small, span[1] + 0.4 * small, ends[1], ha="right", **style)
    else:
        write(ax, zone[1] + 0.5 * small, span[1] + 0.4 * small, f"to {ends[1]}", ha="right", **style)
