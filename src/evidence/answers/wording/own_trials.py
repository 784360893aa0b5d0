"""What `evidence pool` says of trials of one's own: the sentence, the trials, then how they differ."""

from __future__ import annotations

import numpy as np

from ...effects.measures.back import AUTO, Back, chosen_back, suited_digits
from ...effects.measures.measures import MEASURES
from ...models import wording
from ...models.engine.inference import Interval, critical
from ...models.univariate.pooled import Pooled

_DIGITS = 2


def own_trials(fit: Pooled, measure: str, transform: str | None = AUTO) -> list[str]:
    """The lines: what the trials say together, each of them, and the model behind it.

    Parameters
    ----------
    fit : Pooled
        Of the trials.
    measure : str
        What their effects are; "" where nothing tells.
    transform : str or None
        How they are read back, as for `back_transform`; by default as the measure has it.

    Returns
    -------
    list of str
        Of one trial the sentence alone. Ratios and proportions are told as such; the lines of the model are on the
        scale on which it was fitted, which is said.
    """
    back = chosen_back(transform, measure, fit.vi)
    digits = suited_digits([_at(back, fit.ci.high) - _at(back, fit.ci.low)], _DIGITS)
    lines = [_sentence(fit, measure, back, digits)]
    if fit.k > 1:
        lines += ["", *_table(fit, measure, back, transform, digits), ""]
        lines += [] if back is None else [f"model, on the {back.scale} scale:"]
        lines += fit.summary(transform=None).splitlines()
    return lines


def _sentence(fit: Pooled, measure: str, back: Back | None, digits: int) -> str:
    what = back.what if back is not None else MEASURES[measure].label if measure in MEASURES else "effect"
    article = "an" if what[0] in "aeiou" else "a"
    found = f"{_number(back, fit.estimate, digits)} ({wording.percent(fit.level)} confidence interval "
    found += f"{_interval(back, fit.ci, digits)})"
    if fit.k == 1:
        return f"One trial, {fit.slab[0]}, found {article} {what} of {found}; nothing is pooled."
    text = f"Across {fit.k} trials the {'average' if fit.settings.random else 'common'} {what} is {found}"
    if fit.prediction_interval:
        text += f"; in a new trial it is expected from {_interval(back, fit.prediction_interval, digits)} "
        text += f"({wording.percent(fit.level)} prediction interval)"
    return text + "."


def _table(fit: Pooled, measure: str, back: Back | None, transform: str | None, digits: int) -> list[str]:
    """A line a trial, columns apart, and the pooled one."""
    half = float(critical(fit.level, np.array([np.inf]))[0]) * np.sqrt(fit.vi)
    rows = [("trial", _head(measure, back), f"{wording.percent(fit.level)} CI", "weight")]
    for i, name in enumerate(fit.slab):
        own = chosen_back(transform, measure, fit.vi[i : i + 1])
        bounds = Interval(float(fit.yi[i] - half[i]), float(fit.yi[i] + half[i]))
        weight = f"{fit.weights[i]:.1f}%"
        rows.append((name, _number(own, float(fit.yi[i]), digits), _interval(own, bounds, digits), weight))
    rows.append(("pooled", _number(back, fit.estimate, digits), _interval(back, fit.ci, digits), ""))
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(widths[at]) for at, cell in enumerate(row) if at)]).rstrip()
        for row in rows
    ]


def _at(back: Back | None, value: float) -> float:
    return value if back is None else back.at(value)


def _number(back: Back | None, value: float, digits: int) -> str:
    """With the same decimals in every row; zero has no sign."""
    text = f"{_at(back, value):.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def _head(measure: str, back: Back | None) -> str:
    return back.what if back is not None and back.scale != "log" else measure or "effect"


def _interval(back: Back | None, bounds: Interval, digits: int) -> str:
    return f"{_number(back, bounds.low, digits)} to {_number(back, bounds.high, digits)}"
