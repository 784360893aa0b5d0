"""Evidence map: where trials are, how large, and which way they point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_rgb
from matplotlib.patches import Ellipse

from ..errors import InvalidInput
from ..languages import N_, _, joined
from .parts.canvas import close_axes, open_axes, room_for
from .parts.colours import DIVERGING, colour_reach, draw_colour_bar, ink_on
from .parts.effect_axis import SIDES, Measure, measure_named
from .parts.frames import Table, levels_of, need, table_of
from .parts.options import reads_options
from .parts.strokes import stroke
from .parts.text import NAME, counted, plain, width, wrap, write
from .parts.theme import FAINT, INK, MUTED, PAPER, RULE, small_size

_GRADES = ("very low", "low", "moderate", "high")


@reads_options
def evidence_map(
    result: Table,
    *,
    x: str = "comparator",
    y: str = "condition",
    size: str = "n",
    colour: str = "estimate",
    label: str = "k",
    numbered: str | None = None,
    certainty: str | None = None,
    dashed: str = N_("trials whose numbers are missing"),
    measure: str = "SMD",
    limit: float | None = None,
    favours: tuple[str, str] = SIDES,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a bubble where a row and a column have trials: area is people, colour the effect, the number trials.

    Parameters
    ----------
    result : frame, or result with such rows
        One row a bubble. Rows and columns of the map keep the order of the frame (of the categories where the
        columns are categorical: those without a row stay empty). Not-a-number as effect: trials without numbers,
        drawn hollow.
    x : str
        Column that names the columns of the map.
    y : str
        Column that names its rows.
    size : str
        Column with the people.
    colour : str
        Column with the effect.
    label : str
        Column with the number of trials.
    numbered : str, optional
        Column with how many of these trials give the numbers that the effect rests on: the colour fills that share of
        the bubble's area, from its middle. Without it an effect colours the whole bubble.
    certainty : str, optional
        Column with the grade of certainty (``"very low"``, ``"low"``, ``"moderate"``, ``"high"``; empty for none),
        drawn as one to four filled dots under the bubble.
    dashed : str
        What a bubble without effect stands for, for the key.
    measure : str
        Name of the measure; ratios come as logs and are shown back.
    limit : float, optional
        Effect, as readers know it, at which the colour is fullest; the largest in the frame when not given.
    favours : (str, str)
        What effects under and over the null favour, written at the ends of the colour key.
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
        A column is missing, a grade is unknown, or two rows want the same place.

    See Also
    --------
    plots.ranking : the effects with their intervals.
    charts.evidence_map : the interactive twin.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> places = {"condition": ["Arthritis", "Arthritis"], "comparator": ["sham", "usual care"]}
    >>> ax = ev.plots.evidence_map(pd.DataFrame(places).assign(estimate=[0.2, 0.5], n=[2310, 400], k=[9, 4]))
    >>> [text.get_text() for text in ax.texts][:2]
    ['sham', 'usual care']
    >>> plt.close(ax.figure)
    """
    frame = table_of("evidence_map", result)
    frame = _checked(frame, x, y, size, colour, label, numbered)
    grades = _grades(frame, certainty)
    shown = measure_named(measure)
    columns, rows = levels_of(frame[x]), levels_of(frame[y])
    small = small_size()
    total = room_for(ax)
    left = total - small - len(columns) * (_longest_word(columns, small) + 0.6 * small)  # what heads in full leave
    most = min(0.3 * total, max(left, _longest_word(rows, small)))
    names = max(min(max(width(plain(r), small) for r in rows), most), 4 * small)
    upright = _longest_word(columns, small) > (total - names - small) / len(columns) - 0.6 * small
    if upright:  # heads run upwards, and leave the names of the rows their room
        names = max(min(max(width(plain(r), small) for r in rows), 0.3 * total), names)
    cell = (total - names - small) / len(columns)
    tall = min(cell, 5.2 * small)
    heads = [wrap(plain(c), 11 * small if upright else cell - 0.6 * small, small) for c in columns]
    long = max(width(line, small) for lines in heads for line in lines)
    head = long + 1.3 * small if upright else (max(map(len, heads)) * 1.3 + 0.8) * small
    widest = min(0.86 * min(cell, tall), tall - (2.2 * small if certainty else 0.0))
    against, towards = (plain(_(each)) for each in favours)
    key = joined(
        _("Number: trials."),
        "" if numbered is None else _("Coloured: the share of them that gives a number."),
        _("Dashed: {what}.", what=_(dashed)),
        _("Empty: no trial."),
    )
    ends = _("favours {below} ← {measure} → favours {above}", below=against, measure=shown.short, above=towards)
    explained = [ends, *wrap(key, total, small)]
    if certainty:
        words = _("Dots below: certainty of the effect, one very low, two low, three moderate, four high.")
        explained += wrap(words, total, small)
    foot = max(widest, 2.6 * small) + (1.6 + 1.4 * len(explained)) * small
    height = head + tall * len(rows) + foot
    ax, owned = open_axes(ax, height)
    ax.set(xlim=(0, total), ylim=(height, 0))
    ax.axis("off")
    centres = [names + small + cell * (i + 0.5) for i in range(len(columns))]
    middles = [head + tall * (i + 0.5) for i in range(len(rows))]
    _draw_grid(ax, rows, heads, centres, middles, names, head, tall, upright)
    values = frame[colour].to_numpy(float)
    reach = colour_reach(values, shown, limit)
    largest = float(frame[size].fillna(0).max())
    for record, grade in zip(frame.to_dict("records"), grades, strict=True):
        place = centres[columns.index(record[x])], middles[rows.index(record[y])]
        bubble = (place[0], place[1] - (0.5 * small if certainty else 0.0))  # the dots stand below it
        people = 0.0 if pd.isna(record[size]) else float(record[size])
        trials = 0 if pd.isna(record[label]) else int(record[label])
        if trials:
            _draw_bubble(
                ax,
                bubble,
                _across(people, largest, widest),
                float(record[colour]),
                trials,
                _share(record, label, numbered),
                reach,
            )
            _draw_grade(ax, (bubble[0], bubble[1] + _across(people, largest, widest) / 2), grade)
    _draw_key(ax, shown, reach, explained, largest, widest, head + tall * len(rows))
    return close_axes(ax, owned, title, source, height if owned else None)


