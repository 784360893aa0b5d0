"""Case diagnostics: how much each study sways a fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtr

from ..bias.source import read_fit
from ..errors import InvalidInput
from ..models import wording
from ..models.engine.engine import SMALLEST_VARIANCE, Floats
from ..models.engine.inference import scale
from ..models.multilevel.mixed_model import MixedModel
from ..models.multilevel.result import Multilevel
from ..models.result import Result
from ..models.studies import Column, Effects
from ..models.univariate.deletion import Fit, design_matrix, without_each
from ..models.univariate.residuals import hat_matrix, studentised
from ..models.weights import used_weights
from .clusters import cluster_diagnostics


@dataclass(frozen=True, repr=False, eq=False)
class Influence(Result):
    """Case diagnostics of k studies.

    Attributes
    ----------
    diagnostics : DataFrame
        Index the study: rstudent, dffits, cooks_distance, covariance_ratio, tau2_deleted, q_deleted, hat, weight
        (percent). Of a fit of `multilevel` the clusters, with how many ``rows`` each has; where clusters have several,
        chi2_deleted in place of the first two: their residuals from the fit without them, a chi-square with as many df.
    dfbetas : DataFrame
        Index the study, one column a coefficient: its change in standard errors.
    influential : Series of bool
        Index the study.

    See Also
    --------
    influence : Makes it.
    plots.influence : Draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.influence([0.1, 0.2, 0.15, 0.2, 1.9], [0.02] * 5, slab=list("ABCDE"))
    >>> found.influential[found.influential].index.tolist()
    ['E']
    >>> found.to_frame().columns.tolist()[:3]
    ['study', 'rstudent', 'dffits']
    """

    _figure = "influence"

    diagnostics: pd.DataFrame
    dfbetas: pd.DataFrame
    influential: pd.Series

    def sentence(self) -> str:
        names = list(self.influential.index[self.influential])
        if not names:
            return f"None of {len(self.influential)} studies is influential."
        verb = "is" if len(names) == 1 else "are"
        return f"{len(names)} of {len(self.influential)} studies {verb} influential: {', '.join(map(str, names))}."

    def _title(self) -> str:
        return f"Case diagnostics (k = {len(self.influential)})"

    def _lines(self) -> list[str]:
        lines = [self.sentence()]
        for column, words in (("cooks_distance", "Cook's distance"), ("rstudent", "studentised residual")):
            if column not in self.diagnostics:
                continue
            values = self.diagnostics[column].abs()
            if values.notna().any():
                name = values.idxmax()
                value = self.diagnostics[column].iloc[int(np.nanargmax(values))]
                lines.append(f"largest {words} {wording.number(value)} ({name})")
        return lines

    def _rows(self) -> pd.DataFrame:
        return pd.concat([self.diagnostics, self.dfbetas.add_prefix("dfbetas_"), self.influential], axis=1)

    def _table(self) -> pd.DataFrame:
        return self._rows()


def influence(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    *,
    slab: Column | None = None,
    cluster: Column | None = None,
) -> Influence:
    """Leave-one-out diagnostics.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled, Regression, Multilevel or MixedModel
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`, `regress` or `multilevel`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    slab : str or array-like, optional
        Study labels, or the name of a column that holds them.
    cluster : str or array-like, optional
        Which rows of a multilevel fit are left out together: one of its levels, "row" for each by itself, a column, or
        one label a row; by default the outermost level.

    Returns
    -------
    Influence
        NaN where the fit without a study does not exist (it alone carries a moderator).

    Raises
    ------
    InvalidInput
        Not trials, or a fit of another kind.
    NotEstimable
        Fewer than two studies more than coefficients.

    See Also
    --------
    leave_one_out : The pooled result without each study.
    baujat : Which studies make the heterogeneity.
    gosh : All subsets of studies.
    plots.influence : Draws it.

    Notes
    -----
    A study counts as influential when \\|DFFITS\\| > 3 sqrt(p / (k - p)), when Cook's distance lies beyond the
    median of chi-square with p df, when its leverage exceeds 3 p / k, or when any \\|DFBETAS\\| > 1.

    Those of a multilevel fit are metafor's for ``rma.mv``, variances estimated anew without each cluster: the hat value
    of a cluster is the sum of those of its rows, and k counts clusters.

    References
    ----------
    Viechtbauer & Cheung (2010), Research Synthesis Methods 1:112, 10.1002/jrsm.11.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.2, 0.15, 0.2, 1.9], [0.02] * 5, slab=list("ABCDE"))
    >>> ev.influence(fit).sentence()
    '1 of 5 studies is influential: E.'
    """
    if isinstance(effects, Multilevel | MixedModel):
        return Influence(*cluster_diagnostics(effects, cluster))
    if cluster is not None:
        raise InvalidInput("cluster is for a fit of multilevel; of independent studies each is left out by itself")
    fit, studies = read_fit(effects, vi, "influence", slab, spare=2)
    x = design_matrix(fit)
    k, p = x.shape
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
    with np.errstate(divide="ignore", invalid="ignore"):  # vi = 0, and without that study tau2 is 0: without limit
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
        index=pd.Index(studies.slab, name="study"),
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
        cov = np.linalg.inv(np.einsum("ij,bi,il->bjl", x, 1 / np.maximum(variances, SMALLEST_VARIANCE), x))
        return np.diagonal(cov, axis1=1, axis2=2)
    map_to_beta = np.linalg.solve(x.T @ (weights[:, None] * x), x.T * weights)
    return np.asarray(np.einsum("ji,bi->bj", map_to_beta**2, variances))
