"""Whether estimate, standard error, interval, test statistic and p value agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from ..effects.arguments import require_between, require_choice, require_level
from ..effects.inputs import Floats, Rule, aligned
from ..errors import InvalidInput
from .p_ranges import (
    TESTS,
    TWO_SIDED,
    Range,
    fitting,
    meeting,
    p_of_size,
    p_of_tail,
    rounded,
    size_of_ratio,
    size_of_statistic,
)
from .printed import ANY, PROBABILITY, SPREAD, Bools, Printed, Rows, read_rows
from .verdict import verdicts

RULE = "one p value fits the printed p and all that is printed beside it, each anywhere in its rounding interval"
RELATIONS = ("=", "<", "<=", ">", ">=")
_DF = Rule(lambda x: ~(x <= 0), "be degrees of freedom above 0")


def p_recomputed(
    *,
    p: ArrayLike = np.nan,
    estimate: ArrayLike = np.nan,
    se: ArrayLike = np.nan,
    ci_low: ArrayLike = np.nan,
    ci_high: ArrayLike = np.nan,
    df: ArrayLike = np.nan,
    statistic: ArrayLike = np.nan,
    test: str = "t",
    df2: ArrayLike = np.nan,
    relation: str | ArrayLike = "=",
    level: float = 0.95,
    scale: str = "identity",
    alpha: float = 0.05,
    decimals: ArrayLike | None = None,
    p_decimals: ArrayLike | None = None,
) -> pd.DataFrame:
    """Recompute p values from what is printed beside them, and hold all of it against each other.

    Parameters
    ----------
    p : scalar or (k,) array-like
        p values as printed, as numbers or as text.
    estimate : scalar or (k,) array-like
        Estimates as printed, tested against no effect.
    se : scalar or (k,) array-like
        Their standard errors; of the logarithm where ``scale`` is "log".
    ci_low : scalar or (k,) array-like
        Lower ends of their intervals.
    ci_high : scalar or (k,) array-like
        Upper ends.
    df : scalar or (k,) array-like
        Degrees of freedom of the test (of F, the first); left out where z is tested.
    statistic : scalar or (k,) array-like
        Test statistics as printed.
    test : {"t", "z", "f", "chi2", "r"}
        What the statistic is.
    df2 : scalar or (k,) array-like
        Second degrees of freedom of F.
    relation : str or (k,) array-like of {"=", "<", "<=", ">", ">="}
        How p stands to its number: "P < 0.05" is 0.05 with "<".
    level : float
        Coverage of the intervals.
    scale : {"identity", "log"}
        "log" for ratios: no effect is 1, and the interval is symmetric in logarithms.
    alpha : float
        Where a p value starts to count as significant, itself included.
    decimals : scalar or (k,) array-like, optional
        Decimals of all numbers but p; by default those that each shows.
    p_decimals : scalar or (k,) array-like, optional
        Decimals of p; by default those that it shows.

    Returns
    -------
    DataFrame
        passes; number, the p value recomputed from the statistic, else from the standard error, else from the interval;
        rule; least and most, the p values between which rounding leaves it; one_sided, whether half of the recomputed
        p value would fit where it does not itself; severity, "decision" where the printed and the recomputed p lie on
        two sides of alpha, "error" where they differ otherwise, "" where they agree.

    Raises
    ------
    InvalidInput
        What is no number, a p value outside [0, 1], or an unknown test, relation or scale.

    See Also
    --------
    interval_symmetric : Whether the estimate stands in the middle of its interval.
    se_from_p : The standard error from a p value.

    Notes
    -----
    Each source leaves an interval of p values open: a statistic from abs(x) - h to abs(x) + h, with h half a unit of
    its last digit; estimate and standard error from the least to the greatest ratio of the two; estimate and interval
    the same, with (high - low) / (2 q) as standard error; the printed p from p - h to p + h, or all below or above
    it. Where one value lies in all of them the numbers agree. Ends are included. Two sides are assumed: where only a
    one-sided test fits, ``one_sided`` says so, and the numbers do not pass.

    Without ``df`` estimates are tested by z; small trials mostly use t, whose p values differ in the second digit, so
    give the degrees of freedom where they are known.

    It is statcheck's rule with two changes: sources are also held against each other, and p = 0.000 is read as rounded
    (statcheck counts it as an error).

    References
    ----------
    Altman & Bland (2011), BMJ 343:d2304, 10.1136/bmj.d2304 (p values from intervals).
    Nuijten et al. (2016), Behavior Research Methods 48:1205, 10.3758/s13428-015-0664-2.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.p_recomputed(statistic=["2.20", "2.20"], df=28, test="t", p=["0.04", "0.06"])
    >>> found[["passes", "number", "severity"]].round(4)
       passes  number  severity
    0    True  0.0362
    1   False  0.0362  decision
    >>> ev.p_recomputed(estimate="-5.1", ci_low="-9.8", ci_high="-0.4", p="0.21")["passes"].tolist()
    [False]
    """
    require_choice("test", test, TESTS)
    require_choice("scale", scale, ("identity", "log"))
    require_level(level)
    require_between("alpha", alpha, 0, 1)
    numbers = {"estimate": estimate, "ci_low": ci_low, "ci_high": ci_high, "statistic": statistic}
    rows = read_rows(
        {"p": (p, p_decimals, PROBABILITY), "se": (se, decimals, SPREAD)}
        | {name: (values, decimals, ANY) for name, values in numbers.items()},
        {"df": (df, _DF), "df2": (df2, _DF)},
    )
    relations = _relations(relation, rows)
    sources, known = _sources(rows, test, level, scale)
    printed = _printed_range(rows.printed["p"], relations)
    ends = rows.printed["ci_low"], rows.printed["ci_high"]
    turned = ends[1].high < ends[0].low  # an interval that ends before it starts
    holds = fitting([sources, printed]) & ~turned
    unknown = (known + ~np.isnan(printed.value) < 2) & ~turned
    sided = test in TWO_SIDED or np.isnan(rows.printed["statistic"].value)
    halved = Range(*(end / 2 for end in sources))
    severity = np.where(_decision(rows.printed["p"].value, sources.value, relations, alpha), "decision", "error")
    return verdicts(
        rows.index,
        holds,
        sources.value,
        RULE,
        [(unknown, "it takes two of: p, a statistic with its df, an estimate with its standard error or interval")],
        least=sources.least,
        most=sources.most,
        one_sided=~holds & ~unknown & sided & fitting([halved, printed]),
        severity=np.where(holds | unknown, "", severity).astype(object),
    )


def _relations(relation: str | ArrayLike, rows: Rows) -> NDArray[np.object_]:
    given = np.asarray(aligned(relation, "relation", rows.index), dtype=object)
    k = len(rows.plain["df"])
    if given.ndim > 1 or given.size not in (1, k):
        raise InvalidInput(f"relation has shape {given.shape}; give one, or one for each of the {k} rows")
    found = np.array([each if isinstance(each, str) else "=" for each in given.ravel()], dtype=object)
    for each in set(found):
        require_choice("relation", each, RELATIONS)
    return np.broadcast_to(found, k)


def _sources(rows: Rows, test: str, level: float, scale: str) -> tuple[Range, NDArray[np.int64]]:
    """What the statistic, the standard error and the interval say of p together, and how many of them are known.

    p falls as a statistic grows, so those with the same distribution meet before any p is computed.
    """
    df, df2, statistic = rows.plain["df"], rows.plain["df2"], rows.printed["statistic"]
    estimate, low, high = (rounded(rows.printed[name], scale) for name in ("estimate", "ci_low", "ci_high"))
    tested = df if test in ("t", "r") else np.full(len(df), np.nan)  # F and chi-square lend no df to an estimate
    half_width = Range(*((high[i] - low[2 - i]) / (2 * _quantile(tested, level)) for i in range(3)))
    of_interval = Range(*(np.where(half_width.most < 0, np.nan, each) for each in half_width))
    lacking = rows.missing(*TESTS[test]) if TESTS[test] else np.zeros(len(df), dtype=bool)
    given = Printed(np.where(lacking, np.nan, statistic.value), statistic.decimals)
    sizes = [size_of_ratio(estimate, rounded(rows.printed["se"])), size_of_ratio(estimate, of_interval)]
    if test in TWO_SIDED:
        sizes.insert(0, size_of_statistic(test, given, df))
    found = [p_of_size(meeting(sizes), tested)]
    values = [each.value for each in sizes]
    if test not in TWO_SIDED:
        found.insert(0, p_of_tail(test, given, df, df2))
        values.append(given.value)
    return meeting(found), np.sum(~np.isnan(values), axis=0)


def _quantile(df: Floats, level: float) -> Floats:
    """How many standard errors an interval reaches to each side; few degrees of freedom are many rows'."""
    which, different = pd.factorize(df, use_na_sentinel=False)
    return np.where(np.isnan(different), ndtri(0.5 + level / 2), stdtrit(different, 0.5 + level / 2))[which]


def _printed_range(p: Printed, relation: NDArray[np.object_]) -> Range:
    below, above = np.isin(relation, ("<", "<=")), np.isin(relation, (">", ">="))
    least = np.where(below, 0.0, np.where(above, p.value, p.low))
    most = np.where(below, p.value, np.where(above, 1.0, p.high))
    known = ~np.isnan(p.value)
    return Range(np.where(known, least, np.nan), p.value, np.where(known, most, np.nan))


def _decision(p: Floats, computed: Floats, relation: NDArray[np.object_], alpha: float) -> Bools:
    """Whether the printed p and the recomputed one lead to different decisions; p = alpha is significant."""
    below, above = np.isin(relation, ("<", "<=")), np.isin(relation, (">", ">="))
    claimed = np.where(above, p < alpha, p <= alpha)  # p > 0.05 is not significant
    wrongly_not = ~claimed & ~below & (computed <= alpha)  # p < 0.10 claims neither
    return (claimed & ~above & (computed > alpha)) | wrongly_not
