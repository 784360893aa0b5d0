"""Drapery plot: how compatible every possible effect is with each trial and with all of them."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from scipy.special import ndtr, ndtri

from .parts.canvas import close_axes, dress, name_y, open_axes, settle
from .parts.effect_axis import SIDES, effect_limits, measure_named
from .parts.effect_words import name_effect_axis
from .parts.fits import read_mean
from .parts.options import reads_options
from .parts.theme import EFFECT, FAINT, INK, POOLED


@reads_options
def drapery(
    fit: object,
    *,
    measure: str | None = None,
    favours: tuple[str, str] | None = SIDES,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the p value of every effect that could be true: one thin curve a trial, a thick one for the pooled effect.

    Parameters
    ----------
    fit : pooled result, or trials
        What ``ev.pool`` or another function that pools returned, a frame with ``yi`` and ``vi``, or ``(yi, vi)``.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back; that of the fit when not given.
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
        Its x axis is the effect, its y axis the p value.

    See Also
    --------
    plots.forest : one interval a trial, with its numbers.
    pool : what makes the thick curve.

    Notes
    -----
    A curve at height p spans the interval of level 1 - p. Each is normal, scaled to the interval that the fit
    reports, so that the pooled curve crosses 1 - level at the ends of the pooled interval.

    References
    ----------
    Rücker & Schwarzer (2021), Research Synthesis Methods 12:8.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> ax = ev.plots.drapery(fit)
    >>> len(ax.lines)  # four trials, their pool, no effect and the level
    7
    >>> plt.close(ax.figure)
    """
    fit = read_mean("drapery", fit)
    z = float(ndtri(0.5 + fit.level / 2))
    yi, se = fit.yi, np.sqrt(fit.vi)
    limits = effect_limits(yi, yi - z * se, yi + z * se, keep=(*fit.ci, *yi))
    grid = np.linspace(*limits, 401)
    ax, owned = open_axes(ax)
    dress(ax)
    for centre, unit in zip(yi, se, strict=True):
        ax.plot(grid, _p_value(grid, centre, unit), color=EFFECT, linewidth=0.8, alpha=0.55, zorder=2)
    if fit.k > 1:
        half = (fit.ci[1] - fit.ci[0]) / 2 / z
        ax.plot(grid, _p_value(grid, fit.estimate, half), color=POOLED, linewidth=2.4, zorder=3)
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1.5)
    ax.axhline(1 - fit.level, color=INK, linewidth=0.7, linestyle=(0, (4, 2)), zorder=1.5)
    ax.set_ylim(0, 1.03)
    ticks = [1 - fit.level, 0.2, 0.4, 0.6, 0.8, 1.0] if fit.level >= 0.9 else [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    ax.set_yticks(ticks, [f"{t:g}" for t in np.round(ticks, 3)])
    ax.grid(axis="y", color=FAINT, linewidth=0.7)
    settle(ax, owned)
    name_effect_axis(ax, measure_named(measure or fit.measure), limits, favours)
    key: list[Artist] = [Line2D([], [], color=EFFECT, linewidth=0.9, label=fit.count)]
    if fit.k > 1:
        key.append(Line2D([], [], color=POOLED, linewidth=2.4, label="pooled"))
    name_y(ax, f"p value of each possible effect (dashed: the {fit.level * 100:g}% interval)", key)
    return close_axes(ax, owned, title, source)


def _p_value(grid: np.ndarray, centre: float, unit: float) -> np.ndarray:
    return np.asarray(2 * ndtr(-np.abs(grid - centre) / unit))
