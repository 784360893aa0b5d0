"""Claims overview: what is said, and what the trials make of it."""

from __future__ import annotations

import re

import pandas as pd
from matplotlib.axes import Axes

from ..errors import InvalidInput
from ..languages import N_, _
from .parts.canvas import close_axes, open_axes, room_for
from .parts.effect_axis import measure_named
from .parts.frames import Table, need, table_of
from .parts.options import reads_options
from .parts.strokes import stroke
from .parts.text import counted, plain, width, wrap, write
from .parts.theme import FAINT, INK, MUTED, RULE, small_size

# sign, colour and plain words of each verdict, from best to worst; the signs tell them apart without colour
VERDICTS = {
    "supported": ("●", "#1f5f8b", N_("supported against sham")),
    "partly": ("◐", "#1f5f8b", N_("partly: weaker comparison, or less certain")),
    "promising": (
        "◔",
        "#1f5f8b",
        N_("promising: the direction is clear, the certainty very low or the trial alone"),
    ),
    "unclear": ("○", "#7a5c12", N_("unclear: the trials cannot tell")),
    "no worthwhile effect": ("⊖", "#b3431a", N_("without a worthwhile effect")),
    "contradicted": ("✕", "#b3431a", N_("contradicted by trials")),
    "untested": ("–", "#5b6169", N_("untested: no trial measures it")),
}
#: Verdicts that decide nothing.
_OPEN = ("unclear", "untested")
#: Claims that a figure of little height can list.
_FEW = 8
#: Width of what an estimate is of, in font sizes.
_BASIS = 15


@reads_options
def claims(
    result: Table,
    *,
    label: str = "claim",
    measure: str = "SMD",
    listed: bool = True,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """List claims under their verdicts, with the estimate and the trials behind each.

    Parameters
    ----------
    result : result of `evidence.claims`, or frame
        What ``ev.claims`` returned: ``verdict``, the claim's words, ``estimate``, ``ci_low``, ``ci_high``, ``k``,
        ``n`` (not-a-number where nothing was measured), and where known ``measure`` row by row and ``basis``,
        what the estimate is of.
    label : str
        Column with the claim's words.
    measure : str
        Measure of the estimates, for rows without one of their own.
    listed : bool
        List every claim with its numbers; otherwise, for a figure of little height, the claims of the best verdicts
        alone and how many there are of the others.
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
        A column is missing or a verdict unknown.

    See Also
    --------
    claims : judges them.
    charts.claims : the interactive twin.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"claim": ["It eases pain"], "verdict": ["supported"], "estimate": [0.4], "ci_low": [0.2]})
    >>> ax = ev.plots.claims(frame.assign(ci_high=0.6, k=9, n=1200))
    >>> [text.get_text() for text in ax.texts][-2:]
    ['SMD 0.40 [0.20, 0.60]', '9 trials, 1,200 people']
    >>> plt.close(ax.figure)
    """
    frame = table_of("claims", result)
    frame = need("claims", frame, label, "verdict", "estimate", "ci_low", "ci_high", "k", "n")
    unknown = sorted(set(frame["verdict"]) - set(VERDICTS), key=str)
    if unknown:
        raise InvalidInput(f"claims: {unknown[0]!r} is no verdict; use one of {', '.join(VERDICTS)}")
    small, total = small_size(), room_for(ax)
    blocks = {v: [i for i, w in enumerate(frame["verdict"]) if w == v] for v in VERDICTS}
    if not listed:
        blocks = _best(blocks)
    numbers = {i: _numbers(row, measure) if listed else () for i, row in enumerate(frame.to_dict("records"))}
    right = min(max((width(part, small) for parts in numbers.values() for part in parts), default=0.0), 0.45 * total)
    room = total - right - 3.6 * small
    wrapped = [wrap(plain(words), room, small) for words in frame[label]]
    line, apart = 1.35 * small, (0.75 if listed else 0.3) * small
    heights = [max(len(lines), len(numbers[i])) * line + apart for i, lines in enumerate(wrapped)]
    counts = frame["verdict"].value_counts()
    heads = {
        v: _heading(v, int(counts[v]), total - 2 * small, brief=not listed and bool(blocks[v]))
        for v in VERDICTS
        if v in counts
    }
    above = {v: (0.7 + 1.3 * len(lines)) * small for v, lines in heads.items()}
    between = (1.1 if listed else 0.5) * small
    height = sum(above[v] + between + sum(heights[i] for i in blocks[v]) for v in heads)
    ax, owned = open_axes(ax, height)
    ax.set(xlim=(0, total), ylim=(height, 0))
    ax.axis("off")
    y = 0.0
    for verdict, head in heads.items():
        sign, colour = VERDICTS[verdict][:2]
        style = {"va": "top", "fontsize": small, "weight": "bold", "color": colour, "linespacing": 1.15}
        write(ax, 0, y, sign, **style)
        write(ax, 2 * small, y, "\n".join(head), **style)
        y += above[verdict]
        stroke(ax, [0, total], [y - 0.25 * small] * 2, color=RULE, linewidth=0.7)
        for i in blocks[verdict]:
            write(ax, 0, y + 0.5 * line, sign, va="center_baseline", fontsize=1.2 * small, color=colour)
            write(ax, 2 * small, y, "\n".join(wrapped[i]), va="top", fontsize=small, color=INK, linespacing=1.15)
            for j, part in enumerate(numbers[i]):
                write(ax, total, y + j * line, part, ha="right", va="top", fontsize=small, color=MUTED)
            y += heights[i]
            stroke(ax, [0, total], [y - 0.55 * apart] * 2, color=FAINT, linewidth=0.6)
        y += between
    return close_axes(ax, owned, title, source, height if owned else None)


def _numbers(row: dict[object, object] | dict[str, object], measure: str) -> tuple[str, ...]:
    """The estimate with its interval, the trials and people behind it, and what it is of."""
    values: dict[str, object] = {str(key): value for key, value in row.items()}
    own = values.get("measure")
    shown = measure_named(own if isinstance(own, str) and own else measure)
    estimate, low, high, k, n = (
        float("nan") if pd.isna(values[name]) else float(values[name])  # type: ignore[call-overload, arg-type]
        for name in ("estimate", "ci_low", "ci_high", "k", "n")
    )
    first = f"{shown.short} {shown.number(estimate)} {shown.interval(low, high)}" if estimate == estimate else ""
    known = k == k and n == n and k > 0
    second = _("{trials}, {people}", trials=counted(int(k), "trial"), people=counted(int(n), "person")) if known else ""
    parts = (first, second, *(wrap(str(values.get("basis", "")), _BASIS * small_size(), small_size()) if first else ()))
    return tuple(part for part in parts if part)


def _heading(verdict: str, count: int, total: float, brief: bool) -> list[str]:
    """How many claims have a verdict; without what that means where it has to be brief."""
    return wrap(judged(verdict, count, brief), total, small_size(), bold=True)


def judged(verdict: str, count: int, brief: bool = False) -> str:
    """How many claims have a verdict, and what it means, in brief without its explanation."""
    words = _(VERDICTS[verdict][2])
    words = re.split("[:：]", words)[0] if brief else words
    return _("{claims} {verdict}", claims=counted(count, "claim"), verdict=words)


def _best(blocks: dict[str, list[int]]) -> dict[str, list[int]]:
    """Whole verdicts from the best down, as long as their claims stay few."""
    kept, count = {}, 0
    for verdict, rows in blocks.items():
        count += len(rows)
        kept[verdict] = rows if count <= _FEW and verdict not in _OPEN else []
    return kept
