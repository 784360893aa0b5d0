"""Interactive claims overview: each claim under its verdict, with the estimate where there is one."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from ..base.rows import rows_of
from ..errors import InvalidInput
from ..languages import N_, _
from ..plots.claims import VERDICTS, judged
from ..plots.parts.effect_axis import effect_limits, measure_named
from ..plots.parts.frames import Table, need, table_of
from ..plots.parts.options import reads_options
from ..plots.parts.text import counted, one_line, wrap_letters
from .effect_x import EffectX
from .hover import estimate_words, headed, told
from .rows import Row, row_names, row_targets, row_values, row_y
from .theme import OfflineChart, dressed

_STEP = 44  # pixels a row: two lines of words and an interval on a phone
_LINE = 50  # letters a line on a phone


@reads_options
def claims(
    result: Table,
    *,
    label: str = "claim",
    measure: str = "SMD",
    favours: tuple[str, str] | None = ("comparator", "acupuncture"),
    title: str | None = None,
    source: str | None = None,
) -> OfflineChart:
    """List claims under their verdicts, each with its interval; pointing at one gives its sentence and its trials.

    Parameters
    ----------
    result : result of `evidence.claims`, or frame
        What ``ev.claims`` returned: ``verdict``, the claim's words, ``estimate``, ``ci_low``, ``ci_high``, ``k``,
        ``n`` (not-a-number where nothing was measured), and where known ``measure`` row by row; ``certainty``,
        ``reason`` and ``sentence`` are told; ``href``, if there is such a column, is what a click opens.
    label : str
        Column with the claim's words.
    measure : str
        Measure of the axis, and of rows without one of their own. Estimates of another measure are told, not drawn.
    favours : (str, str) or None
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
        A column is missing or a verdict unknown.

    See Also
    --------
    claims : judges them.
    plots.claims : the figure.
    charts.save : writes a page.

    Examples
    --------
    >>> import pandas as pd
    >>> import evidence as ev
    >>> frame = pd.DataFrame({"claim": ["It eases pain"], "verdict": ["supported"], "estimate": [0.4], "ci_low": [0.2]})
    >>> chart = ev.charts.claims(frame.assign(ci_high=0.6, k=9, n=1200))
    >>> print(chart.to_dict()["description"])
    1 claim and what trials make of them: 1 claim supported against sham.
    """
    frame = table_of("claims", result)
    frame = need("claims", frame, label, "verdict", "estimate", "ci_low", "ci_high", "k", "n")
    unknown = sorted(set(frame["verdict"]) - set(VERDICTS), key=str)
    if unknown:
        raise InvalidInput(f"claims: {unknown[0]!r} is no verdict; use one of {', '.join(VERDICTS)}")
    shown = measure_named(measure)
    order = list(VERDICTS)
    frame = frame.sort_values("verdict", key=lambda verdicts: verdicts.map(order.index), kind="stable")
    rows: list[Row] = []
    drawn, places, effects = [], [], []
    last = ""
    for record in rows_of(frame):
        sign, colour = VERDICTS[record["verdict"]][:2]
        if record["verdict"] != last:
            last, count = record["verdict"], int((frame["verdict"] == record["verdict"]).sum())
            heading = judged(last, count)
            rows.append(Row(heading, bold=True, colour=colour, lines=tuple(wrap_letters(heading, _LINE - 6))))
        own = record.get("measure")
        scale = measure_named(own) if isinstance(own, str) and own else shown
        bounds = float(record["estimate"]), float(record["ci_low"]), float(record["ci_high"])
        effect = estimate_words(scale, *bounds).replace(" ", "\xa0")  # stays on one line
        claim = one_line(record[label])
        if math.isfinite(bounds[0]) and scale == shown:
            row = dict(zip(("estimate", "low", "high"), bounds, strict=True))
            drawn.append({**row, "row": len(rows), "colour": colour, "verdict": record["verdict"]})
        places.append(len(rows))
        effects.append(effect)
        stacked = f"{sign} {_('{claim}: {effect}', claim=claim, effect=effect)}" if effect else f"{sign} {claim}"
        rows.append(Row(f"{claim} {sign}", effect, lines=tuple(wrap_letters(stacked, _LINE))))
    marks = pd.DataFrame(drawn, columns=["estimate", "low", "high", "row", "colour", "verdict"])
    limits = effect_limits(marks["estimate"], marks["low"], marks["high"], keep=marks["estimate"])
    effect_x = EffectX(shown, limits, favours, len(rows), shift=alt.expr("narrow ? 15 : 0"))
    parts = effect_x.ground()
    for colour in marks["colour"].unique().tolist():
        group = marks[marks["colour"] == colour]
        parts += effect_x.bars(group, "low", "high", colour, 1.4)
        points = alt.Chart(group[["row", "estimate"]])
        mark = points.mark_circle(color=colour, opacity=1, size=70, yOffset=effect_x.shift, aria=False)
        parts.append(mark.encode(x=effect_x.x("estimate"), y=row_y(len(rows))))
    parts += row_names(rows, rise=10, room=520)
    words_of = {
        _("Claim"): [str(words) for words in frame[label]],
        _("Verdict"): [_(VERDICTS[verdict][2]) for verdict in frame["verdict"]],
        _("Effect"): [effect.replace("\xa0", " ") for effect in effects],
    }
    parts.append(
        row_targets(N_("Claims"), told(frame.drop(columns="measured", errors="ignore"), words_of), places, len(rows))
    )
    counts = {verdict: int((frame["verdict"] == verdict).sum()) for verdict in order}
    said = _("; ").join(judged(verdict, count) for verdict, count in counts.items() if count)
    told_of = _(
        "{claims} and what trials make of them: {verdicts}.", claims=counted(len(frame), "claim"), verdicts=said
    )
    return dressed(
        parts,
        height=_STEP * len(rows),
        narrow=900,
        title=title,
        source=source,
        alt_text=headed(title, told_of),
        values=row_values(rows),
    )