def _longest_word(names: Sequence[object], size: float) -> float:
    return max(width(word, size) for name in names for word in plain(name).split(" "))


def _checked(frame: pd.DataFrame, x: str, y: str, *numbers: str | None) -> pd.DataFrame:
    frame = need("evidence_map", frame, x, y, *numbers, numbers=numbers, labels=(x, y))
    twice = frame.duplicated([x, y])
    if twice.any():
        place = " and ".join(repr(value) for value in frame.loc[twice, [x, y]].iloc[0])
        raise InvalidInput(f"evidence_map: two rows for {place}")
    return frame


def _grades(frame: pd.DataFrame, column: str | None) -> list[int]:
    """Dots of each row: 1 for very low to 4 for high, 0 for no grade."""
    if column is None:
        return [0] * len(frame)
    need("evidence_map", frame, column)
    words = [str(word) if isinstance(word, str) else "" for word in frame[column]]
    unknown = sorted(set(words) - set(_GRADES) - {""})
    if unknown:
        raise InvalidInput(f"evidence_map: {unknown[0]!r} is no grade; use one of {', '.join(_GRADES)}")
    return [_GRADES.index(word) + 1 if word else 0 for word in words]


def _across(people: float, largest: float, widest: float) -> float:
    """Diameter in points: area follows people, but no bubble is too small to see."""
    return max(widest * math.sqrt(people / largest) if largest > 0 else 0.0, 5.0)


