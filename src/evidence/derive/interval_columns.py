"""Effects from estimates and their 95% intervals, on whichever scale they are printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..effects.measures.measures import MEASURES
from ..effects.recover.se import se_from_ci
from ..errors import InvalidData, InvalidInput, Problem

#: By how much one scale must be the more symmetric before it is believed.
_CLEARLY = 3.0


def effects_of_intervals(numbers: pd.DataFrame, measure: str, file: str, lines: np.ndarray) -> tuple[pd.DataFrame, str]:
    """``yi`` and ``vi`` of rows with ``yi``, ``lower`` and ``upper``, and what they were taken for.

    Parameters
    ----------
    numbers : DataFrame
        Of rows that have all three.
    measure : str
        What the estimates are; "" where nothing tells.
    file : str
        For messages.
    lines : (k,) int array
        For messages, too.

    Returns
    -------
    (DataFrame, str)
        Ratios as logarithms.

    Raises
    ------
    InvalidData
        An estimate outside its interval, or an interval without width.
    InvalidInput
        The intervals are those of ratios, and no measure says which.

    Notes
    -----
    The interval of a ratio lies evenly around it on the log scale, that of a difference as it is: which of the two
    these are is read from the middles of their intervals.
    """
    given = numbers[["yi", "lower", "upper"]]
    _refuse_outside(given, file, lines)
    ratios = _ratios(given)
    ratio = measure in MEASURES and MEASURES[measure].ratio
    if ratios and not measure:
        raise InvalidInput(
            f"{file}: the intervals lie around their estimates as those of ratios do; choose a measure, such as RR or "
            "OR, or MD if these are differences"
        )
    words = "lower and upper as the ends of a 95% interval"
    if ratio and ratios is not False:
        given = _logs(given)
        words += f", {measure} as printed, from which logs are taken"
    elif ratio:
        words += f", yi as the log of {measure}, on whose scale the intervals are even"
    elif ratios is None and not measure:
        words += ", which would fit ratios as well: choose a measure such as RR if they are"
    se = se_from_ci(given["lower"], given["upper"])
    return pd.DataFrame({"yi": given["yi"], "vi": np.asarray(se) ** 2}, index=given.index), words


def _ratios(given: pd.DataFrame) -> bool | None:
    """Whether the intervals are even on the log scale; None where they do not tell."""
    if not (given > 0).all(axis=None):
        return False
    plain, log = _uneven(given), _uneven(_logs(given))
    if log * _CLEARLY < plain:
        return True
    return False if plain * _CLEARLY < log else None


def _logs(values: pd.DataFrame) -> pd.DataFrame:
    return values.apply(np.log)


def _uneven(values: pd.DataFrame) -> float:
    """How far estimates lie from the middle of their intervals, in widths, in the median."""
    middle, width = (values["lower"] + values["upper"]) / 2, values["upper"] - values["lower"]
    return float(((values["yi"] - middle).abs() / width).median())


def _refuse_outside(given: pd.DataFrame, file: str, lines: np.ndarray) -> None:
    wrong = ~((given["lower"] <= given["yi"]) & (given["yi"] <= given["upper"]) & (given["lower"] < given["upper"]))
    if wrong.any():
        cells = given[wrong].itertuples(index=False)
        rule = "the estimate must lie inside its interval, lower below upper"
        raise InvalidData(
            [
                Problem(file, int(line), "yi, lower, upper", f"{row[0]:g}, {row[1]:g}, {row[2]:g}", rule)
                for line, row in zip(lines[wrong.to_numpy()], cells, strict=True)
            ]
        )
