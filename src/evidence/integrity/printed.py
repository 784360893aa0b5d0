"""Numbers as a paper prints them: rounded, so each stands for an interval; and what else stands in the same rows.

A number given as text carries its decimals ("5.20" has two). One given as a float has those that it needs (5.2 has
one): a final zero that got lost makes its interval wider and a check milder, never stricter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pandas.api.types import is_hashable

from ..effects.arguments import shown
from ..effects.inputs import Floats, Rule, aligned, as_floats, as_labels, label_index, require
from ..errors import InvalidInput

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Labels = NDArray[np.object_]

#: More decimals than a float holds: a number that was never rounded.
UNROUNDED = 15
_HALVES = 0.5 * 10.0 ** -np.arange(UNROUNDED + 1)

# Beyond 1e100 squares leave floating point.
ANY = Rule(lambda x: ~(np.abs(x) > 1e100), "be a finite number, not beyond 1e+100")
SPREAD = Rule(
    lambda x: ~(x < 0) & ~((x > 0) & (x < 1e-100)) & ~(x > 1e100),
    "be 0, or from 1e-100 to 1e+100: a standard deviation",
)
COUNT = Rule(lambda x: np.isnan(x) | ((x >= 1) & (x <= 1e15) & (x == np.rint(x))), "be a whole number from 1 to 1e15")
EVENTS = Rule(lambda x: np.isnan(x) | ((x >= 0) & (x <= 1e15) & (x == np.rint(x))), "be a whole number from 0 to 1e15")
PROBABILITY = Rule(lambda x: ~(x < 0) & ~(x > 1), "be a p value, from 0 to 1")


class Printed(NamedTuple):
    """Rounded numbers.

    Attributes
    ----------
    value : (k,) array
        As printed; NaN where there is none.
    decimals : (k,) array of int
        Places after the point.
    """

    value: Floats
    decimals: Ints

    @property
    def half(self) -> Floats:
        """Half a unit of the last digit: how far the exact number may lie from the printed one."""
        return np.asarray(_HALVES[self.decimals])

    @property
    def low(self) -> Floats:
        """The least number that rounds to the printed one, half up or half even."""
        return self.value - self.half

    @property
    def high(self) -> Floats:
        """The greatest."""
        return self.value + self.half


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What was given, one entry a row.

    Attributes
    ----------
    printed : dict
        Rounded numbers by the name of their argument.
    plain : dict
        Exact numbers by the name of theirs, (k,) floats; NaN where there is none.
    index : Index or None
        Labels of the rows, where they came with any.
    """

    printed: dict[str, Printed]
    plain: dict[str, Floats]
    index: pd.Index | None

    def missing(self, *names: str) -> Bools:
        """(k,) where any of these is missing."""
        values = [self.printed[name].value if name in self.printed else self.plain[name] for name in names]
        return np.asarray(np.logical_or.reduce([np.isnan(value) for value in values]))


def read_rows(
    printed: Mapping[str, tuple[object, ArrayLike | None, Rule]], plain: Mapping[str, tuple[object, Rule]] | None = None
) -> Rows:
    """Read arguments of one check, scalars or (k,) arrays, into rows.

    Parameters
    ----------
    printed : mapping
        Name to values, decimals (None: those of the values) and rule.
    plain : mapping
        Name to values and rule.

    Raises
    ------
    InvalidInput
        What is no number, breaks its rule, has more decimals than it is said to have, or is of another shape or has
        other labels than the rest.
    """
    plain = plain or {}
    given = {name: values for name, (values, *_) in {**printed, **plain}.items()}
    index = label_index(*given.values())
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, (values, decimals, rule) in printed.items():
        arrays[name], arrays[f"decimals of {name}"] = _read(name, aligned(values, name, index), decimals)
        require(rule.holds(np.asarray(arrays[name], float)), name, np.asarray(arrays[name], float), rule.words)
    for name, (values, rule) in plain.items():
        floats = _floats(name, aligned(values, name, index))
        require(rule.holds(floats), name, floats, rule.words)
        arrays[name] = floats
    try:
        broadcast = dict(zip(arrays, np.broadcast_arrays(*map(np.atleast_1d, arrays.values())), strict=True))
    except ValueError:
        shapes = ", ".join(f"{name} {np.shape(np.asarray(values, dtype=object))}" for name, values in given.items())
        raise InvalidInput(f"shapes do not broadcast to one: {shapes}") from None
    shape = broadcast[next(iter(given))].shape
    if len(shape) != 1:
        raise InvalidInput(f"the numbers have shape {shape}; give scalars or one value a row, shape (k,)")
    return Rows(
        {name: Printed(broadcast[name], broadcast[f"decimals of {name}"]) for name in printed},
        {name: broadcast[name] for name in plain},
        index if index is not None and len(index) == shape[0] else None,
    )


