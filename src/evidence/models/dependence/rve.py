"""Robust variance estimation: regression with weights of a simple working model, and errors that do not need it."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_choice, require_level, require_number
from ...errors import InvalidInput
from ..design import design_of
from ..rows import complete_rows, read_rows
from ..studies import Column, Effects
from ..values import numbers, with_column
from .blocks import BlockDiagonal, partition
from .result import KIND_WORDS, Robust
from .robust import robust_of, warn_unreliable
from .rve_result import Rve, Weights
from .rve_spread import correlated, hierarchical, least_squares
from .sandwich import Kind
from .working_model import WorkingModel


def rve(
    effects: Effects,
    vi: ArrayLike | None = None,
    cluster: Column = "study",
    weights: Weights = "CORR",
    *,
    formula: str | None = None,
    rho: float = 0.8,
    kind: Kind = "CR2",
    level: float = 0.95,
) -> Rve:
    """Regress dependent effect sizes by robust variance estimation.

    Parameters
    ----------
    effects : array-like, DataFrame or fit
        (k,) effect sizes, a frame of k rows with columns ``yi`` and ``vi``, the cluster and moderators, or a fit.
    vi : (k,) array-like
        Sampling variances. A frame or a fit brings its own.
    cluster : column name, or (k,) array-like
        Rows that may depend on each other.
    weights : {"CORR", "HIER"}
        "CORR": effects of a cluster share people, as several outcomes of a trial do, with the correlation ``rho``;
        weights 1 / (k_j (mean of vi + tau2)). "HIER": effects of a cluster are those of different people, as several
        trials of a laboratory; weights 1 / (vi + tau2 + omega2).
    formula : str
        Moderators, as "~ week + C(style)"; a common mean by default.
    rho : float
        Correlation of the sampling errors of a cluster, for tau2 of "CORR"; what it is hardly matters.
    kind : {"CR0", "CR1", "CR2"}
        Cluster-robust standard errors; CR2 with Satterthwaite df is the small-sample correction of Tipton (2015).
    level : float
        Coverage of the intervals.

    Returns
    -------
    Rve
        ``.coefficients``, ``.wald()`` to test several of them, and tau2.

    Raises
    ------
    InvalidInput
        Columns are missing, a row has no cluster, a variance is not positive, a moderator is redundant.
    NotEstimable
        One cluster, no more rows or clusters than the variances need, or a coefficient that rests on one cluster.

    Warns
    -----
    SmallSample
        A coefficient with fewer than 4 degrees of freedom, or one that rests in part on a single cluster.

    See Also
    --------
    robust : The same standard errors for a fit of `pool`, `regress` or `multilevel`.
    multilevel : Weights from a likelihood (CHE).
    wild_bootstrap : Tests for few clusters.

    Notes
    -----
    tau2 and omega2 are moment estimates, not below zero, by Hedges, Tipton & Johnson (2010), as the R package robumeta
    computes them.

    References
    ----------
    Hedges, Tipton & Johnson (2010), Research Synthesis Methods 1:39, 10.1002/jrsm.5.
    Tipton (2015), Psychological Methods 20:375, 10.1037/met0000011.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> yi = [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2, 0.7, 0.3]
    >>> frame = pd.DataFrame({"yi": yi, "vi": 0.04, "study": list("AABBCCDDEEFF")})
    >>> fit = ev.rve(frame, weights="CORR")
    >>> fit.coefficients[["estimate", "se", "df"]].round(3).to_numpy().tolist()
    [[0.342, 0.105, 5.0]]
    """
    require_choice("weights", weights, get_args(Weights))
    require_choice("kind", kind, KIND_WORDS)
    require_number("rho", rho, 0, 1, "is not a correlation from 0 to 1")
    require_level(level)
    frame, name = with_column(read_rows(effects, vi), cluster, "cluster")
    complete = complete_rows(frame)
    if not complete.any():
        raise InvalidInput("no row has yi and vi")
    design = design_of(frame[complete], formula)
    complete[complete] = design.complete
    kept = frame[complete]
    if kept[name].isna().any():
        raise InvalidInput(f"cluster {name!r} is missing in row {kept.index[kept[name].isna()][0]!r}")
    y, v = numbers(kept["yi"], "yi"), numbers(kept["vi"], "vi")
    if (v <= 0).any():
        raise InvalidInput(f"vi is {v[v <= 0][0]:g} in row {kept.index[v <= 0][0]!r}; weights need it above zero")
    codes = np.asarray(pd.factorize(kept[name])[0], dtype=np.int64)
    spread = correlated(y, v, design.x, codes, rho) if weights == "CORR" else hierarchical(y, v, design.x, codes)
    beta = least_squares(y, design.x, spread.weights)[0]
    rows = partition(codes)
    model = WorkingModel(
        design.names,
        beta,
        design.x,
        y - design.x @ beta,
        BlockDiagonal.diagonal(spread.weights, rows),
        BlockDiagonal.diagonal(1 / spread.weights, rows),
        level,
    )
    found = robust_of(model, None, kind)
    warn_unreliable(found, stacklevel=3)
    return Rve(
        **{field: getattr(found, field) for field in Robust.__dataclass_fields__},
        working=weights,
        tau2=spread.tau2,
        omega2=spread.omega2,
        k=len(y),
        dropped=int((~complete).sum()),
        yi=y,
        vi=v,
        slab=tuple(map(str, kept.get("study", kept.index))),
        frame=kept,
        _working=model,
        _design=design,
    )
