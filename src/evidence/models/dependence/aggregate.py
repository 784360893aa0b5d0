"""Several effects of a trial made one."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_flag
from ...effects.inputs import as_floats
from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats
from ..rows import complete_rows, read_rows
from ..studies import Column, Effects, brings_variances
from ..values import numbers, with_column
from .blocks import BlockDiagonal
from .sampling_covariance import sampling_covariance


def aggregate(
    yi: Effects,
    vi: ArrayLike | None = None,
    cluster: Column = "study",
    *,
    rho: float = 0.6,
    week: Column | None = None,
    phi: float | None = None,
    V: BlockDiagonal | ArrayLike | None = None,
    weighted: bool = True,
) -> pd.DataFrame:
    """Make one effect of the several that each trial has.

    Parameters
    ----------
    yi : array-like, DataFrame or fit
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit. Rows without one of them are left out.
    vi : (k,) array-like
        Sampling variances. A frame or a fit brings its own; ``cluster`` may then stand second.
    cluster : column name, or one value a row
        The trial.
    rho : float
        Correlation of the sampling errors of two rows of a trial (compound symmetry), where nothing else is given.
    week : column name, or one value a row
        When the row was measured; goes with ``phi``, and takes the place of ``rho``.
    phi : float in (0, 1]
        Correlation of measurements one week apart, phi^d of those d weeks apart (continuous autoregression).
    V : BlockDiagonal or (k, k) array-like, optional
        The covariance itself, as of `sampling_covariance`, for the complete rows.
    weighted : bool
        Generalised least squares; False for the plain mean of the rows.

    Returns
    -------
    DataFrame
        One row a trial, in the order of their first rows: the trial, ``yi, vi, k`` (rows that made it) and the other
        columns of the frame: means of numbers, and what is not a number where all rows of a trial say the same, None
        elsewhere.

    Raises
    ------
    InvalidInput
        A column is missing, a correlation is impossible, or V does not fit the rows.
    NotEstimable
        The rows of a trial determine each other, so that they have no weights.

    See Also
    --------
    multilevel : Keeps the rows and models what they share.
    sampling_covariance : Correlations that differ within a trial.
    combine_arms : One arm of several, from their means.

    Notes
    -----
    With the block V of a trial: 1'V^-1 y / 1'V^-1 1 with variance 1 / 1'V^-1 1, or the mean with variance 1'V1 / k^2,
    as metafor's ``aggregate``. Where rho is high and variances differ, weights may be negative.

    Examples
    --------
    >>> import pandas as pd, evidence as ev
    >>> frame = pd.DataFrame({"study": ["A", "A", "B"], "yi": [0.1, 0.3, 0.2], "vi": [0.04, 0.04, 0.05]})
    >>> ev.aggregate(frame, rho=0.5).round(3)
      study   yi    vi  k
    0     A  0.2  0.03  2
    1     B  0.2  0.05  1
    """
    if brings_variances(yi) and vi is not None and isinstance(cluster, str) and cluster == "study":
        cluster, vi = vi, None
    require_flag("weighted", weighted)
    frame, trial = with_column(read_rows(yi, vi), cluster, "cluster")
    complete = complete_rows(frame)
    if not complete.any():
        raise InvalidInput("no row has both yi and vi")
    when: Hashable | None = None
    if week is not None:
        frame, when = with_column(frame, week, "week")
    frame = frame[complete].reset_index(drop=True)
    if V is None:
        weeks = None if when is None else frame[when]
        covariance = sampling_covariance(frame, cluster=frame[trial], rho=rho, week=weeks, phi=phi).toarray()
    else:
        covariance = _given(V, len(frame))
    y, names = numbers(frame["yi"], "yi"), frame[trial]
    rows: list[dict[Hashable, object]] = []
    for name in names.drop_duplicates():
        at = np.flatnonzero(names == name)
        estimate, variance = _one(y[at], covariance[np.ix_(at, at)], weighted, name)
        effect: dict[Hashable, object] = {"yi": estimate, "vi": variance, "k": len(at)}
        rows.append({trial: name, **effect, **_others(frame.iloc[at].drop(columns=[trial, "yi", "vi"]))})
    found = pd.DataFrame(rows)
    found.attrs["measure"] = frame.attrs.get("measure", "")
    return found


def _given(V: BlockDiagonal | ArrayLike, k: int) -> Floats:
    matrix = V.toarray() if isinstance(V, BlockDiagonal) else as_floats("V", V)
    if matrix.shape != (k, k) or not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T):
        raise InvalidInput(f"V has shape {matrix.shape}; give a symmetric ({k}, {k}) matrix of finite numbers")
    return matrix


def _one(y: Floats, block: Floats, weighted: bool, name: object) -> tuple[float, float]:
    """The effect of one trial, and its variance."""
    ones = np.ones(len(y))
    if not weighted:
        return float(y.mean()), float(block.sum()) / len(y) ** 2
    scale = np.sqrt(np.diag(block))
    if (scale == 0).any():
        raise NotEstimable(f"a row of {name!r} has vi = 0, and weights divide by it; take weighted=False")
    if np.linalg.matrix_rank(block / np.outer(scale, scale), hermitian=True) < len(y):
        raise NotEstimable(f"the rows of {name!r} determine each other (correlation 1); take weighted=False")
    weights = np.linalg.solve(block, ones)
    return float(weights @ y / weights.sum()), float(1 / weights.sum())


def _others(rows: pd.DataFrame) -> dict[Hashable, object]:
    found: dict[Hashable, object] = {}
    for column in rows.columns.difference(["k"], sort=False):
        values = rows[column]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            found[column] = values.mean()
        else:
            found[column] = values.iloc[0] if values.map(repr).nunique() == 1 else None
    return found
