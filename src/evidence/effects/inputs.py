"""The one place where statistics given by a caller are read, paired by label, checked and brought to one shape."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import InvalidInput

Floats: TypeAlias = NDArray[np.float64]
"""An array of floats; where only scalars went in, a NumPy scalar, which has the same attributes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must satisfy, as a test and in words (``"<name>[<index>] = <value>: must <words>"``).

    ``counted`` says that it counts something: people bring whole numbers, what is derived from them need not be whole.
    """

    holds: Callable[[Floats], NDArray[np.bool_]]
    words: str
    counted: bool = False


FINITE = Rule(np.isfinite, "be a finite number; drop or derive missing values first")
# Beyond these sizes squares leave floating point.
_SMALLEST, _LARGEST = 1e-100, 1e100
_NOT_HUGE = Rule(lambda x: np.abs(x) <= _LARGEST, f"not be beyond {_LARGEST:g}; use larger units")
_NOT_TINY = Rule(lambda x: (x == 0) | (np.abs(x) >= _SMALLEST), f"not be below {_SMALLEST:g}; use smaller units")
POSITIVE = Rule(lambda x: x > 0, "be above 0")
NOT_NEGATIVE = Rule(lambda x: x >= 0, "be 0 or more")
NOT_ZERO = Rule(lambda x: x != 0, "not be 0")
COUNT = Rule(lambda x: x >= 0, "be 0 or more", counted=True)
SAMPLE_SIZE = Rule(lambda x: x >= 2, "be a sample size of 2 or more", counted=True)
CORRELATION = Rule(lambda x: np.abs(x) < 1, "lie between -1 and 1, both excluded")
PROBABILITY = Rule(lambda x: (x > 0) & (x < 1), "lie between 0 and 1, both excluded")
SHARE = Rule(lambda x: (x >= 1e-12) & (x <= 1 - 1e-12), "lie between 0 and 1, and be told from both")
P_VALUE = Rule(lambda x: (x > 0) & (x <= 1), "be a p value above 0 and not above 1")
DIRECTION = Rule(lambda x: np.isin(x, (-1, 0, 1)), "be 1, -1 or 0")
SIGN = Rule(lambda x: np.abs(x) == 1, "be 1 or -1")


def read(**arguments: tuple[object, Rule]) -> tuple[Floats, ...]:
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
        Not numbers, missing values, a broken rule, shapes that do not broadcast, or Series with different labels.

    Notes
    -----
    Series are paired by their labels, in the order of the first that has any (see `aligned`).
    """
    index = label_index(*(values for values, _ in arguments.values()))
    than = next((name for name, (values, _) in arguments.items() if getattr(values, "index", None) is index), "")
    arrays = {name: as_floats(name, aligned(values, name, index, than=than)) for name, (values, _) in arguments.items()}
    for name, (_, rule) in arguments.items():
        require(FINITE.holds(arrays[name]), name, arrays[name], FINITE.words)
        for size in (_NOT_HUGE, _NOT_TINY) if rule in (POSITIVE, NOT_ZERO) else (_NOT_HUGE,):
            require(size.holds(arrays[name]), name, arrays[name], size.words)
        require(rule.holds(arrays[name]), name, arrays[name], rule.words)
    if len({array.shape for array in arrays.values()}) == 1:
        return tuple(arrays.values())
    try:
        return np.broadcast_arrays(*arrays.values())
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise InvalidInput(f"shapes do not broadcast to one: {shapes}") from None


def label_index(*given: object) -> pd.Index | None:
    """Labels of the rows: those of the first Series that has any, else a default index, else None."""
    indexes = [part.index for part in given if isinstance(part, pd.Series)]
    return next((index for index in indexes if not is_default(index)), indexes[0] if indexes else None)


def is_default(index: pd.Index) -> bool:
    """Whether an index is 0, 1, 2, ..., which labels nothing."""
    return isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1


def aligned(
    values: Any, name: str, index: pd.Index | None, within: pd.Index | None = None, than: str = "the studies"
) -> Any:
    """Values in the order of the labels ``index``; those without labels of their own stay as they are.

    Parameters
    ----------
    values : object
        Whatever was given.
    name : str
        How the caller knows it.
    index : Index, optional
        Labels of the rows.
    within : Index, optional
        Labels that are enough: of the rows that are complete.
    than : str
        What has the labels ``index``, for the error.

    Returns
    -------
    object
        A Series in the order of ``index`` (or of ``within``); what is no Series as it was given.

    Raises
    ------
    InvalidInput
        A Series whose labels are others, or which has a label twice.
    """
    if not isinstance(values, pd.Series) or index is None or values.index.equals(index):
        return values
    own = values.index
    if own.is_unique and index.is_unique:
        for enough in (index, index if within is None else within):
            if len(own) >= len(enough) and (within is not None or len(own) == len(enough)) and enough.isin(own).all():
                return values.reindex(enough)
    if is_default(own) or is_default(index):
        return values
    if not (own.is_unique and index.is_unique):
        raise InvalidInput(f"{name} cannot be paired: a label stands twice, and the order of its labels is another")
    odd = [label for label in own if label not in index] or [label for label in index if label not in own]
    raise InvalidInput(f"{name} has other labels than {than} (first: {odd[0]!r}); give it the same, or values alone")


def require_distinct(frame: pd.DataFrame) -> None:
    """Raise `InvalidInput` where two columns of a frame have one name, so that it names neither."""
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise InvalidInput(f"the frame has two columns {twice!r}; give each a name of its own")


def require_rows(array: Floats) -> None:
    """Raise `InvalidInput` where statistics have more dimensions than one."""
    if array.ndim > 1:
        raise InvalidInput(f"the statistics broadcast to shape {array.shape}: must be scalars or one-dimensional")


def require(holds: NDArray[np.bool_] | np.bool_, name: str, values: Floats, words: str) -> None:
    """Raise `InvalidInput` for the first value that does not hold, with its argument, index and value."""
    if holds is np.True_ or holds.all():  # the first is quick, for scalars
        return
    place = tuple(int(i) for i in np.argwhere(~np.asarray(holds))[0])
    index = f"[{', '.join(map(str, place))}]" if place else ""
    raise InvalidInput(f"{name}{index} = {float(values[place])!r}: must {words}")


def as_labels(values: Any) -> NDArray[np.object_]:
    """An array of objects that name things: spaces around a text are no part of it, what is masked is None."""
    array = np.array(values, dtype=object)
    array[np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else np.zeros(array.shape, bool)] = None
    for place, value in np.ndenumerate(array):
        if isinstance(value, str) and value != value.strip():
            array[place] = value.strip()
    return array


def scalar_if_0d(values: Floats) -> Floats:
    """Give a 0-d array back as a NumPy scalar, so that scalars in means scalars out."""
    return values[()]


def as_floats(name: str, values: Any) -> Floats:
    """An array of floats; missing values of any kind, masked ones too, become NaN.

    Raises
    ------
    InvalidInput
        A value that is not a number.
    """
    try:
        if np.asarray(values).dtype.kind in "cmM":
            raise TypeError("complex numbers and dates are none")
        if isinstance(values, pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
            return values.to_numpy(dtype=float, na_value=np.nan)
        if isinstance(values, np.ma.MaskedArray):
            return np.asarray(np.ma.filled(values.astype(float), np.nan))
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError, NotImplementedError) as error:  # the last from pairs of labels
        shown = reprlib.repr(values)
        raise InvalidInput(f"{name} = {shown}: must be a number or an array of numbers ({error})") from None
