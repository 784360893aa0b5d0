"""L'Abbé plot: how many did well with a treatment against how many did without, trial by trial."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ..errors import InvalidInput
from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle
from .parts.effect_axis import SIDES
from .parts.frames import Table, need, table_of
from .parts.options import reads_options
from .parts.point_labels import label_points
from .parts.text import counted, label, plain
from .parts.theme import EFFECT, FAINT, INK, MUTED, small_size, text_size


@reads_options
def labbe(
    result: Table,
    *,
    names: str | None = None,
    groups: tuple[str, str] = SIDES,
    event: str = "responders",
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each trial's event rate with the treatment (up) against its rate with the comparator (across).

    Parameters
    ----------
    result : frame, or result with such rows
        One row a trial with the counts ``ai`` (events) and ``bi`` (none) with the treatment, ``ci`` and ``di`` with the
        comparator.
    names : str, optional
        Column with the trials' names; the index when not given. The trials furthest from the diagonal are named.
    groups : (str, str)
        Words for the group across and the group up.
    event : str
        What is counted, in the plural.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its axes are percent.

    See Also
    --------
    mantel_haenszel : pools such counts.
    effect_size : effects of them.

    References
    ----------
    L'Abbé, Detsky & O'Rourke (1987), Annals of Internal Medicine 107:224.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> counts = pd.DataFrame({"ai": [30, 5], "bi": [10, 5], "ci": [10, 5], "di": [30, 15]}, index=["Ada", "Bo"])
    >>> ax = ev.plots.labbe(counts)
    >>> ax.collections[0].get_offsets().tolist()
    [[25.0, 75.0], [25.0, 50.0]]
    >>> plt.close(ax.figure)
    """
    frame = table_of("labbe", result)
    frame = need("labbe", frame, "ai", "bi", "ci", "di", names)
    ai, bi, ci, di = (frame[name].to_numpy(float) for name in ("ai", "bi", "ci", "di"))
    if not (np.minimum.reduce([ai, bi, ci, di]) >= 0).all() or not (np.minimum(ai + bi, ci + di) > 0).all():
        raise InvalidInput("labbe: every trial needs counts ai, bi, ci and di of 0 or more, and people in both groups")
    up, across, people = 100 * ai / (ai + bi), 100 * ci / (ci + di), ai + bi + ci + di
    height = 32 * text_size()
    ax, owned = open_axes(ax, height)
    dress(ax)
    ax.set(xlim=(-3, 103), ylim=(-3, 103))
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.set_yticks([0, 25, 50, 75, 100])
    ax.grid(color=FAINT, linewidth=0.7)
    ax.plot([0, 100], [0, 100], color=INK, linewidth=0.9, zorder=1.5)
    size = 40 + 320 * people / people.max()
    ax.scatter(across, up, s=size, color=EFFECT, alpha=0.55, edgecolors=EFFECT, linewidths=0.9, zorder=3)
    settle(ax, owned)
    name_x(ax, f"{event}, % with {groups[0]}")
    name_y(
        ax,
        f"{event}, % with {groups[1]}; {counted(len(frame), 'trial')}; "
        f"area of a circle: people ({people.sum():,.0f} in all)",
    )
    close_axes(ax, owned, title, source, height if owned else None)
    style = {"fontsize": small_size(), "color": MUTED}
    label(ax, f"more with {plain(groups[1])}", (0, 1), (6, -4), va="top", **style)
    label(ax, f"more with {plain(groups[0])}", (1, 0), (-6, 4), ha="right", va="bottom", **style)
    far = np.argsort(-np.abs(up - across), kind="stable")
    labels = list(frame[names]) if names else list(frame.index)
    label_points(ax, across, up, labels, [int(i) for i in far[:5]], radius=9)
    return ax
