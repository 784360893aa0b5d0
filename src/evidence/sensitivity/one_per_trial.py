"""One effect per trial: the mean of its rows, whose sampling errors correlate."""

from __future__ import annotations

import numpy as np
import pandas as pd


def one_per_trial(rows: pd.DataFrame, rho: float) -> pd.DataFrame:
    """Average the rows of each trial.

    Parameters
    ----------
    rows : frame with columns ``study``, ``yi`` and ``vi``, none missing
    rho : float, correlation of sampling errors within a trial

    Returns
    -------
    DataFrame
        study, yi, vi, one row a trial, in order of appearance; vi = (rho (sum sei)^2 + (1 - rho) sum vi) / m^2.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, ch. 24.
    """
    trial, names = pd.factorize(rows["study"])
    yi, vi = rows["yi"].to_numpy(float), rows["vi"].to_numpy(float)
    m, total, variances, errors = (np.bincount(trial, weights) for weights in (None, yi, vi, np.sqrt(vi)))
    mean_variance = (rho * errors**2 + (1 - rho) * variances) / m**2
    return pd.DataFrame({"study": names, "yi": total / m, "vi": mean_variance})
