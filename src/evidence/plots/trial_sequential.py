"""Trial sequential plot: how far trials have come, beside what they have to reach."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..errors import InvalidInput
from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle
from .parts.fits import described
from .parts.options import reads_options
from .parts.text import number
from .parts.theme import EFFECT, FAINT, INK, MUTED, POOLED, RULE

_HIGHEST = 8.0  # of z: beyond it there is nothing to tell apart


@reads_options
def trial_sequential(
    result: object,
    *,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the cumulative z of trials, with the boundaries for benefit, harm and futility.

    Parameters
    ----------
    result : result of `evidence.trial_sequential`
        What ``ev.trial_sequential`` returned.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is the share of the required information, its y axis z.

    Raises
    ------
    InvalidInput
        ``result`` is something else.

    See Also
    --------
    trial_sequential : the numbers.
    plots.cumulative : the pooled effect itself, trial by trial.

    Notes
    -----
    A dot stands where a trial came in; dashed lines are those of a test that looks once. Boundaries above 8 leave the
    figure. Where z lies in the grey zone, the trials fall short of what an effect of the size sought would show.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04])
    >>> found = ev.trial_sequential(fit, order=[2001, 2004, 2010, 2015], delta=0.4)
    >>> ax = ev.plots.trial_sequential(found)
    >>> [text.get_text() for text in ax.legend_.get_texts()]
    ['trials so far', 'benefit', 'harm', 'effect sought unlikely']
    >>> plt.close(ax.figure)
    """
    from ..sensitivity.sequential.sequential_result import TrialSequential

    if not isinstance(result, TrialSequential):
        raise InvalidInput(f"trial_sequential: give what ev.trial_sequential returned; not {described(result)}")
    side = math.copysign(1.0, result.delta)
    path = result.path()
    share, bound, futility = (path[name].to_numpy(float) for name in ("information", "boundary", "futility"))
    at, z = np.append(0.0, result.information), np.append(0.0, result.z)
    seen = np.append(np.abs(result.z), bound[bound <= _HIGHEST])
    top = min(1.15 * float(seen.max()), 1.05 * _HIGHEST)
    ax, owned = open_axes(ax)
    dress(ax)
    ax.set(xlim=(0, 1.04 * max(1.0, float(at[-1]))), ylim=(-top, top))
    ax.axhline(0, color=INK, linewidth=0.9, zorder=1.5)
    ax.axvline(1, color=RULE, linewidth=1.0, zorder=1.4)
    for sign in (1.0, -1.0):
        ax.axhline(sign * result.single, color=RULE, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1.4)
        colour = POOLED if sign == side else MUTED
        ax.plot(share, sign * bound, color=colour, linewidth=1.8, zorder=2)
    wedge = np.nan_to_num(futility)
    ax.fill_between(share, -wedge, wedge, color=FAINT, linewidth=0, zorder=1)
    ax.plot(at, z, color=EFFECT, linewidth=1.8, marker="o", markersize=4.5, markevery=slice(1, None), zorder=3)
    ticks = [tick for tick in np.arange(0, at[-1] + 1, 0.25 if at[-1] <= 1.5 else 0.5) if tick <= ax.get_xlim()[1]]
    ax.set_xticks(ticks, [f"{100 * tick:.0f}%" for tick in ticks])
    settle(ax, owned)
    people = "" if result.people is None else f" ({result.people:,} people)"
    name_x(ax, f"Share of the information required to show {number(result.delta)}{people}")
    key: list[Artist] = [
        Line2D([], [], color=EFFECT, linewidth=1.8, marker="o", markersize=4.5, label="trials so far"),
        Line2D([], [], color=POOLED, linewidth=1.8, label="benefit"),
        Line2D([], [], color=MUTED, linewidth=1.8, label="harm"),
        Patch(facecolor=FAINT, label="effect sought unlikely"),
    ]
    name_y(ax, f"z of all trials so far (dashed: {result.single:.2f}, for one look)", key)
    return close_axes(ax, owned, title, source)
