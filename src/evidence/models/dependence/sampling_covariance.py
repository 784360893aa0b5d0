"""Sampling covariance of effect sizes from the same trial."""

from __future__ import annotations

import math
import warnings
from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_flag, require_number, shown
from ...errors import InvalidInput
from ..engine.engine import Floats
from ..rows import read_rows
from ..studies import Column, Effects, brings_variances
from ..values import check_values, numbers, require_labels, with_column
from .blocks import BlockDiagonal, Ints, partition
from .nearest_correlation import nearest_correlation
from .shared_arms import arm_parts


def sampling_covariance(
    yi: Effects,
    vi: ArrayLike | None = None,
    cluster: Column = "study",
    *,
    rho: float = 0.6,
    outcome: Column | None = None,
    week: Column | None = None,
    phi: float | None = None,
    shared_arm: Hashable | tuple[Hashable, Hashable] | None = None,
    measure: str | None = None,
    columns: Mapping[str, str] | None = None,
    nearest: bool = False,
) -> BlockDiagonal:
    """Build the covariance matrix V of the sampling errors of effect sizes, block by trial.

    Parameters
    ----------
    yi : array-like, DataFrame or fit
        (k,) effect sizes, a frame with column ``vi``, and ``yi`` for arms that share, or a fit.
    vi : (k,) array-like
        Sampling variances. A frame or a fit brings its own; ``cluster`` may then stand second.
    cluster : column name, or one value a row
        The trial (or sample); rows of different clusters are independent.
    rho : float
        Correlation of the sampling errors of two outcomes measured on the same people.
    outcome : column name, or one value a row
        Rows of one outcome are told apart by week or arms instead of by ``rho``. Without it every row of a
        cluster is an outcome of its own, unless ``week`` or ``shared_arm`` is given: then all are one outcome.
    week : column name, or one value a row
        When the row was measured; goes with ``phi``.
    phi : float in (0, 1]
        Correlation of measurements one week apart, phi^d of those d weeks apart.
    shared_arm : column name, or (column of arm 1, column of arm 2)
        Names of the arms compared, within the cluster. One column is arm 2 (the comparator), and each row has an
        arm 1 of its own. Rows with no arm in common are uncorrelated, rows with one arm in common have the
        covariance that arm brings.
    measure : {"MD", "SMD", "RR", "OR"}
        By default what column ``measure`` says; only for shared arms.
    columns : mapping of str to str
        Where the arms' numbers are, as ``{"n1": "n_acupuncture"}``; only for shared arms. MD needs sd1 n1
        sd2 n2, SMD n1 n2, RR ai n1 ci n2, OR ai n1 ci n2, under these names unless told otherwise.
    nearest : bool
        Replace a block that no sampling errors could have by the nearest one that is possible (Higham 2002).
        Warns which.

    Returns
    -------
    BlockDiagonal
        ``.toarray()`` is the k x k matrix; `multilevel` takes it as ``V``.

    Raises
    ------
    InvalidInput
        A column or number is missing, a correlation is impossible, two rows cannot be told apart.

    See Also
    --------
    multilevel : Pools rows with this V.
    robust : Standard errors that need no V.
    network : Takes V for trials of several arms.

    Notes
    -----
    With r = (rho if outcomes differ) phi^|difference in weeks| and the arms' own covariance F and H (see
    `shared_arms`), Cov(i, j) = (r F + r^2 H) sqrt(vi vj / (Di Dj)), where D is the diagonal of F + H: exact to first
    order wherever vi is the large-sample variance, and the right correlation where vi was found another way.
    Without arms, Cov(i, j) = r sqrt(vi vj).

    References
    ----------
    Gleser & Olkin (2009), in The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., ch. 19.
    Wei & Higgins (2013), Statistics in Medicine 32:1191, 10.1002/sim.5679.
    Pustejovsky & Tipton (2022), Prevention Science 23:425, 10.1007/s11121-021-01246-3.

    Examples
    --------
    >>> import pandas as pd, evidence as ev
    >>> frame = pd.DataFrame({"study": ["A", "A", "B"], "yi": [0.1, 0.3, 0.2], "vi": [0.04, 0.09, 0.05]})
    >>> ev.sampling_covariance(frame, rho=0.5).toarray().round(3)
    array([[0.04, 0.03, 0.  ],
           [0.03, 0.09, 0.  ],
           [0.  , 0.  , 0.05]])
    """
    if brings_variances(yi) and vi is not None and isinstance(cluster, str) and cluster == "study":
        cluster, vi = vi, None
    require_number("rho", rho, -1, 1, "is not a correlation")
    require_flag("nearest", nearest)
    if (week is None) != (phi is None):
        raise InvalidInput("week= (a column) and phi= (the correlation of measurements a week apart) go together")
    if phi is not None:
        require_number("phi", phi, math.ulp(0.0), 1, "is not in (0, 1]")
    frame, trial = with_column(read_rows(yi, vi), cluster, "cluster")
    variances = _sampling_variances(frame)
    clusters = _codes(frame, trial)
    rows = partition(clusters)
    arms = None
    if shared_arm is not None:
        pair = shared_arm if isinstance(shared_arm, tuple) else (None, shared_arm)
        if len(pair) != 2:
            raise InvalidInput(f"shared_arm={shown(shared_arm)}: give one column, or a pair of columns")
        arms = arm_parts(frame, clusters, pair, _measure(frame, measure), {} if columns is None else columns)
    elif measure is not None or columns is not None:
        raise InvalidInput("measure= and columns= describe arms: give shared_arm= too")
    single_outcome = outcome is None and (week is not None or shared_arm is not None)
    outcomes = None if outcome is None else _codes(*with_column(frame, outcome, "outcome"))
    weeks = None if week is None else _weeks(*with_column(frame, week, "week"))
    blocks = []
    for stack in rows:
        size = stack.shape[1]
        r = np.ones((len(stack), size, size))
        if outcomes is not None:
            r = np.where(outcomes[stack][:, :, None] == outcomes[stack][:, None, :], 1.0, rho)
        elif not single_outcome:
            r = np.full(r.shape, rho)
        if weeks is not None and phi is not None:
            r = r * phi ** np.abs(weeks[stack][:, :, None] - weeks[stack][:, None, :])
        correlation = r if arms is None else arms.correlation(stack, r)
        correlation[:, np.arange(size), np.arange(size)] = 1.0
        blocks.append(correlation)
    if single_outcome or outcomes is not None:
        _refuse_twins(frame, rows, blocks, trial)
    _check_possible(frame, rows, blocks, trial, nearest)
    root = np.sqrt(variances)
    values = tuple(
        block * root[stack][:, :, None] * root[stack][:, None, :] for stack, block in zip(rows, blocks, strict=True)
    )
    return BlockDiagonal(rows, values, len(variances))