def _draw_grid(
    ax: Axes,
    rows: Sequence[object],
    heads: Sequence[Sequence[str]],
    centres: Sequence[float],
    middles: Sequence[float],
    names: float,
    head: float,
    tall: float,
    upright: bool,
) -> None:
    small = small_size()
    right = centres[-1] + (centres[0] - names - small)
    for centre, lines in zip(centres, heads, strict=True):
        style = {"ha": "center", "va": "bottom", "fontsize": small, "rotation": 90 * upright, "label": NAME}
        write(ax, centre, head - 0.7 * small, "\n".join(lines), color=MUTED, **style)
        stroke(ax, [centre] * 2, [head, middles[-1] + tall / 2], color=FAINT, linewidth=0.8, zorder=0)
    for middle, row in zip(middles, rows, strict=True):
        most = max(1, int(tall / (1.3 * small)))
        lines = wrap(plain(row), names, small)
        if len(lines) > most:
            lines = [*lines[: most - 1], lines[most - 1] + "…"]
        write(ax, 0, middle, "\n".join(lines), va="center", fontsize=small, color=INK, label=NAME)
        stroke(ax, [names + small, right], [middle] * 2, color=FAINT, linewidth=0.8, zorder=0)
    stroke(ax, [0, right], [head] * 2, color=RULE, linewidth=0.8)


def _share(record: dict[Any, Any], label: str, numbered: str | None) -> float:
    """Part of the trials of a bubble that its effect rests on."""
    if numbered is None:
        return 1.0
    told = 0.0 if pd.isna(record[numbered]) else float(record[numbered])
    return min(1.0, told / float(record[label]))


def _draw_bubble(
    ax: Axes, place: tuple[float, float], across: float, effect: float, trials: int, share: float, reach: float
) -> None:
    known = math.isfinite(effect)
    fill = to_rgb(DIVERGING(Normalize(-reach, reach, clip=True)(effect)) if known else PAPER)
    edge = INK if known else RULE
    style = {"linewidth": 0.7} if known else {"linewidth": 1.1, "linestyle": (0, (2, 1.5))}
    inner = across * math.sqrt(share) if known else across
    whole = PAPER if inner < across else fill
    ax.add_patch(Ellipse(place, across, across, facecolor=whole, edgecolor=edge, zorder=2, **style))
    if inner < across:
        ax.add_patch(Ellipse(place, inner, inner, facecolor=fill, edgecolor="none", zorder=2.1))
    words = str(trials)
    small = small_size()
    if math.hypot(width(words, small), small) < inner - 1:
        write(ax, *place, words, ha="center", va="center_baseline", fontsize=small, color=ink_on(fill), zorder=3)
    else:
        write(ax, place[0] + across / 2 + 2, place[1], words, va="center_baseline", fontsize=small, color=INK, zorder=3)


def _draw_grade(ax: Axes, foot: tuple[float, float], grade: int) -> None:
    """Four dots under a bubble, as many filled as the grade has."""
    if not grade:
        return
    small = small_size()
    places = [foot[0] + (i - 1.5) * 0.62 * small for i in range(4)]
    for some, inside in ((places[:grade], INK), (places[grade:], PAPER)):
        style: dict[str, Any] = {"markersize": 0.38 * small, "markeredgecolor": INK, "markeredgewidth": 0.7}
        stroke(ax, some, [foot[1] + 0.55 * small] * len(some), marker="o", linestyle="none", color=inside, **style)


def _draw_key(
    ax: Axes, shown: Measure, reach: float, explained: Sequence[str], largest: float, widest: float, top: float
) -> None:
    """What colour, area and number mean, in one band under the map."""
    small = small_size()
    middle = top + 0.9 * small + widest / 2
    bar = draw_colour_bar(ax, shown, reach, middle)
    x = bar + 2.5 * small
    for count in sorted({_one_digit(largest / 10), _one_digit(largest)} - {0}):
        across = _across(count, largest, widest)
        circle = Ellipse((x + across / 2, middle), across, across, facecolor=PAPER, edgecolor=INK, linewidth=0.7)
        ax.add_patch(circle)
        words = counted(count, "person")
        x += across + 0.5 * small
        write(ax, x, middle, words, va="center_baseline", fontsize=small, color=MUTED)
        x += width(words, small) + 1.5 * small
    below = middle + max(widest / 2, 1.3 * small)
    for i, words in enumerate(explained):
        y = below + (1 + 1.4 * i) * small
        write(ax, 0, y, words, va="center_baseline", fontsize=small, color=MUTED if i else INK)


def _one_digit(count: float) -> int:
    """The largest number of one significant digit not above ``count``."""
    if count < 1:
        return 0
    power = 10 ** math.floor(math.log10(count))
    return int(count // power * power)
