"""Ranking: what a treatment does for each condition."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import InvalidInput
from ..languages import _, ngettext
from .parts.canvas import close_axes, open_axes, room_for
from .parts.effect_axis import SIDES, Measure, effect_limits, given_limits, measure_named
from .parts.effect_words import name_effect_axis
from .parts.fits import telling_prediction
from .parts.frames import Table, level_of, need, table_of
from .parts.interval_rows import Row, draw_rows, total_height, worthwhile_words, wrap_rows
from .parts.options import reads_options
from .parts.table import Column, fitted
from .parts.text import counted, plain
from .parts.theme import small_size

_NEEDED = ("estimate", "ci_low", "ci_high", "k")


@reads_options
def ranking(
    result: Table,
    *,
    label: str | None = None,
    by: str | None = None,
    certainty: str | None = None,
    measure: str = "SMD",
    level: float | None = None,
    favours: tuple[str, str] | None = SIDES,
    worthwhile: float | None = None,
    xlim: tuple[float, float] | None = None,
    counts: Literal["below", "beside"] = "below",
    ordered: bool = True,
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one pooled effect a row, from the largest down, with the trials and people behind it.

    Parameters
    ----------
    result : result of `evidence.rank_conditions`, or frame
        One row a condition (for each value of ``by``), with the columns ``label``, ``estimate``, ``ci_low``,
        ``ci_high``, ``k``, and where known ``n`` (people), ``pi_low``, ``pi_high`` (prediction interval) and ``note``
        (words in place of the counts). A row without estimate stays a row: absence of evidence is shown.
    label : str, optional
        Column with the names of the rows; when not given, ``label`` where there is one, else ``condition``.
    by : str, optional
        Column that splits the rows into blocks under a heading each, on one axis; blocks come in order of appearance.
    certainty : str, optional
        Column with the certainty in words, written beside the number of trials where ``counts`` is "beside".
    measure : str
        Name of the measure (``"SMD"``, ``"MD100"``, ``"RR"`` ...); ratios come as logs and are shown back.
    level : float
        Level of the intervals, for the head of their column.
    favours : (str, str) or None
        What the left and the right side of the null favour.
    worthwhile : float, optional
        Smallest effect that matters to a patient, as readers know it.
    xlim : (float, float), optional
        Limits of the effect axis as readers know them.
    counts : "below" or "beside"
        Write trials and people (or the note) under each name, or only the number of trials in a column beside it:
        one line a row, for a figure of little height.
    ordered : bool
        From the largest effect down; otherwise the rows keep the order of the frame.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Columns, plot zone and numbers share it; its x axis is the effect.

    Raises
    ------
    InvalidInput
        A needed column is missing, or an estimate comes without its interval.

    See Also
    --------
    rank_conditions : makes the rows of conditions.
    plots.forest : the trials behind a row.

    Notes
    -----
    A single trial is drawn hollow and faded and called one trial: it is not a pooled result.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> rows = {"condition": ["Arthritis", "Disc herniation"], "estimate": [0.2, 0.4], "k": [9, 3], "n": [2310, 210]}
    >>> frame = pd.DataFrame(rows).assign(ci_low=[0.1, 0.1], ci_high=[0.3, 0.7])
    >>> ax = ev.plots.ranking(frame, favours=("sham", "acupuncture"))
    >>> [text.get_text() for text in ax.texts if text.get_weight() == "bold"]
    ['Disc herniation', 'Arthritis']
    >>> plt.close(ax.figure)
    """
    frame = table_of("ranking", result)
    label = label or ("label" if "label" in frame.columns else "condition")
    frame = _checked(frame, label, by, certainty)
    level = level_of(result, frame, level)
    shown = measure_named(measure)
    beside = counts == "beside"
    fields = [
        Column("", shrink=True),
        *([Column(_("trials"), "right")] if beside else []),
        *([Column(_("certainty"))] if beside and certainty else []),
        Column(shown.short, "right", "right"),
        Column(_("{level}%\xa0interval", level=f"{level * 100:g}"), "right", "right"),
    ]
    blocks = [(None, frame)] if by is None else list(frame.groupby(by, sort=False))
    answers = [
        [_answer(row, label, shown, beside, certainty) for row in _records(block, ordered)] for _, block in blocks
    ]
    flat = [row for block in answers for row, _ in block]
    least = ((12 if beside else 17) * small_size(), 17 * small_size())
    place = None if worthwhile is None else shown.placed(worthwhile)
    words = worthwhile_words(shown, place)
    layout = fitted("ranking", fields, [row.cells for row in flat], [True] * len(flat), ax, *least, words)
    rows = wrap_rows(_rows([name for name, _ in blocks], answers), layout)
    limits = _limits(flat, place) if xlim is None else given_limits("ranking", shown, xlim)
    height = total_height(rows, layout)
    ax, owned = open_axes(ax, height, layout.total - room_for(ax))
    draw_rows(ax, rows, layout, limits, shown, worthwhile=place)
    name_effect_axis(ax, shown, limits, favours, layout.fractions)
    return close_axes(ax, owned, title, source, height if owned else None)


