"""Options of every function, checked in one way: a name among those there are, a flag, a number, a level."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Collection, Iterable
from numbers import Integral
from pathlib import Path
from types import UnionType

import numpy as np

from ..errors import InvalidInput

# A level nearer to 0 or 1 has no quantile that can be told from 0 or infinity.
_NEAREST = 1e-12


def require_choice(name: str, value: object, choices: Iterable[str]) -> None:
    """Raise `InvalidInput` unless ``value`` is one of ``choices``."""
    known = tuple(choices)
    if not isinstance(value, str) or value not in known:
        among = " or ".join(f'"{each}"' for each in known) if len(known) < 3 else f"one of {', '.join(known)}"
        raise InvalidInput(f"{name} {shown(value)} is unknown; choose {among}")


def require_flag(name: str, value: object) -> None:
    """Raise `InvalidInput` unless ``value`` is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise InvalidInput(f"{name} {shown(value)} is neither True nor False")


def require_number(name: str, value: object, low: float, high: float, words: str) -> None:
    """Raise `InvalidInput` unless ``value`` is a number from ``low`` to ``high``, both included; ``words`` say why."""
    if not is_number(value) or not low <= float(value) <= high:  # type: ignore[arg-type]
        raise InvalidInput(f"{name} {shown(value)} {words}")


def require_between(name: str, value: object, low: float, high: float) -> None:
    """Raise `InvalidInput` unless ``value`` is a number between two bounds, neither of them."""
    if not is_number(value) or not low < float(value) < high:  # type: ignore[arg-type]
        raise InvalidInput(f"{name} is {shown(value)}; give a number between {low:g} and {high:g}")


def require_finite(name: str, value: object) -> None:
    """Raise `InvalidInput` unless ``value`` is a finite number."""
    if not is_number(value):
        raise InvalidInput(f"{name} is {shown(value)}; give a finite number")


def require_count(name: str, value: object, least: int, most: float = math.inf) -> None:
    """Raise `InvalidInput` unless ``value`` is a whole number, neither too small nor too large."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= most:
        room = f"of at least {least}" if most == math.inf else f"from {least} to {most}"
        raise InvalidInput(f"{name} is {shown(value)}; give a whole number {room}")


def require_level(level: object) -> None:
    """Raise `InvalidInput` unless ``level`` is a coverage: a number between 0 and 1."""
    if not is_number(level) or not 0 < float(level) < 1:  # type: ignore[arg-type]
        raise InvalidInput(f"level {shown(level)} is not between 0 and 1; 0.95 means 95%")
    if not _NEAREST <= float(level) <= 1 - _NEAREST:  # type: ignore[arg-type]
        raise InvalidInput(f"level {shown(level)} is too near to 0 or 1 for an interval; 0.95 means 95%")


def require_kind(name: str, value: object, kind: type | UnionType, words: str) -> None:
    """Raise `InvalidInput` unless ``value`` is of a kind; ``words`` say what to give instead."""
    if not isinstance(value, kind):
        raise InvalidInput(f"{name} is {shown(value)}; give {words}")


def require_executor(value: object) -> None:
    """Raise `InvalidInput` unless ``value`` is an executor, or None for this process."""
    if value is not None and not hasattr(value, "submit"):
        raise InvalidInput(f"executor {shown(value)} cannot submit work; give a concurrent.futures.Executor")


def require_path(name: str, value: object) -> Path:
    """The path that ``value`` is, or `InvalidInput`: no path, or one that no file can have."""
    if not isinstance(value, str | os.PathLike):
        raise InvalidInput(f"{name} is {shown(value)}; give the path of a file or folder")
    try:
        path = Path(value)
        path.stat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise InvalidInput(f"{name} is too long for a path ({len(os.fspath(value))} characters)") from None
    except (TypeError, ValueError) as error:  # bytes; a zero in it
        raise InvalidInput(f"{name} is {shown(value)}, which is no path: {error}") from None
    return path


def each_of(value: object) -> tuple[object, ...]:
    """The members of a collection; whatever else was given, by itself."""
    several = isinstance(value, Collection) and not isinstance(value, str | bytes) and getattr(value, "ndim", 1) > 0
    return tuple(value) if several else (value,)  # type: ignore[arg-type]


def shown(value: object) -> str:
    """A value for an error text: as Python writes it, or what it is where that is long."""
    text = repr(value)
    kind = type(value).__name__
    return text if len(text) <= 60 and "\n" not in text else f"({'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind})"


def is_number(value: object) -> bool:
    """Whether ``value`` is one finite int or float (True and False are none, nor are fractions and decimals)."""
    try:
        return (
            isinstance(value, int | float | np.integer | np.floating)
            and not isinstance(value, bool)
            and math.isfinite(value)
        )
    except OverflowError:  # an integer beyond all floats
        return False
