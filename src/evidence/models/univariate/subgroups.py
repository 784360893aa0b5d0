"""Compare subgroups of studies."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_choice
from ...errors import Incomplete, InvalidInput, NotEstimable
from .. import wording
from ..engine.coefficient_tests import Test
from ..engine.engine import Settings
from ..engine.estimators import Method
from ..engine.inference import Interval
from ..groups import with_groups
from ..result import Result
from ..studies import Column, Effects, brings_variances
from ..wald import joint_test
from .lacking import warn_left_out
from .many import pool_groups
from .regress import regress

Spread = Literal["separate", "common"]


@dataclass(frozen=True, repr=False, eq=False)
class Subgroups(Result):
    """Pooled effects of subgroups, and the test that they are all the same.

    Attributes
    ----------
    groups : DataFrame
        One row a group, as the grouped form of `pool`.
    tau2 : {"separate", "common"}
        Whether each group has a between-study variance of its own.
    statistic : float
        Test of difference between groups: chi-square when ``df[1]`` is infinite, F otherwise.
    df : tuple of (int, float)
        Groups - 1, and degrees of freedom of the denominator.
    p_value : float
        Of the test that the groups do not differ.

    See Also
    --------
    subgroups : Makes it.
    bayes_compare : The same question for few studies.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.1, 0.2, 0.3, 0.8, 0.9], "vi": [0.02] * 5, "dose": list("lllhh")})
    >>> ev.subgroups(frame, "dose", test="z").to_frame()[["dose", "k", "estimate"]].round(2).to_dict("list")
    {'dose': ['h', 'l'], 'k': [2, 3], 'estimate': [0.85, 0.2]}
    """

    _figure = "forest"

    groups: pd.DataFrame
    tau2: Spread
    statistic: float
    df: tuple[int, float]
    p_value: float

    def sentence(self) -> str:
        return f"Difference between {len(self.groups)} groups: {self._test()}."

    def _title(self) -> str:
        spread = "a tau² of its own each" if self.tau2 == "separate" else "one tau² for all"
        return f"{len(self.groups)} subgroups, {spread}"

    def _lines(self) -> list[str]:
        labels = self.groups.loc[:, :"k"].iloc[:, :-1]  # the columns in front of k
        lines = []
        for names, row in zip(labels.itertuples(index=False), self.groups.to_dict("records"), strict=True):
            found = wording.interval(Interval(row["ci_low"], row["ci_high"]))
            lines.append(f"{', '.join(map(str, names))}: {wording.number(row['estimate'])} ({found}), k = {row['k']}")
        return [*lines, f"difference: {self._test()}"]

    def _rows(self) -> pd.DataFrame:
        return self.groups

    def _table(self) -> pd.DataFrame:
        return self.groups

    def _test(self) -> str:
        return f"{wording.omnibus(self.statistic, self.df)}, p {wording.p_value(self.p_value)}"


def subgroups(
    yi: Effects,
    vi: ArrayLike | None = None,
    by: Column | list[str] | None = None,
    *,
    tau2: Spread = "separate",
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
) -> Subgroups:
    """Pool subgroups of studies and test whether their effects differ.

    Parameters
    ----------
    yi : array-like, DataFrame or fit
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit.
    vi : (k,) array-like
        Sampling variances. A frame or a fit brings its own; ``by`` may then stand second.
    by : column name or names, or one value a study
        What makes the groups.
    tau2 : {"separate", "common"}
        "separate": each group has its own between-study variance and the test is a chi-square of the pooled estimates
        weighted by 1 / se^2. "common": one variance for all, from a regression on ``by``.
    method : str
        Estimator of tau2, as for `pool`.
    test : str
        As for `pool`.
    level : float
        Coverage of the intervals.

    Returns
    -------
    Subgroups
        ``.groups``, and the test of their difference.

    Raises
    ------
    InvalidInput
        No such column, not one value a study, an unknown option.
    NotEstimable
        Fewer than two groups, or one whose mean has no standard error.

    Warns
    -----
    Incomplete
        How many rows have no group.

    See Also
    --------
    pool : With ``by=``, the groups without a test.
    regress : Several moderators at once.
    bayes_compare : For groups of few studies.

    Notes
    -----
    With few studies a group a common tau2 is estimated better; with many, separate ones assume less.

    References
    ----------
    Borenstein et al. (2009), Introduction to Meta-Analysis, ch. 19. Rubio-Aparicio et al. (2020), Journal of
    Experimental Education 88:288.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.1, 0.2, 0.3, 0.8, 0.9], "vi": [0.02] * 5, "dose": list("lllhh")})
    >>> print(ev.subgroups(frame, "dose", test="z").sentence())
    Difference between 2 groups: chi²(1) = 25.35, p < 0.001.
    """
    if by is None and brings_variances(yi):
        vi, by = None, vi
    if by is None:
        raise InvalidInput("by is missing: give the column that makes the groups, or one value a study")
    require_choice("tau2", tau2, get_args(Spread))
    settings = Settings(method, test, level)
    frame, names = with_groups(yi, vi, by)
    complete = _with_group_and_effect(frame, names)
    column = " and ".join(map(repr, names))
    made = len(complete[names].drop_duplicates())
    if made < 2:
        raise NotEstimable(f"column {column} makes {made} group; a comparison needs at least two")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Incomplete)  # an error here
        groups = pool_groups(complete, names, settings)
    if tau2 == "separate" and groups["se"].isna().any():
        first = groups[groups["se"].isna()].iloc[0]
        raise NotEstimable(f"group {', '.join(str(first[name]) for name in names)} of {column}: {first['note']}")
    differences = np.eye(len(groups))[1:] - np.eye(len(groups))[0]
    if tau2 == "common":
        code = complete.groupby(names, sort=True, observed=True).ngroup()
        formula = "~ 0 + C(group)"
        fit = regress(complete.assign(group=code), formula=formula, method=method, test=test, level=level)
        shared = fit.coefficients.reset_index(drop=True)
        groups = groups[[*names, "k"]].join(shared).assign(tau2=fit.tau2)
        joint = fit.contrast(differences).joint
    else:
        estimate, variance = groups["estimate"].to_numpy(), groups["se"].to_numpy() ** 2
        joint = joint_test(differences @ estimate, differences @ np.diag(variance) @ differences.T, np.inf)
    return Subgroups(groups, tau2, joint.statistic, joint.df, joint.p_value)


def _with_group_and_effect(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Complete rows; what that leaves out is told, but for effects that are missing."""
    grouped = frame[list(dict.fromkeys([*names, "yi", "vi"]))].dropna(subset=names)
    warn_left_out(len(frame) - len(grouped), len(frame), stacklevel=4)
    complete = grouped.dropna()
    empty = pd.concat([grouped[names].drop_duplicates(), complete[names].drop_duplicates()]).drop_duplicates(keep=False)
    if len(empty):
        first = ", ".join(str(value) for value in empty.iloc[0])
        text = f"{len(empty)} of the groups (first: {first}) have no study with both yi and vi and are left out"
        warnings.warn(text, Incomplete, stacklevel=3)
    return complete
