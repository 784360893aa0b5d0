"""A pooled mean in words, on the scale on which readers know the effect."""

from __future__ import annotations

from collections.abc import Mapping

from ...effects.measures.back import Back, suited_digits
from ...languages import N_, Spoken, _, pointed
from .. import wording
from ..engine.inference import Interval
from .common_mean import CommonMean

_DIGITS = 2
#: What an effect is read back as, in the language spoken; a function of it is called as it is.
_READ = Spoken(
    {
        word: word
        for word in (
            *(N_("risk ratio"), N_("odds ratio"), N_("rate ratio"), N_("ratio of means"), N_("proportion"), N_("rate")),
            *(N_("mean"), N_("standard deviation"), N_("ratio of standard deviations"), N_("coefficient of variation")),
            *(N_("ratio of coefficients of variation"), N_("correlation"), N_("Cronbach's alpha")),
        )
    }
)


def pooled_sentence(fit: CommonMean, back: Back | None) -> str:
    """One sentence: the mean, its interval, and what a new study is expected to find."""
    n, level = _numbers(fit, back), f"{100 * fit.level:g}"
    named: dict[str, object] = {
        "k": fit.k,
        "level": level,
        "what": "" if back is None else _READ.get(back.what, back.what),
    }
    named["effect"] = _(
        "{effect} ({level}% confidence interval {low} to {high})",
        effect=pointed(n(fit.estimate)),
        level=level,
        low=pointed(n(fit.ci.low)),
        high=pointed(n(fit.ci.high)),
    )
    if fit.k == 1:
        return _alone(back, named)
    if not fit.prediction_interval:
        if back is None:
            return _("Across {k} studies the average effect is {effect}.", **named)
        return _("Across {k} studies the average {what} is {effect}.", **named)
    named |= {"low": pointed(n(fit.prediction_interval.low)), "high": pointed(n(fit.prediction_interval.high))}
    if back is None:
        return _(
            "Across {k} studies the average effect is {effect}, and in a new study it is expected between {low} and "
            "{high} ({level}% prediction interval).",
            **named,
        )
    return _(
        "Across {k} studies the average {what} is {effect}, and in a new study it is expected between {low} and "
        "{high} ({level}% prediction interval).",
        **named,
    )


def _alone(back: Back | None, named: Mapping[str, object]) -> str:
    if back is None:
        return _("One study found an effect of {effect}.", **named)
    if back.what[0] in "aeiou":
        return _("One study found an {what} of {effect}.", **named)
    return _("One study found a {what} of {effect}.", **named)


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
