"""Forest plot: every trial, its numbers, and what they come to together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.special import ndtri

from ..errors import InvalidInput
from .parts.canvas import close_axes, name_effect_axis, open_axes, room_for
from .parts.effect_axis import Measure, effect_limits, measure_named
from .parts.fits import Fit
from .parts.interval_rows import Row, draw_rows, total_height, worthwhile_words, wrap_rows
from .parts.lights import KEY, sign_of
from .parts.table import Column, Layout, cells_of, fitted
from .parts.text import counted, number, plain, shorten, width
from .parts.theme import small_size

_COMMON_EFFECT = ("EE", "FE", "CE")


def forest(
    fit: Fit | Mapping[str, Fit],
    *,
    columns: pd.DataFrame | None = None,
    groups: Mapping[str, Fit] | None = None,
    summary: bool | str = True,
    measure: str = "SMD",
    favours: tuple[str, str] | None = ("comparator", "acupuncture"),
    worthwhile: float | None = None,
    totals: Sequence[str] | None = None,
    risk_of_bias: pd.DataFrame | None = None,
    marks: Sequence[str] | None = None,
    weights: bool = True,
    xlim: tuple[float, float] | None = None,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw trials, their intervals and weights, and the pooled effect.

    Parameters
    ----------
    fit : pooled result, or mapping of label to pooled result
        What ``ev.pool`` returned. A mapping gives each subgroup a heading and a diamond of its own.
    columns : DataFrame with one row a trial, optional
        Columns printed between the trial's name and the plot, under their names; rows in the order in which the
        trials are drawn. Numbers stand right-aligned.
    groups : mapping of label to pooled result, optional
        Subgroups of ``fit``, which then closes the figure as the overall result.
    summary : bool or str
        Draw the pooled result (never done for one trial), under this name if it is text.
    measure : str
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios are shown back from logs.
    favours : (str, str) or None
        What the left and the right side of the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it (a ratio for ratios), shown as a band.
    totals : sequence of str, optional
        Columns summed beside each diamond. By default those named ``n``, alone or with a word after it.
    risk_of_bias : DataFrame with one row a trial, optional
        Judgements (low, some concerns, unclear, high ...), one column a domain, drawn as lights under the columns'
        names, which should be short.
    marks : sequence of str, optional
        A sign such as ``"*"`` after each trial's name, which stays when the name is shortened; ``source`` says what
        it means.
    weights : bool
        Write the weights as numbers, too; the squares always show them.
    xlim : (float, float), optional
        Limits of the effect axis as readers know them. Intervals that pass them end in an arrow.
    title, source : str, optional
        Heading, and where the numbers come from.
    ax : Axes, optional
        Where to draw, already of its final size. A new figure, as high as its rows need, when not given.

    Returns
    -------
    Axes
        Columns, plot zone and numbers share it; its x axis is the effect (the log of it for ratios).

    Raises
    ------
    InvalidInput
        ``columns`` has not one row a trial, ``totals`` names no column, or ``ax`` is too narrow for the columns.

    Notes
    -----
    The area of a square is proportional to the trial's weight. The diamond spans the confidence interval, the thin
    bar on its row the prediction interval; a trial's interval is yi plus and minus a normal quantile times sqrt(vi).

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.1, 0.4], [0.02, 0.05, 0.03, 0.04], slab=["Ada", "Bo", "Cy", "Di"])
    >>> ax = ev.plots.forest(fit, favours=("sham", "acupuncture"), worthwhile=0.5)
    >>> ev.plots.unreadable(ax.figure)
    []
    """
    subgroups = dict(fit) if isinstance(fit, Mapping) else dict(groups) if groups is not None else {"": fit}
    overall = None if isinstance(fit, Mapping) or groups is None else fit
    if not subgroups:
        raise InvalidInput("forest: there is no subgroup to draw")
    shown = measure_named(measure)
    trials = _Trials.read(columns, sum(f.k for f in subgroups.values()), totals).judged(risk_of_bias)
    level = next(iter(subgroups.values())).level
    fields = [
        Column("Trial", shrink=True),
        *trials.columns,
        Column(shown.short, "right", "right"),
        Column(f"{level * 100:g}% interval", "right", "right"),
        *([Column("Weight", "right", "right")] if weights else []),
    ]
    rows = _rows(subgroups, overall, trials, summary, shown)
    if not weights:
        rows = [replace(row, cells=row.cells[:-1]) for row in rows]
    signs = _signs(marks, [row.kind == "trial" for row in rows])
    rows = [replace(row, cells=(row.cells[0] + sign, *row.cells[1:])) for row, sign in zip(rows, signs, strict=True)]
    body = [row for row in rows if row.kind in ("trial", "pooled")]
    bold = [row.kind == "pooled" for row in body]
    least = (9 * small_size(), 15 * small_size())
    place = None if worthwhile is None else shown.placed(worthwhile)
    words = worthwhile_words(shown, place)
    layout = fitted("forest", fields, [row.cells for row in body], bold, ax, *least, words)
    rows = [_kept(row, sign, layout) for row, sign in zip(rows, signs, strict=True)]
    rows = wrap_rows(rows, layout)
    limits = _limits(rows, place) if xlim is None else (shown.placed(xlim[0]), shown.placed(xlim[1]))
    height = total_height(rows, layout)
    ax, owned = open_axes(ax, height, layout.total - room_for(ax))
    final = overall if overall is not None else next(iter(subgroups.values())) if len(subgroups) == 1 else None
    pooled = float(final.estimate) if final is not None and final.k > 1 and summary else None
    draw_rows(ax, rows, layout, limits, worthwhile=place, pooled=pooled)
    name_effect_axis(ax, shown, limits, favours, layout.fractions)
    return close_axes(ax, owned, title, source, height if owned else None)


