"""Whether arms differ at baseline as chance lets them: neither too little nor too much."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import fdtr, ndtr, ndtri

from ..effects.arguments import require_between
from ..effects.inputs import Floats
from .dispersion import Dispersion, dispersion
from .printed import ANY, COUNT, SPREAD, Labels, Rows, labels_of, read_rows
from .verdict import verdicts

#: Variables below which a trial is not judged.
LEAST_VARIABLES = 3


def baseline_balance(
    *,
    study: ArrayLike | pd.Series | None = None,
    variable: ArrayLike | pd.Series,
    mean: ArrayLike,
    sd: ArrayLike,
    n: ArrayLike,
    decimals: ArrayLike | None = None,
    alpha: float = 1e-4,
    probability: float = 0.95,
) -> pd.DataFrame:
    """Carlisle's and Barnett's tests of the balance of arms at baseline.

    Parameters
    ----------
    study : (k,) array-like, optional
        Which trial a row belongs to; without, all rows are of one.
    variable : (k,) array-like
        What was measured; rows of one trial and variable are its arms.
    mean : (k,) array-like
        Means at baseline as printed, as numbers or as text.
    sd : (k,) array-like
        Standard deviations.
    n : (k,) array-like
        People.
    decimals : scalar or (k,) array-like, optional
        Decimals of the means; by default the most that a mean of that trial and variable shows.
    alpha : float
        Carlisle's combined p value, of both tails, below which a trial does not pass.
    probability : float
        Barnett's probability of dispersion above which it does not.

    Returns
    -------
    DataFrame
        One row a trial, in the order of their names: study; passes; number, Carlisle's p value of both tails; rule;
        variables, how many it rests on; z, Stouffer's, above 0 where arms are more alike than by chance; p_alike and
        p_apart, its two tails; dispersion, Barnett's probability of either kind; precision, how many times the
        differences are as precise as chance makes them if there is dispersion (above 1: too much alike).

    Raises
    ------
    InvalidInput
        What is no number, a negative SD, an n that is no whole number, or not one study and variable a row.

    See Also
    --------
    same_numbers : The same mean and SD in several places.
    combine_pvalues : Stouffer's method and others for p values of effects.

    Notes
    -----
    Carlisle: each variable's F of analysis of variance from means, SDs and n gives the probability P of arms less far
    apart than these; Z = sum of z(1 - P) over sqrt(variables). Carlisle simulates rounded means; here P is taken at
    both ends of the rounding interval of the difference and averaged, which counts half of the chance of an exact tie
    (mid-p), so that equal means give a finite z. Barnett: see `evidence.integrity.dispersion`.

    Both take variables as independent, and randomisation as simple. Correlated variables (weight and body mass index)
    push both ways, and stratified or matched allocation makes arms alike by design. SEs printed as SDs make arms look
    alike too. A trial that does not pass is one to read, not one to doubt; with fewer than three variables none is
    judged.

    References
    ----------
    Carlisle (2017), Anaesthesia 72:944, 10.1111/anae.13938.
    Barnett (2022), F1000Research 11:783, 10.12688/f1000research.123002.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.baseline_balance(
    ...     variable=["age", "age", "weight", "weight", "pain", "pain"],
    ...     mean=["51.2", "48.7", "71.3", "72.9", "62.0", "59.1"],
    ...     sd=[11.9, 12.4, 13.1, 12.8, 18.0, 17.2],
    ...     n=30,
    ... )
    >>> found[["passes", "variables", "z", "dispersion"]].round(2)
       passes  variables     z  dispersion
    0    True          3  0.13        0.28
    """
    require_between("alpha", alpha, 0, 1)
    require_between("probability", probability, 0, 1)
    rows = read_rows({"mean": (mean, decimals, ANY), "sd": (sd, None, SPREAD)}, {"n": (n, COUNT)})
    k = len(rows.plain["n"])
    trials = labels_of(study, k, rows.index)
    table = _variables(rows, trials, labels_of(variable, k, rows.index, "variable"))
    # the chance of arms nearer than these, less half of that of a tie
    below = (_chance(table, table["t"] - table["half"]) + _chance(table, table["t"] + table["half"])) / 2
    table["z"] = -ndtri(np.clip(below, 1e-16, 1 - 1e-16))
    names = sorted(set(trials), key=str)
    trial = pd.Categorical(table["study"], names).codes
    count = np.bincount(trial, minlength=len(names))
    with np.errstate(invalid="ignore"):  # a trial with no variable has no z
        z = np.bincount(trial, table["z"], len(names)) / np.sqrt(count)
    table = table.iloc[np.argsort(trial, kind="stable")]
    numbers = table[["t", "half", "groups", "df"]].to_numpy(float)
    spread = [_dispersion(numbers[end - k : end]) for end, k in zip(np.cumsum(count), count, strict=True)]
    both = np.minimum(1.0, 2 * ndtr(-np.abs(z)))
    judged = count >= LEAST_VARIABLES
    found = verdicts(
        None,
        (both >= alpha) & ~(np.array([each.probability for each in spread]) > probability),
        both,
        f"Stouffer's p of both tails is at least {alpha:g} and the probability of dispersion at most {probability:g}",
        [(~judged, f"fewer than {LEAST_VARIABLES} variables with mean, SD and n in two arms or more")],
        variables=count,
        z=z,
        p_alike=ndtr(-z),
        p_apart=ndtr(z),
        dispersion=[each.probability for each in spread],
        precision=[each.multiplier for each in spread],
    )
    found.insert(0, "study", names)
    return found


def _variables(rows: Rows, trials: Labels, variables: Labels) -> pd.DataFrame:
    """One row a trial and variable: groups, df, t = sqrt((g - 1) F), and half a unit of rounding in the units of t."""
    known = ~rows.missing("mean", "sd", "n") & (rows.plain["n"] > 1) & (rows.printed["sd"].value > 0)
    mean, n = rows.printed["mean"].value, rows.plain["n"]
    arms = pd.DataFrame(
        {
            "study": trials,
            "variable": variables,
            "n": n,
            "n2": n**2,
            "total": n * mean,
            "within": (n - 1) * rows.printed["sd"].value ** 2,
            "decimals": rows.printed["mean"].decimals,
            "mean": mean,
        }
    )[known]
    keys = [arms["study"], arms["variable"]]
    sums = arms.groupby(keys, sort=False)[["n", "n2", "total", "within"]].sum()
    centre = (sums["total"] / sums["n"]).reindex(pd.MultiIndex.from_arrays(keys)).to_numpy()
    between = (arms["n"] * (arms["mean"] - centre) ** 2).groupby(keys, sort=False).sum()
    groups = arms.groupby(keys, sort=False)["n"].size()
    df = sums["n"] - groups
    variance = sums["within"] / df
    people = (sums["n"] - sums["n2"] / sums["n"]) / (groups - 1).where(groups > 1)
    unit = 10.0 ** -arms.groupby(keys, sort=False)["decimals"].max()
    table = pd.DataFrame(
        {
            "groups": groups.astype(float),
            "df": df,
            "t": np.sqrt(between / variance),
            "half": unit / 2 / np.sqrt(2 * variance / people),
        }
    )
    return table[groups > 1].reset_index()


def _chance(table: pd.DataFrame, t: pd.Series) -> Floats:
    between = table["groups"] - 1
    return np.asarray(fdtr(between, table["df"], np.maximum(t, 0) ** 2 / between))


def _dispersion(variables: Floats) -> Dispersion:
    if len(variables) == 0:
        return Dispersion(float("nan"), float("nan"))
    return dispersion(*variables.T)
