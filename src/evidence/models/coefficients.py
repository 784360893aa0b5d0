"""Coefficients with their tests and intervals, as one table for every model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .engine import Floats
from .inference import critical, two_sided_p


def coefficient_frame(names: Sequence[str], beta: Floats, se: Floats, df: Floats, level: float) -> pd.DataFrame:
    """One row a coefficient.

    Parameters
    ----------
    names : p labels; beta, se : (p,) arrays; level : float
    df : (p,) array, infinite for a normal test

    Returns
    -------
    DataFrame
        Index names; columns estimate, se, statistic, df, p_value, ci_low, ci_high.
    """
    statistic = beta / se
    half = critical(level, df) * se
    return pd.DataFrame(
        {
            "estimate": beta,
            "se": se,
            "statistic": statistic,
            "df": df,
            "p_value": two_sided_p(statistic, df),
            "ci_low": beta - half,
            "ci_high": beta + half,
        },
        index=pd.Index(np.asarray(names, dtype=object), name="coefficient"),
    )
