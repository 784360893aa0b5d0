"""Network graph: which treatments were compared, by how many trials."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from ..effects.arguments import is_number
from ..errors import InvalidInput
from .parts.canvas import close_axes, open_axes, room_for, size_of
from .parts.fits import described
from .parts.options import reads_options
from .parts.text import NAME, counted, plain, shorten, width, wrap, write
from .parts.theme import EFFECT, INK, MUTED, PAPER, RULE, small_size

_LINES = 3  # of a name, at most
_ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)  # where on an edge its number may stand


class Compared(Protocol):
    """What the figure reads from ``ev.network(...)``."""

    @property
    def comparisons(self) -> pd.DataFrame: ...
    @property
    def trials(self) -> pd.Series: ...


@dataclass(frozen=True)
class _Box:
    """Something drawn, in points, that no word may touch."""

    x0: float
    y0: float
    x1: float
    y1: float

    def touches(self, other: _Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def up(self, by: float) -> _Box:
        return _Box(self.x0, self.y0 + by, self.x1, self.y1 + by)


@dataclass(frozen=True)
class _Node:
    """A treatment: its lines of text, the radius of its circle in points, and its place on the unit circle."""

    lines: tuple[str, ...]
    radius: float
    angle: float

    def box(self, ring: float) -> _Box:
        x, y, r = ring * math.cos(self.angle), ring * math.sin(self.angle), self.radius + 1.5
        return _Box(x - r, y - r, x + r, y + r)


@reads_options
def network(
    net: Compared | object,
    *,
    people: Mapping[str, float] | pd.Series | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw treatments as circles and the comparisons that trials made as lines between them.

    Parameters
    ----------
    net : network result
        What ``ev.network`` returned.
    people : mapping of treatment to number of people, optional
        What the area of a circle shows; trials when not given.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its units are points.

    Raises
    ------
    InvalidInput
        ``people`` lacks a treatment.

    See Also
    --------
    network : the model.
    plots.league : every treatment against every other.
    plots.rankogram : which is best.

    Notes
    -----
    The width of a line and the number on it are trials; a trial of three arms is on three lines. In a crowded network a
    number that finds no free place is left out, the line stays. Two treatments without a line are compared through
    others only.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"study": list("abc"), "treatment1": ["A", "B", "A"], "treatment2": ["sham", "sham", "B"]})
    >>> net = ev.network(frame.assign(yi=[0.4, 0.1, 0.3], vi=[0.03, 0.02, 0.04]), reference="sham", method="EE")
    >>> ax = ev.plots.network(net)
    >>> "sham" in [text.get_text() for text in ax.texts]
    True
    >>> plt.close(ax.figure)
    """
    if not hasattr(net, "comparisons") or not hasattr(net, "trials"):
        raise InvalidInput(f"network: give what ev.network returned; not {described(net)}")
    given = net.trials if people is None else people
    counts = {str(name): given.get(name) for name in net.trials.index}
    sizes = {name: float(count) if is_number(count) else math.nan for name, count in counts.items()}  # type: ignore[arg-type]
    for name, size in sizes.items():
        if not size >= 0:
            raise InvalidInput(f"network: people has no number for {name!r}")
    small = small_size()
    total = room_for(ax)
    noun = "trial" if people is None else "person"
    nodes = _nodes(sizes, noun, 0.27 * total)
    words = f"Area of the circles: {'trials' if people is None else 'people'}. Lines and the numbers on them: trials."
    key = wrap(words, total, small)
    foot = (1.4 * len(key) + 0.8) * small
    wide = max(width(line, small) for node in nodes for line in node.lines)
    ring = min((total - 2 * wide) / 2 - 2.2 * small, 1.3 * small * max(7.0, 0.75 * len(nodes)))
    if ax is not None:
        ring = min(ring, (size_of(ax)[1] - foot) / 2 - 5 * small)
    ring = max(ring, 3 * small)
    beside = 0.8 * ring * math.sin(math.pi / len(nodes))  # neighbours keep apart
    largest = max(node.radius for node in nodes)
    nodes = [replace(node, radius=node.radius * min(1.0, beside / largest)) for node in nodes]
    labels = _place_labels(nodes, ring)
    low = min([*(b.y0 for b in labels), *(n.box(ring).y0 for n in nodes)])
    high = max([*(b.y1 for b in labels), *(n.box(ring).y1 for n in nodes)])
    height = high - low + foot
    ax, owned = open_axes(ax, height)
    room = height if owned else size_of(ax)[1]
    ax.set(xlim=(-total / 2, total / 2), ylim=(low - foot - (room - height) / 2, high + (room - height) / 2))
    ax.axis("off")
    _draw_edges(ax, net, nodes, labels, ring)
    for node, box in zip(nodes, labels, strict=True):
        _draw_node(ax, node, box, ring)
    for i, line in enumerate(key):
        y = ax.get_ylim()[0] + (1.4 * (len(key) - i) - 0.7) * small
        write(ax, -total / 2, y, line, va="center_baseline", fontsize=small, color=MUTED)
    return close_axes(ax, owned, title, source, height if owned else None)


