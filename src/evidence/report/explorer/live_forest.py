"""The forest as it is shown while exploring: an HTML table beside one SVG, drawn in a millisecond or two.

The figure that is saved is `evidence.plots.forest`; matplotlib takes a third of a second to draw it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ...answers.wording.words import FAVOURS, outcome_words
from ...base.rows import rows_of
from ...charts.sources import web_address
from ...languages import _, decimal, pgettext
from ...plots.parts.effect_axis import effect_limits
from ...plots.parts.effect_words import sides
from .analysis import Analysis

ROW = 28  # CSS pixels; the check boxes beside the table have the same height
AXIS = 62
#: More letters than these do not stand side by side under the plot of a small window.
_SIDE_BY_SIDE = 50
_Limits = tuple[float, float]


def forest_html(analysis: Analysis, beside: Analysis | None = None, *, named: bool = False) -> str:
    """Table of trials, their intervals and the pooled effect; everything that comes from data is escaped.

    Parameters
    ----------
    analysis : Analysis
    beside : Analysis, optional
        Another that is shown with it: both get the same axis.
    named : bool
        Whether the table names its trials; else the check boxes beside it do.

    Returns
    -------
    str
        HTML. Rows are ``ROW`` pixels high: a head, one for each trial, those of `summary_names`, the axis.
    """
    if not len(analysis.rows):
        return ""
    shown = analysis.measure
    limits, half = _limits([analysis] if beside is None else [analysis, beside]), half_widths(analysis.rows)
    height = ROW * (len(analysis.rows) + len(summary_names(analysis)))
    plot = _plot(analysis, limits, half, height)
    rows = [*_trial_rows(analysis, half), *_summary_rows(analysis)]
    if named:
        rows = [row.replace('<span class="ev-hidden">', "<span>", 1) for row in rows]
    first, *rest = rows
    span = len(rows)
    head = "".join(
        f'<th scope="col" class="{name}">{escape(words)}</th>'
        for name, words in (
            ("n", _("People")),
            ("plot", _zone_name(analysis)),
            ("effect", shown.short),
            ("ci", _("95% interval")),
        )
    )
    trial = escape(_("Trial"))
    trial = trial if named else f'<span class="ev-hidden">{trial}</span>'
    cell = f'<td class="plot" rowspan="{span + 1}" aria-hidden="true">{plot}</td>'
    body = first.replace("<!--plot-->", cell) + "".join(rest)
    return (
        f'<table class="ev-forest{" named" * named}"><caption class="ev-hidden">{escape(analysis.title)}</caption>'
        f'<thead><tr><th scope="col">{trial}</th>{head}<th scope="col" class="weight">{escape(_("Weight"))}</th>'
        f'<th scope="col" class="source">{escape(_("Source"))}</th></tr></thead>'
        f'<tbody>{body}<tr class="axis" style="height:{AXIS}px"><td colspan="6"></td></tr></tbody></table>'
    )


def summary_names(analysis: Analysis) -> list[str]:
    """Names of the rows under the trials."""
    fit = analysis.mean
    if fit is None or fit.k == 1:
        return []
    model = _("common effect") if not analysis.random else analysis.model[0]
    names = [_("Pooled ({model})", model=model)]
    return [*names, _("Prediction interval")] if fit.prediction_interval else names


def _zone_name(analysis: Analysis) -> str:
    """What the shaded zone means; empty where there is none."""
    if math.isnan(analysis.worthwhile):
        return ""
    return _("worthwhile ≥ {effect}", effect=analysis.measure.number(analysis.worthwhile))


def half_widths(rows: pd.DataFrame) -> np.ndarray:
    """Half the width of each trial's interval."""
    half: np.ndarray = float(ndtri(0.975)) * np.sqrt(rows["vi"].to_numpy(float))
    return half


