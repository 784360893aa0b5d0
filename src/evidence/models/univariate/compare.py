"""Compare nested models, and subgroups of studies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..engine.engine import Settings
from ..engine.estimators import Method, Test
from ..information import log_likelihood
from ..wald import joint_test
from .deletion import Fit, design_matrix
from .many import pool_groups
from .regress import regress


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A likelihood-ratio test of two nested models."""

    statistic: float
    df: int
    p_value: float

    def sentence(self) -> str:
        """One plain sentence from the numbers."""
        n = wording.number(self.statistic)
        return f"Likelihood-ratio test: chi²({self.df}) = {n}, p {wording.p_value(self.p_value)}."


@dataclass(frozen=True, eq=False)
class Subgroups:
    """Pooled effects of subgroups, and the test that they are all the same.

    Attributes
    ----------
    groups : frame, one row a group, as the grouped form of `pool`
    tau2 : "separate" or "common"
    statistic, df, p_value : test of difference between groups; ``df`` is (groups - 1, denominator), the
        statistic chi-square when the latter is infinite, F otherwise
    """

    groups: pd.DataFrame
    tau2: Literal["separate", "common"]
    statistic: float
    df: tuple[int, float]
    p_value: float

    def to_frame(self) -> pd.DataFrame:
        """The groups, one row each."""
        return self.groups.copy()

    def sentence(self) -> str:
        """One plain sentence from the numbers."""
        letter = f"chi²({self.df[0]})" if np.isinf(self.df[1]) else f"F({self.df[0]}, {self.df[1]:g})"
        n = wording.number(self.statistic)
        return f"Difference between {len(self.groups)} groups: {letter} = {n}, p {wording.p_value(self.p_value)}."


def likelihood_ratio(full: Fit, reduced: Fit) -> LikelihoodRatio:
    """Likelihood-ratio test of two nested models of the same studies.

    Parameters
    ----------
    full, reduced : Pooled or Regression, of the same studies. Both "ML"; or, with the same moderators, both
        "REML", or one of the two and "EE", which tests tau2 = 0

    Raises
    ------
    InvalidInput
        Other studies, moderators of the reduced model that the full one does not have, or likelihoods that
        cannot be compared.
    NotEstimable
        Both models have the same parameters.

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
    if not (np.array_equal(full.yi, reduced.yi) and np.array_equal(full.vi, reduced.vi)):
        raise InvalidInput("the models were fitted to different studies")
    x, inner = design_matrix(full), design_matrix(reduced)
    rank = int(np.linalg.matrix_rank(np.hstack([x, inner])))
    if rank > x.shape[1]:
        raise InvalidInput("the reduced model has moderators that the full model does not have")
    same_x = inner.shape[1] == x.shape[1]
    methods = {full.settings.method, reduced.settings.method} - {"EE"}
    if not methods <= {"ML", "REML"} or len(methods) != 1:
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
    frame: pd.DataFrame,
    by: str,
    tau2: Literal["separate", "common"] = "separate",
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
) -> Subgroups:
    """Pool subgroups of studies and test whether their effects differ.

    Parameters
    ----------
    frame : columns yi, vi and ``by``
    by : str, the column that makes the groups
    tau2 : "separate", each group has its own between-study variance and the test is a chi-square of the
        pooled estimates weighted by 1 / se^2; "common", one variance for all, from a regression on ``by``
    method, test, level : as for `pool`

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
    if tau2 not in ("separate", "common"):
        raise InvalidInput(f'tau2 {tau2!r} is unknown; choose "separate" or "common"')
    settings = Settings(method, test, level)
    for name in (by, "yi", "vi"):
        if name not in frame:
            raise InvalidInput(f"the frame has no column {name!r}; its columns: {list(frame.columns)}")
    complete = frame[[by, "yi", "vi"]].dropna()
    groups = pool_groups(complete, [by], settings)
    if len(groups) < 2:
        raise NotEstimable(f"column {by!r} makes {len(groups)} group; a comparison needs at least two")
    differences = np.eye(len(groups))[1:] - np.eye(len(groups))[0]
    if tau2 == "common":
        fit = regress(
            complete.rename(columns={by: "group"}), formula="~ 0 + C(group)", method=method, test=test, level=level
        )
        shared = fit.coefficients.reset_index(drop=True)
        groups = groups[[by, "k"]].join(shared).assign(tau2=fit.tau2)
        joint = fit.contrast(differences).joint
    else:
        estimate, variance = groups["estimate"].to_numpy(), groups["se"].to_numpy() ** 2
        joint = joint_test(differences @ estimate, differences @ np.diag(variance) @ differences.T, np.inf)
    return Subgroups(groups, tau2, joint.statistic, joint.df, joint.p_value)
