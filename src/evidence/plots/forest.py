"""Forest plot: every trial, its numbers, and what they come to together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeGuard

import pandas as pd
from matplotlib.axes import Axes

from ..effects.measures.back import transform_name
from ..errors import InvalidInput
from ..languages import _, pointed
from .parts.canvas import close_axes, open_axes, room_for
from .parts.effect_axis import SIDES, Measure, effect_limits, given_limits, measure_named
from .parts.effect_words import name_effect_axis
from .parts.fits import Mean, Moderated, interval_head, read_fit
from .parts.frames import Table, need, table_of
from .parts.interval_rows import Row, draw_rows, total_height, worthwhile_words, wrap_rows
from .parts.lights import KEY
from .parts.marks import signed, signs_of
from .parts.options import reads_options
from .parts.table import Column, fitted
from .parts.text import plain
from .parts.theme import small_size
from .parts.trial_columns import TrialColumns
from .ranking import ranking

_Fit = Mean | Moderated


@reads_options
def forest(
    fit: object,
    *,
    columns: pd.DataFrame | None = None,
    groups: Mapping[str, object] | None = None,
    notes: Mapping[str, str] | None = None,
    summary: bool | str = True,
    measure: str | None = None,
    transform: str | None = None,
    favours: tuple[str, str] | None = SIDES,
    worthwhile: float | None = None,
    band: str | None = None,
    totals: Sequence[str] | None = None,
    risk_of_bias: pd.DataFrame | None = None,
    marks: Sequence[str] | None = None,
    weights: bool = True,
    xlim: tuple[float, float] | None = None,
    plot_share: float = 0.0,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw trials, their intervals and weights, and the pooled effect.

    Parameters
    ----------
    fit : pooled result or trials, or mapping of label to these
        What ``ev.pool`` or another function that pools returned, a frame with ``yi`` and ``vi``, or ``(yi, vi)``; a
        mapping gives each subgroup a heading and a diamond of its own. A fit with moderators shows what it expects of
        each trial as a pale diamond. Rows that are pooled already (``ev.pool(frame, by=...)``, a network against its
        reference) are drawn one a row.
    columns : DataFrame with one row a trial, optional
        Columns printed between the trial's name and the plot, under their names; rows in the order in which the
        trials are drawn. Numbers stand right-aligned.
    groups : mapping of label to pooled result, optional
        Subgroups of ``fit``, which then closes the figure as the overall result.
    notes : mapping of label to str, optional
        What is said of a subgroup under its heading: how sure its answer is, whom its trials treated.
    summary : bool or str
        Draw the pooled result (never done for one trial), under this name if it is text.
    measure : str
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...): names the axis; ratios are shown back from logs. By
        default that of the trials, else "effect", which claims no measure.
    transform : str, optional
        Read the effects back by a function ("exp", "expit", "tanh", "square") or as another measure.
    favours : (str, str) or None
        What the left and the right side of the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it (a ratio for ratios), shown as a band.
    band : str, optional
        Words over that band, in place of its value on the axis.
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
    plot_share : float
        Share of the figure's width that the plot must have beside the columns.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size. A new figure, as high as its rows need, when not given.

    Returns
    -------
    Axes
        Columns, plot zone and numbers share it; its x axis is the effect (the log of it for ratios).

    Raises
    ------
    InvalidInput
        ``columns`` has not one row a trial, ``totals`` names no column, or the columns leave too little for the plot.

    See Also
    --------
    plots.orchard : many effects on one branch.
    plots.cumulative : how the answer moved as trials came in.
    plots.funnel : the same trials by their precision.
    charts.forest : the interactive twin.

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
    measure = measure if transform is None else transform_name(transform)
    if _pooled_already(fit):
        if any(given is not None for given in (columns, groups, notes, risk_of_bias, marks)):
            raise InvalidInput(
                "forest: columns, groups, notes, risk_of_bias and marks are for trials, not for pooled rows"
            )
        kept = {"favours": favours, "worthwhile": worthwhile, "xlim": xlim, "title": title, "source": source, "ax": ax}
        return _of_pools(fit, measure, kept)
    given = fit if isinstance(fit, Mapping) else groups if groups is not None else {"": fit}
    subgroups = {str(label): read_fit("forest", part) for label, part in given.items()}
    overall = None if isinstance(fit, Mapping) or groups is None else read_fit("forest", fit)
    if not subgroups:
        raise InvalidInput("forest: there is no subgroup to draw")
    every = [*subgroups.values(), *([] if overall is None else [overall])]
    named = measure_named(measure or every[0].measure, every[-1].vi)
    shown = named.suited(part.ci for part in every if isinstance(part, Mean) and part.k > 1)
    trials = TrialColumns.read(columns, sum(f.k for f in subgroups.values()), totals).judged(risk_of_bias)
    weights = weights and all(part.weights is not None for part in subgroups.values())
    fields = [
        Column(_("Trial"), shrink=True),
        *trials.columns,
        Column(shown.short, "right", "right"),
        Column(interval_head(every), "right", "right"),
        *([Column(_("Weight"), "right", "right")] if weights else []),
    ]
    unheard = [label for label in notes or () if label not in subgroups]
    if unheard:
        raise InvalidInput(f"forest: notes names {unheard[0]!r}, which is no subgroup ({', '.join(subgroups)})")
    rows = _rows(subgroups, overall, trials, summary, shown, notes or {})
    rows = [row if weights else replace(row, cells=row.cells[:-1]) for row in rows]
    signs = signs_of(marks, [row.kind == "trial" for row in rows])
    rows = [replace(row, cells=(row.cells[0] + sign, *row.cells[1:])) for row, sign in zip(rows, signs, strict=True)]
    body = [row for row in rows if row.kind in ("trial", "pooled") or any(row.cells[1:])]
    bold = [row.kind == "pooled" for row in body]
    cells = [("", *row.cells[1:]) if row.kind == "note" else row.cells for row in body]  # a note may pass its column
    zone = None if worthwhile is None else shown.placed(worthwhile)
    words = band if band is not None and zone is not None else worthwhile_words(named, zone)
    layout = fitted("forest", fields, cells, bold, ax, 9 * small_size(), 15 * small_size(), words, plot_share)
    rows = wrap_rows([signed(row, sign, layout) for row, sign in zip(rows, signs, strict=True)], layout)
    limits = _limits(rows, zone, shown.null) if xlim is None else given_limits("forest", shown, xlim)
    height = total_height(rows, layout)
    ax, owned = open_axes(ax, height, layout.total - room_for(ax))
    final = overall if overall is not None else next(iter(subgroups.values())) if len(subgroups) == 1 else None
    pooled = final.estimate if isinstance(final, Mean) and final.k > 1 and summary else None
    draw_rows(ax, rows, layout, limits, shown, worthwhile=zone, pooled=pooled)
    name_effect_axis(ax, shown, limits, favours, layout.fractions)
    return close_axes(ax, owned, title, source, height if owned else None)


def _pooled_already(given: object) -> TypeGuard[Table]:
    """Whether the rows are pooled effects, such as ``ev.pool(frame, by=...)`` gives, rather than trials."""
    if isinstance(given, pd.DataFrame):
        return "yi" not in given.columns and {"estimate", "ci_low", "ci_high"} <= set(given.columns)
    if hasattr(given, "yi") or hasattr(given, "naive") or not hasattr(given, "to_frame"):
        return False
    frame = table_of("forest", given)
    return len(frame) > 1 and _pooled_already(frame)


def _of_pools(given: Table, measure: str | None, options: Mapping[str, object]) -> Axes:
    """One row a pooled effect, in the order given; what its columns before the numbers say is its name."""
    frame = need("forest", table_of("forest", given), "estimate", "ci_low", "ci_high")
    words = [c for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    told = frame[words].apply(lambda row: ", ".join(str(word) for word in row if not pd.isna(word)), axis=1)
    names = told if words else pd.Series(frame.index.astype(str))
    if "k" not in frame.columns and hasattr(given, "trials"):  # a network: its treatments against the reference
        frame = frame.assign(k=frame.iloc[:, 0].map(given.trials))
        names += f" against {getattr(given, 'reference', '')}"
    level = getattr(given, "level", None)
    rows = frame.assign(group=names.to_numpy()).drop(columns=[c for c in ("label", "note") if c in words])
    return ranking(rows, label="group", measure=measure or "SMD", level=level, ordered=False, **options)  # type: ignore[arg-type]


def _rows(
    subgroups: Mapping[str, _Fit],
    overall: _Fit | None,
    trials: TrialColumns,
    summary: bool | str,
    shown: Measure,
    notes: Mapping[str, str],
) -> list[Row]:
    """All rows from top to bottom; notes still on one line each."""
    rows: list[Row] = []
    first, width = 0, len(trials.columns) + 4
    every = [*subgroups.values(), *([] if overall is None else [overall])]
    mixed = len({fit.level for fit in every}) > 1
    for label, fit in subgroups.items():
        if rows:
            rows.append(Row("gap", ("",) * width))
        level = f" ({_('{level}% intervals', level=f'{fit.level * 100:g}')})" if mixed else ""
        if label or level:
            rows.append(Row("heading", (plain(label + level), *("",) * (width - 1))))
        if label in notes:
            rows.append(Row("note", (plain(notes[label]), *("",) * (width - 1))))
        rows += _trial_rows(fit, trials.cells[first : first + fit.k], shown)
        if summary:
            rows += _pooled_rows(fit, trials.sums(first, first + fit.k), summary if not label else True, shown)
        first += fit.k
    if overall is not None and summary:
        rows.append(Row("gap", ("",) * width))
        name = summary if summary is not True else _("All trials")
        name += f" ({_('{level}% interval', level=f'{overall.level * 100:g}')})" if mixed else ""
        rows += _pooled_rows(overall, trials.sums(0, first), name, shown)
    if any(isinstance(fit, Moderated) for fit in subgroups.values()) and summary:
        rows.append(Row("note", (_("Pale diamonds: what the moderators lead to expect."), *("",) * (width - 1))))
    if any(column.lights for column in trials.columns):
        words = _(", ").join(f"{sign} {_(words)}" for sign, words in KEY)
        rows.append(Row("note", (_("Risk of bias: {key}", key=words), *("",) * (width - 1))))
    return rows


def _trial_rows(fit: _Fit, cells: Sequence[tuple[str, ...]], shown: Measure) -> list[Row]:
    lows, highs = fit.bounds
    expected: list[tuple[float, float, float] | None] = [None] * fit.k
    if isinstance(fit, Moderated):
        expected = list(fit.fitted[["ci_low", "estimate", "ci_high"]].itertuples(index=False, name=None))
    rows = []
    for i, name in enumerate(fit.slab):
        yi, low, high, share = (float(part[i]) for part in (fit.yi, lows, highs, fit.shares))
        weight = _("{n}%", n=100 if fit.k == 1 else pointed(f"{share:.1f}"))
        own = shown.of_trial(float(fit.vi[i]))
        words = (own.number(yi), own.interval(low, high), weight) if math.isfinite(yi) else ("–", "", "–")
        rows.append(Row("trial", (plain(name), *cells[i], *words), yi, low, high, share, expected=expected[i]))
    return rows


def _pooled_rows(fit: _Fit, sums: tuple[str, ...], summary: bool | str, shown: Measure) -> list[Row]:
    blank = ("",) * len(sums)
    if fit.k == 1:
        return [Row("note", (_("One trial: shown as it is, not pooled."), *blank, "", "", ""))]
    notes = [Row("note", (fit.words, *blank, "", "", ""))]
    if isinstance(fit, Moderated):
        return [*notes, Row("note", (fit.test, *blank, "", "", ""))]
    name = plain(summary) if isinstance(summary, str) else _("Pooled")
    words = (shown.number(fit.estimate), shown.interval(*fit.ci), _("{n}%", n=100))
    prediction = fit.prediction_interval
    row = Row("pooled", (name, *sums, *words), fit.estimate, *fit.ci, prediction=prediction)
    if prediction is not None:
        notes.insert(0, Row("note", (_("Prediction interval"), *blank, "", shown.interval(*prediction), "")))
    return [row, *notes]


def _limits(rows: Sequence[Row], worthwhile: float | None, null: bool) -> tuple[float, float]:
    intervals = [(row.estimate, row.low, row.high) for row in rows if row.kind == "trial"]
    pooled = [row for row in rows if row.kind == "pooled"]
    intervals += [(row.estimate, *row.prediction) for row in pooled if row.prediction is not None]
    keep = [v for row in pooled for v in (row.low, row.high)]
    keep += [row.expected[1] for row in rows if row.expected is not None]
    estimate, low, high = zip(*intervals, strict=True)
    return effect_limits(estimate, low, high, keep=[*keep, *([] if worthwhile is None else [worthwhile])], null=null)
