"""From the scale on which effects are pooled back to the one on which they are read: ratios, proportions, r."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtr, ndtri

from ...errors import InvalidInput
from ..arguments import shown
from ..inputs import Floats
from .measures import MEASURES
from .names import measure_name

#: Decimals beyond which nobody reads.
_MOST_DIGITS = 6
#: The transform that belongs to the trials' own measure.
AUTO = "auto"
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

    def at(self, value: float) -> float:
        """One value, read."""
        return float(self.back(np.asarray(value, dtype=float)))


def read_back(name: str, size: float | None = None) -> Back | None:
    """How values are read back; None where they are read as they are.

    Parameters
    ----------
    name : str
        A measure, or a function: "exp", "expit", "tanh", "square".
    size : float, optional
        People (for "PFT") or person-time (for "IRFT") of a trial, or the harmonic mean over trials; the two alone need
        it.

    References
    ----------
    Miller (1978), The American Statistician 32:138, 10.1080/00031305.1978.10479283: the inverse of the double arcsine.
    """
    if name in FUNCTIONS:
        return Back(f"{name} of the effect", *FUNCTIONS[name])
    if name not in MEASURES:
        return None
    chosen = MEASURES[name]
    if chosen.scale in _SIZED:
        return None if size is None else Back(chosen.what, chosen.scale, *_SIZED[chosen.scale](size))
    return Back(chosen.what, chosen.scale, *_SCALES[chosen.scale]) if chosen.scale else None


def chosen_back(transform: str | None, measure: str = "", vi: ArrayLike | None = None) -> Back | None:
    """What a caller's ``transform=`` means for trials of a measure with sampling variances ``vi``.

    Parameters
    ----------
    transform : str or None
        None to leave values as they are; "auto" for the scale of ``measure``; a function or a measure by name.
    measure : str
        Of the trials; "" where nothing tells.
    vi : (k,) array-like, optional
        Their sampling variances, in which their sizes stand.

    Raises
    ------
    InvalidInput
        No such transform, a measure that is read as it is, or one that needs sizes which are not there.
    """
    if transform is None:
        return None
    if isinstance(transform, str) and transform == AUTO:
        return read_back(measure, typical_size(measure, vi))
    name = transform_name(transform)
    back = read_back(name, typical_size(name, vi))
    if back is None:
        sized = MEASURES[name].scale in _SIZED
        why = (
            "comes back from the sizes of the trials; give n" if sized else "is read on the scale on which it is pooled"
        )
        raise InvalidInput(f"transform {shown(transform)}: {name} {why}")
    return back


def transform_name(transform: object) -> str:
    """The function or the measure that ``transform=`` names.

    Raises
    ------
    InvalidInput
        There is none.
    """
    if isinstance(transform, str) and transform in FUNCTIONS:
        return transform
    try:
        return measure_name(transform)
    except InvalidInput:
        known = ", ".join(FUNCTIONS)
        raise InvalidInput(
            f'transform {shown(transform)} is unknown; choose one of {known}, a measure such as RR or PFT, or "auto"'
        ) from None


def sizes_in(measure: str, vi: ArrayLike | None) -> Floats | None:
    """People of a PFT, person-time of an IRFT, which its sampling variance tells; None for other measures."""
    told = _SIZE_OF.get(MEASURES[measure].scale) if measure in MEASURES else None
    if told is None or vi is None:
        return None
    sizes = told(np.asarray(vi, dtype=float))
    return sizes if bool((sizes[np.isfinite(sizes)] > 0).all()) else None


def typical_size(measure: str, vi: ArrayLike | None) -> float | None:
    """Harmonic mean of `sizes_in`."""
    sizes = sizes_in(measure, vi)
    return None if sizes is None else float(1 / np.nanmean(1 / sizes))


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


def _to_arcsine(p: Floats) -> Floats:
    return np.asarray(np.arcsin(np.sqrt(p)))


def _square(value: Floats) -> Floats:
    return np.asarray(np.maximum(value, 0.0) ** 2)


def _double_arcsine(n: float) -> tuple[_Function, _Function]:
    def forth(p: Floats) -> Floats:
        x = np.asarray(p) * n
        return np.asarray((np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2)

    lowest, highest = forth(np.array(0.0)), forth(np.array(1.0))

    def back(value: Floats) -> Floats:
        angle = 2 * np.clip(value, lowest, highest)
        sine = np.sin(angle)
        inner = np.clip(1 - (sine + (sine - 1 / sine) / n) ** 2, 0, 1)
        return np.asarray((1 - np.sign(np.cos(angle)) * np.sqrt(inner)) / 2)

    return back, forth


def _double_root(t: float) -> tuple[_Function, _Function]:
    def forth(rate: Floats) -> Floats:
        return np.asarray((np.sqrt(rate) + np.sqrt(np.asarray(rate) + 1 / t)) / 2)

    def back(value: Floats) -> Floats:
        least = np.maximum(value, 0.5 / math.sqrt(t))  # of no event
        return np.asarray((least - 1 / (4 * t * least)) ** 2)

    return back, forth


#: Scales on which measures are pooled: from each to what is read, and the other way.
_SCALES: Mapping[str, tuple[_Function, _Function]] = {
    "log": (_exponential, np.log),
    "logit": (expit, logit),
    "Fisher's z": (np.tanh, np.arctanh),
    "square root": (_square, np.sqrt),
    "arcsine": (_from_arcsine, _to_arcsine),
    "probit": (ndtr, ndtri),
    "cube root": (lambda value: np.asarray(1 - (1 - value) ** 3), lambda a: np.asarray(1 - np.cbrt(1 - a))),
    "log of 1 minus": (lambda value: np.asarray(-np.expm1(-value)), lambda a: np.asarray(-np.log1p(-a))),
}
_SIZED: Mapping[str, Callable[[float], tuple[_Function, _Function]]] = {
    "double arcsine": _double_arcsine,
    "double square root": _double_root,
}
_SIZE_OF: Mapping[str, _Function] = {
    "double arcsine": lambda vi: np.asarray((1 / vi - 2) / 4),
    "double square root": lambda vi: np.asarray(1 / (4 * vi)),
}
#: Functions that a caller may name, each with its scale, itself and its inverse.
FUNCTIONS: Mapping[str, tuple[str, _Function, _Function]] = {
    name: (scale, *_SCALES[scale])
    for name, scale in {"exp": "log", "expit": "logit", "tanh": "Fisher's z", "square": "square root"}.items()
}
