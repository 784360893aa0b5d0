"""Interactive forest plot: point at a trial for its numbers and how they were derived, click for its source."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from ..effects.measures.back import transform_name
from ..errors import InvalidInput
from ..languages import N_, _, joined, pgettext, pointed
from ..plots.parts.effect_axis import Measure, effect_limits, given_limits, measure_named
from ..plots.parts.fits import Mean, read_mean, telling_prediction
from ..plots.parts.options import reads_options
from ..plots.parts.text import counted, number, one_line
from ..plots.parts.theme import EFFECT, POOLED
from .effect_x import EffectX
from .hover import UNKNOWN, estimate_words, headed, told
from .rows import Row, row_names, row_targets, row_values
from .theme import OfflineChart, dressed

_STEP = 30  # pixels a row: two lines on a phone
_SMALLEST, _LARGEST = 14.0, 130.0  # areas of squares, square pixels


@reads_options
def forest(
    fit: object,
    *,
    trials: pd.DataFrame | None = None,
    groups: Mapping[str, object] | None = None,
    summary: bool | str = True,
    measure: str | None = None,
    transform: str | None = None,
    favours: tuple[str, str] | None = ("comparator", "acupuncture"),
    worthwhile: float | None = None,
    xlim: tuple[float, float] | None = None,
    title: str | None = None,
    source: str | None = None,
) -> OfflineChart:
    """Draw trials, their intervals and weights, and the pooled effect.

    Parameters
    ----------
    fit : str
        What ``ev.pool`` or another function that pools returned, a frame with ``yi`` and ``vi``, or ``(yi, vi)``. A
        mapping gives each subgroup a heading and a diamond of its own.
    trials : DataFrame with one row a trial, optional
        What is told about each trial when pointed at: rows of ``db.effects(...)`` in the order in which the trials are
        drawn, with ``href`` (see ``ev.charts.linked``) for what a click opens.
    groups : mapping of label to pooled result, optional
        Subgroups of ``fit``, which then closes the figure as the overall result.
    summary : bool or str
        Draw the pooled result (never done for one trial), under this name if it is text.
    measure : str, optional
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios come as logs and are shown
        back; that of the fit when not given.
    transform : str, optional
        Read the effects back by a function ("exp", "expit", "tanh", "square") or as another measure.
    favours : (str, str) or None
        What the left and the right side of the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it (a ratio for ratios).
    xlim : (float, float), optional
        Limits of the effect axis as readers know them. Intervals that pass them end in an arrow.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.

    Returns
    -------
    altair.LayerChart
        As wide as its place; where that is narrow, the names stand above the intervals.

    Raises
    ------
    InvalidInput
        ``trials`` has not one row a trial, or its ``yi`` are not those that were pooled.

    See Also
    --------
    plots.forest : the figure.
    charts.linked : adds what a click opens.
    charts.save : writes a page.

    Notes
    -----
    The area of a square follows the trial's weight in its group. The diamond spans the confidence interval, the thin
    bar on its row the prediction interval; a trial's interval is yi plus and minus a normal quantile times sqrt(vi).

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> chart = ev.charts.forest(fit, favours=("sham", "acupuncture"), worthwhile=0.5)
    >>> print(chart.to_dict()["description"])
    Forest plot of 4 trials. Pooled: Effect 0.30 [0.02, 0.58], 4 trials.
    """
    given = fit if isinstance(fit, Mapping) else groups if groups is not None else {"": fit}
    subgroups = {str(label): read_mean("forest", part) for label, part in given.items()}
    overall = None if isinstance(fit, Mapping) or groups is None else read_mean("forest", fit)
    if not subgroups:
        raise InvalidInput("forest: there is no subgroup to draw")
    first = next(iter(subgroups.values()))
    asked = measure if transform is None else transform_name(transform)
    shown = measure_named(asked or first.measure, first.vi)
    words = _trial_words(subgroups, trials, shown)
    lines = list(_lines(subgroups, overall, summary, shown))
    drawn = pd.DataFrame([{**line.place, "row": i} for i, line in enumerate(lines)])
    single, pooled = drawn[drawn["kind"] == "trial"], drawn[drawn["kind"] == "pooled"]
    place = None if worthwhile is None else shown.placed(worthwhile)
    limits = _limits(single, pooled, place) if xlim is None else given_limits("forest", shown, xlim)
    effect = EffectX(shown, limits, favours, len(lines), place, alt.expr("narrow ? 4 : 0"))
    final = overall if overall is not None else next(iter(subgroups.values())) if len(subgroups) == 1 else None
    parts = effect.ground(float(final.estimate) if final is not None and final.k > 1 and summary else None)
    if len(pooled):
        parts += effect.bars(pooled, "pi_low", "pi_high", POOLED, 2.0)
        parts += effect.bars(pooled, "low", "high", POOLED, 1.0)
    parts += effect.bars(single, "low", "high", EFFECT, 1.4)
    parts.append(effect.squares(single))
    if len(pooled):
        parts.append(effect.diamonds(pooled))
    rows = [line.row for line in lines]
    parts += row_names(rows, rise=8)
    parts.append(row_targets(N_("Trials"), words, single["row"].tolist(), len(lines)))
    pools = [line for line in lines if line.fit is not None]
    if pools:
        parts.append(row_targets(N_("Pooled effects"), _pool_words(pools, shown), pooled["row"].tolist(), len(lines)))
    trials_in = [counted(line.fit.k, "trial") for line in pools if line.fit is not None]
    said = [
        _("{name}: {effect}, {trials}.", name=line.name, effect=f"{shown.short} {line.row.numbers}", trials=k)
        for line, k in zip(pools, trials_in, strict=True)
    ]
    k = sum(group.k for group in subgroups.values())
    return dressed(
        parts,
        height=_STEP * len(lines),
        narrow=640,
        title=title,
        source=source,
        alt_text=headed(title, joined(_("Forest plot of {trials}.", trials=counted(k, "trial")), *said)),
        values=row_values(rows),
    )


@dataclass(frozen=True)
class _Line:
    """A line of the chart: what is written, what is drawn, and for a pooled one the result behind it."""

    row: Row
    place: dict[str, object]
    name: str = ""
    fit: Mean | None = None


def _lines(subgroups: Mapping[str, Mean], overall: Mean | None, summary: bool | str, shown: Measure) -> Iterator[_Line]:
    for label, fit in subgroups.items():
        if label:
            yield _Line(Row(one_line(label), bold=True), {"kind": "heading"})
        low, high = (part.tolist() for part in fit.bounds)
        areas = np.maximum(_SMALLEST, _LARGEST * fit.shares / np.nanmax(fit.shares)).tolist()
        for i, name in enumerate(map(one_line, fit.slab)):
            estimate = float(fit.yi[i])
            place = {"kind": "trial", "estimate": estimate, "low": low[i], "high": high[i], "area": areas[i]}
            yield _Line(Row(name, _numbers(shown, estimate, low[i], high[i])), place)
        if summary and fit.k == 1:
            yield _Line(Row(_("One trial: shown as it is, not pooled")), {"kind": "note"})
        elif summary:
            name = summary if isinstance(summary, str) and not label else _("Pooled")
            yield _pooled(fit, name, _("Pooled, {group}", group=one_line(label)) if label else name, shown)
    if overall is not None and summary:
        name = summary if isinstance(summary, str) else _("All trials")
        yield _pooled(overall, name, name, shown)


def _pooled(fit: Mean, label: str, name: str, shown: Measure) -> _Line:
    low, high = (float(v) for v in fit.ci)
    prediction = telling_prediction(fit.k, (low, high), fit.prediction_interval) or (math.nan, math.nan)
    place = {"kind": "pooled", "estimate": float(fit.estimate), "low": low, "high": high}
    row = Row(one_line(label), _numbers(shown, float(fit.estimate), low, high), bold=True, colour=POOLED)
    return _Line(row, {**place, "pi_low": prediction[0], "pi_high": prediction[1]}, one_line(name), fit)


def _numbers(shown: Measure, estimate: float, low: float, high: float) -> str:
    return f"{shown.number(estimate)} {shown.interval(low, high)}"


def _trial_words(subgroups: Mapping[str, Mean], trials: pd.DataFrame | None, shown: Measure) -> pd.DataFrame:
    k = sum(fit.k for fit in subgroups.values())
    if trials is None:
        trials = pd.DataFrame(index=range(k))
    if len(trials) != k:
        raise InvalidInput(f"forest: trials has {len(trials)} rows, the pooled result has {k} trials")
    yi = np.concatenate([np.asarray(fit.yi, dtype=float) for fit in subgroups.values()])
    if "yi" in trials.columns and not np.allclose(trials["yi"].to_numpy(float), yi):
        raise InvalidInput("forest: trials holds other effects (yi) than were pooled, or in another order")
    names: list[str] = []
    effects: list[str] = []
    shares: list[str] = []
    for fit in subgroups.values():
        bounds = (part.tolist() for part in fit.bounds)
        names += map(one_line, fit.slab)
        effects += [estimate_words(shown, *row) for row in zip(fit.yi.tolist(), *bounds, strict=True)]
        weights = [_(UNKNOWN)] * fit.k if fit.weights is None else [pointed(f"{weight:.1f}%") for weight in fit.weights]
        shares += ["100%"] if fit.k == 1 else weights
    return told(trials, {_("Trial"): names, _("Effect"): effects, _("Weight"): shares})


def _pool_words(pools: list[_Line], shown: Measure) -> pd.DataFrame:
    fits = [line.fit for line in pools if line.fit is not None]
    predicted, none = [fit.prediction_interval for fit in fits], pgettext("interval", "none")
    first = {
        _("Pooled"): [line.name for line in pools],
        _("Effect"): [f"{shown.short} {line.row.numbers}" for line in pools],
        _("Interval"): [f"{fit.level * 100:g}%" for fit in fits],
        _("Prediction interval"): [
            pgettext("interval", "none") if pair is None else shown.interval(*pair) for pair in predicted
        ],
        _("Trials"): [f"{fit.k}" for fit in fits],
        _("Model"): [fit.model for fit in fits],
        "τ²": [number(fit.tau2) for fit in fits],
        "I²": [none if fit.i2 is None else f"{fit.i2:.0f}%" for fit in fits],
    }
    return told(pd.DataFrame(index=range(len(pools))), first)


def _limits(single: pd.DataFrame, pooled: pd.DataFrame, worthwhile: float | None) -> tuple[float, float]:
    keep = [] if worthwhile is None else [worthwhile]
    bounds = [single[["estimate", "low", "high"]]]
    if len(pooled):
        keep += pooled[["low", "high"]].to_numpy(float).ravel().tolist()
        spread = pooled[["estimate", "pi_low", "pi_high"]].dropna()
        bounds.append(spread.set_axis(["estimate", "low", "high"], axis="columns"))
    estimate, low, high = pd.concat(bounds).to_numpy(float).T
    return effect_limits(estimate, low, high, keep=keep)
