"""Funnel plot: effects against their precision, with the regions of significance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.special import ndtri

from ..errors import InvalidInput
from ..languages import _, pgettext, pointed
from .parts.canvas import close_axes, dress, name_y, open_axes, settle
from .parts.effect_axis import SIDES, effect_limits, measure_named
from .parts.effect_words import name_effect_axis
from .parts.fits import Mean, Moderated, described, read_fit
from .parts.frames import need
from .parts.options import reads_options
from .parts.smooth import smoothed
from .parts.theme import EFFECT, INK, MUTED, PAPER, POOLED, text_size

# From p over the first level to p under the last: lightness (L* of CIELAB) 100, 69, 80 and 90, so that print in black
# and white keeps them apart.
_SHADES = ("#ffffff", "#9eabb5", "#bec8d0", "#dae2e8")


@reads_options
def funnel(
    fit: object,
    *,
    filled: object | None = None,
    contours: tuple[float, ...] = (0.1, 0.05, 0.01),
    smooth: bool = False,
    measure: str | None = None,
    favours: tuple[str, str] | None = SIDES,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each trial's effect against its standard error, precise trials on top.

    Parameters
    ----------
    fit : pooled result, or trials
        What ``ev.pool`` or another function that pools returned, a frame with ``yi`` and ``vi``, or ``(yi, vi)``. Of a
        result about small studies, the trials it looked at; of trim and fill, also those it adds, around the effect
        it comes to. Of a fit with moderators, the residuals; of ``Network.adjusted_funnel``, the effects less the mean
        of their comparison, without contours.
    filled : result of `evidence.trim_and_fill` or frame, optional
        Trials to add, drawn hollow: columns ``yi`` and ``vi``, and where ``filled`` is among them the rows it marks.
    contours : tuple of float
        Two-sided p values at which the background changes, from large to small, three at most; empty for none.
    smooth : bool
        Draw the trend of the effects over the standard errors (LOWESS): level where small trials find what large ones
        find. It takes five trials.
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
        Its x axis is the effect, its y axis the standard error, from large at the bottom to 0.

    See Also
    --------
    trim_and_fill : the trials that seem to be missing.
    egger : tests the asymmetry.
    plots.radial : the same trials as z values.

    Notes
    -----
    Shades show p against no effect, so a hole in the white region is a hole where results were not significant: the
    mark of selective publication (Peters 2008, J Clin Epidemiol 61:991). The dashed lines are the pooled effect plus
    and minus a normal quantile times the standard error, where all trials would lie were there no heterogeneity.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> ax = ev.plots.funnel(fit)
    >>> float(ax.get_ylim()[1])
    0.0
    >>> plt.close(ax.figure)
    """
    if len(contours) > len(_SHADES) - 1 or any(not 0 < p < 1 for p in contours):
        raise InvalidInput(f"funnel: contours are one to three p values between 0 and 1, not {contours}")
    around = _drawn(fit)
    shown = measure_named(measure or around.measure)
    centre = _("pooled") if around.k > 1 else _("its effect")
    if hasattr(fit, "k0"):
        centre = _("pooled with these")
    if _is_adjusted(fit):
        words = _("Effect less the mean of its comparison: {measure}", measure=shown.label)
        shown, favours, contours, centre = replace(shown, label=words), None, (), _("as its comparison")
    elif _has_moderators(fit):
        shown, favours, centre = (
            replace(shown, label=_("Residual: {measure}", measure=shown.label)),
            None,
            _("as expected"),
        )
    yi, se = around.yi, np.sqrt(around.vi)
    if filled is None and not isinstance(fit, pd.DataFrame):
        filled = getattr(fit, "filled", None)
    added = _added(filled)
    extra, extra_se = added["yi"].to_numpy(float), np.sqrt(added["vi"].to_numpy(float))
    deepest = 1.06 * float(max(np.nanmax(se), extra_se.max(initial=0.0)))
    z = float(ndtri(0.5 + around.level / 2))
    everything = np.concatenate([yi, extra])
    spread = np.concatenate([se, extra_se])
    edges = (around.estimate - z * deepest, around.estimate + z * deepest)
    limits = effect_limits(everything, everything - spread, everything + spread, keep=(*edges, *everything))
    height = 25 * text_size()
    ax, owned = open_axes(ax, height)
    dress(ax)
    ax.set_ylim(deepest, 0)
    _draw_contours(ax, contours, deepest, limits)
    ax.plot([around.estimate] * 2, [0, deepest], color=POOLED, linewidth=1.2, zorder=2)
    for edge in edges:
        ax.plot([around.estimate, edge], [0, deepest], color=POOLED, linewidth=1.0, linestyle=(0, (4, 2)), zorder=2)
    ax.plot([0, 0], [0, deepest], color=INK, linewidth=0.9, zorder=1.5)
    ax.plot(yi, se, "o", markersize=5.5, color=EFFECT, markeredgecolor=PAPER, markeredgewidth=0.6, zorder=3)
    ax.plot(extra, extra_se, "o", markersize=5.5, color=PAPER, markeredgecolor=POOLED, markeredgewidth=1.2, zorder=3)
    if smooth:
        ax.plot(*reversed(smoothed("funnel", se, yi)), color=INK, linewidth=1.4, zorder=2.5)
    settle(ax, owned)
    name_effect_axis(ax, shown, limits, favours)
    name_y(ax, _("Standard error (precise trials on top)"), _key(around.count, len(extra), centre, contours, smooth))
    return close_axes(ax, owned, title, source, height if owned else None)