def labels_of(study: ArrayLike | pd.Series | None, k: int, index: pd.Index | None, name: str = "study") -> Labels:
    """What each row belongs to, a trial or else, (k,) objects; all to the same where nothing is given.

    Raises
    ------
    InvalidInput
        Not one a row, or one is missing or no label.
    """
    if study is None:
        return np.full(k, "", dtype=object)
    labels = as_labels(aligned(study, name, index))
    if labels.ndim == 0:
        labels = np.full(k, labels[()], dtype=object)
    if labels.shape != (k,):
        raise InvalidInput(f"{name} has shape {labels.shape}; give one for each of the {k} rows")
    if pd.isna(labels).any():
        raise InvalidInput(f"{name}[{int(np.flatnonzero(pd.isna(labels))[0])}] is missing; each row needs one")
    odd = next((at for at, label in enumerate(labels) if not is_hashable(label)), None)
    if odd is not None:
        raise InvalidInput(f"{name}[{odd}] is {shown(labels[odd])}; give text or a number")
    return labels


def _read(name: str, values: object, decimals: ArrayLike | None) -> tuple[Floats, Ints]:
    floats = _floats(name, values)
    if decimals is None:
        return floats, _places(np.asarray(values, dtype=object)) if _has_text(values) else decimals_of(floats)
    places = as_floats(f"decimals of {name}", decimals)
    holds = (places >= 0) & (places <= UNROUNDED) & (places == np.rint(places))
    require(holds, f"decimals of {name}", places, f"be a whole number from 0 to {UNROUNDED}")
    try:
        floats, places = np.broadcast_arrays(floats, places)
    except ValueError:
        raise InvalidInput(f"{name} has shape {floats.shape}, its decimals {places.shape}") from None
    units = floats * 10.0**places
    whole = ~(np.abs(units - np.rint(units)) > 1e-6 + 1e-12 * np.abs(units))
    require(whole, name, floats, "have no more decimals than it is said to have (decimals=)")
    return floats, places.astype(np.int64)


def decimals_of(values: Floats) -> Ints:
    """Decimals that floats need, up to `UNROUNDED`; 0 for NaN."""
    places = np.zeros(values.shape, dtype=np.int64)
    rest = np.isfinite(values)
    for decimals in range(UNROUNDED):
        rest = rest & (np.round(values, decimals) != values)
        if not rest.any():
            break
        places[rest] = decimals + 1
    return places


def _floats(name: str, values: object) -> Floats:
    """Numbers or text that is one; missing values of any kind, and empty text, become NaN."""
    try:
        kind = np.asarray(values).dtype.kind
    except ValueError:  # lists of several lengths
        return as_floats(name, values)
    if kind != "O" and not _has_text(values):
        return as_floats(name, values)
    cells = np.asarray(values, dtype=object)
    blank = np.array([not cell.strip() if isinstance(cell, str) else cell is pd.NA for cell in cells.ravel()], bool)
    return as_floats(name, np.where(blank.reshape(cells.shape), np.nan, cells))


def _has_text(values: object) -> bool:
    if isinstance(values, str):
        return True
    array = np.asarray(values)
    return array.dtype.kind in "UT" or (array.dtype == object and any(isinstance(each, str) for each in array.ravel()))


def _places(texts: NDArray[np.object_]) -> Ints:
    known = [str(text).strip().lower() if isinstance(text, str) else "" for text in texts.ravel()]
    if any("e" in text for text in known):
        raise InvalidInput("a number in scientific notation has no decimals to count; give decimals=")
    of_text = np.array([len(text.partition(".")[2]) for text in known], dtype=np.int64).reshape(texts.shape)
    numbers = np.array([np.nan if isinstance(each, str) or pd.isna(each) else float(each) for each in texts.ravel()])
    return of_text + decimals_of(numbers.reshape(texts.shape))
