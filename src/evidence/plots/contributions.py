"""Contributions: what each comparison of a network is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from ..errors import InvalidInput
from .parts.canvas import close_axes
from .parts.colours import ink_on
from .parts.fits import described
from .parts.options import reads_options
from .parts.squares import draw_squares
from .parts.text import plain

_SHADES = LinearSegmentedColormap.from_list("share", ["#f7f8f9", "#93bdd9", "#1f5f8b"])


@reads_options
def contributions(
    result: Any,
    *,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how much each direct comparison contributes to every comparison of a network.

    Parameters
    ----------
    result : result of ``Network.contributions``, or network
        What ``ev.network(...).contributions()`` returned; of a network it is computed.
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
        Not contributions, nor a network.

    See Also
    --------
    network : the model, and its ``contributions()``.
    plots.net_heat : where the network contradicts itself.
    plots.network : who was compared with whom.

    Notes
    -----
    Numbers are percent, and each row adds up to 100. A column has the number of the row that is the same pair of
    treatments: the squares where both meet are direct evidence.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> net = ev.network([0.4, 0.3, 0.2], list("aba"), list("bcc"), list("xyz"), "c", "EE", vi=[0.02] * 3)
    >>> ax = ev.plots.contributions(net)
    >>> sorted({text.get_text() for text in ax.texts if text.get_text() in ("67", "17")})
    ['17', '67']
    >>> plt.close(ax.figure)
    """
    found = result.contributions() if callable(getattr(result, "contributions", None)) else result
    matrix = getattr(found, "matrix", None)
    if not isinstance(matrix, pd.DataFrame):
        raise InvalidInput(
            f"contributions: give what ev.network, or its contributions(), returned; not {described(result)}"
        )
    shares = matrix.to_numpy(float)
    fills = [[to_rgb(_SHADES(share)) for share in row] for row in shares]
    rows, columns = [plain(name) for name in matrix.index], [plain(name) for name in matrix.columns]
    place = draw_squares(
        ax,
        rows,
        columns,
        np.where(shares > 0.0005, shares, np.nan),
        lambda i, j: fills[i][j],
        lambda i, j: f"{100 * shares[i, j]:.0f}" if shares[i, j] >= 0.005 else "",
        lambda i, j: ink_on(fills[i][j]),
        ["Percent of the evidence on the row that comes from trials of the column's pair; rows add up to 100."],
    )
    return close_axes(place.ax, place.owned, title, source, place.height if place.owned else None)
