"""What a method is told beside its studies, checked: a choice among names, a number between bounds, a count."""

from __future__ import annotations

import math
from collections.abc import Collection
from numbers import Integral, Real
from typing import TypeVar

from ..errors import InvalidInput

Name = TypeVar("Name", bound=str)


def require_choice(value: Name, name: str, choices: Collection[str]) -> Name:
    """One of the names there are, such as the keys of a registry.

    Raises
    ------
    InvalidInput
        Something else; the message lists them.
    """
    if not isinstance(value, str) or value not in choices:
        raise InvalidInput(f"{name} {value!r} is unknown; choose one of {', '.join(choices)}")
    return value


def require_between(value: object, name: str, low: float, high: float) -> float:
    """A number between two bounds, neither of which it may be."""
    if isinstance(value, bool) or not isinstance(value, Real) or not low < float(value) < high:
        raise InvalidInput(f"{name} is {value!r}; give a number between {low:g} and {high:g}")
    return float(value)


def require_correlation(value: object, name: str) -> float:
    """A number from 0 to 1, both ends included."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) <= 1:
        raise InvalidInput(f"{name} {value!r} is not a correlation between 0 and 1")
    return float(value)


def require_finite(value: object, name: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise InvalidInput(f"{name} is {value!r}; give a finite number")
    return float(value)


def require_count(value: object, name: str, least: int) -> int:
    """A whole number that is not too small."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise InvalidInput(f"{name} is {value!r}; give a whole number of at least {least}")
    return int(value)