def _nodes(sizes: Mapping[str, float], noun: str, room: float) -> list[_Node]:
    small = small_size()
    largest = max(sizes.values()) or 1.0
    biggest = min(2.0, 14 / len(sizes) + 0.7) * small
    start = math.pi if len(sizes) == 2 else math.pi / 2
    nodes = []
    for i, (name, size) in enumerate(sizes.items()):
        lines = wrap(plain(name), room, small)
        if len(lines) > _LINES:
            lines = [*lines[: _LINES - 1], shorten(" ".join(lines[_LINES - 1 :]), room, small)]
        radius = max(biggest * math.sqrt(size / largest), 2.5)
        count = counted(round(size), noun)
        nodes.append(_Node((*lines, count), radius, start - 2 * math.pi * i / len(sizes)))
    return nodes


def _place_labels(nodes: Sequence[_Node], ring: float) -> list[_Box]:
    """A box for each label outside its circle: from the sides to the poles, each is moved away until it is free."""
    small = small_size()
    circles = [node.box(ring) for node in nodes]
    boxes: dict[int, _Box] = {}
    for i in sorted(range(len(nodes)), key=lambda i: (round(abs(math.sin(nodes[i].angle)), 9), i)):
        node = nodes[i]
        c, s = math.cos(node.angle), math.sin(node.angle)
        wide = max(width(line, small) for line in node.lines) + 2
        tall = 1.3 * small * len(node.lines)
        out = ring + node.radius + 0.5 * small
        x, y = out * c + wide / 2 * c, out * s + tall / 2 * s
        if abs(c) > 0.3:  # beside the circle rather than over it
            x = out * c + math.copysign(wide / 2, c)
        box = _Box(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
        way = 1.0 if s >= -1e-9 else -1.0
        while any(box.touches(other) for other in (*circles, *boxes.values())):
            box = box.up(way)
        boxes[i] = box
    return [boxes[i] for i in range(len(nodes))]


def _draw_edges(ax: Axes, net: Compared, nodes: Sequence[_Node], labels: Sequence[_Box], ring: float) -> None:
    small = small_size()
    at = {name: i for i, name in enumerate(net.trials.index)}
    taken = [*labels, *(node.box(ring) for node in nodes)]
    edges = net.comparisons.sort_values("k", ascending=False, kind="stable")
    most = max(float(edges["k"].max()), 1.0)
    circle = np.array([(math.cos(node.angle), math.sin(node.angle)) for node in nodes]) * ring
    lines = [circle[[at[one], at[two]]] for one, two in zip(edges["treatment1"], edges["treatment2"], strict=True)]
    for i, (line, k) in enumerate(zip(lines, edges["k"], strict=True)):
        thick = 0.8 + 5.2 * (float(k) - 1) / max(most - 1, 1)
        ax.plot(*line.T, color="#a9c3d6", linewidth=thick, solid_capstyle="butt", zorder=1)
        words = f"{int(k)}"
        wide, tall = width(words, small) + 0.8 * small, 1.2 * small
        free: list[tuple[int, int, float, float, _Box]] = []
        for x, y in ((1 - share) * line[0] + share * line[1] for share in _ALONG):
            box = _Box(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            if not any(box.touches(other) for other in taken):
                crossed = sum(_away((x, y), other) < tall / 2 for other in (*lines[:i], *lines[i + 1 :]))
                free.append((crossed, len(free), x, y, box))
        if free:  # where the fewest other lines pass
            _, _, x, y, box = min(free, key=lambda place: place[:2])
            taken.append(box)
            ax.add_patch(
                Ellipse((x, y), width(words, small) + 5, tall + 1, facecolor=PAPER, edgecolor="none", zorder=2)
            )
            write(ax, x, y, words, ha="center", va="center_baseline", fontsize=small, color=INK, zorder=3)


def _away(place: tuple[float, float], line: np.ndarray) -> float:
    """Distance of a place from a line between two points."""
    along = line[1] - line[0]
    share = min(max(float((np.array(place) - line[0]) @ along / (along @ along)), 0.0), 1.0)
    return math.dist(place, line[0] + share * along)


def _draw_node(ax: Axes, node: _Node, box: _Box, ring: float) -> None:
    small = small_size()
    x, y = ring * math.cos(node.angle), ring * math.sin(node.angle)
    circle = Ellipse((x, y), 2 * node.radius, 2 * node.radius, facecolor=EFFECT, edgecolor=PAPER, linewidth=1, zorder=4)
    ax.add_patch(circle)
    side = "left" if math.cos(node.angle) > 0.3 else "right" if math.cos(node.angle) < -0.3 else "center"
    anchor = {"left": box.x0 + 1, "right": box.x1 - 1, "center": (box.x0 + box.x1) / 2}[side]
    edge = {"left": box.x0, "right": box.x1, "center": anchor}[side]
    near = min(max(y, box.y0), box.y1)
    if math.hypot(edge - x, near - y) > node.radius + 1.2 * small:  # moved away: a thread back to the circle
        ax.plot([x, edge], [y, near], color=RULE, linewidth=0.7, zorder=3.5)
    for i, line in enumerate(node.lines):
        colour = MUTED if i == len(node.lines) - 1 else INK
        top = box.y1 - 1.3 * small * (i + 0.5)
        style = {"ha": side, "va": "center_baseline", "fontsize": small, "color": colour, "zorder": 5, "label": NAME}
        write(ax, anchor, top, line, **style)
