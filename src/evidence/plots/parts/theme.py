"""The one look of every figure: sizes, colours, and how a figure is written to disk."""

from __future__ import annotations

import struct
import zlib
from contextlib import AbstractContextManager, ExitStack
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from ...effects.arguments import require_path
from ...errors import InvalidInput
from ...files import write
from .options import reads_options

# Contrast on white in brackets; WCAG AA asks 4.5 of text and 3 of graphics.
INK = "#1c1e21"  # text and axes (16.7)
MUTED = "#5b6169"  # secondary text (6.3)
RULE = "#8d949c"  # lines that carry meaning but should not shout (3.1)
FAINT = "#e3e6e9"  # grids and separators, decoration only
PAPER = "#ffffff"
EFFECT = "#1f5f8b"  # one trial or one pool: blue (6.8)
FADED = "#6f93ad"  # the same where it should not catch the eye: a single trial among pools (3.3)
POOLED = "#b3431a"  # the pooled answer: vermilion (5.7); far from EFFECT for every colour vision
WORTHWHILE = "#f2ecdc"  # band behind effects that matter to a patient
WORTHWHILE_INK = "#7a5c12"  # its line and label (6.1)
CYCLE = (  # (5.0 or more each)
    *("#1f5f8b", "#b3431a", "#3a7d44", "#7b4f9d", "#8a6a10", "#4d5660"),
    *("#b0307a", "#00707a"),
)

_INCHES = {"blog": (6.25, 4.2), "paper": (7.09, 4.7), "slide": (10.0, 5.6)}
_POINTS = {"blog": 10.0, "paper": 9.0, "slide": 16.0}
_DPI = {"blog": 96, "paper": 300, "slide": 128}
#: What keeps the time of writing out of drawings.
_UNDATED: dict[str, dict[str, Any]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
#: Dots per inch from which letters are not moved to whole dots: there it shows no more, and takes a third of the time.
_FINE = 150
#: Of zlib: half the time of its default for as many bytes, where most of a picture is paper.
_EFFORT = 3
#: The colour type that a PNG file tells.
_COLOURS = {"RGB": 2, "RGBA": 6}


@reads_options
def theme(context: Literal["blog", "paper", "slide"] = "blog") -> AbstractContextManager[object]:
    """Dress figures for a blog, a printed page or a slide.

    The look holds from the call on; used as a context manager it ends with the block (as ``plt.xkcd`` does).
    Figures drawn without any theme come out close to ``"blog"``.

    Parameters
    ----------
    context : "blog", "paper" or "slide"
        ``blog``: 600 CSS pixels (6.25 in at 96 dpi), text 10 pt, smallest 9 pt. ``paper``: 180 mm at 300 dpi.
        ``slide``: 10 in at 128 dpi, text 16 pt.

    Returns
    -------
    context manager
        Leaving it restores what was set before.

    See Also
    --------
    plots.save : writes a figure at the resolution of the theme.
    plots.fit_to : gives a figure a fixed size.

    Notes
    -----
    The font is DejaVu Sans, which comes inside matplotlib: no figure depends on the fonts of a machine, but for
    letters that it lacks (Chinese, Korean, Hindi, emoji), which an installed font draws where there is one.
    SVG text is drawn as paths: a reader's browser has other fonts, of other widths, and labels that were
    measured not to overlap would; what the picture says in words goes into its alt text and caption.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> with theme("slide"):
    ...     print(plt.rcParams["font.size"])
    16.0
    """
    size = _POINTS[context]
    style: dict[str, Any] = {
        "figure.figsize": _INCHES[context],
        "figure.dpi": min(_DPI[context], 128),
        "savefig.dpi": _DPI[context],
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "font.family": ["DejaVu Sans"],
        "font.size": size,
        "axes.titlesize": size * 1.15,
        "axes.labelsize": size,
        "xtick.labelsize": size * 0.9,
        "ytick.labelsize": size * 0.9,
        "legend.fontsize": size * 0.9,
        "legend.frameon": False,
        "text.color": INK,
        "text.parse_math": False,
        "axes.edgecolor": RULE,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=CYCLE),
        "axes.unicode_minus": True,
        "svg.fonttype": "path",
        "svg.hashsalt": "evidence",
    }
    settings: Any = mpl.rcParams
    saved = {key: settings[key] for key in style}
    settings.update(style)
    undo = ExitStack()
    undo.callback(settings.update, saved)
    return undo


