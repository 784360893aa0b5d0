"""GOSH plot: what every subset of the trials would have said."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, LogNorm

from ..errors import InvalidInput, NotEstimable
from .parts.canvas import close_axes, dress, name_y, open_axes, settle
from .parts.effect_axis import SIDES, measure_shown
from .parts.effect_words import name_effect_axis
from .parts.fits import described
from .parts.frames import Table, computed, need, table_of
from .parts.options import reads_options
from .parts.theme import INK, POOLED, RULE

_DENSITY = LinearSegmentedColormap.from_list("density", ["#dfe8ef", "#7ba7c6", "#1f5f8b", "#0c2e47"])


@reads_options
def gosh(
    result: Table | object,
    *,
    estimate: float | None = None,
    y: str = "i2",
    measure: str | None = None,
    favours: tuple[str, str] | None = SIDES,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often subsets of the trials gave an effect and a heterogeneity, darker where more did.

    Parameters
    ----------
    result : result of `evidence.gosh`, trials or frame
        What ``ev.gosh`` returned, or a frame of one row a subset with the columns ``estimate`` and ``y``; of a fit or
        other trials it is computed.
    estimate : float, optional
        Pooled effect of all trials, marked by a line; that of the subset of all trials when not given.
    y : str
        Column on the vertical axis: ``"i2"`` (percent) or ``"tau2"``.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back. By default that of the trials, else it is called an effect.
    favours : (str, str) or None
        What the left and the right side of the null favour.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the effect, its y axis the heterogeneity.

    See Also
    --------
    gosh : fits the subsets.
    plots.baujat : which trials make the heterogeneity.

    Notes
    -----
    Two clouds are two answers: some trial, in or out, changes the result. Subsets are counted in 80 x 50 cells, and
    the shade follows the logarithm of the count.

    References
    ----------
    Olkin, Dahabreh & Trikalinos (2012), Research Synthesis Methods 3:214.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> ax = ev.plots.gosh(ev.gosh(fit))
    >>> any("15 subsets" in text.get_text() for text in ax.texts)
    True
    >>> plt.close(ax.figure)
    """
    from ..sensitivity.gosh import gosh as subsets_of

    found = computed("gosh", result, subsets_of, "estimate", y)
    subsets = "ci_low" not in found.columns if isinstance(found, pd.DataFrame) else hasattr(found, "exhaustive")
    if not subsets:  # pooled rows have intervals
        raise InvalidInput(f"gosh: give what ev.gosh returned, or trials; not {described(found)}")
    frame = table_of("gosh", found)
    if hasattr(found, "exhaustive") and "estimate" not in frame.columns:
        raise NotEstimable(
            "gosh: subsets of a regression have one estimate a coefficient; give to_frame() with the one to draw named "
            "estimate"
        )
    frame = need("gosh", frame, "estimate", y, numbers=(y,))
    if estimate is None and hasattr(found, "slab"):
        whole = frame.loc[frame["k"] == len(found.slab), "estimate"]
        estimate = None if whole.empty else float(whole.iloc[0])
    effects, spread = frame["estimate"].to_numpy(float), frame[y].to_numpy(float)
    keep = np.isfinite(effects) & np.isfinite(spread)
    effects, spread = effects[keep], spread[keep]
    if not effects.size:
        raise InvalidInput("gosh: no subset has an estimate")
    if spread.min() < 0:
        raise InvalidInput(f"gosh: column {y!r} holds {spread.min():g}; give what measures heterogeneity, 0 or more")
    low, high = float(min(effects.min(), 0.0)), float(max(effects.max(), 0.0))
    pad = 0.04 * (high - low) or 0.5
    limits = (low - pad, high + pad)
    top = float(spread.max()) or 1.0
    counts, x_edges, y_edges = np.histogram2d(effects, spread, bins=(80, 50), range=(limits, (0.0, top)))
    ax, owned = open_axes(ax)
    dress(ax)
    cells = np.ma.masked_equal(counts.T, 0)
    norm = LogNorm(1, max(float(counts.max()), 10.0))
    ax.pcolormesh(x_edges, y_edges, cells, cmap=_DENSITY, norm=norm, linewidth=0, rasterized=True, zorder=2)
    ax.plot([0, 0], [0, top], color=INK, linewidth=0.9, zorder=3)
    if estimate is not None:
        ax.plot([estimate] * 2, [0, top], color=POOLED, linewidth=1.4, zorder=3)
    ax.set_ylim(0, top * 1.03)
    ax.grid(axis="y", color=RULE, linewidth=0.4, alpha=0.5)
    settle(ax, owned)
    name_effect_axis(ax, measure_shown(measure, result), limits, favours)
    named = {"i2": "I², percent", "tau2": "τ²"}.get(y, y)
    line = "; the line is the pooled effect of all trials" if estimate is not None else ""
    name_y(ax, f"{named}: {effects.size:,} subsets of the trials, darker where more{line}")
    return close_axes(ax, owned, title, source)
