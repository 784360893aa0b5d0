"""A pooled mean in words, on the scale on which readers know the effect."""

from __future__ import annotations

from ...effects.measures.back import Back, suited_digits
from .. import wording
from ..engine.inference import Interval
from .common_mean import CommonMean

_DIGITS = 2


def pooled_sentence(fit: CommonMean, back: Back | None) -> str:
    """One sentence: the mean, its interval, and what a new study is expected to find."""
    n, level = _numbers(fit, back), wording.percent(fit.level)
    what = "effect" if back is None else back.what
    found = f"{n(fit.estimate)} ({level} confidence interval {n(fit.ci.low)} to {n(fit.ci.high)})"
    if fit.k == 1:
        return f"One study found {'an' if what[0] in 'aeiou' else 'a'} {what} of {found}."
    text = f"Across {fit.k} studies the average {what} is {found}"
    if fit.prediction_interval:
        low, high = fit.prediction_interval
        text += f", and in a new study it is expected between {n(low)} and {n(high)} ({level} prediction interval)"
    return text + "."


def read_lines(fit: CommonMean, back: Back | None) -> list[str]:
    """Lines of the summary that say what is read back; none where the effect is read as it is."""
    if back is None:
        return []
    n, level = _numbers(fit, back), wording.percent(fit.level)
    lines = [f"{back.what} {n(fit.estimate)}, {level} CI {n(fit.ci.low)} to {n(fit.ci.high)}"]
    if fit.prediction_interval:
        low, high = fit.prediction_interval
        lines.append(f"of a new study: {level} prediction interval {n(low)} to {n(high)}")
    return [*lines, f"model on the {back.scale} scale:"]


class _numbers:
    """Writes a value of a fit as it is read, with digits that suit the interval."""

    def __init__(self, fit: CommonMean, back: Back | None) -> None:
        self._back = back
        self._digits = _DIGITS if back is None else suited_digits([_width(fit.ci, back)], _DIGITS)

    def __call__(self, value: float) -> str:
        return wording.number(value if self._back is None else self._back.at(value), self._digits)


def _width(bounds: Interval, back: Back) -> float:
    return back.at(bounds.high) - back.at(bounds.low)
