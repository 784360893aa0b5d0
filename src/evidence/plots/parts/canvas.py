"""The sheet a figure is drawn on: opened at the right size, closed with title, axis words and source line."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter
from matplotlib.transforms import BboxBase, ScaledTranslation

from ...effects.arguments import require_kind
from ...errors import InvalidInput
from ...languages import pointed
from .fonts import families
from .options import reads_options
from .text import label, plain, width, wrap
from .theme import INK, MUTED, RULE, small_size, text_size

_Sides = tuple[float, float, float, float]  # left, right, top, bottom

PAD = 6.0  # points left free along each edge of a figure


def open_axes(ax: Axes | None, height: float | None = None, wider: float = 0.0) -> tuple[Axes, bool]:
    """``ax``, or one on a new figure of the theme's size, and whether the figure is ours to arrange.

    Parameters
    ----------
    height : float, optional
        Height of the Axes in points; the theme's proportion when not given.
    wider : float
        Points added to the theme's width.
    """
    if ax is not None:
        _require_axes(ax)
        return ax, False
    inches, tall = mpl.rcParams["figure.figsize"]
    figure = plt.figure(figsize=(inches + wider / 72, tall if height is None else height / 72))
    across = PAD / 72 / figure.get_figwidth()
    return figure.add_axes((across, 0.0, 1 - 2 * across, 1.0)), True


def _require_axes(ax: object) -> None:
    require_kind("ax", ax, Axes | None, "matplotlib axes, or None for new ones")


def room_for(ax: Axes | None) -> float:
    """Width in points of ``ax``, or of the one ``open_axes`` would make."""
    _require_axes(ax)
    return size_of(ax)[0] if ax is not None else float(mpl.rcParams["figure.figsize"][0]) * 72 - 2 * PAD


def size_of(ax: Axes) -> tuple[float, float]:
    """Width and height of ``ax`` in points."""
    box = ax.get_position()
    inches = _root(ax).get_size_inches()
    return float(box.width * inches[0] * 72), float(box.height * inches[1] * 72)


def close_axes(ax: Axes, owned: bool, title: str | None, source: str | None, height: float | None = None) -> Axes:
    """Write title and source line and, on a figure of our own, make everything fit.

    What stands in ``title`` after a line break is written under it, smaller: what the figure shows, where the title
    says what it found.

    Parameters
    ----------
    height : float, optional
        Height in points the Axes must have; the figure's height follows. Otherwise the figure keeps its height.
    """
    for name, words in (("title", title), ("source", source)):
        require_kind(name, words, str | None, "a text, or None for none")
    figure = _root(ax)
    left, right, top, bottom = around = _overhang(ax)
    full = float(figure.get_size_inches()[0]) * 72 - 2 * PAD if owned else size_of(ax)[0] + left + right
    if title:
        finding, _, shows = title.partition("\n")
        rise = top + 0.8 * text_size()
        for words, size, weight in ((shows, text_size(), "normal"), (finding, text_size() * 1.15, "bold")):
            if not words:
                continue
            lines = wrap(plain(words), full, size, bold=weight == "bold")
            note = label(
                ax, "\n".join(lines), (0, 1), (-left, rise), va="bottom", fontsize=size, weight=weight, color=INK
            )
            around = _wider(around, _beyond(ax, note.get_window_extent()))
            rise = around[2] + 0.45 * text_size()
    if source:
        size = small_size()
        lines = wrap(plain(source), full, size)
        gap = bottom + 0.9 * size
        note = label(ax, "\n".join(lines), (0, 0), (-left, -gap), va="top", fontsize=size, color=MUTED)
        around = _wider(around, _beyond(ax, note.get_window_extent()))
    if owned:
        _fit(ax, figure, height, around)
    return ax


def words_height(title: str | None, source: str | None, across: float) -> float:
    """Points that title and source line will take above and below Axes, on a figure ``across`` points wide."""
    finding, _, shows = (title or "").partition("\n")
    parts = ((finding, 1.15 * text_size(), True), (shows, text_size(), False), (source or "", small_size(), False))
    taken = 2 * PAD
    for words, size, bold in parts:
        if words:
            taken += 1.2 * size * len(wrap(plain(words), across - 2 * PAD, size, bold)) + 0.8 * size
    return taken


@reads_options
def fit_to(ax: Axes, width: float, height: float) -> Axes:
    """Give the figure of ``ax`` a fixed size; the Axes take what title, axis words and source line leave.

    Parameters
    ----------
    ax : Axes
        What a plotting function returned, alone on its figure.
    width : float
        Width in inches. Columns and line breaks stay as they were drawn, so it should be the theme's.
    height : float
        Height in inches.

    Returns
    -------
    Axes
        ``ax``, resized.

    Raises
    ------
    InvalidInput
        When nothing is left for the Axes.

    See Also
    --------
    theme : the widths figures are drawn for.
    plots.save : writes a figure.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> ax = ev.plots.forest(([0.3, 0.5, 0.4], [0.02, 0.05, 0.03]))
    >>> ev.plots.fit_to(ax, 6.25, 4).figure.get_size_inches().tolist()
    [6.25, 4.0]
    >>> plt.close(ax.figure)
    """
    figure = _root(ax)
    figure.set_size_inches(width, height)
    left, right, top, bottom = around = _overhang(ax)
    if left + right + 2 * PAD >= 72 * width or top + bottom + 2 * PAD >= 72 * height:
        raise InvalidInput(f"fit_to: {width:g} x {height:g} inches leave no room for the plot beside its words")
    _fit(ax, figure, None, around)
    return ax


def settle(ax: Axes, owned: bool) -> None:
    """Make room beside a figure's own Axes for its tick labels, before words are placed by measured width."""
    if owned:
        wide = float(_root(ax).get_size_inches()[0]) * 72
        left, right, _, _ = (v + PAD for v in _overhang(ax))
        box = ax.get_position()
        ax.set_position((left / wide, box.y0, 1 - (left + right) / wide, box.height))


