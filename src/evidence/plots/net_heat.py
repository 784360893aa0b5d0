"""Net heat plot: where a network contradicts itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_rgb
from matplotlib.patches import Rectangle
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import pdist

from ..errors import InvalidInput
from .parts.canvas import close_axes
from .parts.colours import DIVERGING, ink_on
from .parts.fits import described
from .parts.options import reads_options
from .parts.squares import draw_squares
from .parts.text import number, plain
from .parts.theme import INK

_FULL = 8.0  # changes of Q beyond this have the full colour, as in Krahn et al.


@reads_options
def net_heat(
    result: Any,
    *,
    random: bool = False,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw by how much each design's inconsistency changes when another is set apart.

    Parameters
    ----------
    result : result of ``Network.net_heat``, or network
        What ``ev.network(...).net_heat()`` returned; of a network it is computed.
    random : bool
        For a network: with the variance between trials of one design, instead of equal effects.
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
        Not a net heat, nor a network.

    See Also
    --------
    network : the model, and its ``net_heat()``.
    plots.contributions : what makes each estimate.
    plots.league : every treatment against every other.

    Notes
    -----
    A number is what Q between designs loses in the row when the column's design has effects of its own; on the
    diagonal, what the row itself adds. Orange: the column's design is at odds with the row; blue: it supports it. The
    line under a number is as long as the column counts in the estimate of the row. Rows are ordered so that hot spots
    stand together.

    References
    ----------
    Krahn, Binder & König (2013), BMC Medical Research Methodology 13:35, 10.1186/1471-2288-13-35.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> one, two = ["a", "b", "a", "c", "b"], ["b", "c", "c", "d", "d"]
    >>> net = ev.network([0.5, 0.1, 1.0, 0.2, 0.4], one, two, list("vwxyz"), "a", "EE", vi=[0.02] * 5)
    >>> ax = ev.plots.net_heat(net)
    >>> any("Orange" in text.get_text() for text in ax.texts)
    True
    >>> plt.close(ax.figure)
    """
    found = result.net_heat(random) if callable(getattr(result, "net_heat", None)) else result
    change, hat = getattr(found, "change", None), getattr(found, "hat", None)
    if not isinstance(change, pd.DataFrame) or not isinstance(hat, pd.DataFrame):
        raise InvalidInput(f"net_heat: give what ev.network, or its net_heat(), returned; not {described(result)}")
    if change.empty:
        raise InvalidInput("net_heat: no design contradicts another, so there is nothing to draw")
    order = _order(change.to_numpy(float))
    values, shares = change.to_numpy(float)[np.ix_(order, order)], hat.to_numpy(float)[np.ix_(order, order)]
    names = [plain(change.index[i]) for i in order]
    scale = Normalize(-_FULL, _FULL, clip=True)
    fills = [[to_rgb(DIVERGING(scale(-value if np.isfinite(value) else 0.0))) for value in row] for row in values]
    key = [
        "Number: loss of Q in the row without the column's design; on the diagonal, what the row adds.",
        "Orange: at odds with the row; blue: supports it. Line below: how far the column counts in the row's estimate.",
    ]
    place = draw_squares(
        ax,
        names,
        names,
        values,
        lambda i, j: fills[i][j],
        lambda i, j: number(values[i, j], 1),
        lambda i, j: ink_on(fills[i][j]),
        key,
    )
    for i in range(len(names)):
        for j in range(len(names)):
            if np.isfinite(values[i, j]) and shares[i, j] > 0.02:
                start, under = place.left + place.cell * j + 1, place.head + place.tall * (i + 1) - 2.4
                wide = min(shares[i, j], 1.0) * (place.cell - 2)
                place.ax.add_patch(Rectangle((start, under), wide, 1.6, facecolor=INK, linewidth=0))
    return close_axes(place.ax, place.owned, title, source, place.height if place.owned else None)


def _order(values: np.ndarray) -> np.ndarray:
    """Rows whose changes are alike next to each other."""
    if len(values) < 3:
        return np.arange(len(values))
    known = np.nan_to_num(values)
    return np.asarray(leaves_list(linkage(pdist(known, "cityblock") + pdist(known.T, "cityblock"), "complete")))
