"""The one place where statistics given by a caller are read, checked and brought to one shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..errors import InvalidInput

Floats: TypeAlias = NDArray[np.float64]
"""An array of floats; where only scalars went in, a NumPy scalar, which has the same attributes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must satisfy, as a test and in words (``"<name>[<index>] = <value>: must <words>"``)."""

    holds: Callable[[Floats], NDArray[np.bool_]]
    words: str


FINITE = Rule(np.isfinite, "be a finite number; drop or derive missing values first")
POSITIVE = Rule(lambda x: x > 0, "be above 0")
NOT_NEGATIVE = Rule(lambda x: x >= 0, "be 0 or more")
NOT_ZERO = Rule(lambda x: x != 0, "not be 0")
SAMPLE_SIZE = Rule(lambda x: x >= 2, "be a sample size of 2 or more")
CORRELATION = Rule(lambda x: np.abs(x) < 1, "lie between -1 and 1, both excluded")
PROBABILITY = Rule(lambda x: (x > 0) & (x < 1), "lie between 0 and 1, both excluded")
P_VALUE = Rule(lambda x: (x > 0) & (x <= 1), "be a p value above 0 and not above 1")
DIRECTION = Rule(lambda x: np.isin(x, (-1, 0, 1)), "be 1, -1 or 0")
SIGN = Rule(lambda x: np.abs(x) == 1, "be 1 or -1")


def read(**arguments: tuple[ArrayLike, Rule]) -> tuple[Floats, ...]:
    """Check each argument against its rule and broadcast all to one shape.

    Parameters
    ----------
    **arguments : (values, rule)
        Values as given by the caller, under the name by which the caller knows them.

    Returns
    -------
    tuple of arrays
        In the order given, all of the broadcast shape (0-d when everything was a scalar).

    Raises
    ------
    InvalidInput
        Not numbers, missing values, a broken rule, or shapes that do not broadcast.
    """
    arrays = {name: _as_floats(name, values) for name, (values, _) in arguments.items()}
    for name, (_, rule) in arguments.items():
        require(FINITE.holds(arrays[name]), name, arrays[name], FINITE.words)
        require(rule.holds(arrays[name]), name, arrays[name], rule.words)
    try:
        return np.broadcast_arrays(*arrays.values())
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise InvalidInput(f"shapes do not broadcast to one: {shapes}") from None


def require(holds: NDArray[np.bool_] | np.bool_, name: str, values: Floats, words: str) -> None:
    """Raise `InvalidInput` for the first value that does not hold, with its argument, index and value."""
    if np.all(holds):
        return
    place = tuple(int(i) for i in np.argwhere(~np.asarray(holds))[0])
    index = f"[{', '.join(map(str, place))}]" if place else ""
    raise InvalidInput(f"{name}{index} = {float(values[place])!r}: must {words}")


def require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise `InvalidInput` unless `value` is one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        raise InvalidInput(f"{name} = {value!r}: must be one of {', '.join(map(repr, choices))}")


def scalar_if_0d(values: Floats) -> Floats:
    """Give a 0-d array back as a NumPy scalar, so that scalars in means scalars out."""
    return values[()]


def _as_floats(name: str, values: ArrayLike) -> Floats:
    try:
        if np.iscomplexobj(values):
            raise TypeError
        if isinstance(values, pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
            return values.to_numpy(dtype=float, na_value=np.nan)
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput(f"{name} = {values!r}: must be a number or an array of numbers") from None
