"""Whether a standard deviation fits its mean, the range of its scale, and what others found."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.arguments import require_flag
from ..effects.inputs import Floats
from ..errors import InvalidInput
from .printed import ANY, COUNT, SPREAD, Printed, read_rows
from .reference import LIMIT, read_reference
from .verdict import verdicts

#: Totals nearer than this to a whole number are one: what floats lose.
_DUST = 1e-9


def sd_plausible(
    *,
    mean: ArrayLike,
    sd: ArrayLike,
    n: ArrayLike,
    low: ArrayLike = np.nan,
    high: ArrayLike = np.nan,
    decimals: ArrayLike | None = None,
    sd_decimals: ArrayLike | None = None,
    integers: bool = False,
    reference: ArrayLike | None = None,
) -> pd.DataFrame:
    """Can a standard deviation be so small or so large, given mean, n and the range of the scale?

    Parameters
    ----------
    mean : scalar or (k,) array-like
        Means as printed, as numbers or as text.
    sd : scalar or (k,) array-like
        Standard deviations (with n - 1) as printed.
    n : scalar or (k,) array-like
        People behind each.
    low : scalar or (k,) array-like
        Least value that the scale has; of changes, the least change, low - high.
    high : scalar or (k,) array-like
        Greatest.
    decimals : scalar or (k,) array-like, optional
        Decimals of the means as printed, and of the SDs; by default those that each number shows.
    sd_decimals : scalar or (k,) array-like, optional
        Decimals of the SDs where they are others.
    integers : bool
        Values are whole numbers, so that a mean between two of them needs some spread.
    reference : array-like, optional
        SDs that other studies found with the same instrument, in the same units.

    Returns
    -------
    DataFrame
        passes; number, the SD as a share of the largest possible one; rule; least and most, the SDs between which it
        has to lie (NaN where the mean lies outside the scale); z, its place among the reference.

    Raises
    ------
    InvalidInput
        What is no number, a negative SD, an n that is no whole number, or a range that is none.

    See Also
    --------
    se_as_sd : Whether an SD that is too small would be ordinary as a standard error.
    grimmer : All that whole numbers forbid.

    Notes
    -----
    Of n values in [low, high] with a given mean the spread is largest when all but one stand at an end. With
    n (mean - low) / (high - low) = k + f, k whole, k values stand at the upper end and one at f of the range, and
    (n - 1) sd^2 = (high - low)^2 (k + f^2 - (k + f)^2 / n). For f = 0 this is Bhatia & Davis' bound
    (high - mean)(mean - low) with n - 1 as divisor. The least SD is 0; for whole numbers, with f the fraction of the
    mean, (n - 1) sd^2 = n f (1 - f). Mean and SD may lie anywhere in their rounding intervals.

    With a reference, 0.6745 (log sd - median) / MAD of the logarithms may not exceed 3.5 either way; fewer than five
    reference SDs say nothing. This part says that an SD is out of the ordinary, not that it is impossible.

    References
    ----------
    Bhatia & Davis (2000), American Mathematical Monthly 107:353, 10.1080/00029890.2000.12005203.
    Heathers, Anaya, van der Zee & Brown (2018), PeerJ Preprints 6:e26968v1, 10.7287/peerj.preprints.26968v1.
    Iglewicz & Hoaglin (1993), How to detect and handle outliers, ASQC Quality Press.

    Examples
    --------
    Five people with a mean of 4.2 on a scale from 1 to 7:

    >>> import evidence as ev
    >>> found = ev.sd_plausible(mean="4.20", sd=["0.30", "2.50", "3.20"], n=5, low=1, high=7, integers=True)
    >>> found[["passes", "least", "most"]].round(2)
       passes  least  most
    0   False   0.45  3.03
    1    True   0.45  3.03
    2   False   0.45  3.03
    """
    require_flag("integers", integers)
    rows = read_rows(
        {"mean": (mean, decimals, ANY), "sd": (sd, decimals if sd_decimals is None else sd_decimals, SPREAD)},
        {"n": (n, COUNT), "low": (low, ANY), "high": (high, ANY)},
    )
    average, spread = rows.printed["mean"], rows.printed["sd"]
    people, bottom, top = (rows.plain[name] for name in ("n", "low", "high"))
    _require_range(bottom, top)
    given = ~rows.missing("mean", "sd", "n") & (people > 1)
    ranged = given & ~rows.missing("low", "high")
    count = np.where(given, people, 2.0)
    totals = _totals(average, count, integers)
    most = _largest_sd(totals, count, np.where(ranged, bottom, 0), np.where(ranged, top, 1))
    least = np.where(given, _least_sd(totals, count) if integers else 0.0, np.nan)
    z = read_reference([] if reference is None else reference).z(spread.value)
    outside = ranged & ((average.high < bottom) | (average.low > top))
    most = np.where(ranged & ~outside, most, np.nan)
    known = given & (ranged | integers | ~np.isnan(z))
    holds = ~outside & ~(spread.low > most * (1 + 1e-12)) & ~(spread.high < least * (1 - 1e-12)) & ~(np.abs(z) > LIMIT)
    return verdicts(
        rows.index,
        holds,
        spread.value / np.where(most > 0, most, np.nan),
        _rule(integers, reference is not None),
        [
            (rows.missing("mean", "sd", "n"), "mean, sd or n is missing"),
            (people == 1, "one person has no SD"),
            (~known, "neither the range of the scale nor enough reference SDs are known"),
        ],
        least=least,
        most=most,
        z=z,
    )


def _rule(integers: bool, referred: bool) -> str:
    rule = "the SD lies between the least and the largest that mean, n and range allow"
    if integers:
        rule += " for whole numbers"
    return rule + (f", and |modified z| of its logarithm is at most {LIMIT}" if referred else "")


def _require_range(low: Floats, high: Floats) -> None:
    if wrong := np.flatnonzero(high <= low).tolist():
        raise InvalidInput(f"high[{wrong[0]}] = {high[wrong[0]]:g}: must lie above low, {low[wrong[0]]:g}")


def _totals(mean: Printed, n: Floats, integers: bool) -> tuple[Floats, Floats]:
    """The least and the greatest sum of n values with the printed mean; of whole numbers, where some have it."""
    ends = n * mean.low, n * mean.high
    if not integers:
        return ends
    whole = np.ceil(ends[0] - _DUST), np.floor(ends[1] + _DUST)
    possible = whole[0] <= whole[1]
    return np.where(possible, whole[0], ends[0]), np.where(possible, whole[1], ends[1])


def _largest_sd(totals: tuple[Floats, Floats], n: Floats, low: Floats, high: Floats) -> Floats:
    """Largest SD of n values in [low, high] with one of these totals."""
    ends = [np.clip((total - n * low) / (high - low), 0, n) for total in totals]
    whole = np.clip(np.rint(n / 2), np.ceil(ends[0]), np.floor(ends[1]))  # of whole k the middle one spreads most
    inside = np.ceil(ends[0]) <= np.floor(ends[1])
    squares = [_squares(np.where(inside, whole, ends[0]), n), *(_squares(end, n) for end in ends)]
    return np.asarray((high - low) * np.sqrt(np.maximum(np.maximum.reduce(squares), 0) / (n - 1)))


def _squares(total: Floats, n: Floats) -> Floats:
    k = np.floor(total)
    return np.asarray(k + (total - k) ** 2 - total**2 / n)


def _least_sd(totals: tuple[Floats, Floats], n: Floats) -> Floats:
    """Least SD of n whole numbers with one of these totals."""
    squares = np.minimum(*(total % n * (n - total % n) / n for total in totals))
    through = np.floor(totals[1] / n) >= np.ceil(totals[0] / n)  # between the ends all can have the same value
    return np.where(through, 0.0, np.sqrt(squares / (n - 1)))
