"""Named subsets of rows, as a user tells them: a mask, a column, or what columns hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..effects.arguments import shown
from ..errors import InvalidInput
from ..models.studies import Column, Studies
from ..models.values import require_column

Subset: TypeAlias = Column | Mapping[str, object]
"""Which rows: one bool a row, the name of a column of them, or {column: value or list of values}."""


def read_subsets(studies: Studies, subsets: Mapping[str, Subset] | None) -> dict[str, NDArray[np.bool_]]:
    """A (k,) mask a name.

    Raises
    ------
    InvalidInput
        Not a mapping, no such column, or not one bool a row.
    """
    if subsets is None:
        return {}
    if not isinstance(subsets, Mapping):
        raise InvalidInput(f"subsets is {shown(subsets)}; give a mapping of names to masks, columns or column values")
    return {str(name): _mask(studies, subset, f"subset {name!r}") for name, subset in subsets.items()}


def _mask(studies: Studies, subset: Subset, name: str) -> NDArray[np.bool_]:
    if isinstance(subset, Mapping):
        if not subset:
            raise InvalidInput(f"{name} names no column; give {{column: value}}")
        held = np.array([_holds(studies, column, wanted, name) for column, wanted in subset.items()])
        return np.asarray(held.all(axis=0))
    values = studies.values(subset, name)
    if not np.isin(values, [False, True]).all():
        raise InvalidInput(f"{name} holds {values[~np.isin(values, [False, True])][0]!r}; give one bool a row")
    return values.astype(bool)


def _holds(studies: Studies, column: object, wanted: object, name: str) -> NDArray[np.bool_]:
    if studies.frame is None:
        raise InvalidInput(f"{name} names the column {column!r}, but the rows did not come in a frame; give a mask")
    values = require_column(studies.frame, str(column), name)
    listed = list(wanted) if isinstance(wanted, Iterable) and not isinstance(wanted, str) else [wanted]
    return values.isin(listed).to_numpy(bool)
