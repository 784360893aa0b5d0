"""Whether an estimate stands in the middle of its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.arguments import require_choice
from .p_ranges import Range, fitting, rounded
from .printed import ANY, read_rows
from .verdict import verdicts

SCALES = {"identity": "log", "log": "identity"}


def interval_symmetric(
    *,
    estimate: ArrayLike,
    ci_low: ArrayLike,
    ci_high: ArrayLike,
    scale: str = "identity",
    decimals: ArrayLike | None = None,
) -> pd.DataFrame:
    """Does an estimate stand in the middle of its confidence interval, as far as rounding lets it?

    Parameters
    ----------
    estimate : scalar or (k,) array-like
        Estimates as printed, as numbers or as text.
    ci_low : scalar or (k,) array-like
        Lower ends of the intervals.
    ci_high : scalar or (k,) array-like
        Upper ends.
    scale : {"identity", "log"}
        Where it should be symmetric: "log" for ratios.
    decimals : scalar or (k,) array-like, optional
        Decimals of all three; by default those that each shows.

    Returns
    -------
    DataFrame
        passes; number, where the estimate stands from 0 (lower end) to 1 (upper end) on that scale; rule;
        on_other_scale, whether it stands in the middle on the other scale.

    Raises
    ------
    InvalidInput
        What is no number, or an unknown scale.

    See Also
    --------
    p_recomputed : Whether interval and p value agree.
    se_from_ci : The standard error from such an interval.

    Notes
    -----
    Wald intervals of differences are estimate ± q se, and those of ratios the same in logarithms. The estimate passes
    when its rounding interval meets that of (low + high) / 2, or of sqrt(low high). Intervals of other kinds (exact,
    bootstrap, profile likelihood, of proportions or correlations) need not be symmetric: ask this of Wald intervals.

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, sections 6.3.1 and 6.3.2.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.interval_symmetric(estimate=["1.20", "1.50"], ci_low=["0.80", "0.80"], ci_high="1.80", scale="log")
    >>> found[["passes", "number", "on_other_scale"]].round(3)
       passes  number  on_other_scale
    0    True   0.500           False
    1   False   0.775           False
    """
    require_choice("scale", scale, SCALES)
    numbers = {"estimate": estimate, "ci_low": ci_low, "ci_high": ci_high}
    rows = read_rows({name: (values, decimals, ANY) for name, values in numbers.items()})

    def ranges(on: str) -> list[Range]:
        middle, low, high = (rounded(rows.printed[name], on) for name in numbers)
        return [middle, Range(*((low[i] + high[i]) / 2 for i in range(3)))]

    logs = " in logarithms" if scale == "log" else ""
    asked, other = ranges(scale), ranges(SCALES[scale])
    low, high = (rounded(rows.printed[name], scale).value for name in ("ci_low", "ci_high"))
    missing = rows.missing(*numbers)
    no_logs = ~missing & np.logical_or.reduce([np.isnan(each.value) for each in asked])
    other_known = ~np.logical_or.reduce([np.isnan(each.value) for each in other])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        place = (asked[0].value - low) / (high - low)
    place[(high == low) & (asked[0].value == low)] = 0.5  # an interval without width is all middle
    on_other = pd.arrays.BooleanArray(fitting(other), ~other_known)
    return verdicts(
        rows.index,
        fitting(asked) & (high >= low),
        place,
        f"the estimate is the middle of its interval{logs}, as far as rounding goes",
        [(missing, "estimate, ci_low or ci_high is missing"), (no_logs, "a ratio of 0 or less has no logarithm")],
        on_other_scale=on_other,
    )
