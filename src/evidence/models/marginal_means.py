"""Marginal means of a regression: what it expects of each level of a factor, the other moderators averaged."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from ..effects.arguments import shown
from ..errors import InvalidInput
from .design import Design
from .engine.engine import Floats


def mean_rows(
    design: Design, frame: pd.DataFrame, of: object, at: Mapping[str, object] | None
) -> tuple[list[str], Floats]:
    """Labels and (m, p) rows of a design that stand for the levels of a factor.

    Parameters
    ----------
    design : Design
        Of the regression.
    frame : DataFrame
        Its studies.
    of : str or None
        The factor; None for one mean over all.
    at : mapping of column to value, optional
        Where to hold other moderators.

    Raises
    ------
    InvalidInput
        No such moderator, one of numbers without values to take, or a value that the formula cannot read.

    Notes
    -----
    Numbers stand at their mean over the studies, factors are averaged over their levels with equal weights, as emmeans
    does.
    """
    used = [] if design.spec is None else sorted(str(name) for name in design.spec.required_variables)
    held = {} if at is None else dict(at) if isinstance(at, Mapping) else _refuse(at)
    for name in [*held, *([] if of is None else [of])]:
        if not isinstance(name, str) or name not in used:
            raise InvalidInput(f"{shown(name)} is no moderator of the formula; they are {used}")
    levels = {name: _levels(frame[name]) for name in used}
    if of is not None and levels[str(of)] is None:
        raise InvalidInput(f"{of} is a number, not a factor: predict(new) has the mean at any value of it")
    grid: dict[str, Any] = {}
    for name in used:
        fixed = [held[name]] if name in held else None
        grid[name] = fixed or levels[name] or [float(frame[name].mean())]
    x = {}
    for level in [None] if of is None else grid[str(of)]:
        chosen = grid if of is None else grid | {str(of): [level]}
        rows = pd.DataFrame(list(product(*chosen.values())), columns=list(chosen)) if chosen else frame.iloc[:1]
        x["mean" if of is None else str(level)] = design.rows(rows).mean(axis=0)
    return list(x), np.array(list(x.values()))


def pairs_of(labels: list[str], x: Floats) -> tuple[list[str], Floats]:
    """Every difference of two rows, the later minus the earlier."""
    both = [(i, j) for i in range(len(labels)) for j in range(i + 1, len(labels))]
    if not both:
        raise InvalidInput("pairs need a factor of two levels or more")
    return [f"{labels[j]} - {labels[i]}" for i, j in both], np.array([x[j] - x[i] for i, j in both])


def _levels(values: pd.Series) -> list[Any] | None:
    """Sorted levels of a factor; None of a number."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return None
    return sorted(values.dropna().unique(), key=str)


def _refuse(at: object) -> dict[str, object]:
    raise InvalidInput(f"at is {shown(at)}; give a mapping of moderator to value")
