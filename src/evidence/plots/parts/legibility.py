"""What a reader could not read: measured on the finished figure."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from .options import reads_options
from .text import NAME


def texts(figure: Figure) -> list[Text]:
    """Every piece of text a reader of ``figure`` sees."""
    hidden = {id(text) for ax in figure.findobj(Axes) for text in _undrawn(ax)}
    found = figure.findobj(lambda a: isinstance(a, Text) and a.get_visible() and bool(a.get_text().strip()))
    return [text for text in found if isinstance(text, Text) and id(text) not in hidden]


@reads_options
def unreadable(figure: Figure, smallest: float = 9.0) -> list[str]:
    """Texts of ``figure`` that overlap, leave the canvas, are too small or were cut short.

    Parameters
    ----------
    figure : Figure
        As it would be saved.
    smallest : float
        Size in points that no text may be under.

    Returns
    -------
    list of str
        One sentence a problem; empty when everything can be read.

    See Also
    --------
    plots.save : writes a figure.
    theme : sizes of text.

    Notes
    -----
    Names of trials, rows, series and the columns of a map come from data and may be longer than any column: figures
    shorten them with an ellipsis on purpose, and they count as readable. A title, column head, axis name or label of
    a zone is the figure's own wording: shortened, it is a problem.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import evidence as ev
    >>> figure, ax = plt.subplots()
    >>> text = ax.set_title("Pain", fontsize=6)
    >>> ev.plots.unreadable(figure)
    ["'Pain' is 6.0 pt"]
    >>> plt.close(figure)
    """
    figure.draw_without_rendering()
    seen = texts(figure)
    boxes = [(text.get_text(), _box(text)) for text in seen]
    canvas = figure.bbox
    problems = [f"{t.get_text()!r} is {_points(t):.1f} pt" for t in seen if _points(t) < smallest - 1e-6]
    problems += [f"{t.get_text()!r} is cut short" for t in seen if "…" in t.get_text() and not _is_name(t)]
    for words, box in boxes:
        if box.x0 < canvas.x0 - 0.5 or box.x1 > canvas.x1 + 0.5 or box.y0 < canvas.y0 - 0.5 or box.y1 > canvas.y1 + 0.5:
            problems.append(f"{words!r} leaves the canvas")
    boxes.sort(key=lambda item: item[1].y0)
    for i, (words, box) in enumerate(boxes):
        for other, beside in boxes[i + 1 :]:
            if beside.y0 >= box.y1 - 0.5:
                break
            if min(box.x1, beside.x1) - max(box.x0, beside.x0) > 0.5:
                problems.append(f"{words!r} overlaps {other!r}")
    return problems


def _undrawn(ax: Axes) -> list[Text]:
    """Tick labels that exist but are not drawn: of an axis switched off, or outside its limits."""
    undrawn: list[Text] = []
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        slack = 1e-6 * (high - low)
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not (ax.axison and ax.get_visible() and low - slack <= tick.get_loc() <= high + slack):
                undrawn += [tick.label1, tick.label2]
        if not (ax.axison and ax.get_visible()):
            undrawn += [axis.label, axis.get_offset_text()]
    return undrawn


def _is_name(text: Text) -> bool:
    return bool(text.get_label() == NAME)


def _points(text: Text) -> float:
    return float(text.get_fontsize())


def _box(text: Text) -> Bbox:
    """Extent of the words alone, without an annotation's arrow."""
    return Text.get_window_extent(text) if isinstance(text, Annotation) else text.get_window_extent()
