"""Compare nested models of the same studies by their likelihoods."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..engine.estimators import ESTIMATORS
from ..information import log_likelihood
from ..result import Result
from .deletion import Fit, design_matrix
from .fitted import FittedModel


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
        Of the chi-square test.

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
