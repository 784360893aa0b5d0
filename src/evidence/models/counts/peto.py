"""Peto's one-step odds ratio, for rare events and groups of about the same size."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_level
from ...errors import NotEstimable
from ..studies import Column
from .result import Combined, CountsPooled, counts_pooled
from .two_by_two import read_tables


def peto(
    ai: ArrayLike | pd.DataFrame | None = None,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    *,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    level: float = 0.95,
    slab: Column | None = None,
) -> CountsPooled:
    """Pool odds ratios by Peto's method.

    Parameters
    ----------
    ai : (k,) array-like, or DataFrame
        People of group 1 with the event; or a frame with all counts in columns of these names. Zero cells stay as
        they are. Series are paired by their labels.
    bi : (k,) array-like, optional
        People of group 1 without the event.
    ci : (k,) array-like, optional
        People of group 2 with it.
    di : (k,) array-like, optional
        People of group 2 without it.
    n1 : (k,) array-like, optional
        People in group 1, in place of ``bi``.
    n2 : (k,) array-like, optional
        People in group 2, in place of ``di``.
    level : float
        Coverage of the interval.
    slab : str or (k,) array-like, optional
        Labels of the trials, or the name of a column of the frame; by default as for `pool`.

    Returns
    -------
    CountsPooled
        The estimate is a log odds ratio.

    Raises
    ------
    InvalidInput
        Counts are missing, negative or do not fit together.
    NotEstimable
        No trial has both people with and people without the event.

    See Also
    --------
    mantel_haenszel : For groups of any size and effects of any size.
    glmm : Odds ratios that differ between trials.
    exact_odds_ratio : One trial.

    Notes
    -----
    sum(O - E) / sum(V), with O - E the events of group 1 beyond expectation and V their hypergeometric variance. It is
    biased when groups differ much in size or effects are large (Bradburn et al. 2007). Numbers agree with metafor's
    ``rma.peto``.

    References
    ----------
    Yusuf et al. (1985), Progress in Cardiovascular Diseases 27:335.
    Bradburn et al. (2007), Statistics in Medicine 26:53, 10.1002/sim.2528.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.peto([1, 0, 3], [49, 60, 97], [4, 2, 9], [46, 58, 91])
    >>> round(fit.estimate, 4), round(fit.se, 4)
    (-1.2143, 0.4699)
    """
    require_level(level)
    tables = read_tables(ai, bi, ci, di, n1, n2)
    if not tables.informative.any():
        raise NotEstimable("no trial has both people with and people without the event")
    own = tables.studies("PETO", slab, add=0.0)
    weights = np.zeros(tables.k)
    weights[own.complete] = 1 / own.vi
    total = float(weights.sum())
    combined = Combined(float((own.yi / own.vi).sum()) / total, 1 / total, weights, {})
    return counts_pooled("Peto's method", "OR", combined, own, tables.k, level)