def dress(ax: Axes) -> None:
    """Quiet spines, ticks and grid of an ordinary plot with two numeric axes."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set(color=RULE, linewidth=0.8)
    ax.tick_params(labelsize=small_size(), labelcolor=MUTED, color=RULE, length=3, width=0.8, pad=2.5)
    ax.set_axisbelow(True)
    if pointed(".") != ".":
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(_Pointed(pointed(".")))


class _Pointed(ScalarFormatter):
    """Numbers at ticks with the decimal sign of the language in which the figure was drawn."""

    def __init__(self, sign: str) -> None:
        super().__init__()
        self._sign = sign

    def __call__(self, x: float, pos: int | None = None) -> str:
        return super().__call__(x, pos).replace(".", self._sign)


def name_x(ax: Axes, words: str) -> float:
    """Name a horizontal axis that is not an effect; returns the points used below the Axes."""
    small = small_size()
    total = size_of(ax)[0]
    lines = wrap(plain(words), total, small)
    depth = 8.0 + 1.2 * small
    label(ax, "\n".join(lines), (0.5, 0), (0, -depth), va="top", ha="center", fontsize=small, color=MUTED)
    return depth + 1.3 * small * len(lines)


def name_y(ax: Axes, words: str, key: Sequence[Artist] = ()) -> None:
    """Name the vertical axis above its top, level with the tick labels, with the key of the figure above that.

    A vertical effect axis says here what both directions favour.
    """
    small = small_size()
    left = _overhang(ax)[0]
    total = size_of(ax)[0] + left
    lines = wrap(plain(words), total, small)
    label(ax, "\n".join(lines), (0, 1), (-left, 0.7 * small), va="bottom", fontsize=small, color=MUTED)
    if not key:
        return
    up = 0.7 * small + 1.4 * small * len(lines)
    shift = ScaledTranslation(-left / 72, up / 72, _root(ax).dpi_scale_trans)
    names = [plain(handle.get_label()) for handle in key]
    wide = max(width(name, small) for name in names) + 3.6 * small
    across = len(names) if sum(width(n, small) + 3.6 * small for n in names) <= total else max(1, int(total // wide))
    order = [i for start in range(across) for i in range(start, len(names), across)]  # legends fill column by column
    legend = ax.legend(
        [key[i] for i in order],
        [names[i] for i in order],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        bbox_transform=ax.transAxes + shift,
        ncols=across,
        fontsize=small,
        frameon=False,
        borderaxespad=0,
        borderpad=0,
        handlelength=1.4,
        handletextpad=0.5,
        columnspacing=1.4,
        labelspacing=0.35,
    )
    for text in legend.get_texts():
        text.set(parse_math=False, color=INK, fontfamily=families())


def _overhang(ax: Axes) -> _Sides:
    """Points by which what is drawn passes the left, right, top and bottom of the Axes: every text is measured."""
    drawn = ax.get_tightbbox()
    assert drawn is not None
    return _beyond(ax, drawn)


def _beyond(ax: Axes, drawn: BboxBase) -> _Sides:
    """Points by which a box passes the sides of the Axes."""
    box, unit = ax.get_window_extent(), 72 / _root(ax).dpi
    return (
        max(0.0, (box.x0 - drawn.x0) * unit),
        max(0.0, (drawn.x1 - box.x1) * unit),
        max(0.0, (drawn.y1 - box.y1) * unit),
        max(0.0, (box.y0 - drawn.y0) * unit),
    )


def _wider(one: _Sides, other: _Sides) -> _Sides:
    left, right, top, bottom = (max(pair) for pair in zip(one, other, strict=True))
    return left, right, top, bottom


def _fit(ax: Axes, figure: Figure, height: float | None, around: _Sides) -> None:
    """Place the Axes so that all it carries lies inside the figure, ``PAD`` from its edges."""
    wide, tall = (float(v) * 72 for v in figure.get_size_inches())
    left, right, top, bottom = (v + PAD for v in around)
    if height is not None:
        tall = height + top + bottom
        figure.set_size_inches(wide / 72, tall / 72)
    ax.set_position((left / wide, bottom / tall, 1 - (left + right) / wide, 1 - (top + bottom) / tall))


def _root(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure
