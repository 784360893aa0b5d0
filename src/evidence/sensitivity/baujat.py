"""Which studies make the heterogeneity, and which of them move the result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..models.univariate.deletion import Fit, design_matrix, without_each
from ..models.univariate.residuals import deleted_predictions


def baujat(fit: Fit) -> pd.DataFrame:
    """Coordinates of a Baujat plot.

    Parameters
    ----------
    fit : Pooled or Regression

    Returns
    -------
    DataFrame
        Index slab. contribution : squared Pearson residual, (yi - fitted)^2 / (vi + tau2); under "EE" the
        study's share of Q. influence : squared change of the fitted value when the study is left out, over
        the variance of the fitted value without it.

    References
    ----------
    Baujat et al. (2002), Statistics in Medicine 21:2641, 10.1002/sim.1221.
    """
    fitted = design_matrix(fit) @ fit.beta
    expected, variance = deleted_predictions(fit, without_each(fit))
    columns = {
        "contribution": (fit.yi - fitted) ** 2 / (fit.vi + fit.tau2),
        "influence": np.asarray((expected - fitted) ** 2 / variance),
    }
    return pd.DataFrame(columns, index=pd.Index(fit.slab, name="study"))
