"""Pool as evidence came in: the first study, the first two, and so on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..errors import InvalidInput
from ..models.engine.inference import common_mean_columns
from ..models.univariate.deletion import fit_rows
from ..models.univariate.pooled import Pooled


def cumulative(fit: Pooled, order: ArrayLike | None = None) -> pd.DataFrame:
    """Pooled results after each added study.

    Parameters
    ----------
    fit : Pooled
    order : (k,) array-like to sort the studies by, such as their years (ties stay in the order given);
        None keeps the order of the fit

    Returns
    -------
    DataFrame
        Index: the study added. Columns as `Pooled.to_frame`. The first row is the first study by itself.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.9], [0.02, 0.02, 0.02], slab=["Li", "Wu", "Xu"], test="z")
    >>> ev.cumulative(fit, order=[2012, 2003, 2020])["estimate"].round(2).to_dict()
    {'Wu': 0.3, 'Li': 0.2, 'Xu': 0.43}
    """
    positions = np.arange(fit.k)
    if order is not None:
        keys = np.asarray(order)
        if keys.shape != (fit.k,) or pd.isna(keys).any():
            raise InvalidInput(f"order needs one value for each of the {fit.k} studies, none missing")
        positions = np.argsort(keys, kind="stable")
    sizes = np.arange(1, fit.k + 1)
    rows = np.concatenate([positions[:size] for size in sizes])
    batch = fit_rows(fit, rows, np.concatenate([[0], np.cumsum(sizes)]))
    index = pd.Index([fit.slab[i] for i in positions], name="added")
    return pd.DataFrame(common_mean_columns(fit.settings, batch), index=index)
