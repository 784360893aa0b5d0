"""Baujat plot: which trials make the heterogeneity, and which move the answer."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ..errors import InvalidInput
from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle
from .parts.frames import Table, computed, names_of, need, table_of
from .parts.options import reads_options
from .parts.point_labels import label_points
from .parts.theme import EFFECT, PAPER


@reads_options
def baujat(
    result: Table | object,
    *,
    x: str = "contribution",
    y: str = "influence",
    label: str | None = None,
    named: int = 8,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each trial's share of heterogeneity against its influence on the pooled effect.

    Parameters
    ----------
    result : result of `evidence.baujat`, trials or frame
        What ``ev.baujat`` returned, or its frame, one row a trial; of a fit or other trials it is computed.
    x : str
        Column with the contribution to Q.
    y : str
        Column with the influence.
    label : str, optional
        Column with the trials' names; the index when not given.
    named : int
        How many trials to name, those furthest from the origin first.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the contribution to Q, its y axis the influence.

    See Also
    --------
    baujat : the numbers.
    plots.influence : every diagnostic of every trial.
    leave_one_out : the answer without each trial.

    References
    ----------
    Baujat, Mahé, Pignon & Hill (2002), Statistics in Medicine 21:2641.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> ax = ev.plots.baujat(ev.baujat(fit))
    >>> "Contribution to heterogeneity (Q)" in [text.get_text() for text in ax.texts]
    True
    >>> plt.close(ax.figure)
    """
    from ..sensitivity.baujat import baujat as contributions

    frame = table_of("baujat", computed("baujat", result, contributions, x, y))
    frame = need("baujat", frame, x, y, label, numbers=(x, y))
    across, up = frame[x].to_numpy(float), frame[y].to_numpy(float)
    ax, owned = open_axes(ax)
    dress(ax)
    ax.plot(across, up, "o", markersize=6, color=EFFECT, markeredgecolor=PAPER, markeredgewidth=0.6, zorder=3)
    if np.isnan(across).any() or np.isnan(up).any():
        raise InvalidInput(f"baujat: every trial needs a number in {x!r} and {y!r}")
    top = (float(across.max()) or 1.0, float(up.max()) or 1.0)
    ax.set(xlim=(-0.03 * top[0], 1.12 * top[0]), ylim=(-0.04 * top[1], 1.1 * top[1]))
    settle(ax, owned)
    name_x(ax, "Contribution to heterogeneity (Q)")
    name_y(ax, "Influence on the pooled effect")
    close_axes(ax, owned, title, source)
    far = np.argsort(-np.hypot(across / top[0], up / top[1]), kind="stable")[:named]
    label_points(ax, across, up, names_of(frame, label), [int(i) for i in far])
    return ax
