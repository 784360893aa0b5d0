"""Pool each of many groups: up to millions of meta-analyses in one call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...effects.inputs import aligned, as_labels, label_index
from ...errors import InvalidInput
from ..engine.coefficient_tests import Test
from ..engine.engine import Floats, Settings, fit_batch, in_blocks
from ..engine.estimators import Method
from ..groups import grouped_studies, with_groups
from ..studies import Column, Effects, brings_variances
from ..values import check_values, numbers
from .lacking import columns_with_code, noted, warn_left_out


def pool_many(
    group: Column,
    yi: Effects,
    vi: ArrayLike | pd.Series | None = None,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    tau2: float | None = None,
    weighted: bool = True,
) -> pd.DataFrame:
    """Pool the studies of each group, for any number of groups of any size.

    Parameters
    ----------
    group : column name, or (N,) array-like
        To which meta-analysis a study belongs; rows without a group are left out.
    yi : array-like, DataFrame or fit
        (N,) effect sizes, or a frame with columns ``yi`` and ``vi``, or a fit; incomplete rows are left out.
    vi : (N,) array-like, optional
        Sampling variances beside effect sizes, in squared units of ``yi``.
    method : str
        Estimator of tau2, as for `pool`; "GENQ" takes weights, and pools one meta-analysis at a time.
    test : str
        "z", "t", "hksj" or "hksj-adhoc", as for `pool`.
    level : float
        Coverage of the confidence and the prediction intervals.
    tau2 : float, optional
        A known between-study variance, the same for all groups.
    weighted : bool
        False for equal weights.

    Returns
    -------
    DataFrame
        One row a group, in sorted order of ``group``, which is the index: k, estimate, se, ci_low, ci_high,
        statistic, df, p_value, tau2, i2, h2, q, q_df, q_p, pi_low, pi_high. A group whose rows are all
        incomplete stays, with k = 0. The numbers are those of `pool` group by group. Where `pool` would refuse a group,
        what cannot be had is NaN, and a last column ``note`` says why.

    Raises
    ------
    InvalidInput
        Lengths differ, there is no group, a variance is negative, a method or test is unknown or "GENQ".

    Warns
    -----
    Incomplete
        How many rows have no group, and how many groups lack numbers.

    See Also
    --------
    pool : One meta-analysis, or with ``by`` the groups of a frame.
    pool_stream : More groups than memory holds.
    subgroups : The groups of one meta-analysis compared.

    Examples
    --------
    >>> import evidence as ev
    >>> table = ev.pool_many(["a", "a", "b"], [0.2, 0.4, 0.1], [0.04, 0.02, 0.05], test="z")
    >>> table[["k", "estimate"]].round(3).to_dict("list")
    {'k': [2, 1], 'estimate': [0.333, 0.1]}
    """
    settings = Settings(method, test, level, tau2, weighted)
    if brings_variances(yi):
        frame, names = with_groups(yi, vi, group)
        if len(names) > 1:
            raise InvalidInput(f"group names {len(names)} columns; several make groups in pool(frame, by={names})")
        group, yi, vi = frame[names[0]], frame["yi"], frame["vi"]
    index = label_index(yi, vi, group)
    group, yi, vi = aligned(group, "group", index), aligned(yi, "yi", index), aligned(vi, "vi", index)
    codes, labels = _coded(group)
    table = _pool_codes(codes, len(labels), numbers(yi, "yi"), numbers(vi, "vi"), settings)
    name = group.name if isinstance(group, pd.Series) and group.name is not None else "group"
    table.index = labels.rename(name)
    return table


def pool_groups(frame: pd.DataFrame, by: list[str], settings: Settings) -> pd.DataFrame:
    """The grouped form of `pool`: one row a group, sorted, the columns of ``by`` in front."""
    codes, labels, yi, vi = grouped_studies(frame, by)
    table = _pool_codes(codes, len(labels), yi, vi, settings)
    return pd.concat([labels, table], axis=1)


def _pool_codes(codes: NDArray[np.integer], groups: int, yi: Floats, vi: Floats, settings: Settings) -> pd.DataFrame:
    if not len(codes) == len(yi) == len(vi):
        raise InvalidInput(f"group has {len(codes)} values, yi {len(yi)} and vi {len(vi)}; they should agree")
    if groups == 0:
        raise InvalidInput("there is no group to pool")
    check_values(yi, vi, range(len(yi)))
    warn_left_out(int((codes < 0).sum()), len(codes), stacklevel=4)
    keep = (codes >= 0) & ~np.isnan(yi) & ~np.isnan(vi)
    if not keep.all():
        codes, yi, vi = codes[keep], yi[keep], vi[keep]
    if (codes[1:] < codes[:-1]).any():
        order = _order(codes)
        codes, yi, vi = codes[order], yi[order], vi[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=groups))])

    def block(low: int, high: int) -> dict[str, NDArray[Any]]:
        rows = slice(starts[low], starts[high])
        batch = fit_batch(settings, yi[rows], vi[rows], starts[low : high + 1] - starts[low])
        return columns_with_code(settings, batch)

    parts = in_blocks(block, starts)
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return noted(columns, of="groups", stacklevel=4)


def _coded(group: ArrayLike | pd.Series) -> tuple[NDArray[np.integer], pd.Index]:
    """The group of each row as a number, -1 for none, and the sorted labels the numbers stand for.

    The rows of a group usually stand together, so that it is enough to look at the first of each run.
    """
    codes, labels = _with_spaces(group)
    if labels.dtype.kind in "biufmM":
        return codes, labels
    written = labels.tolist()
    trimmed = [label.strip() if isinstance(label, str) else label for label in written]
    if trimmed == written:
        return codes, labels
    merged, labels = _factorized(pd.Index(trimmed, dtype=object).to_numpy())
    return np.where(codes < 0, -1, merged[codes]), labels


def _with_spaces(group: ArrayLike | pd.Series) -> tuple[NDArray[np.integer], pd.Index]:
    if isinstance(group, pd.Series) and not isinstance(group.dtype, np.dtype):
        return _factorized(group)
    if isinstance(group, np.ma.MaskedArray):
        group = as_labels(group)
    try:
        values = np.asarray(group)
    except ValueError:
        values = np.empty((0, 0))
    if values.ndim != 1:
        raise InvalidInput(f"group has shape {values.shape}; give one value a study")
    try:
        first = np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
        labels = values[first]
        in_order = not pd.isna(labels).any() and bool((labels[1:] > labels[:-1]).all())
    except TypeError:  # labels of several kinds, which Python does not put in order
        return _factorized(values)
    codes, sorted_labels = (np.arange(len(first)), pd.Index(labels)) if in_order else _factorized(labels)
    return np.repeat(codes, np.diff(first, append=len(values))), sorted_labels


def _factorized(values: pd.Series | NDArray[Any]) -> tuple[NDArray[np.integer], pd.Index]:
    try:
        codes, labels = pd.factorize(values, sort=True)
    except TypeError:
        raise InvalidInput("group has values that cannot be put in order; give numbers or texts") from None
    return codes, pd.Index(labels)


def _order(codes: NDArray[np.integer]) -> NDArray[np.intp]:
    # A stable argsort by the lower, then the higher 16 bits: numpy sorts so short a number by its digits, in one pass.
    order = np.argsort(codes.astype(np.uint16), kind="stable")
    high = codes >> 16
    return order[np.argsort(high[order].astype(np.uint16), kind="stable")] if high.any() else order