def _checked(frame: pd.DataFrame, label: str, by: str | None, certainty: str | None) -> pd.DataFrame:
    more = ("n", "pi_low", "pi_high", "se", "df")
    frame = need("ranking", frame, label, *_NEEDED, by, certainty, numbers=more, labels=(by,))
    bare = frame["estimate"].notna() & (frame["ci_low"].isna() | frame["ci_high"].isna())
    if bare.any():
        raise InvalidInput(f"ranking: {frame.loc[bare, label].iloc[0]!r} has an estimate without its interval")
    return frame


def _records(block: pd.DataFrame, ordered: bool) -> list[dict[Hashable, object]]:
    if not ordered:
        return block.to_dict("records")
    order = np.argsort(-block["estimate"].to_numpy(float), kind="stable")  # not-a-number sorts last
    return block.iloc[order].to_dict("records")


def _answer(
    record: dict[Hashable, object], label: str, shown: Measure, beside: bool, certainty: str | None
) -> tuple[Row, str]:
    """The row of one condition, and the words under its name ("" when the trials stand beside it)."""
    estimate, low, high, pi_low, pi_high = (
        _real(record.get(name)) for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
    )
    trials, people = (0 if math.isnan(v) else int(v) for v in (_real(record["k"]), _real(record.get("n"))))
    note = record.get("note")
    known = math.isfinite(estimate)
    if isinstance(note, str) and note.strip():
        words = plain(note)
    elif trials == 0:
        words = _("no trial with numbers")
    else:
        words = ngettext("one trial", "{n} trials", trials)
        words = _("{trials}, {people}", trials=words, people=counted(people, "person")) if "n" in record else words
    texts = (shown.number(estimate), shown.interval(low, high)) if known else ("–", "")
    prediction = telling_prediction(trials, (low, high), (pi_low, pi_high))
    sure = [plain(_(str(record[certainty])))] if beside and certainty else []
    cells = (plain(record[label]), *([str(trials)] if beside else []), *sure, *texts)
    row = Row("answer", cells, estimate, low, high, prediction=prediction, hollow=trials == 1)
    return row, "" if beside else words


def _rows(names: list[object], answers: list[list[tuple[Row, str]]]) -> list[Row]:
    rows: list[Row] = []
    blank = ("",) * (len(answers[0][0][0].cells) - 1)
    for name, block in zip(names, answers, strict=True):
        if rows:
            rows.append(Row("gap", ("", *blank)))
        if name is not None:
            rows += [Row("heading", (plain(name), *blank)), Row("air", ("", *blank))]
        for answer, words in block:
            rows += [answer, *([Row("note", (words, *blank))] if words else []), Row("gap", ("", *blank))]
    return rows[:-1]


def _limits(rows: list[Row], worthwhile: float | None) -> tuple[float, float]:
    intervals = [(row.estimate, row.low, row.high) for row in rows]
    intervals += [(row.estimate, *row.prediction) for row in rows if row.prediction is not None]
    keep = [v for row in rows for v in (row.low, row.high) if not row.hollow]
    estimate, low, high = zip(*intervals, strict=True)
    return effect_limits(estimate, low, high, keep=keep if worthwhile is None else [*keep, worthwhile])


def _real(value: object) -> float:
    return math.nan if pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]
