"""What the numbers of an arm are called, alone and in a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ...errors import InvalidInput
from ..arguments import shown


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of one kind of outcome.

    Attributes
    ----------
    arm : tuple of str
        Their names in a row of one arm.
    pair : tuple of (str, str)
        Their names in a row of two, of the first and of the second.
    """

    arm: tuple[str, ...]
    pair: tuple[tuple[str, str], ...]


MEANS = Statistics(("mean", "sd", "n"), (("m1", "m2"), ("sd1", "sd2"), ("n1", "n2")))
COUNTS = Statistics(("events", "n"), (("ai", "ci"), ("n1", "n2")))
RATES = Statistics(("events", "time"), (("x1", "x2"), ("t1", "t2")))
KINDS = (MEANS, COUNTS, RATES)


def require_frame(name: str, given: object) -> pd.DataFrame:
    """The frame given, or `InvalidInput`."""
    if not isinstance(given, pd.DataFrame):
        raise InvalidInput(f"{name} is {shown(given)}; give a frame")
    return given


def require_named(frame: pd.DataFrame, given: object, argument: str) -> str:
    """The name of a column, or `InvalidInput`."""
    if not isinstance(given, str) or given not in frame:
        raise InvalidInput(f"{argument} {shown(given)} is no column; they are {list(map(str, frame.columns))}")
    return given


def read_columns(columns: object, known: Sequence[str]) -> Mapping[str, str]:
    """What a caller's frame calls the statistics, by our names; its own names for those not told."""
    if columns is None:
        return {}
    if not isinstance(columns, Mapping) or not set(columns) <= set(known):
        raise InvalidInput(f"columns is {shown(columns)}; give a mapping of {', '.join(known)} to columns")
    return columns
