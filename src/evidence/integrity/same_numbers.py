"""Whether the same numbers stand in different trials or arms."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..errors import InvalidInput
from .printed import ANY, COUNT, PROBABILITY, SPREAD, Bools, Ints, Labels, Printed, Rows, labels_of, read_rows
from .verdict import verdicts

#: Significant digits with which a coincidence means something: of each number, and of a mean and its SD together.
LEAST_EACH, LEAST_TOGETHER = 2, 5
#: Decimals of a p value that are as many.
LEAST_P_DECIMALS = 3
#: Other trials that are named before the rest is counted.
NAMED = 10


def same_numbers(
    *,
    mean: ArrayLike | None = None,
    sd: ArrayLike | None = None,
    n: ArrayLike | None = None,
    p: ArrayLike | None = None,
    study: ArrayLike | pd.Series | None = None,
    arm: ArrayLike | pd.Series | None = None,
    decimals: ArrayLike | None = None,
    sd_decimals: ArrayLike | None = None,
) -> pd.DataFrame:
    """Find means with their SDs, or p values, that stand in several trials or arms.

    Parameters
    ----------
    mean : (k,) array-like, optional
        Means as printed, as numbers or as text.
    sd : (k,) array-like, optional
        Standard deviations, with the means.
    n : (k,) array-like, optional
        People; where given they have to be the same, too.
    p : (k,) array-like, optional
        p values as printed, instead of means and SDs.
    study : (k,) array-like, optional
        Which trial a row belongs to; without, each row is a trial of its own.
    arm : (k,) array-like, optional
        Which arm of it; without, rows of one trial are not compared with each other.
    decimals : scalar or (k,) array-like, optional
        Decimals of the means (or p values) as printed; by default those that each shows.
    sd_decimals : scalar or (k,) array-like, optional
        Decimals of the SDs where they are others.

    Returns
    -------
    DataFrame
        passes; number, how many other trials or arms have the same; rule; group, a number for each set of rows that
        are the same (NA for the others); elsewhere, the trials (and arms) that share them, the first ten by name;
        expected, how many rows with the same whole parts would share the last digits by chance.

    Raises
    ------
    InvalidInput
        Neither means with SDs nor p values, or both; what is no number; not one study or arm a row.

    See Also
    --------
    baseline_balance : Arms that are too much alike, not only equal.

    Notes
    -----
    Numbers with few digits coincide by chance. A mean and its SD count with at least two significant digits each and
    five together (3.42 and 1.17, or 34.2 and 9.8; not 0.12 and 0.02), p values with two in three decimals. Of two
    trials fewer than 3% share both the mean and the SD of a variable, Bolland found. If last digits are evenly spread,
    each other row with the same whole parts agrees with probability 10^-(decimals of mean + decimals of SD).

    Equal p values of one table often come from equal counts, and a result that two reports of one trial print is the
    same by right: name such reports alike in ``study``.

    References
    ----------
    Wilkinson et al. (2025), INSPECT-SR, 10.1101/2025.09.03.25334905, domain 4.
    Bolland et al. (2021), Journal of Clinical Epidemiology 136:180, 10.1016/j.jclinepi.2021.05.002.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.same_numbers(mean=["3.42", "3.42", "3.1"], sd=["1.17", "1.17", "1.2"], study=["A", "B", "C"])
    >>> found[["passes", "number", "elsewhere"]]
       passes  number  elsewhere
    0   False     1.0          B
    1   False     1.0          A
    2    <NA>     NaN
    """
    if (p is None) == (mean is None) or (mean is None) != (sd is None):
        raise InvalidInput("give mean and sd, or p: one of the two")
    sd_places = decimals if sd_decimals is None else sd_decimals
    printed = {"p": (p, decimals, PROBABILITY)}
    if p is None:
        printed = {"mean": (mean, decimals, ANY), "sd": (sd, sd_places, SPREAD)}
    rows = read_rows(printed, {} if n is None else {"n": (n, COUNT)})
    k = len(next(iter(rows.printed.values())).value)
    trials = labels_of(np.arange(k) if study is None else study, k, rows.index)
    places = _places(trials, None if arm is None else labels_of(arm, k, rows.index, "arm"))
    missing = rows.missing(*printed, *rows.plain)
    digits = np.array([_significant(each) for each in rows.printed.values()])
    coarse = (digits < LEAST_EACH).any(axis=0)
    coarse |= digits.sum(axis=0) < LEAST_TOGETHER if p is None else rows.printed["p"].decimals < LEAST_P_DECIMALS
    table = _shared(rows, places, ~missing & ~coarse)
    names = "mean and SD" if p is None else "p value"
    return verdicts(
        rows.index,
        ~(table["number"].to_numpy(float) > 0),
        table["number"].to_numpy(float),
        f"no other trial or arm has the same {names}{' and n' if rows.plain else ''}",
        [(missing, f"{' or '.join((*printed, *rows.plain))} is missing"), (coarse, "too few digits")],
        group=table["group"].array,
        elsewhere=table["elsewhere"].fillna("").to_numpy(object),
        expected=table["expected"].to_numpy(float),
    )


def _places(trials: Labels, arms: Labels | None) -> Labels:
    """What counts as one place: a trial, or a trial's arm."""
    trials = trials.astype(str).astype(object)
    return trials if arms is None else trials + ", " + arms.astype(str).astype(object)


