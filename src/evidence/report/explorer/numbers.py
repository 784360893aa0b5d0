"""What a paper reports of an analysis: names and values."""

from __future__ import annotations

from ...answers.wording.missing import in_short
from ...languages import _, decimal, pointed
from ...models.wording import number
from .analysis import Analysis


def numbers(analysis: Analysis) -> list[tuple[str, str]]:
    """Names and values of what a paper reports; a dash where there is none."""
    mean, shown = analysis.mean, analysis.measure
    k = int(analysis.kept.sum())
    counts = [
        (_("Trials"), _("{n} of {k}", n=k, k=len(analysis.rows)) if analysis.left_out else f"{k}"),
        (_("People"), decimal(analysis.people)),
        (_("Trials without a number"), in_short(analysis.account.numbers())),
    ]
    if analysis.fit is None or mean is None:
        return counts
    single = mean.k == 1
    spread = "–" if single or not analysis.random else pointed(number(mean.tau2))
    found = mean.prediction_interval
    name = _("{measure}, pooled", measure=shown.short)
    if single:
        name = _("{measure}, one trial", measure=shown.short)
    return [
        (name, shown.number(mean.estimate)),
        (_("95% interval"), shown.interval(*mean.ci)),
        (_("95% prediction interval"), "–" if found is None else shown.interval(*found)),
        ("τ²", spread),
        ("I²", "–" if single or mean.i2 is None else _("{n}%", n=f"{mean.i2:.0f}")),
        *counts,
    ]
