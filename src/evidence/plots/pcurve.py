"""p-curve: how the significant p values spread, beside what no effect and low power would give."""

from __future__ import annotations

from typing import Any, cast

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..models.studies import Effects
from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle
from .parts.fits import fitted_from
from .parts.options import reads_options
from .parts.text import counted, label
from .parts.theme import EFFECT, FAINT, INK, MUTED, PAPER, POOLED, small_size


@reads_options
def pcurve(
    result: object,
    *,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of significant studies by p value, with the curves of no effect and of a power of 33%.

    Parameters
    ----------
    result : result of `evidence.p_curve`, or trials
        What ``ev.p_curve`` returned; of a fit or other trials it is computed.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the p value, its y axis the share of the significant studies in percent.

    See Also
    --------
    p_curve : the tests.
    plots.funnel : all trials, significant or not.

    Notes
    -----
    A curve that falls from left to right is what studies of a real effect give. Over each point stands its number of
    studies: with few of them the shape is chance.

    References
    ----------
    Simonsohn, Nelson & Simmons (2014), Journal of Experimental Psychology: General 143:534.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> ax = ev.plots.pcurve(([0.5, 0.6, 0.8, 0.2, 0.7], [0.02, 0.02, 0.04, 0.04, 0.03]))
    >>> ax.texts[-1].get_text()
    'Share of the 4 studies with p < 0.05, of 5 in all'
    >>> plt.close(ax.figure)
    """
    from ..bias.p_curve import PCurve, p_curve

    found: Any = result if isinstance(result, PCurve) else p_curve(cast(Effects, fitted_from("pcurve", result)))
    table = found.curve()
    ax, owned = open_axes(ax)
    dress(ax)
    ends = table.index.to_numpy(float)
    observed = table["observed"].to_numpy(float)
    top = max(observed.max(), float(table["power_33"].max())) * 1.16
    ax.set(xlim=(ends[0] / 2, ends[-1] + ends[0] / 2), ylim=(0, top))
    expected = {"no_effect": (MUTED, (0, (4, 2)), "no effect"), "power_33": (POOLED, (0, (1.5, 1.5)), "power of 33%")}
    key: list[Artist] = [Line2D([], [], color=EFFECT, linewidth=2.2, marker="o", label="observed")]
    for column, (colour, dashes, words) in expected.items():
        (line,) = ax.plot(ends, table[column], color=colour, linewidth=1.6, linestyle=dashes, zorder=2, label=words)
        key.append(line)
    ax.plot(ends, observed, color=EFFECT, linewidth=2.2, marker="o", markersize=6, zorder=2.2, clip_on=False)
    small = small_size()
    for end, share, count in zip(ends, observed, table["studies"], strict=True):
        style = {"ha": "center", "fontsize": small, "color": INK, "zorder": 2.4}
        note = label(ax, str(count), (end, share), (0, 3 + 0.5 * small), "data", **style)
        note.set_bbox({"boxstyle": "square,pad=0.1", "facecolor": PAPER, "edgecolor": "none"})
    ax.set_xticks(ends, [f"{end:.2f}" for end in ends])
    ticks = [tick for tick in (0, 20, 40, 60, 80, 100) if tick <= top]
    ax.set_yticks(ticks, [f"{tick}%" for tick in ticks])
    ax.grid(axis="y", color=FAINT, linewidth=0.7)
    settle(ax, owned)
    name_x(ax, "p value, up to")
    name_y(ax, f"Share of the {counted(found.k_significant, 'study')} with p < 0.05, of {found.k} in all", key)
    return close_axes(ax, owned, title, source)
