"""Albatross plot: what p values and sample sizes alone say about the size of an effect."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from scipy.special import ndtr

from ..errors import InvalidInput
from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle
from .parts.effect_axis import SIDES
from .parts.frames import Table, need, table_of
from .parts.options import reads_options
from .parts.point_labels import label_points
from .parts.text import counted, label
from .parts.theme import EFFECT, FAINT, INK, MUTED, PAPER, RULE, small_size, text_size

_SIZES = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@reads_options
def albatross(
    result: Table,
    *,
    contours: tuple[float, ...] = (0.2, 0.5, 0.8),
    names: str | None = None,
    favours: tuple[str, str] = SIDES,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw trials by people (up) and two-sided p value (across, in the direction of the result).

    Parameters
    ----------
    result : frame, or result with such rows
        One row a trial: ``n`` people, ``p_value``, ``direction`` (above zero favours the treatment); with
        ``p_relation`` ``"<"`` the p value is only a bound, and the trial is drawn hollow, pointing outward.
    contours : tuple of float
        Standardised mean differences whose contours are drawn.
    names : str, optional
        Column with the trials' names; the index when not given.
    favours : (str, str)
        What results left and right favour.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the p value in the direction of the result, its y axis people, on a log scale.

    See Also
    --------
    combine_pvalues : a test of them all.
    plots.funnel : for trials with effect sizes.

    Notes
    -----
    With two equal groups a standardised mean difference d has z = d sqrt(n) / 2.

    References
    ----------
    Harrison, Jones, Martin & Higgins (2017), Research Synthesis Methods 8:281.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> tests = pd.DataFrame({"n": [40, 120], "p_value": [0.01, 0.4], "direction": [1, -1]}, index=["Ada", "Bo"])
    >>> ax = ev.plots.albatross(tests)
    >>> ax.get_yscale()
    'log'
    >>> plt.close(ax.figure)
    """
    frame = table_of("albatross", result)
    frame = need("albatross", frame, "n", "p_value", "direction", names)
    n, p = frame["n"].to_numpy(float), frame["p_value"].to_numpy(float)
    if not ((p > 0) & (p <= 1) & (n > 0)).all():
        raise InvalidInput("albatross: every trial needs people (n > 0) and a p value above 0, up to 1")
    side = np.where(frame["direction"].to_numpy(float) < 0, -1.0, 1.0)
    bound = (frame["p_relation"] == "<").to_numpy(bool) if "p_relation" in frame.columns else np.zeros(len(n), bool)
    reach = max(3.0, min(float(-np.log10(p).min()), 8.0), min(float(-np.log10(p.min())), 8.0))
    x = side * np.minimum(-np.log10(p), reach)
    height = 24 * text_size()
    ax, owned = open_axes(ax, height)
    dress(ax)
    low, high = 0.8 * float(n.min()), 1.5 * float(n.max())
    ax.set(xlim=(-1.04 * reach, 1.04 * reach), yscale="log", ylim=(low, high))
    ticks = [s for s in _SIZES if low <= s <= high]
    ax.set_yticks(ticks, [f"{s:,}" for s in ticks])
    ax.minorticks_off()
    exponents = [0, -math.log10(0.05), *range(2, int(reach) + 1, 1 if reach < 5 else 2)]
    places = sorted({s * e for e in exponents for s in (-1, 1)})
    ax.set_xticks(places, [f"{10 ** -abs(t):.6g}" for t in places])
    ax.grid(color=FAINT, linewidth=0.6)
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1.5)
    _draw_contours(ax, contours, low, high, reach)
    ax.plot(
        x[~bound], n[~bound], "o", markersize=5.5, color=EFFECT, markeredgecolor=PAPER, markeredgewidth=0.6, zorder=3
    )
    for sign, marker in ((1.0, ">"), (-1.0, "<")):
        some = bound & (side == sign)
        ax.plot(
            x[some], n[some], marker, markersize=6, color=PAPER, markeredgecolor=EFFECT, markeredgewidth=1.2, zorder=3
        )
    settle(ax, owned)
    name_x(ax, f"← favours {favours[0]} · two-sided p value · favours {favours[1]} →")
    hollow = "; hollow: p known only as a bound" if bound.any() else ""
    name_y(ax, f"people in the trial; {counted(len(n), 'trial')}; lines: effects (SMD) of equal size{hollow}")
    close_axes(ax, owned, title, source, height if owned else None)
    large = [int(i) for i in np.argsort(-n, kind="stable")[:6]]
    label_points(ax, x, n, list(frame[names]) if names else list(frame.index), large)
    return ax


def _draw_contours(ax: Axes, contours: tuple[float, ...], low: float, high: float, reach: float) -> None:
    sizes = np.geomspace(low, high, 200)
    for effect in contours:
        p = 2 * ndtr(-effect * np.sqrt(sizes) / 2)
        across = -np.log10(np.maximum(p, 1e-300))
        inside = across <= reach
        if not inside.any():
            continue
        for sign in (-1, 1):
            ax.plot(sign * across[inside], sizes[inside], color=RULE, linewidth=0.9, zorder=1.2)
        at, up = float(across[inside][-1]), float(sizes[inside][-1])
        style = {"fontsize": small_size(), "color": MUTED}
        if up < 0.98 * high:  # the contour leaves through the side
            label(ax, f"{effect:g}", (1.04 * reach, up), (3, 0), "data", va="center", **style)
        else:
            label(ax, f"{effect:g}", (at, up), (3, -2), "data", va="top", **style)
