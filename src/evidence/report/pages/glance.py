"""The figure of the front page: a row a condition, two marks a row, as text and boxes that fit any screen."""

from __future__ import annotations

from collections.abc import Iterator

from ...answers.glance import SHAM, Glance, Line, Mark, silent_together
from ...answers.wording.words import capital, people, trials, whole
from .badges import certainty_badge
from .markup import page_name, text

#: Left out on a phone, as is whatever is in `wide`.
_AGAINST = '<span class="wide">against </span>'
_NAMES = {True: "Sham", False: 'Usual care<span class="wide"> or nothing</span>'}


def glance_figure(glance: Glance) -> str:
    """The figure in HTML; everything that it shows is text, and the drawn marks repeat it.

    Parameters
    ----------
    glance : Glance
        Its rows.
    """
    low, high = glance.axis
    ticks = "".join(
        _at(f"<i>{whole(tick)}</i>", _place(tick, glance), "tick wide" if tick % 20 else "tick")
        for tick in range(low, high + 1, 10)
    )
    enough = _at("worthwhile", _place(glance.least, glance)) if glance.least == glance.least else ""
    return "\n".join(
        [
            '<figure class="glance" aria-label="Pain in each condition, at a glance">',
            '<p class="reading">Less pain after acupuncture, in points of 100, up to 3 months. '
            f'<span class="key"><span class="dot sham"></span> {_AGAINST}sham</span> '
            f'<span class="key"><span class="dot care"></span> {_AGAINST}usual care or nothing</span> '
            '<span class="key"><span class="dot one"></span> one trial</span></p>',
            '<div class="line axis" aria-hidden="true"><span class="against"></span>'
            f'<span class="track">{_zone(glance)}{ticks}<b>{enough}</b></span></div>',
            "<ol>",
            *_rows(glance),
            "</ol>",
            "</figure>",
        ]
    )


def _rows(glance: Glance) -> Iterator[str]:
    elsewhere = False
    for line in glance.lines:
        first = line.elsewhere and not elsewhere
        elsewhere = line.elsewhere
        yield _row(line, glance, ' class="elsewhere"' if first else "")


def _row(line: Line, glance: Glance, kind: str) -> str:
    same = silent_together(line.marks)
    marks = _silent("Both", same) if same else "".join(_line(mark, glance) for mark in line.marks)
    plain = f'not the back<span class="wide">: {text(line.plain)}</span>' if line.elsewhere else text(line.plain)
    return (
        f'<li{kind}><p class="who"><a href="conditions/{page_name(line.condition)}.html">'
        f"{text(capital(line.label))}</a> <small>{plain}</small></p>\n"
        f'<div class="marks">{marks}</div>\n<p class="harms">{text(capital(line.harms))}</p></li>'
    )


def _line(mark: Mark, glance: Glance) -> str:
    name = _NAMES[mark.comparator == SHAM]
    if mark.silent:
        return _silent(name, mark.silent)
    amount = f"{whole(abs(mark.points))} points {'more' if round(mark.points) < 0 else 'less'} pain"
    return (
        f'<p class="line"><span class="against">{name} <small>{text(people(mark.n))}</small></span>'
        f'<span class="track" aria-hidden="true">{_zone(glance)}{_drawn(mark, glance)}</span>'
        f'<span class="points"><b>{text(whole(mark.points))}</b><span class="visually-hidden"> '
        f"({text(amount)}; between {text(whole(mark.low))} and {text(whole(mark.high))}, {text(trials(mark.k))})"
        f"</span></span> {certainty_badge(mark.certainty)}</p>"
    )


def _silent(name: str, why: str) -> str:
    return (
        f'<p class="line silent"><span class="against">{name}</span> <span class="why">{text(capital(why))}</span></p>'
    )


def _drawn(mark: Mark, glance: Glance) -> str:
    """The interval as a bar that ends at the axis, and the effect on it."""
    start, end = (_place(value, glance) for value in (mark.low, mark.high))
    kind = f"{'sham' if mark.comparator == SHAM else 'care'}{' one' if mark.k == 1 else ''}"
    return (
        f'<span class="bar {kind}" style="left: {start:.1f}%; width: {end - start:.1f}%"></span>'
        f'<span class="dot {kind}" style="left: {_place(mark.points, glance):.1f}%"></span>'
    )


def _zone(glance: Glance) -> str:
    zero = _at("", _place(0, glance), "zero")
    if glance.least != glance.least:
        return zero
    start = _place(glance.least, glance)
    return f'<span class="zone" style="left: {start:.1f}%"></span>{zero}'


def _at(words: str, place: float, kind: str = "tick") -> str:
    return f'<span class="{kind}" style="left: {place:.1f}%">{words}</span>'


def _place(points: float, glance: Glance) -> float:
    """Where points of 100 stand on the axis, in percent of its length."""
    low, high = glance.axis
    return 100 * (min(max(points, low), high) - low) / (high - low)