def _limits(analyses: Sequence[Analysis]) -> _Limits:
    """Limits of the axis that these share."""
    middle: list[float] = []
    low: list[float] = []
    high: list[float] = []
    keep: list[float] = []
    for analysis in analyses:
        if not len(analysis.rows):
            continue
        yi, half = analysis.rows["yi"].to_numpy(float), half_widths(analysis.rows)
        middle, low, high = [*middle, *yi], [*low, *(yi - half)], [*high, *(yi + half)]
        keep += [] if math.isnan(analysis.worthwhile) else [analysis.worthwhile]
        fit = analysis.mean
        if fit is not None:
            keep += list(fit.ci)
            if fit.prediction_interval:
                middle.append(fit.estimate)
                low.append(fit.prediction_interval[0])
                high.append(fit.prediction_interval[1])
    return effect_limits(middle, low, high, keep=keep)


def _trial_rows(analysis: Analysis, half: np.ndarray) -> Iterator[str]:
    shown = analysis.measure
    weights = trial_weights(analysis)
    for i, row in enumerate(rows_of(analysis.rows)):
        yi, out = float(row["yi"]), not analysis.kept[i]
        weight = _("left out") if out else _("{n}%", n=f"{weights[i]:.0f}") if weights[i] >= 0 else ""
        yield _table_row(
            str(row["label"]),
            decimal(row["n_acupuncture"] + row["n_comparator"]),
            shown.number(yi),
            shown.interval(yi - half[i], yi + half[i]),
            weight,
            kind="out" if out else "trial",
            title=f"{row['label']}: {row['derivation']}",
            href=web_address(row["href"]),
            plot=i == 0,
        )


def _summary_rows(analysis: Analysis) -> Iterator[str]:
    fit, shown, names = analysis.mean, analysis.measure, summary_names(analysis)
    if fit is None or not names:
        return
    people = decimal(analysis.people)
    yield _table_row(
        names[0], people, shown.number(fit.estimate), shown.interval(*fit.ci), _("{n}%", n=100), kind="pooled"
    )
    if fit.prediction_interval:
        yield _table_row(names[1], "", "", shown.interval(*fit.prediction_interval), "", kind="note")


def _table_row(
    name: str,
    n: str,
    effect: str,
    ci: str,
    weight: str,
    *,
    kind: str,
    title: str = "",
    href: str = "",
    plot: bool = False,
) -> str:
    link = (
        f'<a href="{escape(href)}" target="_blank" rel="noopener noreferrer" '
        f'aria-label="{escape(_("Source of {name}", name=name))}">'
        f'<span class="ev-word">{escape(pgettext("source", "read"))} </span>↗</a>'
        if href
        else ""
    )
    return (
        f'<tr class="{kind}" title="{escape(title)}"><th scope="row"><span class="ev-hidden">{escape(name)}</span></th>'
        f'<td class="n">{escape(n)}</td>{"<!--plot-->" if plot else ""}<td class="effect">{escape(effect)}</td>'
        f'<td class="ci">{escape(ci)}</td><td class="weight">{escape(weight)}</td>'
        f'<td class="source">{link}</td></tr>'
    )


def trial_weights(analysis: Analysis) -> np.ndarray:
    """Percent of each trial, -1 where it has none."""
    weights = np.full(len(analysis.rows), -1.0)
    if analysis.mean is not None:
        weights[analysis.kept] = analysis.mean.shares
    return weights


def _plot(analysis: Analysis, limits: _Limits, half: np.ndarray, height: float) -> str:
    yi = analysis.rows["yi"].to_numpy(float)
    weights = trial_weights(analysis)
    heaviest = max(5.0, float(weights.max()))
    parts = [*_zone(analysis, limits, height)]
    for i, kept in enumerate(analysis.kept):
        y = ROW * (i + 0.5)
        kind = "trial" if kept else "out"
        parts += _interval(yi[i] - half[i], yi[i] + half[i], limits, y, kind)
        if limits[0] <= yi[i] <= limits[1]:
            side = max(4.0, 13.0 * math.sqrt(max(weights[i], 0.0) / heaviest)) if kept and weights[i] >= 0 else 7.0
            x, shift = place(yi[i], limits), -side / 2
            parts.append(
                f'<rect class="{kind}" x="{x:.2f}%" y="{y + shift:.1f}" width="{side:.1f}" height="{side:.1f}" '
                f'transform="translate({shift:.1f} 0)"/>'
            )
    return f'<svg width="100%" height="{height + AXIS}">{"".join(parts)}{"".join(_summary(analysis, limits))}</svg>'


