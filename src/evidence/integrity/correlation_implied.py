"""Whether baseline, final and change SDs leave a correlation between -1 and 1."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .printed import SPREAD, read_rows
from .verdict import verdicts

RULE = "the correlation of baseline and final values that the three SDs imply lies between -1 and 1"


def correlation_implied(
    *, sd_pre: ArrayLike, sd_post: ArrayLike, sd_change: ArrayLike, decimals: ArrayLike | None = None
) -> pd.DataFrame:
    """Do the SDs of baseline, final values and change belong to the same people?

    Parameters
    ----------
    sd_pre : scalar or (k,) array-like
        SDs at baseline as printed, as numbers or as text.
    sd_post : scalar or (k,) array-like
        SDs at the end.
    sd_change : scalar or (k,) array-like
        SDs of the change between them.
    decimals : scalar or (k,) array-like, optional
        Decimals of all three; by default those that each shows.

    Returns
    -------
    DataFrame
        passes; number, the implied correlation; rule.

    Raises
    ------
    InvalidInput
        What is no number, or negative.

    See Also
    --------
    correlation_from_change : The same correlation, for use.
    change_sd : The SD of a change from a correlation.

    Notes
    -----
    r = (sd_pre^2 + sd_post^2 - sd_change^2) / (2 sd_pre sd_post) lies in (-1, 1) when the SD of the change lies between
    abs(sd_pre - sd_post) and sd_pre + sd_post, both excluded. The SDs may lie anywhere in their rounding intervals. The
    three have to be of the same people; other numbers of people at the end move r a little.

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.5.2.8.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.correlation_implied(sd_pre=20.0, sd_post=22.0, sd_change=[21.1, 44.0])[["passes", "number"]].round(2)
       passes  number
    0    True     0.5
    1   False    -1.2
    """
    given = {"sd_pre": sd_pre, "sd_post": sd_post, "sd_change": sd_change}
    rows = read_rows({name: (values, decimals, SPREAD) for name, values in given.items()})
    before, after, change = (rows.printed[name] for name in given)
    apart = np.maximum(np.abs(before.value - after.value) - before.half - after.half, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (before.value**2 + after.value**2 - change.value**2) / (2 * before.value * after.value)
    return verdicts(
        rows.index,
        (change.high > apart) & (change.low < before.high + after.high),
        np.where(np.isfinite(r), r, np.nan),
        RULE,
        [(rows.missing(*given), "sd_pre, sd_post or sd_change is missing")],
    )
