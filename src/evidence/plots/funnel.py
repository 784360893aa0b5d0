"""Funnel plot: effects against their precision, with the regions of significance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.special import ndtri

from ..errors import InvalidInput
from .parts.canvas import close_axes, dress, name_effect_axis, name_y, open_axes, settle
from .parts.effect_axis import effect_limits, measure_named
from .parts.fits import Fit
from .parts.text import counted
from .parts.theme import EFFECT, INK, MUTED, PAPER, POOLED, text_size

_SHADES = ("#ffffff", "#ccd5dc", "#e3e9ed", "#f3f5f7")  # from p over the first level to p under the last


def funnel(
    fit: Fit,
    *,
    filled: pd.DataFrame | None = None,
    contours: tuple[float, ...] = (0.1, 0.05, 0.01),
    measure: str = "SMD",
    favours: tuple[str, str] | None = ("comparator", "acupuncture"),
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each trial's effect against its standard error, precise trials on top.

    Parameters
    ----------
    fit : pooled result
        What ``ev.pool`` returned.
    filled : DataFrame, optional
        Trials that trim and fill adds (``ev.trim_and_fill(...).filled``): columns ``yi`` and ``vi``; drawn hollow.
    contours : tuple of float
        Two-sided p values at which the background changes, from large to small, three at most; empty for none.
    measure, favours, title, source, ax
        As in `forest`.

    Returns
    -------
    Axes

    Notes
    -----
    Shades show p against no effect, so a hole in the white region is a hole where results were not significant: the
    mark of selective publication (Peters 2008, J Clin Epidemiol 61:991). The dashed lines are the pooled effect plus
    and minus a normal quantile times the standard error, where all trials would lie were there no heterogeneity.
    """
    if len(contours) > len(_SHADES) - 1 or any(not 0 < p < 1 for p in contours):
        raise InvalidInput(f"funnel: contours are one to three p values between 0 and 1, not {contours}")
    shown = measure_named(measure)
    yi, se = np.asarray(fit.yi, float), np.sqrt(np.asarray(fit.vi, float))
    added = pd.DataFrame({"yi": [], "vi": []}, dtype=float) if filled is None else filled
    extra, extra_se = added["yi"].to_numpy(float), np.sqrt(added["vi"].to_numpy(float))
    deepest = 1.06 * float(max(se.max(), extra_se.max(initial=0.0)))
    z = float(ndtri(0.5 + fit.level / 2))
    everything = np.concatenate([yi, extra])
    spread = np.concatenate([se, extra_se])
    edges = (fit.estimate - z * deepest, fit.estimate + z * deepest)
    limits = effect_limits(everything, everything - spread, everything + spread, keep=(*edges, *everything))
    height = 25 * text_size()
    ax, owned = open_axes(ax, height)
    dress(ax)
    ax.set_ylim(deepest, 0)
    _draw_contours(ax, contours, deepest, limits)
    ax.plot([fit.estimate] * 2, [0, deepest], color=POOLED, linewidth=1.2, zorder=2)
    for edge in edges:
        ax.plot([fit.estimate, edge], [0, deepest], color=POOLED, linewidth=1.0, linestyle=(0, (4, 2)), zorder=2)
    ax.plot([0, 0], [0, deepest], color=INK, linewidth=0.9, zorder=1.5)
    ax.plot(yi, se, "o", markersize=5.5, color=EFFECT, markeredgecolor=PAPER, markeredgewidth=0.6, zorder=3)
    ax.plot(extra, extra_se, "o", markersize=5.5, color=PAPER, markeredgecolor=POOLED, markeredgewidth=1.2, zorder=3)
    settle(ax, owned)
    name_effect_axis(ax, shown, limits, favours)
    name_y(ax, "Standard error (precise trials on top)", _key(fit, len(extra), contours))
    return close_axes(ax, owned, title, source, height if owned else None)


def _draw_contours(ax: Axes, contours: tuple[float, ...], deepest: float, limits: tuple[float, float]) -> None:
    if not contours:
        return
    ax.set_facecolor(_SHADES[len(contours)])
    for p, shade in zip(sorted(contours), reversed(_SHADES[: len(contours)]), strict=True):
        z = float(ndtri(1 - p / 2))
        ax.fill([0, z * deepest, -z * deepest], [0, deepest, deepest], color=shade, linewidth=0, zorder=0.5)
    ax.set_xlim(limits)


def _key(fit: Fit, extra: int, contours: tuple[float, ...]) -> list[Artist]:
    entries: list[Artist] = [_dot(EFFECT, EFFECT, counted(fit.k, "trial"))]
    if extra:
        entries.append(_dot(PAPER, POOLED, f"{extra} filled in"))
    entries.append(Line2D([], [], color=POOLED, linewidth=1.2, label="pooled" if fit.k > 1 else "its effect"))
    levels = sorted(contours, reverse=True)
    for i, shade in enumerate(_SHADES[: len(levels) + 1] if levels else ()):
        if i == 0:
            words = f"p > {levels[0]:g}"
        elif i == len(levels):
            words = f"p < {levels[-1]:g}"
        else:
            words = f"{levels[i]:g}–{levels[i - 1]:g}"
        entries.append(Patch(facecolor=shade, edgecolor=MUTED, linewidth=0.6, label=words))
    return entries


def _dot(face: str, edge: str, words: str) -> Line2D:
    style = {"marker": "o", "linestyle": "none", "markersize": 5.5}
    return Line2D([], [], markerfacecolor=face, markeredgecolor=edge, label=words, **style)  # type: ignore[arg-type]
