"""Interactive evidence map: where trials are, how many people, which way they point, how sure we can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ..base.rows import rows_of
from ..errors import InvalidInput
from ..languages import N_, _, decimal, joined
from ..plots.parts.colours import DIVERGING, colour_reach, ink_on
from ..plots.parts.effect_axis import Measure, measure_named
from ..plots.parts.effect_words import sides
from ..plots.parts.frames import Table, levels_of, need, table_of
from ..plots.parts.options import reads_options
from ..plots.parts.text import counted, one_line
from ..plots.parts.theme import RULE
from .effect_x import tick_words
from .hover import UNKNOWN, estimate_words, headed, told, tooltips
from .rows import Row, row_names, row_rules, row_values, row_y
from .theme import INK, WIDTH, OfflineChart, dressed

_STEP = 64  # pixels a row
_WIDEST, _LEAST = 44.0, 7.0  # diameters of bubbles, pixels
#: How sure we can be: width and dashes of the ring.
_RINGS = {"high": (3.0, [1, 0]), "moderate": (2.0, [1, 0]), "low": (1.4, [6, 3]), "very low": (1.4, [2, 2])}
_PLAIN, _DOTS = (1.0, [1, 0]), (1.2, [2, 2])


@reads_options
def evidence_map(
    result: Table,
    *,
    x: str = "comparator",
    y: str = "condition",
    size: str = "n",
    colour: str = "estimate",
    label: str = "k",
    measure: str = "SMD",
    limit: float | None = None,
    favours: tuple[str, str] = ("comparator", "acupuncture"),
    title: str | None = None,
    source: str | None = None,
) -> OfflineChart:
    """Draw a bubble where a row and a column have trials: area is people, colour the effect, the ring certainty.

    Parameters
    ----------
    result : frame, or result with such rows
        One row a bubble, as for `evidence.plots.evidence_map`. A column ``certainty`` (high, moderate, low, very low)
        draws the ring: bold, solid, dashed, dotted. ``ci_low`` and ``ci_high`` are told with the effect, and
        ``k_pooled``, its trials where they are fewer than all of the field; ``href`` is what a click opens.
    x : str
        Column that names the columns of the map.
    y : str
        Column that names its rows.
    size : str
        Column with the people.
    colour : str
        Column with the effect.
    label : str
        Column with the number of trials.
    measure : str
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back.
    limit : float, optional
        Effect, as readers know it, at which the colour is fullest; the largest when not given.
    favours : (str, str)
        What the left and the right side of the null favour.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.

    Returns
    -------
    altair.LayerChart
        An interactive chart, as wide as its place.

    Raises
    ------
    InvalidInput
        A column is missing, or two rows want the same place.

    See Also
    --------
    plots.evidence_map : the figure.
    charts.save : writes a page.

    Examples
    --------
    >>> import pandas as pd
    >>> import evidence as ev
    >>> places = {"condition": ["Arthritis", "Arthritis"], "comparator": ["sham", "usual care"]}
    >>> chart = ev.charts.evidence_map(pd.DataFrame(places).assign(estimate=[0.2, 0.5], n=[2310, 400], k=[9, 4]))
    >>> print(chart.to_dict()["description"].split(".")[0])
    Bubble map of 1 rows by 2 columns, 0 fields empty
    """
    frame = table_of("evidence_map", result)
    numbers = (size, colour, label)
    frame = need("evidence_map", frame, x, y, *numbers, numbers=numbers, labels=(x, y))
    twice = frame.duplicated([x, y])
    if twice.any():
        place = " and ".join(repr(value) for value in frame.loc[twice, [x, y]].iloc[0])
        raise InvalidInput(f"evidence_map: two rows for {place}")
    shown = measure_named(measure)
    columns, rows = ([one_line(level) for level in levels_of(frame[name])] for name in (x, y))
    frame = frame[frame[label].fillna(0) > 0]
    reach = colour_reach(frame[colour].to_numpy(float), shown, limit)
    effect = frame[colour].to_numpy(float)
    known = np.isfinite(effect)
    people = frame[size].fillna(0).to_numpy(float)
    across = np.maximum(_WIDEST * np.sqrt(people / max(1.0, *people)), _LEAST)
    sure = [str(value) for value in frame["certainty"]] if "certainty" in frame else [""] * len(frame)
    words = told(
        frame.drop(columns=[x, y, "condition", "comparator"], errors="ignore"),
        {
            _("Where"): [_field(one_line(a), one_line(b)) for a, b in zip(frame[y], frame[x], strict=True)],
            _("Effect"): [_effect(row, colour, shown) for row in rows_of(frame)],
            _("Trials"): [f"{k:.0f}" for k in frame[label]],
            _("People"): [_(UNKNOWN) if pd.isna(n) else decimal(n) for n in frame[size]],
        },
    )
    fits = across > 17
    fill = [DIVERGING(0.5 + 0.5 * float(np.clip(value / reach, -1, 1))) for value in np.where(known, effect, 0.0)]
    ink = [ink_on(one[:3]) if inside and has else INK for one, inside, has in zip(fill, fits, known, strict=True)]
    rings = [_RINGS.get(one, _PLAIN) if has else _DOTS for one, has in zip(sure, known, strict=True)]
    bubbles = words.assign(
        column=[columns.index(one_line(value)) for value in frame[x]],
        row=[rows.index(one_line(value)) for value in frame[y]],
        area=(across**2).tolist(),
        below=np.where(fits, 0.0, across / 2 + 9).tolist(),
        fill=[_css(one) if has else "transparent" for one, has in zip(fill, known, strict=True)],
        ring=[INK if has else RULE for has in known],
        ring_width=[width for width, _dash in rings],
        ink=ink,
    )
    bubbles["dash"] = pd.Series([dash for _, dash in rings], index=bubbles.index, dtype=object)
    bubbles["spoken"] = [": ".join(row) for row in zip(words[_("Where")], words[_("Effect")], strict=True)]
    room = 150 + 7 * len(columns) * max(map(len, columns))  # pixels under which the names of columns would meet
    slanted = "narrow" if room <= WIDTH else "true"
    axis = alt.Axis(
        orient="top",
        values=list(range(len(columns))),
        labelExpr="columns[datum.value]",
        labelAngle=alt.expr(f"{slanted} ? -40 : 0"),
        labelAlign=alt.expr(f"{slanted} ? 'left' : 'center'"),
        labelOverlap=False,
        title=None,
        ticks=False,
        domain=False,
        grid=True,
    )
    across_x = alt.X("column:Q", scale=alt.Scale(domain=[-0.5, len(columns) - 0.5], nice=False, zero=False), axis=axis)
    down = row_y(len(rows))
    shift = alt.expr("narrow ? 8 : 0")
    named = [Row(row) for row in rows]
    low, high = shown.number(-reach), shown.number(reach)
    against, towards = sides(favours, one_line)
    ends = f"{against}\u2003{shown.short}\u2003{towards}"
    legend = alt.Legend(
        title=ends,
        orient="bottom",
        direction="horizontal",
        gradientLength=260,
        values=[-reach, 0.0, reach],
        labelExpr=tick_words([(-reach, low), (0.0, shown.number(0.0)), (reach, high)]),
        titleLimit=max(360, 8 * len(ends)),
        titleAnchor="start",
    )
    stops = {at * reach: _css(DIVERGING(0.5 + at / 2)) for at in (-1.0, -0.5, 0.0, 0.5, 1.0)}
    scale = alt.Scale(domain=list(stops), range=list(stops.values()), clamp=True, interpolate="rgb")
    key = alt.Chart(pd.DataFrame({"effect": [-reach, reach]})).mark_point(size=0, strokeWidth=0, opacity=1, aria=False)
    where = {"x": across_x, "y": down}
    answer = {
        "tooltip": tooltips(words),
        "href": alt.Href("href:N"),
    }  # the figure lies on the bubble and must answer too
    cursor = alt.expr("datum.href ? 'pointer' : 'default'")
    bubble = alt.Chart(bubbles, name=N_("Fields")).mark_circle(opacity=1, yOffset=shift, cursor=cursor)
    count = alt.Chart(bubbles).mark_text(
        yOffset=alt.expr("datum.below + (narrow ? 8 : 0)"), baseline="middle", cursor=cursor, aria=False
    )
    parts = [
        key.encode(color=alt.Color("effect:Q", scale=scale, legend=legend)),
        row_rules(len(rows), shift),
        *row_names(named, rise=25),
        bubble.encode(
            **where,
            size=alt.Size("area:Q", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("ring:N", scale=None),
            strokeWidth=alt.StrokeWidth("ring_width:Q", scale=None),
            strokeDash=alt.StrokeDash("dash:N", scale=None),
            description=alt.Description("spoken:N"),
            **answer,
        ),
        count.encode(**where, text=alt.Text(f"{_('Trials')}:N"), color=alt.Color("ink:N", scale=None), **answer),
    ]
    empty = len(rows) * len(columns) - len(frame)
    said = _("; ").join(
        f"{name}{_(', ')}{counted(int(k), 'trial')}" for name, k in zip(bubbles["spoken"], frame[label], strict=True)
    )
    fields = {"rows": len(rows), "columns": len(columns), "empty": empty}
    told_of = _("Bubble map of {rows} rows by {columns} columns, {empty} fields empty.", **fields)
    meaning = [_("Area: people. Figure: trials. Grey dotted ring: no number. Empty: no trial.")]
    if "certainty" in frame:
        meaning.append(_("Ring: certainty high (bold), moderate (solid), low (dashed) or very low (dotted)."))
    return dressed(
        parts,
        height=_STEP * len(rows),
        narrow=max(640, room),
        title=title,
        source=source,
        above=meaning,
        alt_text=headed(title, joined(told_of, _("{what}.", what=said))),
        values={**row_values(named), "columns": columns},
    )


def _field(row: str, column: str) -> str:
    """Which field it is; the column stands by itself, as in its head."""
    return _("{row}, against {column}", row=row, column=column)


def _css(colour: Sequence[float]) -> str:
    """A colour that the rules for dark pages leave alone: figures stand on it in black or white."""
    return "rgb({}, {}, {})".format(*(round(255 * part) for part in colour[:3]))


def _effect(row: dict[str, Any], colour: str, shown: Measure) -> str:
    if pd.isna(row[colour]):
        return ""
    if pd.notna(row.get("ci_low")) and pd.notna(row.get("ci_high")):
        return estimate_words(shown, row[colour], row["ci_low"], row["ci_high"])
    return f"{shown.short} {shown.number(row[colour])}"
