"""Groups inside groups: which rows share a random effect, level by level from the outermost in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...effects.arguments import shown
from ...errors import InvalidInput, NotEstimable
from ..dependence.blocks import Ints
from ..studies import Column
from ..values import require_labels, with_column


@dataclass(frozen=True, eq=False)
class Levels:
    """Nested groups of rows.

    Attributes
    ----------
    names : tuple of L str
        Outermost first.
    codes : tuple of L (k,) int arrays
        Group of each row, numbered from 0.
    labels : tuple of L tuples of str
        Name of each group: its path, as "trial 3/12".
    """

    names: tuple[str, ...]
    codes: tuple[Ints, ...]
    labels: tuple[tuple[str, ...], ...]

    @property
    def groups(self) -> dict[str, int]:
        """Number of groups of each level."""
        return {name: len(labels) for name, labels in zip(self.names, self.labels, strict=True)}


LevelsGiven = str | Sequence[str] | Mapping[str, Column]
"""Levels as a user names them: columns of the frame, or names with a column or one value a row each."""


def with_levels(frame: pd.DataFrame, levels: LevelsGiven) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """A frame with a column for each level, and their names, outermost first.

    Raises
    ------
    InvalidInput
        A name that is none, given twice, or a level that has not one value a row.
    """
    if isinstance(levels, Mapping):
        for name, given in levels.items():
            found, column = with_column(frame, given, str(name))
            frame = found if column == name else found.assign(**{str(name): found[column]})
        names = tuple(map(str, levels))
    else:
        names = (levels,) if isinstance(levels, str) else tuple(levels) if isinstance(levels, Sequence) else ()
    if not names or not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
        raise InvalidInput(f"levels {shown(levels)}: give the name of each level once, outermost first")
    return frame, names


def read_levels(frame: pd.DataFrame, names: tuple[str, ...], keep: NDArray[np.bool_]) -> Levels:
    """Groups of the kept rows of a frame.

    Parameters
    ----------
    frame : DataFrame
    names : tuple of str
        Columns, outermost first; "row" stands for each row by itself unless it is a column.
    keep : bool array
        Rows to use.

    Raises
    ------
    InvalidInput
        A level is not a column, or is missing in a row.
    NotEstimable
        A level has a single group, or two levels make the same groups, so that their variances cannot be told apart.
    """
    codes: list[Ints] = []
    labels: list[tuple[str, ...]] = []
    for name in names:
        code, label = group_codes(frame, name, keep)
        if codes:
            pairs, first, code = np.unique(np.stack([codes[-1], code]), axis=1, return_index=True, return_inverse=True)
            label = tuple(f"{labels[-1][outer]}/{label[inner]}" for outer, inner in pairs.T)
            code, label = _in_order(first, code.ravel(), label)
        codes.append(code.astype(np.int64))
        labels.append(label)
    _refuse_confounded(names, labels)
    return Levels(names, tuple(codes), tuple(labels))


def group_codes(
    frame: pd.DataFrame, name: str, keep: NDArray[np.bool_], *, sort: bool = False
) -> tuple[Ints, tuple[str, ...]]:
    """Group of each kept row by a column, and the groups' names: by appearance, or sorted.

    Raises
    ------
    InvalidInput
        No such column, or a row without a value in it.
    """
    if name not in frame:
        if name != "row":
            raise InvalidInput(
                f"level {name!r} is not a column of the frame; its columns: {list(frame.columns)}; beside yi and vi "
                f"give its values: levels={{{name!r}: ...}}"
            )
        kept = np.flatnonzero(keep)
        return np.arange(len(kept)), tuple(map(str, frame.index[keep]))
    column = frame[name][keep]
    if column.isna().any():
        raise InvalidInput(f"level {name!r} is missing in row {column.index[column.isna()][0]!r}")
    require_labels(column, f"level {name!r}")
    code, unique = pd.factorize(column, sort=sort)
    return code.astype(np.int64), tuple(map(str, unique))


def _in_order(first: Ints, code: Ints, label: tuple[str, ...]) -> tuple[Ints, tuple[str, ...]]:
    # Number groups by first appearance, as the outermost level does.
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[code], tuple(label[i] for i in order)


def _refuse_confounded(names: tuple[str, ...], labels: list[tuple[str, ...]]) -> None:
    for i, (name, label) in enumerate(zip(names, labels, strict=True)):
        if len(label) < 2:
            raise NotEstimable(f"level {name!r} has a single group: its variance cannot be estimated")
        if i and len(label) == len(labels[i - 1]):
            raise NotEstimable(
                f"levels {names[i - 1]!r} and {name!r} make the same {len(label)} groups, so their variances cannot "
                "be told apart: drop one of them (with one row a study, ev.pool is the model)"
            )
