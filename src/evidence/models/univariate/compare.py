"""Compare nested models, and subgroups of studies."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from ...effects.arguments import require_choice
from ...errors import Incomplete, InvalidInput, NotEstimable
from .. import wording
from ..engine.coefficient_tests import Test
from ..engine.engine import Settings
from ..engine.estimators import ESTIMATORS, Method
from ..engine.inference import Interval
from ..groups import with_groups
from ..information import log_likelihood
from ..result import Result
from ..studies import Column, Effects, brings_variances
from ..wald import joint_test
from .deletion import Fit, design_matrix
from .fitted import FittedModel
from .lacking import warn_left_out
from .many import pool_groups
from .regress import regress

Spread = Literal["separate", "common"]


@dataclass(frozen=True, repr=False, eq=False)
class LikelihoodRatio(Result):
    """A likelihood-ratio test of two nested models.

    Attributes
    ----------
    statistic : float
        Twice the difference of log-likelihoods.
    df : int
        Parameters that the full model has more.
    p_value : float

    See Also
    --------
    likelihood_ratio : Makes it for fits of `pool` and `regress`.
    selection_model : Tests by it whether selection by p value improves the fit.

    Examples
    --------
    >>> import evidence as ev
    >>> yi, vi = [0.1, 0.4, 0.3, 1.2, 0.7], [0.05] * 5
    >>> ev.likelihood_ratio(ev.pool(yi, vi), ev.pool(yi, vi, method="EE"))
    Likelihood-ratio test
    chi²(1) = 5.45, p = 0.020
    """

    statistic: float
    df: int
    p_value: float

    def sentence(self) -> str:
        return f"Likelihood-ratio test: {self._lines()[0]}."

    def _title(self) -> str:
        return "Likelihood-ratio test"

    def _lines(self) -> list[str]:
        return [f"{wording.omnibus(self.statistic, (self.df, math.inf))}, p {wording.p_value(self.p_value)}"]

    def _row(self) -> dict[str, object]:
        return {"statistic": self.statistic, "df": self.df, "p_value": self.p_value}


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


def likelihood_ratio(full: Fit, reduced: Fit) -> LikelihoodRatio:
    """Likelihood-ratio test of two nested models of the same studies.

    Parameters
    ----------
    full : Pooled or Regression
        The model with more parameters.
    reduced : Pooled or Regression
        Of the same studies. Both "ML"; or, with the same moderators, both "REML", or one of the two and "EE", which
        tests tau2 = 0.

    Returns
    -------
    LikelihoodRatio
        Statistic, df and p value.

    Raises
    ------
    InvalidInput
        What is no fit, other studies, moderators of the reduced model that the full one does not have, or likelihoods
        that cannot be compared.
    NotEstimable
        Both models have the same parameters.

    See Also
    --------
    regress : Fits models with moderators.
    subgroups : Tests a difference between groups.

    Notes
    -----
    p values for tau2 = 0 are conservative: chi-square ignores that tau2 cannot be negative.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.1] * 5, "dose": [1, 2, 3, 4, 5]})
    >>> full, reduced = (ev.regress(frame, formula=f, method="ML") for f in ("~ dose", "~ 1"))
    >>> print(ev.likelihood_ratio(full, reduced).sentence())
    Likelihood-ratio test: chi²(1) = 2.89, p = 0.089.
    """
    for name, fit in (("full", full), ("reduced", reduced)):
        if not isinstance(fit, FittedModel):
            raise InvalidInput(f"{name} is a {type(fit).__name__}; give a fit of pool or regress")
    if not (np.array_equal(full.yi, reduced.yi) and np.array_equal(full.vi, reduced.vi)):
        raise InvalidInput("the models were fitted to different studies")
    x, inner = design_matrix(full), design_matrix(reduced)
    rank = int(np.linalg.matrix_rank(np.hstack([x, inner])))
    if rank > x.shape[1]:
        raise InvalidInput("the reduced model has moderators that the full model does not have")
    same_x = inner.shape[1] == x.shape[1]
    methods = {fit.settings.method for fit in (full, reduced) if fit.settings.random}
    if len(methods) != 1 or not all(ESTIMATORS[method].likelihood for method in methods):
        raise InvalidInput("likelihoods compare between ML fits, or between REML fits; refit the models")
    restricted = methods == {"REML"}
    if restricted and not same_x:
        raise InvalidInput('restricted likelihoods of different moderators do not compare; refit with method="ML"')
    df = x.shape[1] - inner.shape[1] + int(not full.settings.fixed_tau2) - int(not reduced.settings.fixed_tau2)
    if df <= 0:
        raise NotEstimable("the full model has no more parameters than the reduced one")
    values = [
        log_likelihood(f.yi, f.vi, design, f.beta, f.tau2, restricted) for f, design in ((full, x), (reduced, inner))
    ]
    statistic = max(0.0, 2 * (values[0] - values[1]))
    return LikelihoodRatio(statistic, df, float(chdtrc(df, statistic)))


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
    grouped = frame[[*names, "yi", "vi"]].dropna(subset=names)
    warn_left_out(len(frame) - len(grouped), len(frame), stacklevel=4)
    complete = grouped.dropna()
    empty = pd.concat([grouped[names].drop_duplicates(), complete[names].drop_duplicates()]).drop_duplicates(keep=False)
    if len(empty):
        first = ", ".join(str(value) for value in empty.iloc[0])
        text = f"{len(empty)} of the groups (first: {first}) have no study with both yi and vi and are left out"
        warnings.warn(text, Incomplete, stacklevel=3)
    return complete
