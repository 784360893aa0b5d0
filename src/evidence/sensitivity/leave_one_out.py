"""Pool again without each study in turn."""

from __future__ import annotations

import pandas as pd
from numpy.typing import ArrayLike

from ..bias.source import read_source
from ..errors import NotEstimable
from ..models.multilevel.mixed_model import MixedModel
from ..models.multilevel.result import Multilevel
from ..models.studies import Column, Effects
from ..models.univariate.deletion import without_each
from ..models.univariate.lacking import columns_with_code, noted
from .clusters import leave_one_cluster_out, refuse_moderators


def leave_one_out(
    effects: Effects, vi: ArrayLike | pd.Series | None = None, *, slab: Column | None = None
) -> pd.DataFrame:
    """The pooled result without each study.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled, Multilevel or MixedModel
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`, whose method and test are kept;
        of a fit of `multilevel` the groups of its outermost level are left out, and its variances estimated anew.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    slab : str or array-like, optional
        Study labels, or the name of a column that holds them.

    Returns
    -------
    DataFrame
        Index: the study left out. Columns as `Pooled.to_frame`: k, estimate, se, ci_low, ci_high, statistic,
        df, p_value, tau2, i2, h2, q, q_df, q_p, pi_low, pi_high; and ``note`` where a row lacks a number;
        of a multilevel fit without h2, and with ``sigma2_`` and its name for each level.

    Raises
    ------
    InvalidInput
        Not trials, or a fit that is not a pooled mean.
    NotEstimable
        There is only one study; a fit with moderators.

    Warns
    -----
    Incomplete
        How many rows lack a number.

    See Also
    --------
    influence : How much each study sways the fit, in one number a study.
    cumulative : Studies added one by one.
    plots.cumulative : Draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.9], [0.02, 0.02, 0.02], slab=["Li", "Wu", "Xu"], test="z")
    >>> ev.leave_one_out(fit)["estimate"].round(2).to_dict()
    {'Li': 0.6, 'Wu': 0.5, 'Xu': 0.2}
    """
    if isinstance(effects, Multilevel | MixedModel):
        return leave_one_cluster_out(effects)
    refuse_moderators(effects, "leave-one-out")
    fit, studies = read_source(effects, vi, 1, "leave-one-out", slab, precise=False)
    if fit.k < 2:
        raise NotEstimable("one study: nothing is left without it")
    columns = columns_with_code(fit.settings, without_each(fit))
    return noted(columns, pd.Index(studies.slab, name="without"))
