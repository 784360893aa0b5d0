"""Icon array: of so many people, how many have an outcome with a treatment and how many without it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path

from ..errors import InvalidInput
from ..languages import _
from .parts.canvas import close_axes, open_axes, room_for
from .parts.options import reads_options
from .parts.text import NAME, plain, shorten, width, wrap, write
from .parts.theme import EFFECT, INK, MUTED, PAPER, small_size, text_size

#: People in a row, and the most that are drawn: smaller figures are no longer seen as people.
_ROW, _MOST = 10, 400


@reads_options
def icon_array(
    with_: float,
    without: float,
    of: int = 100,
    *,
    interval: tuple[float, float] | None = None,
    names: tuple[str, str] = ("with treatment", "without treatment"),
    key: tuple[str, str] = ("improves", "does not improve"),
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw two groups of equally many people, filled where they have the outcome.

    Parameters
    ----------
    with_ : float
        People of ``of`` who have the outcome with the treatment; drawn as the nearest whole number.
    without : float
        People of ``of`` who have it without.
    of : int
        People in each group, 1 to 400.
    interval : (float, float), optional
        Lower and upper end of ``with_``, written behind its number.
    names : (str, str)
        What the two groups are called.
    key : (str, str)
        What a filled and an empty figure mean.
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
        A number of people is not between 0 and ``of``, or the interval does not hold ``with_``.

    See Also
    --------
    plots.labbe : the same of many trials, as shares in either group.
    effect_size : ratios and differences of counts.

    Notes
    -----
    Filled figures are dark on white and come first, so that the picture reads in grey and for every colour vision;
    one denominator for both groups, and the numbers in words above (Garcia-Retamero and Cokely 2017, Human Factors
    59:582).

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> ax = ev.plots.icon_array(58, 40, names=("with the drug", "with placebo"))
    >>> [len(people.get_offsets()) for people in ax.collections[:2]]
    [58, 42]
    >>> plt.close(ax.figure)
    """
    _check(with_, without, of, interval)
    small, large, total = small_size(), 1.35 * text_size(), room_for(ax)
    columns = min(_ROW, of) if of <= _ROW**2 else 2 * _ROW
    gap = 2.4 * small
    panel = (total - gap) / 2
    step = min(1.65 * small, panel / columns)
    called = [wrap(plain(name), panel, small) for name in names]
    top = 1.5 * large + 1.35 * small * max(map(len, called))
    people = step * math.ceil(of / columns)
    height = top + people + 2.6 * small
    ax, owned = open_axes(ax, height)
    ax.set(xlim=(0, total), ylim=(height, 0))
    ax.axis("off")
    of_all = _(" of {of}", of=of)
    spread = of_all
    if interval is not None:
        spread = _(" of {of} ({low} to {high})", of=of, low=f"{interval[0]:.0f}", high=f"{interval[1]:.0f}")
    for left, count, lines, rest in zip((0.0, panel + gap), (with_, without), called, (spread, of_all), strict=True):
        number = f"{count:.0f}"
        write(ax, left, 0.7 * large, number, va="center_baseline", fontsize=large, weight="bold", color=EFFECT)
        after = left + width(number, large, bold=True)
        write(ax, after, 0.7 * large, shorten(rest, panel, small), va="center_baseline", fontsize=small, color=INK)
        for i, line in enumerate(lines):
            y = 1.5 * large + 1.35 * small * (i + 0.35)
            write(ax, left, y, line, va="center_baseline", fontsize=small, color=INK, label=NAME)
        _draw_people(ax, (left, top), step, columns, of, round(count))
    _draw_key(ax, top + people + 1.6 * small, total, key)
    return close_axes(ax, owned, title, source, height if owned else None)


def _check(with_: float, without: float, of: int, interval: tuple[float, float] | None) -> None:
    if not 1 <= of <= _MOST:
        raise InvalidInput(f"icon_array: of={of!r} people cannot be drawn; give a whole number from 1 to {_MOST}")
    ends = interval or ()
    for name, count in [("with_", with_), ("without", without), *(("interval", end) for end in ends)]:
        if not 0 <= count <= of:
            raise InvalidInput(f"icon_array: {name}={count!r} is no number of people from 0 to of={of}")
    if interval is not None and not interval[0] <= with_ <= interval[1]:
        raise InvalidInput(f"icon_array: the interval {interval!r} should be two ends around with_={with_!r}")


def _draw_people(ax: Axes, corner: tuple[float, float], step: float, columns: int, of: int, filled: int) -> None:
    """Figures row by row, the filled ones first."""
    at = np.arange(of)
    x = corner[0] + step * (at % columns + 0.5)
    y = corner[1] + step * (at // columns + 0.5)
    for chosen, fill in ((at < filled, EFFECT), (at >= filled, PAPER)):
        _scatter(ax, x[chosen], y[chosen], step, fill)


def _draw_key(ax: Axes, y: float, total: float, key: Sequence[str]) -> None:
    small, x = small_size(), 0.0
    room = total / 2 - 2 * small
    for words, fill in zip(key, (EFFECT, PAPER), strict=True):
        _scatter(ax, np.array([x + 0.5 * small]), np.array([y]), 1.3 * small, fill)
        said = shorten(plain(words), room, small)
        write(ax, x + 1.5 * small, y, said, va="center_baseline", fontsize=small, color=MUTED, label=NAME)
        x += width(said, small) + 3.5 * small


def _scatter(ax: Axes, x: np.ndarray, y: np.ndarray, step: float, fill: str) -> None:
    size = (0.84 * step) ** 2
    ax.scatter(x, y, s=size, marker=_person(), facecolor=fill, edgecolor=EFFECT, linewidth=0.07 * step, clip_on=False)


def _person() -> Path:
    """A head above a body with round shoulders, from -1 to 1 in height."""
    head = Path.circle((0, 0.64), 0.36)
    curve, line = Path.CURVE3, Path.LINETO
    corners = [
        (-0.56, -1),
        (-0.56, -0.4),
        (-0.56, 0.14),
        (0, 0.14),
        (0.56, 0.14),
        (0.56, -0.4),
        (0.56, -1),
        (-0.56, -1),
    ]
    body = Path(corners, [Path.MOVETO, line, curve, curve, curve, curve, line, Path.CLOSEPOLY])
    return Path.make_compound_path(head, body)
