"""What a paper reports of an analysis: names and values."""

from __future__ import annotations

from ...answers.wording.missing import in_short
from ...models.wording import number
from .analysis import Analysis


def numbers(analysis: Analysis) -> list[tuple[str, str]]:
    """Names and values of what a paper reports; a dash where there is none."""
    mean, shown = analysis.mean, analysis.measure
    k = int(analysis.kept.sum())
    counts = [
        ("Trials", f"{k} of {len(analysis.rows)}" if analysis.left_out else f"{k}"),
        ("People", f"{analysis.people:,.0f}"),
        ("Trials without a number", in_short(analysis.account.numbers())),
    ]
    if analysis.fit is None or mean is None:
        return counts
    single = mean.k == 1
    spread = "–" if single or not analysis.random else number(mean.tau2)
    found = mean.prediction_interval
    return [
        (f"{shown.short}, one trial" if single else f"{shown.short}, pooled", shown.number(mean.estimate)),
        ("95% interval", shown.interval(*mean.ci)),
        ("95% prediction interval", "–" if found is None else shown.interval(*found)),
        ("τ²", spread),
        ("I²", "–" if single or mean.i2 is None else f"{mean.i2:.0f}%"),
        *counts,
    ]
