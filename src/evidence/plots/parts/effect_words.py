"""What stands under a horizontal effect axis: ticks that have room, both directions, and its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import matplotlib as mpl
from matplotlib.axes import Axes

from ...effects.arguments import shown
from ...errors import InvalidInput
from ...languages import N_, Spoken, _
from .canvas import size_of
from .effect_axis import Measure
from .text import label, plain, shorten, width
from .theme import INK, MUTED, RULE, small_size

#: Sides that are no treatment, with what is said of both at once.
_WHOLE = Spoken({"the opposite": N_("← favours the opposite"), "what is hoped for": N_("favours what is hoped for →")})


def sides(favours: tuple[str, str], clean: Callable[[object], str] = plain) -> tuple[str, str]:
    """What stands at the left and at the right end of an effect axis: "← favours sham", "favours acupuncture →"."""
    left, right = (clean(_(each)) for each in favours)
    return (
        _WHOLE.get(favours[0]) or _("← favours {comparator}", comparator=left),
        _WHOLE.get(favours[1]) or _("favours {treatment} →", treatment=right),
    )


def up_and_down(measure: Measure, favours: tuple[str, str], clean: Callable[[object], str] = plain) -> str:
    """What a vertical effect axis is, and what effects above and below the null favour."""
    down, up = (clean(_(each)) for each in favours)
    return _("{measure}: ↑ favours {above}, ↓ favours {below}", measure=measure.short, above=up, below=down)


def name_effect_axis(
    ax: Axes,
    measure: Measure,
    limits: tuple[float, float],
    favours: tuple[str, str] | None,
    zone: tuple[float, float] = (0.0, 1.0),
) -> None:
    """Ticks, direction words and name of a horizontal effect axis that spans ``zone`` of the width of ``ax``."""
    both = isinstance(favours, tuple | list) and len(favours) == 2 and all(isinstance(each, str) for each in favours)
    if favours is not None and not both:
        raise InvalidInput(f"favours is {shown(favours)}; give what either side favours, two texts, or None")
    low, high = limits
    start, end = zone
    unit = (high - low) / (end - start)
    ax.set_xlim(low - start * unit, high + (1 - end) * unit)
    total = size_of(ax)[0]
    small = small_size()
    ticks = _uncrowded(measure, limits, total * (end - start))
    ax.set_xticks([t for t, _ in ticks], [t for _, t in ticks], fontsize=small, color=MUTED, parse_math=False)
    ax.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    ax.tick_params(axis="x", length=3, width=0.8, color=RULE, pad=2.5)
    ax.spines["bottom"].set(color=RULE, linewidth=0.8, bounds=limits)
    depth = 8.0 + 1.2 * small
    if favours is not None and measure.null:
        depth += _favours(ax, favours, start - low / unit, total, depth)
    words = shorten(measure.label, total, small)
    half = width(words, small) / 2
    middle = min(max(total * (start + end) / 2, half), total - half)
    label(ax, words, (0, 0), (middle, -depth), va="top", ha="center", fontsize=small, color=MUTED)


def _favours(ax: Axes, favours: tuple[str, str], null: float, total: float, depth: float) -> float:
    """Write both directions beside the null, kept inside the Axes; on two lines when one does not hold them."""
    small = small_size()
    left, right = (shorten(words, total, small) for words in sides(favours))
    gap = 0.7 * small
    ends = max(total * null - gap, width(left, small))
    begins = min(total * null + gap, total - width(right, small))
    if begins - ends < 2 * gap:  # the null is near an edge: move the other words along, or to a line of their own
        begins = min(max(begins, ends + 2 * gap), total - width(right, small))
        ends = max(min(ends, begins - 2 * gap), width(left, small))
    step = 0.0 if begins - ends >= gap else 1.3 * small
    label(ax, left, (0, 0), (ends, -depth), va="top", ha="right", fontsize=small, color=INK)
    label(ax, right, (0, 0), (begins, -depth - step), va="top", ha="left", fontsize=small, color=INK)
    return step + 1.45 * small


def _uncrowded(measure: Measure, limits: tuple[float, float], points: float) -> list[tuple[float, str]]:
    """As many ticks as fit side by side; where an uneven scale crowds them, those that do."""
    finest: list[tuple[float, str]] = []
    for most in (7, 6, 5, 4, 3):
        ticks = measure.ticks(*limits, most=most)
        finest = finest or ticks
        if len(ticks) > 1 and _fit(ticks, limits, points):
            return ticks
    kept: list[tuple[float, str]] = []
    for tick in finest:
        if _fit([*kept, tick], limits, points):
            kept.append(tick)
    return kept


def _fit(ticks: Sequence[tuple[float, str]], limits: tuple[float, float], points: float) -> bool:
    places = [(t - limits[0]) / (limits[1] - limits[0]) * points for t, _ in ticks]
    return _apart(places, [width(words, small_size()) / 2 for _, words in ticks])


def _apart(places: Sequence[float], halves: Sequence[float]) -> bool:
    return all(
        places[i + 1] - places[i] > halves[i] + halves[i + 1] + 0.6 * small_size() for i in range(len(places) - 1)
    )
