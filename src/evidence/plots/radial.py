"""Radial (Galbraith) plot: each trial's z value against its precision."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from scipy.special import ndtri

from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle
from .parts.effect_axis import measure_named
from .parts.fits import read_mean
from .parts.options import reads_options
from .parts.point_labels import label_points
from .parts.text import label
from .parts.theme import EFFECT, INK, PAPER, POOLED, small_size


@reads_options
def radial(
    fit: object,
    *,
    measure: str | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw yi / sei against 1 / sei: the slope of the line from the origin to a trial is its effect.

    Parameters
    ----------
    fit : pooled result, or trials
        What ``ev.pool`` or another function that pools returned, a frame with ``yi`` and ``vi``, or ``(yi, vi)``.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back; that of the fit when not given.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the precision, its y axis the z value.

    See Also
    --------
    plots.funnel : the same trials on the scale of the effect.
    plots.baujat : which trials differ, and which matter.

    Notes
    -----
    The line is the pooled effect, the band around it is as wide as sampling error alone: trials outside it differ by
    more than chance, and are named. Galbraith (1988), Statistics in Medicine 7:889. Under a random-effects fit,
    1 / sqrt(vi + tau2) takes the place of 1 / sei.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> ax = ev.plots.radial(fit)
    >>> "pooled 0.30" in [text.get_text() for text in ax.texts]
    True
    >>> plt.close(ax.figure)
    """
    fit = read_mean("radial", fit)
    shown = measure_named(measure or fit.measure)
    se = np.sqrt(fit.vi + fit.tau2)
    x, y = 1 / se, fit.yi / se
    z = float(ndtri(0.5 + fit.level / 2))
    right = 1.06 * float(x.max())
    end = fit.estimate * right
    ax, owned = open_axes(ax)
    dress(ax)
    ax.fill_between([0, right], [-z, end - z], [z, end + z], color=POOLED, alpha=0.14, linewidth=0, zorder=1)
    ax.plot([0, right], [0, end], color=POOLED, linewidth=1.4, zorder=2)
    ax.plot([0, right], [0, 0], color=INK, linewidth=0.9, zorder=1.5)
    ax.plot(x, y, "o", markersize=5.5, color=EFFECT, markeredgecolor=PAPER, markeredgewidth=0.6, zorder=3)
    low, high = min(float(y.min()), -z, end - z), max(float(y.max()), z, end + z)
    pad = 0.05 * (high - low)
    ax.set(xlim=(0, right), ylim=(low - pad, high + pad))
    words = f"{'pooled' if fit.k > 1 else 'effect'} {shown.number(fit.estimate)}"
    label(ax, words, (right, end), (4, 0), "data", va="center", fontsize=small_size(), color=POOLED)
    settle(ax, owned)
    name_x(ax, "Precision: 1 / standard error" + (" (with between-trial variance)" if fit.tau2 > 0 else ""))
    name_y(ax, f"z value: effect / standard error ({shown.short})")
    close_axes(ax, owned, title, source)
    away = np.abs(y - fit.estimate * x)
    outside = [int(i) for i in np.argsort(-away, kind="stable") if away[i] > z]
    label_points(ax, x, y, fit.slab, outside)
    return ax
