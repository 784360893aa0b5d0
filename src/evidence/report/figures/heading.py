"""The heading of a card: its lines stand evenly, whatever letters they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from ...plots.parts.fonts import families
from ...plots.parts.theme import INK

#: Height of a capital letter, and from line to line, in font sizes.
_CAPITAL, _APART = 0.76, 1.25


def write_heading(sheet: Figure, lines: Sequence[str], at: tuple[float, float], size: float) -> None:
    """Write bold lines on a sheet, one by one: as one text, lines stand apart by how far their letters reach.

    Parameters
    ----------
    sheet : Figure
        Where to write.
    lines : sequence of str
        From top to bottom.
    at : (float, float)
        Left end and top of the first line, in shares of the sheet.
    size : float
        Font size in points.
    """
    left, top = at
    line = size / 72 / float(sheet.get_size_inches()[1])
    style: dict[str, Any] = {"size": size, "weight": "bold", "color": INK, "va": "baseline", "fontfamily": families()}
    for place, words in enumerate(lines):
        sheet.text(left, top - (_CAPITAL + _APART * place) * line, words, parse_math=False, **style)
