"""GRIMMER: whether any whole numbers have the printed mean and standard deviation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.inputs import Floats
from .grim import LARGEST, possible_totals
from .printed import ANY, COUNT, SPREAD, Ints, Printed, read_rows
from .verdict import verdicts

RULE = "whole numbers with the printed mean have a sum of squares that gives the printed SD"

#: How far the test was passed, in its order; the last has passed.
STAGES = ("mean", "sum of squares", "parity", "least SD", "")

#: So many totals with one printed mean are tried.
MOST_TOTALS = 10_000


def grimmer(
    *,
    mean: ArrayLike,
    sd: ArrayLike,
    n: ArrayLike,
    decimals: ArrayLike | None = None,
    items: ArrayLike = 1,
    sd_decimals: ArrayLike | None = None,
) -> pd.DataFrame:
    """GRIMMER test: can this standard deviation come from n whole numbers with this mean?

    Parameters
    ----------
    mean : scalar or (k,) array-like
        Means as printed, as numbers or as text.
    sd : scalar or (k,) array-like
        Standard deviations (with n - 1) as printed.
    n : scalar or (k,) array-like
        People behind each.
    decimals : scalar or (k,) array-like, optional
        Decimals of the means as printed, and of the SDs; by default those that each number shows.
    items : scalar or (k,) array-like
        Questions of which each person's value is the mean.
    sd_decimals : scalar or (k,) array-like, optional
        Decimals of the SDs where they are others.

    Returns
    -------
    DataFrame
        passes; number, the possible SD that is nearest; rule; failed, where the test stopped: "mean" (GRIM),
        "sum of squares", "parity", "least SD", or "" where it passed.

    Raises
    ------
    InvalidInput
        As `grim`; a negative SD.

    See Also
    --------
    grim : The first part, of means alone.
    debit : The same for data of 0 and 1.
    sd_plausible : Bounds from the range of a scale, for any data.

    Notes
    -----
    In units of 1 / items, people have whole numbers with total S and sum of squares Q, and
    n (n - 1) items^2 sd^2 = n Q - S^2. For each S that gives the printed mean (`grim`) the rounding interval of the SD
    gives an interval of Q, which has to hold a whole number (Allard's tests 1 and 2) of the parity of S, since x^2 and
    x are odd together (test 3), and no less than the Q of the most even split of S: with n people, q = floor(S / n)
    and r = S - n q, that is n q^2 + r (2q + 1). Ends are included, as in `grim`; all is computed in whole numbers.

    The last condition is not in the papers. With it the test is exact for five people or more: what passes is the
    rounded mean and SD of some sample, as enumeration of all samples shows. Below five some impossible SDs pass.
    With several items the papers' programs count n items people; here each person counts once.

    References
    ----------
    Anaya (2016), PeerJ Preprints 4:e2400v1, 10.7287/peerj.preprints.2400v1.
    Allard (2018), Analytic-GRIMMER, <https://aurelienallard.netlify.app/post/anaytic-grimmer-possibility-standard-deviations/>

    Examples
    --------
    >>> import evidence as ev
    >>> ev.grimmer(mean=["5.23", "2.57"], sd=["2.55", "2.57"], n=[35, 30])[["passes", "number", "failed"]].round(3)
       passes  number  failed
    0   False   2.545  parity
    1    True   2.569
    """
    rows = read_rows(
        {"mean": (mean, decimals, ANY), "sd": (sd, decimals if sd_decimals is None else sd_decimals, SPREAD)},
        {"n": (n, COUNT), "items": (items, COUNT)},
    )
    people, per_person = rows.plain["n"], rows.plain["items"]
    spread = rows.printed["sd"]
    totals = possible_totals(rows.printed["mean"], people * per_person)
    many = totals.most - totals.least >= MOST_TOTALS
    alone = people == 1
    missing = rows.missing("mean", "sd", "n", "items")
    too_large = totals.too_large | ~_fits(people, per_person, spread)
    search = _Search.over(people, per_person, spread)
    unknown = missing | alone | too_large | many
    search.run(totals.least, totals.most, ~unknown)
    return verdicts(
        rows.index,
        search.stage == len(STAGES) - 1,
        search.nearest,
        RULE,
        [
            (missing, "mean, sd, n or items is missing"),
            (alone, "one person has no SD"),
            (too_large, "the numbers have too many digits"),
            (many, f"more than {MOST_TOTALS} totals have this mean"),
        ],
        failed=np.array(STAGES, dtype=object)[np.where(unknown, len(STAGES) - 1, search.stage)],
    )


def _fits(people: Floats, items: Floats, sd: Printed) -> np.ndarray:
    digits = 2 * sd.value * 10.0**sd.decimals + 1
    return np.asarray((people * items * digits) ** 2 + 4 * 100.0**sd.decimals * people**2 < LARGEST)


@dataclass
class _Search:
    """All rows at once: for one total after another, whether a sum of squares fits."""

    people: Floats
    items: Floats
    sd: Floats
    digits: Floats
    unit: Floats
    stage: Ints
    nearest: Floats

    @classmethod
    def over(cls, people: Floats, items: Floats, sd: Printed) -> _Search:
        scale = np.asarray(10.0**sd.decimals)
        k = len(people)
        return cls(
            people, items, sd.value, np.rint(sd.value * scale), 4 * scale**2, np.zeros(k, np.int64), np.full(k, np.nan)
        )

    def run(self, least: Ints, most: Ints, asked: np.ndarray) -> None:
        left = np.flatnonzero(asked & (least <= most))
        step = 0
        while left.size:
            self._try(left, least[left] + step)
            step += 1
            left = left[(self.stage[left] < len(STAGES) - 1) & (least[left] + step <= most[left])]

    def _try(self, rows: Ints, total: Ints) -> None:
        n, items, digits, unit = (x[rows].astype(np.int64) for x in (self.people, self.items, self.digits, self.unit))
        rest = total % n  # the total after a whole number is taken from each person, at which Q is rest or more
        within = n * (n - 1) * items**2
        shift = unit * rest**2
        low = -(-(within * np.maximum(2 * digits - 1, 0) ** 2 + shift) // (n * unit))
        high = (within * (2 * digits + 1) ** 2 + shift) // (n * unit)
        same_parity = low + ((low ^ rest) & 1)
        reached = 1 + (low <= high) + (same_parity <= high) + (np.maximum(same_parity, rest) <= high)
        found = _nearest_sd(self.sd[rows], n, items, rest)
        distance = np.abs(found - self.sd[rows])
        better = (reached == len(STAGES) - 1) | ~(distance >= np.abs(self.nearest[rows] - self.sd[rows]))
        self.nearest[rows[better]] = found[better]
        self.stage[rows] = np.maximum(self.stage[rows], reached)


def _nearest_sd(sd: Floats, n: Ints, items: Ints, rest: Ints) -> Floats:
    squares = (n - 1) * (items * sd) ** 2 + rest**2 / n
    possible = rest + 2 * np.maximum(np.rint((squares - rest) / 2), 0)
    return np.asarray(np.sqrt((possible - rest**2 / n) / (n - 1)) / items)
