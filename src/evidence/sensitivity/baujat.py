"""Which studies make the heterogeneity, and which of them move the result."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..bias.source import read_fit
from ..models.studies import Column, Effects
from ..models.univariate.deletion import design_matrix, without_each
from ..models.univariate.residuals import deleted_predictions
from .clusters import refuse_dependent


def baujat(effects: Effects, vi: ArrayLike | pd.Series | None = None, *, slab: Column | None = None) -> pd.DataFrame:
    """Coordinates of a Baujat plot.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled or Regression
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool` or `regress`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    slab : str or array-like, optional
        Study labels, or the name of a column that holds them.

    Returns
    -------
    DataFrame
        Index: the study. contribution : squared Pearson residual, (yi - fitted)^2 / (vi + tau2); under "EE" the
        study's share of Q. influence : squared change of the fitted value when the study is left out, over
        the variance of the fitted value without it.

    Raises
    ------
    InvalidInput
        Not trials, or a fit of another kind.
    NotEstimable
        No more studies than coefficients; a fit of `multilevel`.

    See Also
    --------
    influence : More diagnostics, with rules for what counts as influential.
    leave_one_out : The pooled result without each study.
    plots.baujat : Draws it.

    References
    ----------
    Baujat et al. (2002), Statistics in Medicine 21:2641, 10.1002/sim.1221.

    Examples
    --------
    >>> import evidence as ev
    >>> table = ev.baujat([0.1, 0.2, 0.15, 0.2, 1.9], [0.02] * 5, slab=list("ABCDE"))
    >>> table["contribution"].idxmax(), table["influence"].idxmax()
    ('E', 'E')
    """
    refuse_dependent(effects, "a Baujat plot", "influence(fit) looks at it by cluster")
    fit, studies = read_fit(effects, vi, "a Baujat plot", slab, spare=1)
    fitted = design_matrix(fit) @ fit.beta
    expected, variance = deleted_predictions(fit, without_each(fit))
    columns = {
        "contribution": (fit.yi - fitted) ** 2 / (fit.vi + fit.tau2),
        "influence": np.asarray((expected - fitted) ** 2 / variance),
    }
    return pd.DataFrame(columns, index=pd.Index(studies.slab, name="study"))
