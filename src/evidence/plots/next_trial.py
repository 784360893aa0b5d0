"""Next-trial plot: what one further trial is expected to tell, by its size."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from ..errors import InvalidInput
from .parts.canvas import close_axes, dress, name_x, name_y, open_axes, settle
from .parts.fits import described
from .parts.options import reads_options
from .parts.text import label
from .parts.theme import EFFECT, FAINT, INK, MUTED, POOLED, RULE, small_size

_TICKS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


@reads_options
def next_trial(
    result: object,
    *,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how likely one further trial is to settle the question, by its number of people.

    Parameters
    ----------
    result : result of `evidence.next_trial`
        What ``ev.next_trial`` returned.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its x axis is people, on a log scale, its y axis the probability.

    Raises
    ------
    InvalidInput
        ``result`` is something else.

    See Also
    --------
    next_trial : the numbers.
    plots.trial_sequential : the way there with all trials to come.

    Notes
    -----
    The dotted line is what an endless trial reaches; the dashed one the probability that was wanted.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> ax = ev.plots.next_trial(ev.next_trial([0.3, 0.4, 0.2], [0.09, 0.12, 0.1]))
    >>> ax.get_xscale()
    'log'
    >>> plt.close(ax.figure)
    """
    from ..sensitivity.sequential.next_trial_result import NextTrial

    if not isinstance(result, NextTrial):
        raise InvalidInput(f"next_trial: give what ev.next_trial returned; not {described(result)}")
    curve = result.curve
    people = curve["people"].to_numpy(float)
    ax, owned = open_axes(ax)
    dress(ax)
    ax.set(xscale="log", xlim=(people[0], people[-1]), ylim=(0, 1.02))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks(_TICKS, [f"{tick:,}" for tick in _TICKS])
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0%", "20%", "40%", "60%", "80%", "100%"])
    ax.grid(axis="y", color=FAINT, linewidth=0.7)
    ax.axhline(result.probability, color=RULE, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
    ax.axhline(result.limit, color=INK, linewidth=0.9, linestyle=(0, (1.5, 1.5)), zorder=1.6)
    (line,) = ax.plot(people, curve["probability"], color=EFFECT, linewidth=2.2, zorder=3, label=result.question)
    key: list[Artist] = [line]
    if "no_effect" in curve and " or " in result.question:
        for column, words, colour in (("no_effect", "no effect", MUTED), ("worthwhile", "worthwhile effect", POOLED)):
            key += ax.plot(people, curve[column], color=colour, linewidth=1.3, zorder=2, label=words)
    key.append(Line2D([], [], color=INK, linewidth=0.9, linestyle=(0, (1.5, 1.5)), label="endless trial"))
    if result.people and people[0] <= result.people <= people[-1]:
        ax.plot([result.people] * 2, [0, result.probability], color=EFFECT, linewidth=0.9, zorder=2.5)
        across = "left" if result.people < 2000 else "right"
        style = {"ha": across, "va": "bottom", "fontsize": small_size(), "color": EFFECT}
        label(ax, f"{result.people:,}", (result.people, 0), (4 if across == "left" else -4, 3), "data", **style)
    settle(ax, owned)
    name_x(ax, "People in one further trial, both arms together")
    name_y(ax, f"Probability that the updated {100 * result.level:g}% interval excludes:", key)
    return close_axes(ax, owned, title, source)
