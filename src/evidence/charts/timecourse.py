"""Interactive time course: how long an effect lasts, series by series."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from ..base.rows import rows_of
from ..errors import InvalidInput
from ..languages import N_, _, joined
from ..plots.parts.effect_axis import effect_limits, measure_named
from ..plots.parts.effect_words import up_and_down
from ..plots.parts.frames import Table, need, table_of
from ..plots.parts.options import reads_options
from ..plots.parts.text import counted, one_line
from ..plots.parts.theme import CYCLE, WORTHWHILE_INK
from ..plots.timecourse import week_ticks
from .effect_x import tick_words
from .hover import estimate_words, headed, told, tooltips
from .theme import INK, OfflineChart, dressed

_HEIGHT = 340


@reads_options
def timecourse(
    result: Table,
    *,
    x: str = "week",
    by: str | None = None,
    colours: Mapping[str, str] | None = None,
    measure: str = "SMD",
    favours: tuple[str, str] = ("comparator", "acupuncture"),
    worthwhile: float | None = None,
    name: str = N_("weeks since the start of treatment"),
    title: str | None = None,
    source: str | None = None,
) -> OfflineChart:
    """Draw effects with their intervals over time, a colour a series; pointing at a point tells what is behind it.

    Points are joined only where the same trials stand behind them, as in `evidence.plots.timecourse`.

    Parameters
    ----------
    result : frame, or result with such rows
        One row a point, as for `evidence.plots.timecourse`. Other columns (people, certainty ...) are told; ``href`` is
        what a click opens.
    x : str
        Column with the time, a number.
    by : str, optional
        Column that splits points into series; eight at most.
    colours : mapping of str to str, optional
        Colour of each value of ``by``; those of the theme when not given.
    measure : str
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back.
    favours : (str, str)
        What effects under and over the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it (a ratio for ratios).
    name : str
        Words for the time axis.
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
        A column is missing, or there are no points, or more than eight series.

    See Also
    --------
    durability : how long effects last.
    plots.timecourse : the figure.
    charts.save : writes a page.

    Examples
    --------
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"week": [4, 26], "estimate": [0.4, 0.2], "k": [3, 9]})
    >>> frame = frame.assign(ci_low=0.1, ci_high=[0.7, 0.3])
    >>> print(ev.charts.timecourse(frame).to_dict()["description"])
    Effect over weeks since the start of treatment, 2 points. 4: SMD 0.40 [0.10, 0.70]; 26: SMD 0.20 [0.10, 0.30].
    """
    frame = table_of("timecourse", result)
    frame = need("timecourse", frame, x, "estimate", "ci_low", "ci_high", "k", by, numbers=(x,), labels=(by,))
    known = frame[frame["estimate"].notna() & frame[x].notna()]
    names = [""] if by is None else list(dict.fromkeys(one_line(value) for value in known[by]))
    if known.empty or len(names) > len(CYCLE):
        raise InvalidInput(f"timecourse: {len(names)} series with {len(known)} points; it draws one to {len(CYCLE)}")
    shown = measure_named(measure)
    place = None if worthwhile is None else shown.placed(worthwhile)
    bounds = known[["estimate", "ci_low", "ci_high"]].to_numpy(float).T
    low, high = effect_limits(bounds[0], bounds[1], bounds[2], keep=bounds[0] if place is None else (*bounds[0], place))
    weeks = known[x].to_numpy(float)
    series = [""] * len(known) if by is None else [one_line(value) for value in known[by]]
    span = float(weeks.max()) - min(0.0, float(weeks.min())) or 1.0
    step = [(names.index(one) - (len(names) - 1) / 2) * 0.012 * span for one in series]
    points = pd.DataFrame(
        {
            "x": weeks + step,
            "estimate": bounds[0],
            "low": bounds[1].clip(low, high),
            "high": bounds[2].clip(low, high),
            "cut_low": bounds[1] < low,
            "cut_high": bounds[2] > high,
            "series": series,
        }
    )
    ticks = shown.ticks(low, high)
    toward = [up_and_down(shown, favours, one_line)]
    if place is not None:
        toward.append(_("shaded: worthwhile ≥ {effect}", effect=shown.number(place)))
    y_axis = alt.Axis(
        values=[at for at, _words in ticks], labelExpr=tick_words(ticks), title=None, gridOpacity=0.25, domain=False
    )
    y_scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    left = min(0.0, float(points["x"].min())) - 0.03 * span
    marked = week_ticks(float(weeks.max()))
    right = max(float(points["x"].max()), marked[-1]) + 0.05 * span
    x_scale = alt.Scale(domain=[left, right], nice=False, zero=False)
    x_axis = alt.Axis(title=one_line(_(name)), grid=False, values=marked)
    along = alt.X("x:Q", scale=x_scale, axis=x_axis)
    up = alt.Y("estimate:Q", scale=y_scale, axis=y_axis)
    columns = alt.expr("narrow ? 1 : 3")
    legend = alt.Legend(title=None, orient="top", columns=columns, labelLimit=320, symbolType="circle")
    hue = alt.Color(
        "series:N",
        sort=names,
        scale=alt.Scale(domain=names, range=[(colours or {}).get(one, CYCLE[i]) for i, one in enumerate(names)]),
        legend=legend if by is not None else None,
    )
    parts = []
    if place is not None and place < high:
        zone = alt.Chart(pd.DataFrame({"estimate": [max(place, low)], "top": [high]}))
        parts.append(zone.mark_rect(color=WORTHWHILE_INK, opacity=0.14, aria=False).encode(y=up, y2=alt.Y2("top:Q")))
        parts.append(zone.mark_rule(color=WORTHWHILE_INK, strokeDash=[4, 3], aria=False).encode(y=up))
    nothing = alt.Chart(pd.DataFrame({"estimate": [0.0]}))
    parts.append(nothing.mark_rule(color=INK, aria=False).encode(y=up))
    drawn = alt.Chart(points)
    runs = _runs(points.assign(trials=known["trials"].to_numpy())) if "trials" in known.columns else points.head(0)
    if len(runs):
        line = alt.Chart(runs).mark_line(strokeWidth=1.8, aria=False)
        parts.append(line.encode(x=along, y=up, color=hue, detail=alt.Detail("run:N")))
    spread = alt.Y("low:Q", scale=y_scale, axis=y_axis)
    parts.append(drawn.mark_rule(strokeWidth=1.3, aria=False).encode(x=along, y=spread, y2=alt.Y2("high:Q"), color=hue))
    for end, shape in (("low", "triangle-down"), ("high", "triangle-up")):
        if points[f"cut_{end}"].any():
            tips = alt.Chart(points[points[f"cut_{end}"]])
            mark = tips.mark_point(shape=shape, filled=True, opacity=1, size=70, aria=False)
            parts.append(mark.encode(x=along, y=alt.Y(f"{end}:Q", scale=y_scale, axis=y_axis), color=hue))
    words = _words(known, x, series, by is not None)
    effects = [estimate_words(shown, *row) for row in bounds.T.tolist()]
    told_words = told(known.drop(columns=[x]), {**words, _("Effect"): effects})
    target = told_words.assign(**{name: points[name].to_numpy() for name in ("x", "estimate", "series")})
    target["spoken"] = [": ".join(row) for row in zip(*(told_words[c] for c in (*words, _("Effect"))), strict=True)]
    mark = alt.Chart(target, name=N_("Points")).mark_circle(
        size=110, opacity=1, cursor=alt.expr("datum.href ? 'pointer' : 'default'")
    )
    parts.append(
        mark.encode(
            x=along,
            y=up,
            color=hue,
            tooltip=tooltips(told_words),
            href=alt.Href("href:N"),
            description=alt.Description("spoken:N"),
        )
    )
    said = _("{what}.", what=_("; ").join(target["spoken"]))
    told_of = _("Effect over {time}, {points}.", time=one_line(_(name)), points=counted(len(known), "point"))
    return dressed(
        parts,
        height=_HEIGHT,
        narrow=640,
        title=title,
        source=source,
        above=toward,
        alt_text=headed(title, joined(told_of, said)),
    )


def _runs(points: pd.DataFrame) -> pd.DataFrame:
    """Points that follow on one of the same trials or are followed by one, with the number of their line."""
    points = points.sort_values(["series", "x"], kind="stable")
    run = (points[["series", "trials"]] != points[["series", "trials"]].shift()).any(axis=1).cumsum()
    return points.assign(run=run)[run.duplicated(keep=False)].drop(columns="trials")


def _words(known: pd.DataFrame, x: str, series: list[str], several: bool) -> dict[str, list[str]]:
    at = [f"{row[x]:g}" for row in rows_of(known)]
    name = _("Week") if x == "week" else x[:1].upper() + x[1:].replace("_", " ")
    return {_("Series"): series, name: at} if several else {name: at}
