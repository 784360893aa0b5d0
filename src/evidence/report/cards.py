"""Share images: what networks show beside a link to a page, 1200 x 630 pixels, with the finding as its title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import plots
from ..answers.glance import SHAM, Glance, Line, Mark, glance
from ..answers.results import Results
from ..answers.wording.short_answer import best_supported, finding
from ..answers.wording.words import CERTAINTY, GRADES, capital, whole
from ..languages import N_, _
from ..plots.parts.fonts import families
from ..plots.parts.strokes import stroke
from ..plots.parts.text import width, wrap_letters
from ..plots.parts.theme import EFFECT, INK, MUTED, PAPER, POOLED, RULE, WORTHWHILE, WORTHWHILE_INK, picture
from .figures.heading import write_heading
from .project import page_name

_SIZE, _DPI = (12.0, 6.3), 100
#: Points for the certainty, right of its circles.
_ROOM = 156.0
#: Points for what a mark is of, above it.
_WIDE = 555.0
_QUESTION = N_("Which back conditions respond to acupuncture?")


def cards(results: Results, base_url: str = "") -> dict[str, bytes]:
    """PNG files by the page they stand for, ``/`` written as ``-``; ``index`` stands for every other page.

    Parameters
    ----------
    results : Results
        Of the whole base.
    base_url : str
        Written below; "" for none.
    """
    seen = glance(results)
    found = {"index": front_card(results, base_url)}
    for line in seen.lines:
        title = _("{condition}: {what}", condition=capital(line.label), what=finding(line, seen.least))
        found[f"conditions-{page_name(line.condition)}"] = _card(title, [line], seen, base_url)
    return found


def front_card(results: Results, base_url: str = "") -> bytes:
    """The card of the front page, in the language spoken.

    Parameters
    ----------
    results : Results
        Of the whole base.
    base_url : str
        Written below; "" for none.
    """
    seen = glance(results)
    best = best_supported(seen)
    title = _(_QUESTION)
    if best:
        title = _("Acupuncture and the back: best supported for {condition}", condition=best.label)
    return _card(title, seen.lines, seen, base_url)


def _card(title: str, lines: Sequence[Line], seen: Glance, base_url: str) -> bytes:
    host = urlsplit(base_url).netloc + urlsplit(base_url).path.rstrip("/")
    with plots.theme("slide"):
        figure = plt.figure(figsize=_SIZE, dpi=_DPI)
        heading = wrap_letters(title, 46)
        write_heading(figure, heading, (0.05, 0.93), 28)
        _marks(figure, lines, seen, 0.86 - 0.075 * len(heading))
        foot = " · ".join(filter(None, [_("Acupuncture evidence"), host]))
        figure.text(0.05, 0.045, foot, size=15, color=MUTED, fontfamily=families())
        plt.close(figure)
        return picture(figure, ".png", _DPI / plt.rcParams["savefig.dpi"])


def _marks(figure: Figure, lines: Sequence[Line], seen: Glance, top: float) -> None:
    """A row a mark: what it is, where it lies in points of 100, and how sure that is."""
    rows = [(line, mark) for line in lines for mark in line.marks if not mark.silent]
    if not rows:
        told = [
            _("Against {comparator}: {what}", comparator=mark.against, what=mark.silent)
            for line in lines
            for mark in line.marks
        ]
        figure.text(0.05, top, "\n".join(told), size=20, va="top", color=INK, linespacing=1.6, fontfamily=families())
        return
    height = min(top - 0.25, 0.2 * len(rows))
    axes = figure.add_axes((0.05, top - 0.05 - height, 0.6, height))
    axes.set(xlim=seen.axis, ylim=(len(rows) - 0.6, -0.75), yticks=[])
    name = _("Less pain after acupuncture, up to 3 months, in points of 100")
    axes.set_xlabel(name, size=14, color=INK, fontfamily=families())
    axes.tick_params(labelsize=13)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.axvline(0, color=RULE, lw=1)
    if seen.least == seen.least:
        axes.axvspan(seen.least, seen.axis[1], color=WORTHWHILE, lw=0)
        style: dict[str, Any] = {"size": 12, "color": WORTHWHILE_INK, "fontfamily": families()}
        axes.text(seen.least, -0.8, _("worthwhile from here"), va="bottom", **style)
    for at, (line, mark) in enumerate(rows):
        _row(axes, at, _label(line, mark), mark)


def _label(line: Line, mark: Mark) -> str:
    """What a mark is of."""
    name = capital(line.label)
    if line.elsewhere:
        name = _("{condition} (not the back)", condition=name)
    said = _("{topic}, against {comparator}", topic=name, comparator=mark.against)
    return _("{what}, one trial", what=said) if mark.k == 1 else said


def _row(axes: Axes, at: int, label: str, mark: Mark) -> None:
    colour, shape = (EFFECT, "o") if mark.comparator == SHAM else (POOLED, "D")
    low, high = axes.get_xlim()
    stroke(axes, [max(mark.low, low), min(mark.high, high)], [at, at], color=colour, lw=4, solid_capstyle="butt")
    inside = colour if mark.k > 1 else PAPER
    spot: dict[str, Any] = {"linestyle": "none", "mec": colour, "mew": 2.5}
    stroke(axes, [min(max(mark.points, low), high)], [at], marker=shape, ms=12, mfc=inside, **spot)
    beside = axes.get_yaxis_transform()
    family: dict[str, Any] = {"fontfamily": families()}
    size = 13 * min(1.0, _WIDE / width(label, 13))
    axes.text(0, at - 0.28, label, transform=beside, va="bottom", size=size, color=INK, **family)
    axes.text(1.1, at, whole(mark.points), transform=beside, ha="right", va="center", size=19, weight="bold", color=INK)
    level = GRADES.index(mark.certainty) + 1
    for circle in range(len(GRADES)):
        fill = INK if circle < level else PAPER
        dot: dict[str, Any] = {"marker": "o", "linestyle": "none", "transform": beside, "clip_on": False}
        stroke(axes, [1.15 + 0.03 * circle], [at], ms=11, mfc=fill, mec=INK, **dot)
    sure = CERTAINTY[mark.certainty]
    lines = [sure] if width(sure, 14) <= _ROOM else sure.rsplit(" ", 1)
    size = (14 if len(lines) == 1 else 11) * min(1.0, _ROOM / max(width(words, 14) for words in lines))
    style: dict[str, Any] = {"va": "center", "size": size, "linespacing": 1.0, "color": INK, **family}
    axes.text(1.27, at, "\n".join(lines), transform=beside, **style)