@dataclass(frozen=True)
class _Trials:
    """The reader's columns: text of every cell, and sums for the rows that pool."""

    columns: tuple[Column, ...]
    cells: tuple[tuple[str, ...], ...]  # one tuple a trial
    numbers: tuple[tuple[float, ...], ...]  # values of the columns to be summed, one tuple a trial
    summed: tuple[bool, ...]

    @classmethod
    def read(cls, frame: pd.DataFrame | None, k: int, totals: Sequence[str] | None) -> _Trials:
        if frame is None:
            return cls((), ((),) * k, ((),) * k, ())
        if len(frame) != k:
            raise InvalidInput(f"forest: columns has {len(frame)} rows, the pooled result has {k} trials")
        names = [str(name) for name in frame.columns]
        unknown = [name for name in totals or () if name not in names]
        if unknown:
            raise InvalidInput(f"forest: totals names {unknown[0]!r}, which is not in columns ({', '.join(names)})")
        texts, fields, values, summed = [], [], [], []
        for i, name in enumerate(names):
            text, numeric = cells_of(frame.iloc[:, i])
            wanted = name in totals if totals is not None else name == "n" or name.startswith("n ")
            fields.append(Column(plain(name), "right" if numeric else "left", shrink=not numeric))
            summed.append(wanted and numeric)
            values.append(pd.to_numeric(frame.iloc[:, i]).to_numpy(float) if wanted and numeric else np.zeros(k))
            texts.append(text)
        numbers = tuple(tuple(float(v[i]) for v in values) for i in range(k))
        return cls(tuple(fields), tuple(zip(*texts, strict=True)), numbers, tuple(summed))

    def judged(self, frame: pd.DataFrame | None) -> _Trials:
        """The same with a light for every trial and domain."""
        if frame is None:
            return self
        if len(frame) != len(self.cells):
            raise InvalidInput(f"forest: risk_of_bias has {len(frame)} rows for {len(self.cells)} trials")
        fields = tuple(Column(plain(name), "center", lights=True) for name in frame.columns)
        rows = frame.itertuples(index=False, name=None)
        signs = (tuple(sign_of(v, "forest") for v in row) for row in rows)
        cells = tuple((*mine, *theirs) for mine, theirs in zip(self.cells, signs, strict=True))
        none = (0.0,) * len(fields)
        numbers = tuple((*mine, *none) for mine in self.numbers)
        return _Trials((*self.columns, *fields), cells, numbers, (*self.summed, *(False for _ in fields)))

    def sums(self, start: int, stop: int) -> tuple[str, ...]:
        """Cells of a pooled row over the trials from ``start`` to ``stop``."""
        sums = np.nansum(np.array(self.numbers[start:stop]), axis=0)
        return tuple(f"{round(s)}" if wanted else "" for s, wanted in zip(sums, self.summed, strict=True))


