"""From the scale on which effects are pooled back to the one on which they are read: ratios, proportions, r."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from ..inputs import Floats
from .measures import MEASURES

#: Decimals beyond which nobody reads.
_MOST_DIGITS = 6
_Function = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Back:
    """How a pooled value is read.

    Attributes
    ----------
    what : str
        What it is then: "risk ratio", "proportion".
    scale : str
        The scale on which it was pooled.
    back : function
        From that scale to what is read.
    forth : function
        The other way.
    """

    what: str
    scale: str
    back: _Function
    forth: _Function


def read_back(measure: str, people: float | None = None) -> Back | None:
    """How values of a measure are read back; None where they are read as they are.

    Parameters
    ----------
    measure : str
    people : float, optional
        Of a trial, or the harmonic mean over trials; "PFT" alone needs it.

    References
    ----------
    Miller (1978), The American Statistician 32:138, 10.1080/00031305.1978.10479283: the inverse of the double arcsine.
    """
    if measure == "PLO":
        return Back("proportion", "logit", expit, logit)
    if measure == "PAS":
        return Back("proportion", "arcsine", _from_arcsine, lambda p: np.asarray(np.arcsin(np.sqrt(p))))
    if measure == "PFT":
        return None if people is None else _double_arcsine(people)
    if measure == "ZCOR":
        return Back("correlation", "Fisher's z", np.tanh, np.arctanh)
    if measure in MEASURES and MEASURES[measure].ratio:
        return Back(MEASURES[measure].label, "log", _exponential, np.log)
    return None


def suited_digits(widths: Iterable[float], digits: int) -> int:
    """Decimals that show the narrowest of some intervals as one.

    An interval narrower than five units of the last digit is written with two digits of its width.
    """
    narrow = min((width for width in widths if width > 0 and math.isfinite(width)), default=math.inf)
    return digits if narrow >= 5 * 10.0**-digits else min(1 - math.floor(math.log10(narrow)), _MOST_DIGITS)


def _exponential(value: Floats) -> Floats:
    return np.asarray(np.exp(np.clip(value, -700.0, 700.0)))


def _from_arcsine(value: Floats) -> Floats:
    return np.asarray(np.sin(np.clip(value, 0, np.pi / 2)) ** 2)


def _double_arcsine(n: float) -> Back:
    def forth(p: Floats) -> Floats:
        x = np.asarray(p) * n
        return np.asarray((np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2)

    lowest, highest = forth(np.array(0.0)), forth(np.array(1.0))

    def back(value: Floats) -> Floats:
        angle = 2 * np.clip(value, lowest, highest)
        sine = np.sin(angle)
        inner = np.clip(1 - (sine + (sine - 1 / sine) / n) ** 2, 0, 1)
        return np.asarray((1 - np.sign(np.cos(angle)) * np.sqrt(inner)) / 2)

    return Back("proportion", "double arcsine", back, forth)
