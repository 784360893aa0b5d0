"""The card of every figure for social media: drawn as one, or the picture beside what it found."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from ...answers.results import Results
from ...base.collector import fresh_garbage
from ...files import write_folder
from ...plots.parts.fonts import families
from ...plots.parts.text import wrap_letters
from ...plots.parts.theme import MUTED, picture
from ..project import Project
from .catalogue import figures
from .heading import write_heading
from .presets import SOCIAL, Preset

#: Letters of a line, and size of the letters, of a heading of so many lines or fewer.
_HEADINGS = ((7, 16, 23.0), (10, 21, 18.0), (99, 27, 14.0))


def write_cards(
    project: Project,
    results: Results,
    progress: Callable[[str], None] = lambda _: None,
    kept: Collection[str] = (),
) -> dict[str, bytes]:
    """Write a card of 1200 x 630 pixels for each figure of the project's folder.

    Parameters
    ----------
    project : Project
        Takes its ``figures``; writes its ``social``.
    results : Results
        Of the whole base.
    progress : callable
        Called with the name of each figure.
    kept : collection of str
        Figures whose card is there and is as it would be drawn.

    Returns
    -------
    dict
        PNG files by name.

    Notes
    -----
    A figure whose essence fits is drawn as a card, pooled results alone. Maps, tables and curves keep their form: their
    picture stands beside what they found.
    """
    words = sorted(project.figures.glob("*.json"))
    told = {path.stem: json.loads(path.read_text(encoding="utf-8"))["found"] for path in words}
    preset = replace(SOCIAL, site=project.base_url.removeprefix("https://").rstrip("/"))
    found = {f"{name}.png": (project.social / f"{name}.png").read_bytes() for name in kept}
    with preset.dress(), fresh_garbage():
        for figure in figures(results, preset=preset, names=told.keys() - kept):
            progress(figure.name)
            found[f"{figure.name}.png"] = figure.image(".png")
        for name in told.keys() - {Path(card).stem for card in found}:
            progress(name)
            found[f"{name}.png"] = beside((project.figures / f"{name}.png").read_bytes(), str(told[name]), preset)
    write_folder(project.social, found)
    return found


def beside(drawn: bytes, title: str, preset: Preset) -> bytes:
    """A card with a picture on its right, whole and in its own shape; to be called inside the preset's `dress`.

    Parameters
    ----------
    drawn : bytes
        A PNG file.
    title : str
        What it found.
    preset : Preset
        A card.
    """
    heading, size = next(
        (lines, size) for most, width, size in _HEADINGS if len(lines := wrap_letters(title, width)) <= most
    )
    sheet = plt.figure(figsize=preset.size)
    write_heading(sheet, heading, (0.035, 0.93), size)
    source = "\n".join(wrap_letters(preset.source, 48))
    style: dict[str, Any] = {"va": "bottom", "color": MUTED, "linespacing": 1.2, "fontfamily": families()}
    sheet.text(0.035, 0.05, source, size=9, parse_math=False, **style)
    axes = sheet.add_axes((0.42, 0.03, 0.56, 0.94))
    axes.imshow(plt.imread(io.BytesIO(drawn)), interpolation="antialiased")
    axes.set_axis_off()
    plt.close(sheet)
    return picture(sheet, ".png")
