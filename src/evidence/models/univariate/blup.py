"""Best linear unbiased predictions: the true effect of each study, shrunken towards what the model expects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...errors import NotEstimable
from ..engine.engine import Floats, Settings
from ..engine.inference import critical


def blup_table(
    settings: Settings,
    yi: Floats,
    vi: Floats,
    slab: Sequence[str],
    tau2: float,
    fitted: Floats,
    fitted_variance: Floats,
    df: float,
    level: float,
) -> pd.DataFrame:
    """Empirical Bayes estimates of the k true effects, with prediction intervals.

    Parameters
    ----------
    settings : Settings
    yi : (k,) array
    vi : (k,) array
    slab : sequence of k str
    tau2 : float
    fitted : (k,) array
        What the model expects for each study.
    fitted_variance : (k,) array
        The variance of that.
    df : float
        Degrees of freedom of the quantile.
    level : float
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        Index slab; columns estimate, se, pi_low, pi_high.

    Raises
    ------
    NotEstimable
        Weights other than 1 / (vi + tau2): the shrinkage is not defined then.

    Notes
    -----
    With reliability li = tau2 / (tau2 + vi): li yi + (1 - li) fitted, variance li vi + (1 - li)^2 Var(fitted).

    References
    ----------
    Raudenbush & Bryk (1985), Journal of Educational Statistics 10:75.
    """
    if not settings.weighted or settings.method == "GENQ":
        raise NotEstimable("predicted true effects need the weights 1 / (vi + tau2); this fit used others")
    reliability = tau2 / (tau2 + vi)
    estimate = reliability * yi + (1 - reliability) * fitted
    se = np.sqrt(reliability * vi + (1 - reliability) ** 2 * fitted_variance)
    half = critical(level, np.array([df]))[0] * se
    return pd.DataFrame(
        {"estimate": estimate, "se": se, "pi_low": estimate - half, "pi_high": estimate + half},
        index=pd.Index(slab, name="study"),
    )
