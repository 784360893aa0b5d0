"""From a formula to a design matrix, with redundant columns found and named."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..effects.arguments import shown
from ..effects.inputs import require_distinct
from ..errors import InvalidInput, NotEstimable
from .engine.engine import Floats


@dataclass(frozen=True, slots=True)
class Design:
    """A design matrix and how to build the same columns for new rows.

    Attributes
    ----------
    x : (k, p) array
    names : tuple of p str
    complete : bool array
        Over the rows given, False where a moderator is missing.
    spec : ModelSpec or None
        The formula's specification, None for a common mean.
    """

    x: Floats
    names: tuple[str, ...]
    complete: NDArray[np.bool_]
    spec: Any

    def rows(self, new: pd.DataFrame) -> Floats:
        """The design matrix for the rows of ``new``."""
        if not isinstance(new, pd.DataFrame):
            raise InvalidInput(f"new is a {type(new).__name__}; give a frame with the moderators of the formula")
        require_distinct(new)
        if self.spec is None:
            return np.ones((len(new), 1))
        x, complete, _ = _matrix(self.spec, new)
        if not complete.all():
            raise InvalidInput(f"row {int(np.argmin(complete))} of the new data misses a moderator of the formula")
        return x


def build_design(formula: str, data: pd.DataFrame) -> Design:
    """Build the design matrix of ``formula`` from the columns of ``data``.

    Raises
    ------
    InvalidInput
        The formula does not parse, has a left side, or names what is not a column.
    """
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    if not isinstance(formula, str):
        raise InvalidInput(f"formula {shown(formula)} is no text; write it as '~ sessions + C(style)'")
    try:
        parsed = Formula(formula)
    except FormulaicError as error:
        first = str(error).split("\n")[0].rstrip(".")  # further lines show the place in the colours of a terminal
        why = "".join(mark if mark.isprintable() else "?" for mark in first)
        raise InvalidInput(
            f"formula {formula!r} cannot be read: {why}; write columns joined by +, such as '~ sessions + C(style)'"
        ) from None
    if hasattr(parsed, "lhs"):
        raise InvalidInput(f"formula {formula!r} has a left side; the effect sizes are yi: write '~ ...'")
    missing = sorted(str(name) for name in parsed.required_variables if name not in data)
    if missing:
        raise InvalidInput(f"formula {formula!r} names {missing[0]!r}, which is not a column: {list(data.columns)}")
    x, complete, matrix = _matrix(parsed, data)
    return Design(x, tuple(str(name) for name in matrix.columns), complete, matrix.model_spec)


def design_of(frame: pd.DataFrame, formula: str | None) -> Design:
    """The design of a formula, or of a common mean; redundant columns are refused.

    Raises
    ------
    InvalidInput
        As `build_design`, or no row is complete.
    NotEstimable
        A column is a combination of others.
    """
    if formula is None:
        return Design(np.ones((len(frame), 1)), ("Intercept",), np.ones(len(frame), dtype=bool), None)
    design = build_design(formula, frame)
    if not design.complete.any():
        raise InvalidInput("no row has all the moderators of the formula")
    refuse_collinear(design.x, design.names)
    return design


def refuse_collinear(x: Floats, names: tuple[str, ...]) -> None:
    """Raise `NotEstimable`, naming the columns, when one is a combination of those before it."""
    if len(x) < len(names):
        raise NotEstimable(f"{len(names)} coefficients need at least as many studies, and {len(x)} are complete")
    kept: list[int] = []
    for j in range(x.shape[1]):
        column = x[:, j]
        if kept:
            share = np.linalg.lstsq(x[:, kept], column, rcond=None)[0]
            rest = column - x[:, kept] @ share
        else:
            share, rest = np.empty(0), column
        if np.linalg.norm(rest) <= 1e-9 * np.linalg.norm(column) or not column.any():
            large = np.abs(share) * np.linalg.norm(x[:, kept], axis=0) > 1e-8 * np.linalg.norm(column)
            partners = [names[i] for i, used in zip(kept, large, strict=True) if used]
            what = f"a combination of {', '.join(map(repr, partners))}" if partners else "zero for every study"
            raise NotEstimable(f"moderator {names[j]!r} is {what}; leave one of them out")
        kept.append(j)


def _matrix(source: Any, data: pd.DataFrame) -> tuple[Floats, NDArray[np.bool_], Any]:
    from formulaic.errors import DataMismatchWarning, FormulaicError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", DataMismatchWarning)
            matrix = source.get_model_matrix(data.reset_index(drop=True), na_action="drop")
    except (FormulaicError, DataMismatchWarning) as error:
        raise InvalidInput(f"the moderators do not fit the formula: {error}") from None
    complete = np.isin(np.arange(len(data)), matrix.index.to_numpy())
    return matrix.to_numpy(dtype=float), complete, matrix