def _drawn(fit: object) -> Mean:
    """The trials, and the effect the funnel stands around."""
    if hasattr(fit, "filled") and hasattr(fit, "naive"):  # trim and fill
        after, before = read_fit("funnel", fit.fit), read_fit("funnel", fit.naive)  # type: ignore[attr-defined]
        assert isinstance(after, Mean) and isinstance(before, Mean)
        return replace(before, estimate=after.estimate, ci=after.ci)
    if _is_adjusted(fit):
        pairs = read_fit("funnel", fit.effects.rename(columns={"study": "slab"}))  # type: ignore[attr-defined]
        assert isinstance(pairs, Mean)
        return replace(pairs, estimate=0.0, ci=(0.0, 0.0), unit="comparison")
    trials = read_fit("funnel", _trials_of(fit))
    return trials.residuals() if isinstance(trials, Moderated) else trials


def _trials_of(fit: object) -> object:
    """What a result about small studies looked at, or what was given."""
    return fit.naive if hasattr(fit, "naive") and not hasattr(fit, "yi") else fit


def _is_adjusted(fit: object) -> bool:
    """Whether these are the effects of a network less the mean of their comparisons."""
    return hasattr(fit, "order") and isinstance(getattr(fit, "effects", None), pd.DataFrame)


def _has_moderators(fit: object) -> bool:
    return isinstance(read_fit("funnel", _trials_of(fit)), Moderated)


def _added(given: object) -> pd.DataFrame:
    """Trials to draw hollow."""
    if given is None:
        return pd.DataFrame({"yi": [], "vi": []}, dtype=float)
    rows = given if isinstance(given, pd.DataFrame) else getattr(given, "filled", None)
    if not isinstance(rows, pd.DataFrame):
        raise InvalidInput(f"funnel: filled is what ev.trim_and_fill returned, or a frame; not {described(given)}")
    rows = need("funnel, filled", rows, "yi", "vi")
    if not (rows["vi"] >= 0).all():
        raise InvalidInput("funnel: every vi of filled must be 0 or more")
    return rows[rows["filled"].astype(bool)] if "filled" in rows.columns else rows


def _draw_contours(ax: Axes, contours: tuple[float, ...], deepest: float, limits: tuple[float, float]) -> None:
    if not contours:
        return
    ax.set_facecolor(_SHADES[len(contours)])
    for p, shade in zip(sorted(contours), reversed(_SHADES[: len(contours)]), strict=True):
        z = float(ndtri(1 - p / 2))
        ax.fill([0, z * deepest, -z * deepest], [0, deepest, deepest], color=shade, linewidth=0, zorder=0.5)
    ax.set_xlim(limits)


def _key(count: str, extra: int, centre: str, contours: tuple[float, ...], smooth: bool) -> list[Artist]:
    entries: list[Artist] = [_dot(EFFECT, EFFECT, count)]
    if extra:
        entries.append(_dot(PAPER, POOLED, _("{n} filled in", n=extra)))
    entries.append(Line2D([], [], color=POOLED, linewidth=1.2, label=centre))
    if smooth:
        entries.append(Line2D([], [], color=INK, linewidth=1.4, label=pgettext("funnel", "trend")))
    levels = sorted(contours, reverse=True)
    for i, shade in enumerate(_SHADES[: len(levels) + 1] if levels else ()):
        if i == 0:
            words = f"p > {pointed(f'{levels[0]:g}')}"
        elif i == len(levels):
            words = f"p < {pointed(f'{levels[-1]:g}')}"
        else:
            words = pointed(f"{levels[i]:g}–{levels[i - 1]:g}")
        entries.append(Patch(facecolor=shade, edgecolor=MUTED, linewidth=0.6, label=words))
    return entries


def _dot(face: str, edge: str, words: str) -> Line2D:
    style = {"marker": "o", "linestyle": "none", "markersize": 5.5}
    return Line2D([], [], markerfacecolor=face, markeredgecolor=edge, label=words, **style)  # type: ignore[arg-type]
