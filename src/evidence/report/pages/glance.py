"""The figure of the front page: a row a condition, two marks a row, as text and boxes that fit any screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...answers.glance import SHAM, Glance, Line, Mark, silent_together
from ...answers.wording.words import capital, people, trials, whole
from ...languages import _, ngettext, spoken
from .badges import certainty_badge, circles
from .markup import text

Way = Callable[[str], str]


def glance_figure(glance: Glance, way: Way) -> str:
    """The figure in HTML; everything that it shows is text, and the drawn marks repeat it.

    Parameters
    ----------
    glance : Glance
        Its rows.
    way : callable
        Address of what the site says of a condition, by its key.
    """
    low, high = glance.axis
    ticks = "".join(
        _at(f"<i>{whole(tick)}</i>", _place(tick, glance), "tick wide" if tick % 20 else "tick")
        for tick in range(low, high + 1, 10)
    )
    enough = _at(text(_("worthwhile")), _place(glance.least, glance)) if glance.least == glance.least else ""
    return "\n".join(
        [
            f'<figure class="glance" aria-label="{text(_("Pain in each condition, at a glance"))}">',
            _key(),
            '<div class="line axis" aria-hidden="true"><span class="against"></span>'
            f'<span class="track">{_zone(glance)}{ticks}<b>{enough}</b></span></div>',
            "<ol>",
            *_rows(glance, way),
            "</ol>",
            "</figure>",
        ]
    )


def _key() -> str:
    """What is drawn, and what each mark stands for."""
    marks = [
        ('<span class="dot sham"></span>', _either(_("against sham"), _("Sham"))),
        ('<span class="dot care"></span>', _either(_("against usual care or nothing"), _("Usual care or nothing"))),
        ('<span class="dot one"></span>', text(trials(1))),
    ]
    if spoken() != "en":  # in English each badge says it itself
        marks.append((circles(2), text(_("certainty of the evidence"))))
    said = _("Less pain after acupuncture, in points of 100, up to 3 months.")
    keys = " ".join(f'<span class="key">{drawn} {words}</span>' for drawn, words in marks)
    return f'<p class="reading">{text(said)} {keys}</p>'


def _either(wide: str, narrow: str) -> str:
    """Words for a wide screen, and for a phone."""
    return f'<span class="wide">{text(wide)}</span><span class="narrow">{text(narrow)}</span>'


def _rows(glance: Glance, way: Way) -> Iterator[str]:
    elsewhere = False
    for line in glance.lines:
        first = line.elsewhere and not elsewhere
        elsewhere = line.elsewhere
        yield _row(line, glance, way(line.condition), ' class="elsewhere"' if first else "")


def _row(line: Line, glance: Glance, address: str, kind: str) -> str:
    same = silent_together(line.marks)
    marks = _silent(text(_("Both")), same) if same else "".join(_line(mark, glance) for mark in line.marks)
    plain = text(line.plain)
    if line.elsewhere:
        plain = _either(_("not the back: {plain}", plain=line.plain), _("not the back"))
    return (
        f'<li{kind}><p class="who"><a href="{address}">'
        f"{text(capital(line.label))}</a> <small>{plain}</small></p>\n"
        f'<div class="marks">{marks}</div>\n<p class="harms">{text(capital(line.harms))}</p></li>'
    )


def _line(mark: Mark, glance: Glance) -> str:
    name = text(_("Sham")) if mark.comparator == SHAM else _either(_("Usual care or nothing"), _("Usual care"))
    if mark.silent:
        return _silent(name, mark.silent)
    told = _(
        "({amount}; between {low} and {high}, {trials})",
        amount=_amount(round(mark.points)),
        low=whole(mark.low),
        high=whole(mark.high),
        trials=trials(mark.k),
    )
    return (
        f'<p class="line"><span class="against">{name} <small>{text(people(mark.n))}</small></span>'
        f'<span class="track" aria-hidden="true">{_zone(glance)}{_drawn(mark, glance)}</span>'
        f'<span class="points"><b>{text(whole(mark.points))}</b><span class="visually-hidden"> '
        f"{text(told)}</span></span> {certainty_badge(mark.certainty, brief=True)}</p>"
    )


def _amount(points: int) -> str:
    if points < 0:
        return ngettext("{n} point more pain", "{n} points more pain", -points)
    return ngettext("{n} point less pain", "{n} points less pain", points)


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
