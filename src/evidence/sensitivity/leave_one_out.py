"""Pool again without each study in turn."""

from __future__ import annotations

import pandas as pd

from ..errors import NotEstimable
from ..models.engine.inference import common_mean_columns
from ..models.univariate.deletion import without_each
from ..models.univariate.pooled import Pooled


def leave_one_out(fit: Pooled) -> pd.DataFrame:
    """The pooled result without each study.

    Parameters
    ----------
    fit : Pooled, of at least two studies

    Returns
    -------
    DataFrame
        Index: the study left out. Columns as `Pooled.to_frame`: k, estimate, se, ci_low, ci_high, statistic,
        df, p_value, tau2, i2, h2, q, q_df, q_p, pi_low, pi_high.

    Raises
    ------
    NotEstimable
        There is only one study.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.9], [0.02, 0.02, 0.02], slab=["Li", "Wu", "Xu"], test="z")
    >>> ev.leave_one_out(fit)["estimate"].round(2).to_dict()
    {'Li': 0.6, 'Wu': 0.5, 'Xu': 0.2}
    """
    if fit.k < 2:
        raise NotEstimable("one study: nothing is left without it")
    columns = common_mean_columns(fit.settings, without_each(fit))
    return pd.DataFrame(columns, index=pd.Index(fit.slab, name="without"))
