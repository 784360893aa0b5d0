"""Peto's one-step odds ratio, for rare events and groups of about the same size."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput, NotEstimable
from .result import CountsPooled, counts_pooled
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
) -> CountsPooled:
    """Pool odds ratios by Peto's method.

    Parameters
    ----------
    ai, bi, ci, di : (k,) array-likes
        Group 1 with and without the event, group 2 with and without; or ``ai`` a frame with these columns. Totals
        ``n1``, ``n2`` may stand for ``bi``, ``di``. Zero cells stay as they are.
    level : float

    Returns
    -------
    CountsPooled
        The estimate is a log odds ratio.

    Raises
    ------
    NotEstimable
        No trial has both people with and people without the event.

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
    if not 0 < level < 1:
        raise InvalidInput(f"level {level} is not between 0 and 1; 0.95 means 95%")
    t = read_tables(ai, bi, ci, di, n1, n2)
    some = t.only(t.informative)
    if not some.k:
        raise NotEstimable("no trial has both people with and people without the event")
    excess = some.ai - some.n1 * some.events / some.total
    variance = some.n1 * some.n2 * some.events * (some.bi + some.di) / (some.total**2 * (some.total - 1))
    own = pd.DataFrame({"yi": excess / variance, "vi": 1 / variance})
    estimate = float(np.sum(excess) / np.sum(variance))
    return counts_pooled("Peto's method", "OR", estimate, 1 / float(np.sum(variance)), own, t.k, {}, level)