def _rows(
    subgroups: Mapping[str, Fit], overall: Fit | None, trials: _Trials, summary: bool | str, shown: Measure
) -> list[Row]:
    """All rows from top to bottom; notes still on one line each."""
    rows: list[Row] = []
    first, width = 0, len(trials.columns) + 4
    for label, fit in subgroups.items():
        if rows:
            rows.append(Row("gap", ("",) * width))
        if label:
            rows.append(Row("heading", (plain(label), *("",) * (width - 1))))
        rows += _trial_rows(fit, trials.cells[first : first + fit.k], first, shown)
        if summary:
            rows += _pooled_rows(fit, trials.sums(first, first + fit.k), summary if not label else True, shown)
        first += fit.k
    if overall is not None and summary:
        rows.append(Row("gap", ("",) * width))
        rows += _pooled_rows(overall, trials.sums(0, first), summary if summary is not True else "All trials", shown)
    if any(column.lights for column in trials.columns):
        words = ", ".join(f"{sign} {words}" for sign, words in KEY)
        rows.append(Row("note", (f"Risk of bias: {words}", *("",) * (width - 1))))
    return rows


def _signs(marks: Sequence[str] | None, trial: Sequence[bool]) -> list[str]:
    """The mark of each row, "" where it is no trial."""
    if marks is not None and len(marks) != sum(trial):
        raise InvalidInput(f"forest: marks has {len(marks)} signs for {sum(trial)} trials")
    left = iter(marks if marks is not None else ("",) * sum(trial))
    return [plain(next(left)) if here else "" for here in trial]


def _kept(row: Row, sign: str, layout: Layout) -> Row:
    """The row with its name shortened so that the mark after it stays."""
    if not sign:
        return row
    start, end = layout.spans[0]
    name = row.cells[0].removesuffix(sign)
    short = shorten(name, end - start - width(sign, small_size()), small_size())
    return replace(row, cells=(short + sign, *row.cells[1:]))


def _trial_rows(fit: Fit, cells: Sequence[tuple[str, ...]], first: int, shown: Measure) -> list[Row]:
    slab = fit.slab if fit.slab is not None else [f"Trial {first + i + 1}" for i in range(fit.k)]
    half = float(ndtri(0.5 + fit.level / 2)) * np.sqrt(np.asarray(fit.vi, dtype=float))
    rows = []
    for i in range(fit.k):
        yi, weight = float(fit.yi[i]), float(fit.weights[i])
        low, high = yi - float(half[i]), yi + float(half[i])
        words = (shown.number(yi), shown.interval(low, high), "100%" if fit.k == 1 else f"{weight:.1f}%")
        rows.append(Row("trial", (plain(slab[i]), *cells[i], *words), yi, low, high, weight))
    return rows


def _pooled_rows(fit: Fit, sums: tuple[str, ...], summary: bool | str, shown: Measure) -> list[Row]:
    blank = ("",) * len(sums)
    if fit.k == 1:
        return [Row("note", ("One trial: shown as it is, not pooled.", *blank, "", "", ""))]
    name = plain(summary) if isinstance(summary, str) else "Pooled"
    low, high = (float(v) for v in fit.ci)
    words = (shown.number(fit.estimate), shown.interval(low, high), "100%")
    prediction = fit.prediction_interval
    known = prediction is not None and all(math.isfinite(v) for v in prediction)
    rows = [Row("pooled", (name, *sums, *words), fit.estimate, low, high, prediction=prediction if known else None)]
    if prediction is not None and known:
        bounds = shown.interval(*prediction)
        rows.append(Row("note", ("Prediction interval", *blank, "", bounds, "")))
    model = "common effect" if fit.method in _COMMON_EFFECT else fit.method
    spread = f"{counted(fit.k, 'trial')} ({model}), τ²\xa0=\xa0{number(fit.tau2)}, I²\xa0=\xa0{fit.i2:.0f}%"
    return [*rows, Row("note", (spread, *blank, "", "", ""))]


def _limits(rows: Sequence[Row], worthwhile: float | None) -> tuple[float, float]:
    intervals = [(row.estimate, row.low, row.high) for row in rows if row.kind == "trial"]
    pooled = [row for row in rows if row.kind == "pooled"]
    intervals += [(row.estimate, *row.prediction) for row in pooled if row.prediction is not None]
    keep = [v for row in pooled for v in (row.low, row.high)]
    estimate, low, high = zip(*intervals, strict=True)
    return effect_limits(estimate, low, high, keep=keep if worthwhile is None else [*keep, worthwhile])
