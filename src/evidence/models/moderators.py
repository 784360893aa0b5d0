"""Moderators of a frame as a design matrix, by formula."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import InvalidInput
from .engine import Floats


@dataclass(frozen=True, eq=False)
class Design:
    """A design matrix that can be made again for new rows.

    Attributes
    ----------
    x : (k, p) array; names : tuple of p str
    intercept : int or None, position of the column of ones
    """

    x: Floats
    names: tuple[str, ...]
    intercept: int | None
    _spec: Any

    def of(self, new: pd.DataFrame) -> Floats:
        """The design of other rows, (n, p).

        Raises
        ------
        InvalidInput
            A moderator is missing, or has a category the fit has not seen.
        """
        if self._spec is None:
            return np.ones((len(new), 1))
        from formulaic.errors import DataMismatchWarning, FormulaicError

        with warnings.catch_warnings():
            warnings.simplefilter("error", DataMismatchWarning)
            try:
                x = self._spec.get_model_matrix(new, na_action="ignore").to_numpy(dtype=float)
            except (FormulaicError, DataMismatchWarning) as error:
                raise InvalidInput(f"new rows do not fit the formula: {_first_line(error)}") from None
        if np.isnan(x).any():
            raise InvalidInput("new rows have missing moderators")
        return np.asarray(x)


def complete_moderators(frame: pd.DataFrame, formula: str | None) -> NDArray[np.bool_]:
    """Rows in which no moderator of the formula is missing."""
    if formula is None:
        return np.ones(len(frame), dtype=bool)
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    try:
        needed = Formula(_right_side(formula)).required_variables
    except FormulaicError as error:
        raise InvalidInput(f"formula {formula!r} cannot be read: {_first_line(error)}") from None
    missing = sorted(name for name in needed if name not in frame)
    if missing:
        raise InvalidInput(
            f"formula {formula!r} names {', '.join(missing)}, not in the frame; its columns: {list(frame.columns)}"
        )
    return frame[sorted(needed)].notna().all(axis=1).to_numpy()


def read_design(frame: pd.DataFrame, formula: str | None) -> Design:
    """Design matrix of a frame without missing moderators; a common mean when ``formula`` is None."""
    if formula is None:
        return Design(np.ones((len(frame), 1)), ("Intercept",), 0, None)
    from formulaic import model_matrix
    from formulaic.errors import FormulaicError

    try:
        matrix = model_matrix(_right_side(formula), frame)
    except FormulaicError as error:
        raise InvalidInput(f"formula {formula!r} cannot be used: {_first_line(error)}") from None
    names = tuple(map(str, matrix.columns))
    x = matrix.to_numpy(dtype=float)
    if not x.shape[1]:
        raise InvalidInput(f"formula {formula!r} has no terms; write '~ 1' for a common mean")
    return Design(x, names, names.index("Intercept") if "Intercept" in names else None, matrix.model_spec)


def _right_side(formula: str) -> str:
    return formula.split("~", 1)[-1]


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0]