def _zone(analysis: Analysis, limits: _Limits, height: float) -> Iterator[str]:
    """Worthwhile band, line of no effect, ticks and the words under them."""
    null = place(0.0, limits)
    if not math.isnan(analysis.worthwhile):
        x = place(analysis.worthwhile, limits)
        yield f'<rect class="worthwhile" x="{x:.2f}%" y="0" width="{100 - x:.2f}%" height="{height}"/>'
    yield f'<line class="null" x1="{null:.2f}%" x2="{null:.2f}%" y1="0" y2="{height}"/>'
    yield f'<line class="rule" x1="0" x2="100%" y1="{height}" y2="{height}"/>'
    for value, words in uncrowded(analysis, limits):
        x = place(value, limits)
        anchor = "start" if x < 2 else "end" if x > 98 else "middle"
        yield f'<line class="rule" x1="{x:.2f}%" x2="{x:.2f}%" y1="{height}" y2="{height + 4}"/>'
        yield f'<text x="{x:.2f}%" y="{height + 18}" text-anchor="{anchor}">{escape(words)}</text>'
    other = analysis.words.short_comparators.get(analysis.choice.comparator, outcome_words(analysis.choice.comparator))
    left, right = map(escape, sides((other, FAVOURS[1]), str))
    yield f'<text class="favours" x="0" y="{height + 37}">{left}</text>'
    lower = 52 if len(left) + len(right) > _SIDE_BY_SIDE else 37
    yield f'<text class="favours right" x="100%" y="{height + lower}" text-anchor="end">{right}</text>'


def uncrowded(analysis: Analysis, limits: _Limits) -> list[tuple[float, str]]:
    """As many ticks as stand a tenth of the zone apart."""
    for most in (6, 5, 4, 3, 2):
        ticks = analysis.measure.ticks(*limits, most=most)
        places = [place(value, limits) for value, _words in ticks]
        if all(right - left >= 10 for left, right in pairwise(places)):
            return ticks
    return ticks[:1]


def _summary(analysis: Analysis, limits: _Limits) -> Iterator[str]:
    fit = analysis.mean
    if fit is None or fit.k == 1:
        return
    y = ROW * (len(analysis.rows) + 0.5)
    low, middle, high = (place(value, limits) for value in (fit.ci[0], fit.estimate, fit.ci[1]))
    yield f'<line class="average" x1="{middle:.2f}%" x2="{middle:.2f}%" y1="0" y2="{y:.0f}"/>'
    at = 100 * (middle - low) / (high - low) if high > low else 50.0
    yield (
        f'<svg x="{low:.2f}%" y="{y - 8:.0f}" width="{high - low:.2f}%" height="16" viewBox="0 0 100 100" '
        f'preserveAspectRatio="none"><polygon class="pooled" points="0,50 {at:.1f},0 100,50 {at:.1f},100"/></svg>'
    )
    if fit.prediction_interval:
        yield from _interval(*fit.prediction_interval, limits, y + ROW, "prediction")


def _interval(low: float, high: float, limits: _Limits, y: float, kind: str) -> Iterator[str]:
    """A line; an arrow where it leaves the axis."""
    start, end = (place(min(max(value, limits[0]), limits[1]), limits) for value in (low, high))
    yield f'<line class="{kind}" x1="{start:.2f}%" x2="{end:.2f}%" y1="{y:.1f}" y2="{y:.1f}"/>'
    if low < limits[0] and end > 0:
        yield _arrow(0, "0,0 7,-4 7,4", y, kind)
    if high > limits[1] and start < 100:
        yield _arrow(100, "0,0 -7,-4 -7,4", y, kind)


def _arrow(x: float, points: str, y: float, kind: str) -> str:
    return (
        f'<svg x="{x}%" y="{y:.1f}" overflow="visible" width="1" height="1">'
        f'<polygon class="{kind}" points="{points}"/></svg>'
    )


def place(value: float, limits: _Limits) -> float:
    """Percent of the width."""
    return 100 * (value - limits[0]) / (limits[1] - limits[0])