def _shared(rows: Rows, places: Labels, asked: Bools) -> pd.DataFrame:
    """For each row, in how many other places its numbers stand, in which, and in how many by chance."""
    digits = {name: np.rint(each.value * 10.0**each.decimals) for name, each in rows.printed.items()}
    digits |= {f"decimals of {name}": each.decimals for name, each in rows.printed.items()}  # 3.40 is not 3.4
    whole = {f"whole {name}": np.trunc(each.value) for name, each in rows.printed.items()}
    precision = np.sum([each.decimals for each in rows.printed.values()], axis=0)
    place, names = pd.factorize(places)
    table = pd.DataFrame({**digits, **whole, **rows.plain, "precision": precision, "place": place})[asked]
    table["group"] = table.groupby([*digits, *rows.plain], sort=False).ngroup()
    table["alike"] = table.groupby([*whole, *rows.plain, "precision"], sort=False).ngroup()
    number = _different(table, "group") - 1.0
    repeated = table.loc[number > 0, "place"]
    group = pd.factorize(table.loc[number > 0, "group"])[0]
    found = pd.DataFrame(
        {
            "number": number,
            "group": pd.Series(group, repeated.index, dtype="Int64"),
            "elsewhere": pd.Series(_elsewhere(group, repeated.to_numpy(), names), repeated.index, dtype=object),
            "expected": (_different(table, "alike") - 1) * 10.0 ** -table["precision"],
        },
        index=table.index,
    )
    return found.reindex(range(len(places)))


def _different(table: pd.DataFrame, by: str) -> pd.Series:
    """In how many places the group of each row stands."""
    once = table[[by, "place"]].drop_duplicates()
    return table[by].map(once[by].value_counts())


def _elsewhere(group: Ints, place: Ints, names: Labels) -> Labels:
    """The other places of each row's group: up to `NAMED` by name, and how many more there are."""
    once = pd.DataFrame({"group": group, "place": place}).drop_duplicates().sort_values("group", kind="stable")
    members, size = once["place"].to_numpy(), np.bincount(once["group"])
    start, others = (np.cumsum(size) - size)[group], size[group] - 1
    texts, told = np.full(len(group), "", dtype=object), np.zeros(len(group), dtype=np.int64)
    for nth in range(min(NAMED + 1, size.max(initial=0))):  # all rows at once: the group's first member, its second ...
        other = members[np.minimum(start + nth, len(members) - 1)]
        new = np.flatnonzero((nth <= others) & (other != place) & (told < NAMED))
        texts[new] += np.array(["", "; "], dtype=object)[np.minimum(told[new], 1)] + names[other[new]]
        told[new] += 1
    more = np.flatnonzero(others > NAMED)
    texts[more] += np.array([f"; and {n - NAMED:,} more" for n in others[more].tolist()], dtype=object)
    return texts


def _significant(printed: Printed) -> Ints:
    """Digits from the first that is not 0; 1 for 0."""
    with np.errstate(divide="ignore"):
        first = np.floor(np.log10(np.abs(printed.value)) + 1e-12)
    return np.where(np.isfinite(first), first + 1 + printed.decimals, 1).astype(np.int64)
