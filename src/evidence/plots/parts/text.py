"""Words in figures: shown as they are, measured before they are placed."""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.text import Annotation, Text

from ...languages import _, decimal, ngettext, pointed, spoken
from .fonts import drawable, families, font_files
from .options import LONGEST
from .theme import text_size

_HINTING = 1.05  # screen renderers widen text by up to 5% over its outline
_KERNED = 0.05  # letters stand up to 2.5% nearer to each other in a line than by themselves
#: Label of texts that name a trial, a row or a series: these alone may be shortened (see `unreadable`).
NAME = "name"
_CHINESE, _CLOSING = "\u4e00-\u9fff", "，。；：、）》”！？%～"
#: Between letters of Chinese, and between them and others; not before a mark that closes.
_BREAKS = re.compile(rf"(?<=[{_CHINESE}{_CLOSING}])(?=[^{_CLOSING}])|(?<=[^（《“])(?=[{_CHINESE}（])")
_HYPHENS = re.compile(r"(?<=\w-)(?=\w)")
#: A trial by author and year.
_DATED = re.compile(r"([^,]+?)( (?:19|20)\d\d[a-z]?)")
_SPACES = re.compile(r"[^\S\xa0]+")  # a no-break space stays one


def plain(value: object) -> str:
    """Text of ``value`` safe to draw: one line, no control or direction-override characters.

    Letters that DejaVu Sans lacks are drawn in an installed font that has them; where there is none they become a
    hollow square, so that they are seen to be missing, and the log names the script.
    """
    return drawable(one_line(value))


def one_line(value: object) -> str:
    """Text of ``value`` on one line, without control or direction-override characters; a book of it is cut."""
    whole = str(value)
    whole = whole if len(whole) <= LONGEST else f"{whole[:LONGEST]}…"
    text = _SPACES.sub(" ", whole).strip()
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


@lru_cache(maxsize=20_000)
def _measured(text: str, size: float, files: tuple[str, ...]) -> float:
    font = get_font(list(files))
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 * _HINTING


def width(text: str, size: float, bold: bool = False) -> float:
    """Width in points of one line of text."""
    return _measured(text, size, font_files(bold)) if text else 0.0


def shorten(text: str, limit: float, size: float, bold: bool = False) -> str:
    """``text``, or as much of it as ``limit`` points hold, ended by an ellipsis; a trial keeps its year after it."""
    if _fits(text, limit, size, bold) or width(text, size, bold) <= limit:  # some scripts draw letters together
        return text
    dated = _DATED.fullmatch(text)
    rest = limit - width(dated[2], size, bold) if dated else 0.0
    if dated and rest > 3 * size:
        return shorten(dated[1], rest, size, bold) + dated[2]
    low, high = 0, len(text)  # the longest prefix that fits, by bisection
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip(" ,;") + "…", size, bold) <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip(" ,;") + "…"


def wrap(text: str, limit: float, size: float, bold: bool = False) -> list[str]:
    """Lines of ``text`` no wider than ``limit`` points, broken at ordinary spaces, and a longer word at its hyphens.

    What is longer still is shortened. Chinese has no spaces: a line may end after each of its letters, not before a
    mark such as a comma.
    """
    lines: list[str] = []
    for word in text.split(" "):
        parts = [part for whole in _BREAKS.split(word) for part in _pieces(whole, limit, size, bold)]
        for at, part in enumerate(parts):
            longer = lines[-1] + ("" if at else " ") + part if lines else part
            if lines and _fits(longer, limit, size, bold):
                lines[-1] = longer
            else:
                lines.append(shorten(part, limit, size, bold))
    return lines


def _fits(line: str, limit: float, size: float, bold: bool) -> bool:
    """Whether a line is no wider than ``limit``: shaped as a whole only where its letters, one by one, come near it."""
    letters = sum(map(_letters(size, font_files(bold)).__getitem__, line))
    if abs(letters - limit) > _KERNED * limit:
        return letters < limit
    return width(line, size, bold) <= limit


class _Letters(dict[str, float]):
    """Width of each letter of a font by itself, measured when it is first asked for."""

    def __init__(self, size: float, files: tuple[str, ...]) -> None:
        super().__init__()
        self._font = size, files

    def __missing__(self, letter: str) -> float:
        self[letter] = _measured(letter, *self._font)
        return self[letter]


_letters = lru_cache(maxsize=64)(_Letters)


def _pieces(word: str, limit: float, size: float, bold: bool) -> list[str]:
    """A word, or what stands between its hyphens where it is wider than a line."""
    return [word] if _fits(word, limit, size, bold) else _HYPHENS.split(word)


def wrap_letters(text: str, letters: int) -> list[str]:
    """Lines of so many letters; of Chinese, whose letters are wide, of as many as the same room holds."""
    if not spoken().startswith("zh"):
        return textwrap.wrap(text, letters)
    return wrap(text, 0.6 * letters * text_size(), text_size()) if text else []


def write(ax: Axes, x: float, y: float, text: str, **style: Any) -> Text:
    """Put ``text`` on ``ax`` letter by letter: a ``$`` is a dollar sign, never mathematics.

    It is taken to lie inside ``ax``: when room is made around an Axes, such texts are not measured again.
    """
    style.setdefault("fontsize", text_size())
    style.setdefault("fontfamily", families())
    return ax.text(x, y, text, parse_math=False, in_layout=False, **style)


def label(
    ax: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float],
    coords: Any = "axes fraction",
    **style: Any,
) -> Annotation:
    """Put ``text`` at ``offset`` points from a place on ``ax``."""
    style.setdefault("fontsize", text_size())
    style.setdefault("fontfamily", families())
    note = ax.annotate(
        text, at, xycoords=coords, xytext=offset, textcoords="offset points", annotation_clip=False, **style
    )
    note.set_parse_math(False)
    return note


def number(value: float, digits: int = 2) -> str:
    """A number for readers: a real minus sign, thousands apart, nothing finer than can be read."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    size = abs(value)
    if size >= 1e5:
        text = pointed(f"{value:.1e}".replace("e+0", "e").replace("e+", "e"))
    else:
        text = decimal(value, digits if size < 100 else 0)
    if not any(c in "123456789" for c in text):
        text = text.lstrip("-")
    return text.replace("-", "−")


def interval(low: float, high: float, digits: int = 2) -> str:
    """``[low, high]`` for readers."""
    return _("[{low}, {high}]", low=number(low, digits), high=number(high, digits))


def counted(count: int, noun: str) -> str:
    """``1 trial``, ``12 trials``, ``1,234 people``."""
    if noun in _COUNTED:
        return _COUNTED[noun](count)
    return f"{decimal(count)} {noun if count == 1 else f'{noun}s'}"  # a word of the caller's own


_COUNTED: Mapping[str, Callable[[int], str]] = {
    "claim": lambda n: ngettext("{n} claim", "{n} claims", n),
    "effect": lambda n: ngettext("{n} effect", "{n} effects", n),
    "group": lambda n: ngettext("{n} group", "{n} groups", n),
    "point": lambda n: ngettext("{n} point", "{n} points", n),
    "person": lambda n: ngettext("{n} person", "{n} people", n),
    "specification": lambda n: ngettext("{n} specification", "{n} specifications", n),
    "study": lambda n: ngettext("{n} study", "{n} studies", n),
    "trial": lambda n: ngettext("{n} trial", "{n} trials", n),
}
