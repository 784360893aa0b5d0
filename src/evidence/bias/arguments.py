"""What methods are told beside their studies: the alternative of a test, and numbers, checked."""

from __future__ import annotations

from numbers import Integral
from typing import Literal

from ..errors import InvalidInput
from ..models.arguments import is_number, shown

Alternative = Literal["two-sided", "greater", "less"]
"""Which results studies, or their editors, took for significant."""


def require_between(name: str, value: object, low: float, high: float) -> None:
    """Raise `InvalidInput` unless ``value`` is a number between two bounds, neither of them."""
    if not is_number(value) or not low < float(value) < high:  # type: ignore[arg-type]
        raise InvalidInput(f"{name} is {shown(value)}; give a number between {low:g} and {high:g}")


def require_finite(name: str, value: object) -> None:
    """Raise `InvalidInput` unless ``value`` is a finite number."""
    if not is_number(value):
        raise InvalidInput(f"{name} is {shown(value)}; give a finite number")


def require_count(name: str, value: object, least: int) -> None:
    """Raise `InvalidInput` unless ``value`` is a whole number that is not too small."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise InvalidInput(f"{name} is {shown(value)}; give a whole number of at least {least}")