@reads_options
def save(figure: Figure | Axes, path: str | Path, scale: float = 1.0) -> Path:
    """Write a figure so that the same figure always gives the same bytes.

    Parameters
    ----------
    figure : Figure or Axes
        What a plotting function returned.
    path : path
        The suffix says the format: ``.svg``, ``.png`` or ``.pdf``.
    scale : float
        Multiple of the theme's resolution (of the figure's without a theme), for PNG: 2 for high-density screens.

    Returns
    -------
    Path
        The file written.

    See Also
    --------
    theme : sizes and resolution.
    plots.unreadable : what a reader could not read.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> ax = ev.plots.forest(([0.3, 0.5, 0.4], [0.02, 0.05, 0.03]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ev.plots.save(ax, Path(folder) / "forest.svg").read_text(encoding="utf-8")[:5]
    '<?xml'
    >>> plt.close(ax.figure)
    """
    path = require_path("path", path)
    if not path.parent.is_dir():
        raise InvalidInput(f"save: there is no folder {path.parent}; make it first")
    if path.suffix not in (*_UNDATED, ".png"):
        raise InvalidInput(f"save: cannot write {path.suffix or 'a file without suffix'}; use .svg, .png or .pdf")
    return write(path, picture(figure, path.suffix, scale))


def picture(figure: Figure | Axes, ending: str, scale: float = 1.0) -> bytes:
    """What `save` writes into a file with this ending."""
    if ending == ".png":
        return png(dots(figure, scale))
    whole = _whole(figure)
    drawn = StringIO() if ending == ".svg" else BytesIO()  # a text is written in ever so many pieces: encoded at once
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "evidence"}):
        whole.savefig(drawn, format=ending[1:], dpi=_resolution(whole) * scale, metadata=_UNDATED[ending])
    made = drawn.getvalue()
    return made.encode() if isinstance(made, str) else made


def dots(figure: Figure | Axes, scale: float = 1.0) -> Image.Image:
    """A figure in dots, which know how many of them make an inch."""
    whole = _whole(figure)
    resolution = _resolution(whole) * scale
    drawn = BytesIO()
    with mpl.rc_context({"text.hinting": "no_hinting"} if resolution >= _FINE else {}):
        whole.savefig(drawn, format="rgba", dpi=resolution)
    width, height = (int(side * resolution) for side in whole.get_size_inches())
    opaque = np.frombuffer(drawn.getvalue(), dtype=np.uint8)[3::4].min() == 255  # of a dot's four bytes the last
    mode, order = ("RGB", "RGBX") if opaque else ("RGBA", "RGBA")
    image = Image.frombytes(mode, (width, height), drawn.getvalue(), "raw", order)
    image.info["dpi"] = (resolution, resolution)
    return image


def png(image: Image.Image) -> bytes:
    """A picture in dots as a file, whose rows are written as they are.

    Pillow first looks for the best filter of each row, as photographs need. Flat colours become a sixth larger by that,
    and take twice the time.
    """
    row = image.width * len(image.mode) + 1
    ended = image.tobytes("raw", image.mode, row)  # after each row a zero: the filter of the next, none
    packing = zlib.compressobj(_EFFORT)
    packed = packing.compress(b"\0") + packing.compress(memoryview(ended)[:-1]) + packing.flush()
    per_metre = round(image.info["dpi"][0] / 0.0254)
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", image.width, image.height, 8, _COLOURS[image.mode], 0, 0, 0),
        b"pHYs": struct.pack(">IIB", per_metre, per_metre, 1),
        b"IDAT": packed,
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks.items()
    )


def _whole(figure: Figure | Axes) -> Figure:
    whole = figure if isinstance(figure, Figure) else figure.get_figure(root=True)
    assert whole is not None
    return whole


def _resolution(figure: Figure) -> float:
    """Dots per inch: the theme's, or the figure's own without a theme."""
    themed = mpl.rcParams["savefig.dpi"]
    return float(figure.dpi if themed == "figure" else themed)


def text_size() -> float:
    """Size of normal text in points, as the theme has it."""
    return float(mpl.rcParams["font.size"])


def small_size() -> float:
    """Size of the smallest text in points: 9 at blog size."""
    return text_size() * 0.9
