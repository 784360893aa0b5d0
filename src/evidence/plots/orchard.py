"""Orchard plot: all effects as fruit on the branch of their pooled result."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from ..errors import InvalidInput
from .parts.canvas import close_axes, open_axes, room_for
from .parts.effect_axis import SIDES, effect_limits, measure_named
from .parts.effect_words import name_effect_axis
from .parts.fits import Mean, read_mean
from .parts.options import reads_options
from .parts.text import NAME, plain, width, wrap, write
from .parts.text import label as note
from .parts.theme import EFFECT, INK, MUTED, PAPER, POOLED, WORTHWHILE, WORTHWHILE_INK, small_size

_GOLDEN = (5**0.5 - 1) / 2


@reads_options
def orchard(
    fit: object,
    *,
    measure: str | None = None,
    favours: tuple[str, str] | None = SIDES,
    worthwhile: float | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw every effect as a circle (area: precision) along its group's pooled effect, interval and prediction.

    Parameters
    ----------
    fit : pooled result or trials, or mapping of label to these
        What ``ev.pool`` or another function that pools returned, a frame with ``yi`` and ``vi``, or ``(yi, vi)``.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back; that of the fit when not given.
    favours : (str, str) or None
        What the left and the right side of the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it (a ratio for ratios).
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        One branch a group; its x axis is the effect.

    See Also
    --------
    plots.forest : the same with a row a trial.
    subgroups : tests whether groups differ.

    Notes
    -----
    Circles are spread up and down by a fixed sequence only so that they can be told apart. The thick bar is the
    confidence interval, the thin one the prediction interval. One trial alone has no pooled result.

    References
    ----------
    Nakagawa et al. (2021), Research Synthesis Methods 12:4.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> ax = ev.plots.orchard({"Sham": fit, "Usual care": ev.pool([0.7, 0.6, 0.9], [0.03, 0.04, 0.05])}, worthwhile=0.5)
    >>> "Usual care" in [text.get_text() for text in ax.texts]
    True
    >>> plt.close(ax.figure)
    """
    given = fit if isinstance(fit, Mapping) else {"": fit}
    fits = {str(label): read_mean("orchard", part) for label, part in given.items()}
    if not fits:
        raise InvalidInput("orchard: there is nothing to draw")
    first = next(iter(fits.values()))
    shown, small = measure_named(measure or first.measure, first.vi), small_size()
    total = room_for(ax)
    names = {label: plain(label) for label in fits}
    counts = {label: f.count for label, f in fits.items()}
    widest = max(width(w, small, True) for w in [*names.values(), *counts.values()])
    column = min(widest, 0.3 * total)
    zone = ((column + 1.5 * small) / total, 1.0)
    place = None if worthwhile is None else shown.placed(worthwhile)
    yi = np.concatenate([f.yi for f in fits.values()])
    se = np.sqrt(np.concatenate([f.vi for f in fits.values()]))
    keep = [*yi, *(v for f in fits.values() for v in f.ci), *([] if place is None else [place])]
    limits = effect_limits(yi, yi - se, yi + se, keep=keep, null=shown.null)
    lines = {label: wrap(name, column, small, bold=True) if name else [] for label, name in names.items()}
    row = max(6.5, 1.3 * (max(map(len, lines.values())) + 2)) * small
    height = row * len(fits) + 1.6 * small
    ax, owned = open_axes(ax, height)
    ax.set_ylim(len(fits) + 1.6 * small / row - 0.5, -0.5)
    ax.set_yticks([])
    for side in ("top", "left", "right"):
        ax.spines[side].set_visible(False)
    name_effect_axis(ax, shown, limits, favours, zone)
    bottom = ax.get_ylim()[0]
    if shown.null:
        ax.plot([0, 0], [-0.5, bottom], color=INK, linewidth=0.9, zorder=1)
    if place is not None:
        ax.fill_between([place, limits[1]], [-0.5] * 2, [bottom] * 2, color=WORTHWHILE, linewidth=0, zorder=0.5)
        ax.plot([place] * 2, [-0.5, bottom], color=WORTHWHILE_INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0.6)
        words = f"worthwhile ≥ {shown.limit(place)}"
        fraction = zone[0] + (place - limits[0]) / (limits[1] - limits[0]) * (zone[1] - zone[0])
        fraction = min(fraction + 0.4 * small / total, 1 - width(words, small) / total)
        style = {"fontsize": small, "color": WORTHWHILE_INK, "va": "center_baseline"}
        write(ax, fraction, bottom - 0.8 * small / row, words, transform=ax.get_yaxis_transform(), **style)
    finest = float(se.min())
    for i, (label, group) in enumerate(fits.items()):
        _draw_group(ax, group, i, limits, finest)
        half = 0.65 * small * (len(lines[label]) + 1)
        beside = {"coords": ax.get_yaxis_transform(), "fontsize": small}
        note(ax, "\n".join(lines[label]), (0, i), (0, half), weight="bold", color=INK, va="top", label=NAME, **beside)
        note(ax, counts[label], (0, i), (0, -half), color=MUTED, va="bottom", **beside)
    return close_axes(ax, owned, title, source, height if owned else None)


def _draw_group(ax: Axes, fit: Mean, row: int, limits: tuple[float, float], finest: float) -> None:
    yi, se = fit.yi, np.sqrt(fit.vi)
    offset = ((np.arange(len(yi)) + 1) * _GOLDEN % 1 - 0.5) * 0.64 if len(yi) > 1 else np.zeros(1)
    size = 190 * (finest / se) ** 2 + 14
    style = {"color": EFFECT, "alpha": 0.4, "edgecolors": EFFECT, "linewidths": 0.8, "zorder": 2}
    ax.scatter(yi, row + offset, s=size, **style)  # type: ignore[arg-type]
    if fit.k == 1:
        return
    if fit.prediction_interval is not None:
        ax.plot(np.clip(fit.prediction_interval, *limits), [row, row], color=POOLED, linewidth=1.2, zorder=3)
    ax.plot(np.clip(fit.ci, *limits), [row, row], color=POOLED, linewidth=4.2, solid_capstyle="butt", zorder=4)
    ax.plot([fit.estimate], [row], "o", markersize=8, color=PAPER, markeredgecolor=POOLED, markeredgewidth=2, zorder=5)
