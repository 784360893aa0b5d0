"""Pool as evidence came in: the first study, the first two, and so on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..bias.source import read_source
from ..errors import InvalidInput
from ..models.studies import Column, Effects, Studies
from ..models.univariate.deletion import fit_rows
from ..models.univariate.lacking import columns_with_code, noted
from .clusters import refuse_dependent, refuse_moderators


def cumulative(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    order: Column | None = None,
    *,
    slab: Column | None = None,
) -> pd.DataFrame:
    """Pooled results after each added study.

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`, whose method and test are kept.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    order : str or array-like, optional
        What to sort the studies by, such as their years: a column of the frame, or one value a study. Ties stay in the
        order given; by default all do.
    slab : str or array-like, optional
        Study labels, or the name of a column that holds them.

    Returns
    -------
    DataFrame
        Index: the study added. Columns as `Pooled.to_frame`, and ``note`` where a row lacks a number. The first row is
        the first study by itself.

    Raises
    ------
    InvalidInput
        Not trials, a fit that is not a pooled mean, or an order with a value missing or that cannot be compared.

    NotEstimable
        A fit with moderators, or of `multilevel`.

    Warns
    -----
    Incomplete
        How many rows lack a number.

    See Also
    --------
    leave_one_out : Studies taken out one by one.
    plots.cumulative : Draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.9], [0.02, 0.02, 0.02], slab=["Li", "Wu", "Xu"], test="z")
    >>> ev.cumulative(fit, order=[2012, 2003, 2020])["estimate"].round(2).to_dict()
    {'Wu': 0.3, 'Li': 0.2, 'Xu': 0.43}
    """
    refuse_moderators(effects, "a cumulative meta-analysis")
    refuse_dependent(effects, "a cumulative meta-analysis", "the first groups alone do not determine its variances")
    fit, studies = read_source(effects, vi, 1, "a cumulative meta-analysis", slab, precise=False)
    positions = np.arange(fit.k) if order is None else _positions(studies, order)
    sizes = np.arange(1, fit.k + 1)
    rows = np.concatenate([positions[:size] for size in sizes])
    batch = fit_rows(fit, rows, np.concatenate([[0], np.cumsum(sizes)]))
    index = pd.Index([studies.slab[i] for i in positions], name="added")
    return noted(columns_with_code(fit.settings, batch), index)


def _positions(studies: Studies, order: Column) -> NDArray[np.intp]:
    keys = studies.values(order, "order")
    missing = pd.isna(keys)
    if missing.any():
        raise InvalidInput(f"study {studies.slab[int(np.argmax(missing))]!r} has no order; give a value for each study")
    try:
        return np.argsort(keys, kind="stable")
    except TypeError:
        kinds = ", ".join(sorted({type(key).__name__ for key in keys}))
        raise InvalidInput(f"order holds values that cannot be compared ({kinds}); give years or dates") from None