def column(frame: pd.DataFrame, name: Hashable) -> pd.Series:
    """A column without missing values, or `InvalidInput` that names what is wrong."""
    if name not in frame:
        raise InvalidInput(f"{name!r} is not a column of the frame; its columns: {list(frame.columns)}")
    values = frame[name]
    if values.isna().any():
        raise InvalidInput(f"column {name!r} is missing in row {values.index[values.isna()][0]!r}")
    require_labels(values, f"column {name!r}")
    return values


def _sampling_variances(frame: pd.DataFrame) -> Floats:
    vi = numbers(column(frame, "vi"), "vi")
    check_values(np.zeros(len(vi)), vi, list(frame.index))
    if not len(vi):
        raise InvalidInput("the frame has no rows")
    return vi


def _codes(frame: pd.DataFrame, name: Hashable) -> Ints:
    return pd.factorize(column(frame, name))[0].astype(np.int64)


def _weeks(frame: pd.DataFrame, name: Hashable) -> Floats:
    weeks = numbers(column(frame, name), str(name))
    if not np.isfinite(weeks).all():
        raise InvalidInput(f"column {name!r} has an infinite week")
    return weeks


def _measure(frame: pd.DataFrame, measure: str | None) -> str:
    if measure is not None:
        return measure
    if "measure" not in frame:
        raise InvalidInput('say which measure the rows are: measure="MD", "SMD", "RR" or "OR"')
    found = frame["measure"].unique()
    if len(found) != 1:
        raise InvalidInput(f"rows of different measures ({', '.join(map(str, found))}) have no covariance in common")
    return str(found[0])


def _refuse_twins(frame: pd.DataFrame, rows: tuple[Ints, ...], blocks: list[Floats], cluster: Hashable) -> None:
    # Two rows with correlation 1 are one measurement counted twice.
    for stack, block in zip(rows, blocks, strict=True):
        twin = np.argwhere(np.triu(block > 1 - 1e-12, 1))
        if len(twin):
            n, i, j = twin[0]
            first, second = frame.index[stack[n, i]], frame.index[stack[n, j]]
            raise InvalidInput(
                f"rows {first!r} and {second!r} of {cluster} {frame[cluster].iloc[stack[n, i]]!r} are the same "
                "comparison, outcome and week: drop one, or name the column (outcome=, week=, shared_arm=) that "
                "tells them apart"
            )


def _check_possible(
    frame: pd.DataFrame, rows: tuple[Ints, ...], blocks: list[Floats], cluster: Hashable, nearest: bool
) -> None:
    changed: list[str] = []
    for stack, block in zip(rows, blocks, strict=True):
        for n in np.flatnonzero(np.linalg.eigvalsh(block)[:, 0] < -1e-10):
            name = frame[cluster].iloc[stack[n, 0]]
            if not nearest:
                raise InvalidInput(
                    f"the {stack.shape[1]} rows of {cluster} {name!r} cannot have these correlations all at once (the "
                    "matrix is not positive definite); change rho, or take the nearest possible one: nearest=True"
                )
            block[n] = nearest_correlation(block[n])
            changed.append(str(name))
    if changed:
        shown = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
        warnings.warn(f"impossible correlations were replaced by the nearest possible ones in {shown}", stacklevel=3)
