"""Write figures: pictures, a file of their words, and a snippet to paste into a blog."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Collection, Mapping
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
from PIL import Image

from ...answers.results import Results
from ...base.collector import fresh_garbage
from ...files import holds, write_folder
from ...plots.parts.theme import dots, png
from ..project import raw_digest
from .catalogue import figures
from .figure import LICENCE, LICENCE_LINK, Figure
from .figure import source as source_words
from .presets import BLOG, Preset


def write_figures(
    results: Results,
    folder: Path,
    only: str = "",
    progress: Callable[[str], None] = lambda _: None,
    conditions: Collection[str] = (),
    preset: Preset = BLOG,
    base_url: str = "",
) -> list[str]:
    """Write every figure as SVG, PNG in two sizes, JSON and HTML.

    ``NAME.svg``, ``NAME.png`` (as many pixels as the JSON says) and ``NAME@2x.png`` (twice as many); ``NAME.json``:
    title, caption, alt text, details, source, licence, the hash of the data, preset, width and height;
    ``NAME.html``: a ``<figure>`` to paste.

    Parameters
    ----------
    results : Results
        Of the whole base.
    folder : Path
        Where to; made when missing. Figures that are no longer drawn are removed when all are asked for.
    only : str
        Write only figures whose name contains this, and leave the others in the folder.
    progress : callable
        Called with the name of each figure.
    conditions : collection of str
        Write only figures about these conditions, and leave the others.
    preset : Preset
        What they are for.
    base_url : str
        Address of the site, for the last line of each figure; left out when empty.

    Returns
    -------
    list of str
        Names of the figures written.

    Raises
    ------
    InvalidInput
        When no such figure exists, or no such condition.
    """
    files: dict[str, bytes] = {}
    names = []
    data = raw_digest(results.db.root)
    with preset.dress(), fresh_garbage():
        for figure in figures(results, only, conditions, preset, base_url):
            progress(figure.name)
            files |= figure_files(figure, data, preset, folder)
            names.append(figure.name)
    if (only or conditions) and folder.is_dir():
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} | files
    write_folder(folder, files)
    return names


def figure_files(figure: Figure, data_hash: str, preset: Preset, folder: Path) -> dict[str, bytes]:
    """The files of one figure by name; to be called while the preset's theme holds.

    Parameters
    ----------
    figure : Figure
    data_hash : str
        What its words say of the data.
    preset : Preset
    folder : Path
        Where its files stand that were made before: a PNG is not drawn again where the SVG comes out as it was.
    """
    resolution = float(mpl.rcParams["savefig.dpi"])
    width, height = (int(side * resolution + 1e-6) for side in figure.inches)
    words = {
        **figure.words(),
        "data_hash": data_hash,
        "preset": preset.name,
        "width": width,
        "height": height,
    }
    vector = figure.image(".svg")
    same = holds(folder / f"{figure.name}.svg", vector)
    small, large = (folder / f"{figure.name}{ending}" for ending in (".png", "@2x.png"))
    twice = tuple(int(side * 2 * resolution) for side in figure.inches)
    if same and _pixels(small) == (width, height) and _pixels(large) == twice:
        pictures = small.read_bytes(), large.read_bytes()
    else:
        drawn = dots(figure.axes, 2)
        pictures = png(_smaller(drawn)), png(drawn)
    return {
        f"{figure.name}.svg": vector,
        small.name: pictures[0],
        large.name: pictures[1],
        f"{figure.name}.json": (json.dumps(words, indent=1, ensure_ascii=False) + "\n").encode(),
        f"{figure.name}.html": snippet(figure.name, words).encode(),
    }


def _smaller(picture: Image.Image) -> Image.Image:
    """A picture in half the dots a side: each the mean of four, which takes a hundredth of drawing it again."""
    width, height = (side // 2 for side in picture.size)
    halved = picture.reduce(2, (0, 0, 2 * width, 2 * height))
    halved.info["dpi"] = tuple(dots / 2 for dots in picture.info["dpi"])
    return halved


def _pixels(path: Path) -> tuple[int, int] | None:
    """Width and height of a PNG file, which stand in its first chunk; None where there is no such file."""
    start = path.read_bytes()[:24] if path.is_file() else b""
    return struct.unpack(">II", start[16:]) if start[:8] == b"\x89PNG\r\n\x1a\n" else None


def snippet(name: str, said: Mapping[str, Any], address: str = "") -> str:
    """A figure as HTML to paste: picture, caption, source and licence; everything in it is text, nothing a script.

    Parameters
    ----------
    name : str
        File name without ending.
    said : mapping
        Its ``caption``, ``alt``, ``width`` and ``height``.
    address : str
        Folder in which it is published, with a slash at its end; "" where the files stand beside the page.
    """
    place, source = escape(f"{address}{name}"), escape(source_words().removesuffix(f"; {LICENCE}"))
    source = f'<a href="{place}.html">{source}</a>' if address else source
    size = f'width="{said["width"]}" height="{said["height"]}"'
    return (
        "<figure>\n"
        f'  <img src="{place}.png" srcset="{place}.png 1x, {place}@2x.png 2x" {size}\n'
        f'       style="max-width: 100%; height: auto" alt="{escape(said["alt"])}">\n'
        f"  <figcaption>{escape(said['caption'])}\n"
        f"    Source: {source}.\n"
        f'    Licence: <a rel="license" href="{LICENCE_LINK}">{LICENCE}</a>.</figcaption>\n'
        "</figure>\n"
    )
