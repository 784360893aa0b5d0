"""One row under another, each with a name, an interval and its numbers: beside each other, or stacked on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from ..plots.parts.theme import RULE
from .hover import tooltips
from .theme import INK


@dataclass(frozen=True)
class Row:
    """A line of the chart: what stands left, what stands right, and how it looks."""

    label: str
    numbers: str = ""
    bold: bool = False
    colour: str = INK
    lines: tuple[str, ...] = ()  # label and numbers above the interval, where one line does not hold them


def row_y(count: int) -> alt.Y:
    """The place of rows 0, 1, 2 ... from the top, without an axis."""
    return alt.Y("row:Q", scale=_row_scale(count), axis=None)


def row_values(rows: Sequence[Row]) -> dict[str, list[str]]:
    """What the expressions of `row_names` refer to."""
    return {"labels": [row.label for row in rows], "numbers": [row.numbers for row in rows]}


def row_names(rows: Sequence[Row], rise: int, room: int = 340) -> list[alt.Chart]:
    """Layers with the names left and the numbers right of the rows; above them where the chart is narrow.

    Parameters
    ----------
    rows : sequence of Row
    rise : int, pixels from the middle of a row up to its name, in a narrow chart
    room : int, pixels a name may take beside the rows
    """
    scale = _row_scale(len(rows))
    sides: dict[str, dict[str, Any]] = {}
    for side, values in (("left", "labels"), ("right", "numbers")):
        bold = {"test": _any_of([i for i, row in enumerate(rows) if row.bold]), "value": "bold"}
        coloured = [
            {"test": _any_of([i for i, row in enumerate(rows) if row.colour == colour]), "value": colour}
            for colour in dict.fromkeys(row.colour for row in rows)
        ]
        sides[side] = {
            "orient": side,
            "values": list(range(len(rows))),
            "labelExpr": f"narrow ? '' : {values}[datum.value]",
            "labelFontWeight": {"condition": bold, "value": "normal"},
            "labelColor": {"condition": coloured, "value": INK},
            "labelLimit": room,
            "labelPadding": 12,
            "labelOverlap": False,
            "title": None,
            **dict.fromkeys(("ticks", "domain", "grid"), False),
        }
    names = pd.DataFrame(
        {
            "row": range(len(rows)),
            "text": ["\n".join(row.lines or (row.label,)) for row in rows],
            "numbers": ["" if row.lines else row.numbers for row in rows],
            "colour": [row.colour for row in rows],
            "bold": [row.bold for row in rows],
        }
    )
    written: list[tuple[Literal["left", "right"], str, int | str]] = [
        ("left", "text", 0),
        ("right", "numbers", "width"),
    ]
    marks: dict[str, Any] = {
        "aria": False,
        "baseline": "middle",
        "fontSize": 11,
        "fontWeight": alt.expr("datum.bold ? 'bold' : 'normal'"),
        "limit": alt.expr("datum.numbers ? width - 130 : width"),
        "lineBreak": "\n",
        "opacity": alt.expr("narrow ? 1 : 0"),
        "yOffset": -rise,
    }
    return [
        alt.Chart(names)
        .mark_text(align=side, **marks)
        .encode(
            x=alt.XValue(x),  # type: ignore[no-untyped-call]
            y=alt.Y("row:Q", scale=scale, axis=alt.Axis(**sides[side])),
            text=alt.Text(f"{column}:N"),
            color=alt.Color("colour:N", scale=None),
        )
        for side, column, x in written
    ]


def row_targets(name: str, words: pd.DataFrame, row: Sequence[int], count: int) -> alt.Chart:
    """A layer that answers to pointing anywhere on a row, and leads to its source.

    Parameters
    ----------
    name : str, what the rows are; heads their table
    words : frame made by `told`
    row : places of its rows
    count : int, rows of the chart
    """
    frame = words.assign(top=[i - 0.5 for i in row], bottom=[i + 0.5 for i in row])
    spoken = words.columns[:2]
    frame["spoken"] = [": ".join(pair) for pair in zip(*(words[column] for column in spoken), strict=True)]
    mark = alt.Chart(frame, name=name).mark_rect(
        fill=INK, fillOpacity=0, cursor=alt.expr("datum.href ? 'pointer' : 'default'")
    )
    layer: alt.Chart = mark.encode(
        x=alt.XValue(0),  # type: ignore[no-untyped-call]
        x2=alt.X2Value("width"),  # type: ignore[no-untyped-call]
        y=alt.Y("top:Q", scale=_row_scale(count), axis=None),
        y2=alt.Y2("bottom:Q"),
        tooltip=tooltips(words),
        href=alt.Href("href:N"),
        description=alt.Description("spoken:N"),
    )
    return layer


def row_rules(count: int, shift: Any) -> alt.Chart:
    """A faint line through the middle of each row."""
    mark = alt.Chart(pd.DataFrame({"row": range(count)})).mark_rule(
        color=RULE, opacity=0.35, strokeWidth=0.8, yOffset=shift, aria=False
    )
    layer: alt.Chart = mark.encode(y=row_y(count))
    return layer


def _row_scale(count: int) -> alt.Scale:
    return alt.Scale(domain=[count - 0.5, -0.5], nice=False, zero=False)


def _any_of(places: Sequence[int]) -> str:
    return f"indexof([{', '.join(map(str, places))}], datum.value) >= 0"
