"""Case diagnostics: how much each study sways a fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtr

from ..errors import NotEstimable
from ..models.engine.engine import Floats
from ..models.engine.inference import scale
from ..models.univariate.deletion import Fit, design_matrix, without_each
from ..models.univariate.residuals import hat_matrix, studentised
from ..models.weights import used_weights


@dataclass(frozen=True, eq=False)
class Influence:
    """Case diagnostics of k studies.

    Attributes
    ----------
    diagnostics : frame, index slab; rstudent, dffits, cooks_distance, covariance_ratio, tau2_deleted, q_deleted,
        hat, weight (percent)
    dfbetas : frame, index slab, one column a coefficient: its change in standard errors
    influential : Series of bool, index slab
    """

    diagnostics: pd.DataFrame
    dfbetas: pd.DataFrame
    influential: pd.Series

    def to_frame(self) -> pd.DataFrame:
        """All diagnostics side by side; dfbetas as ``dfbetas_<coefficient>``, and ``influential``."""
        return pd.concat([self.diagnostics, self.dfbetas.add_prefix("dfbetas_"), self.influential], axis=1)

    def summary(self) -> str:
        """The studies that stand out, by name."""
        names = list(self.influential.index[self.influential])
        if not names:
            return f"None of {len(self.influential)} studies is influential."
        return f"{len(names)} of {len(self.influential)} studies influential: {', '.join(map(str, names))}"

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(border=0, escape=True)


def influence(fit: Fit) -> Influence:
    """Leave-one-out diagnostics.

    Parameters
    ----------
    fit : Pooled or Regression, of more studies than coefficients plus one

    Returns
    -------
    Influence
        NaN where the fit without a study does not exist (it alone carries a moderator).

    Notes
    -----
    A study counts as influential when \\|DFFITS\\| > 3 sqrt(p / (k - p)), when Cook's distance lies beyond the
    median of chi-square with p df, when its leverage exceeds 3 p / k, or when any \\|DFBETAS\\| > 1.

    References
    ----------
    Viechtbauer & Cheung (2010), Research Synthesis Methods 1:112, 10.1002/jrsm.11.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.2, 0.15, 0.2, 1.9], [0.02] * 5, slab=list("ABCDE"))
    >>> ev.influence(fit).summary()
    '1 of 5 studies influential: E'
    """
    x = design_matrix(fit)
    k, p = x.shape
    if k < p + 2:
        raise NotEstimable(f"{k} studies and {p} coefficients: leaving one out leaves nothing to compare with")
    deleted = without_each(fit)
    factor = scale(fit.settings, deleted)
    difference = fit.beta - deleted.beta
    information = np.linalg.inv(fit.cov)
    cook = np.einsum("ij,jl,il->i", difference, information, difference)
    hat = hat_matrix(fit)
    leverage = np.diag(hat)
    variances = fit.vi[None, :] + deleted.tau2[:, None]  # row i: all studies at the tau2 without study i
    if fit.settings.weighted and fit.custom_weights is None:
        spread = leverage * np.diag(variances)
    else:
        spread = np.sum(hat**2 * variances, axis=1)
    dffits = np.einsum("ij,ij->i", x, difference) / np.sqrt(factor * spread)
    weights = used_weights(fit.settings, fit.vi, fit.tau2, fit.custom_weights)
    dfbetas = difference / np.sqrt(factor[:, None] * _coefficient_variances(fit, x, weights, variances))
    with np.errstate(invalid="ignore"):  # a study that alone carries a moderator leaves no fit behind
        determinants = factor**p * np.linalg.det(deleted.cov)
    diagnostics = pd.DataFrame(
        {
            "rstudent": studentised(fit, deleted),
            "dffits": dffits,
            "cooks_distance": cook,
            "covariance_ratio": determinants / np.linalg.det(fit.cov),
            "tau2_deleted": deleted.tau2,
            "q_deleted": deleted.q,
            "hat": leverage,
            "weight": 100 * weights / weights.sum(),
        },
        index=pd.Index(fit.slab, name="study"),
    )
    extreme = (
        (np.abs(dffits) > 3 * np.sqrt(p / (k - p)))
        | (chdtr(p, np.nan_to_num(cook)) > 0.5)
        | (leverage > 3 * p / k)
        | (np.abs(dfbetas) > 1).any(axis=1)
    )
    return Influence(
        diagnostics,
        pd.DataFrame(dfbetas, index=diagnostics.index, columns=list(fit.names)),
        pd.Series(extreme, index=diagnostics.index, name="influential"),
    )


def _coefficient_variances(fit: Fit, x: Floats, weights: Floats, variances: Floats) -> Floats:
    # (B, p): diagonal of the covariance of the coefficients with all studies kept, at each row of variances.
    if fit.settings.weighted and fit.custom_weights is None:
        cov = np.linalg.inv(np.einsum("ij,bi,il->bjl", x, 1 / variances, x))
        return np.diagonal(cov, axis1=1, axis2=2)
    map_to_beta = np.linalg.solve(x.T @ (weights[:, None] * x), x.T * weights)
    return np.asarray(np.einsum("ji,bi->bj", map_to_beta**2, variances))
