"""The effect along x: its axis, its two directions, and the marks that lie on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ..languages import _
from ..plots.parts.effect_axis import Measure
from ..plots.parts.effect_words import sides
from ..plots.parts.text import one_line
from ..plots.parts.theme import EFFECT, POOLED, WORTHWHILE_INK
from .rows import row_y
from .theme import INK

_HALF = 0.24  # half the height of a diamond, in rows


@dataclass(frozen=True)
class EffectX:
    """Where effects are drawn, and between which limits; every mark is placed by it.

    Attributes
    ----------
    shown : Measure
    limits : (float, float), as pooled: logs for ratios
    favours : (str, str) or None, what the left and the right side of the null favour
    count : int, rows of the chart
    worthwhile : float or None, smallest effect that matters to a patient, as pooled
    shift : expression or number, pixels that marks move down where names stand above them
    """

    shown: Measure
    limits: tuple[float, float]
    favours: tuple[str, str] | None
    count: int
    worthwhile: float | None = None
    shift: Any = 0

    def x(self, field: str) -> alt.X:
        """The channel for a column."""
        ticks = self.shown.ticks(*self.limits)
        ends = "" if self.favours is None else "\u2003".join(sides(self.favours, one_line))
        zone = (
            ""
            if self.worthwhile is None
            else _("shaded: worthwhile ≥ {effect}", effect=self.shown.number(self.worthwhile))
        )
        axis = alt.Axis(
            values=[place for place, _words in ticks],
            labelExpr=tick_words(ticks),
            title=[line for line in (ends, self.shown.label, zone) if line],
            grid=False,
        )
        scale = alt.Scale(domain=list(self.limits), nice=False, zero=False)
        return alt.X(f"{field}:Q", axis=axis, scale=scale)

    def ground(self, pooled: float | None = None) -> list[alt.Chart]:
        """No effect, the zone of effects that matter to a patient, and where the pooled effect lies."""
        low, high = self.limits
        parts, worthwhile = [], self.worthwhile
        if worthwhile is not None and worthwhile < high:
            zone = alt.Chart(pd.DataFrame({"low": [max(worthwhile, low)], "high": [high]}))
            x = self.x("low")
            fill = zone.mark_rect(color=WORTHWHILE_INK, opacity=0.14, aria=False)
            edge = zone.mark_rule(color=WORTHWHILE_INK, strokeDash=[4, 3], aria=False)
            parts += [fill.encode(x=x, x2=alt.X2("high:Q")), edge.encode(x=x)]
        for place, colour, dash in ((0.0, INK, [1, 0]), (pooled, POOLED, [2, 3])):
            if place is not None and low <= place <= high:
                line = alt.Chart(pd.DataFrame({"low": [place]}))
                rule = line.mark_rule(color=colour, strokeDash=dash, opacity=alt.expr("narrow ? 0.5 : 1"), aria=False)
                parts.append(rule.encode(x=self.x("low")))
        return parts

    def bars(self, frame: pd.DataFrame, low: str, high: str, colour: str, width: float) -> list[alt.Chart]:
        """Intervals of ``frame`` at its ``row``, an arrow at each end that lies beyond the axis."""
        rows, lows, highs = (frame[name].to_numpy() for name in ("row", low, high))
        known = ~(np.isnan(lows) | np.isnan(highs))
        rows, lows, highs = rows[known], lows[known], highs[known]
        left, right = self.limits
        inside = pd.DataFrame({"row": rows, "low": lows.clip(left, right), "high": highs.clip(left, right)})
        style: dict[str, Any] = {"color": colour, "yOffset": self.shift, "aria": False}
        rule = alt.Chart(inside).mark_rule(strokeWidth=width, y2Offset=self.shift, **style)
        parts = [rule.encode(x=self.x("low"), x2=alt.X2("high:Q"), y=row_y(self.count))] if len(inside) else []
        for beyond, place, shape in ((lows < left, left, "triangle-left"), (highs > right, right, "triangle-right")):
            if beyond.any():
                tips = alt.Chart(pd.DataFrame({"row": rows[beyond], "low": place}))
                mark = tips.mark_point(shape=shape, filled=True, opacity=1, size=70, **style)
                parts.append(mark.encode(x=self.x("low"), y=row_y(self.count)))
        return parts

    def squares(self, frame: pd.DataFrame) -> alt.Chart:
        """Estimates of ``frame`` that lie on the axis, as squares of its ``area`` in square pixels."""
        inside = frame[frame["estimate"].between(*self.limits)]
        marks = alt.Chart(inside[["row", "estimate", "area"]])
        mark = marks.mark_square(color=EFFECT, opacity=1, yOffset=self.shift, aria=False)
        layer: alt.Chart = mark.encode(x=self.x("estimate"), y=row_y(self.count), size=alt.Size("area:Q", scale=None))
        return layer

    def diamonds(self, frame: pd.DataFrame) -> alt.Chart:
        """A diamond from ``low`` over ``estimate`` to ``high`` at each ``row``, cut off where the axis ends."""
        corners = []
        for row, *places in zip(frame["row"], frame["low"], frame["estimate"], frame["high"], strict=True):
            ends = max(places[0], self.limits[0]), min(places[2], self.limits[1])
            at = np.unique(np.clip([*places, *self.limits], *ends))
            half = np.interp(at, places, [0.0, _HALF, 0.0])
            corners += [{"of": row, "low": x, "row": row - h, "bottom": row + h} for x, h in zip(at, half, strict=True)]
        mark = alt.Chart(pd.DataFrame(corners)).mark_area(
            color=POOLED, opacity=1, orient="vertical", yOffset=self.shift, y2Offset=self.shift, aria=False
        )
        layer: alt.Chart = mark.encode(
            x=self.x("low"), y=row_y(self.count), y2=alt.Y2("bottom:Q"), detail=alt.Detail("of:N")
        )
        return layer


def tick_words(ticks: Sequence[tuple[float, str]]) -> str:
    """An expression that gives each tick its words."""
    cases = [f"abs(datum.value - ({place!r})) < 1e-9 ? {json.dumps(words)} : " for place, words in ticks]
    return "".join([*cases, "''"])
