"""Whether an effect is larger than effects are, or far from those of the other trials."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..effects.arguments import require_number
from ..models.studies import Column, Effects, read_studies
from ..models.univariate.deletion import without_each
from ..models.univariate.residuals import studentised
from ..models.univariate.source import read_source
from .verdict import verdicts


def effect_outlier(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    *,
    slab: Column | None = None,
    largest: float = 2.0,
    residual: float = 3.0,
) -> pd.DataFrame:
    """Find trials whose effect is too large to be believed as printed, or stands far from the others.

    Parameters
    ----------
    effects : array-like, DataFrame or fit
        (k,) standardised mean differences, a frame with columns ``yi`` and ``vi``, or a fit.
    vi : (k,) array-like, optional
        Sampling variances, beside effects.
    slab : str or (k,) array-like, optional
        Study labels, or the name of a column that holds them.
    largest : float
        Size above which a standardised difference does not pass; infinite for effects in other units.
    residual : float
        Size above which a studentised residual does not pass.

    Returns
    -------
    DataFrame
        One row a trial: study; passes; number, the effect; rule; residual, externally studentised (NaN with fewer than
        three trials).

    Raises
    ------
    InvalidInput
        As `pool`; or a limit that is no number.

    See Also
    --------
    influence : How much each trial sways the pooled effect.
    leave_one_out : The pooled effect without each.

    Notes
    -----
    The residual is (yi - fitted without i) / sqrt(vi + tau2 + Var(fitted)), all from the fit without trial i, as in
    `influence`: under the model about standard normal, so that one of 370 trials lies beyond 3. A standardised
    difference of 2 means that 98 of 100 people treated do better than the average of the others; trials rarely find it,
    and a standard error in the place of an SD often does. Both are reasons to look at the source, and neither is proof.

    References
    ----------
    Viechtbauer & Cheung (2010), Research Synthesis Methods 1:112, 10.1002/jrsm.11.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.effect_outlier([0.3, 0.5, 0.4, 0.2, 2.6], [0.05, 0.04, 0.06, 0.05, 0.09], slab=list("ABCDE"))
    >>> found.loc[~found["passes"], ["study", "number", "residual"]].round(1)
      study  number  residual
    4     E     2.6       7.0
    """
    for name, limit in (("largest", largest), ("residual", residual)):
        if not (isinstance(limit, float) and limit == np.inf):
            require_number(name, limit, 0, np.inf, "is no size; give a number of 0 or more")
    studies = read_studies(effects, vi, slab)
    yi, z = studies.yi, np.full(studies.k, np.nan)
    if studies.k >= 3:
        fit = read_source(effects, vi, slab).fit
        z = studentised(fit, without_each(fit)) if studies.k > len(fit.beta) + 1 else z
    found = verdicts(
        None,
        (np.abs(yi) <= largest) & ~(np.abs(z) > residual),
        yi,
        f"|effect| is at most {largest:g} and |studentised residual| at most {residual:g}",
        [],
        residual=z,
    )
    found.insert(0, "study", list(studies.slab))
    return found
