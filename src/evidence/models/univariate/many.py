"""Pool each of many groups: up to millions of meta-analyses in one call."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...effects.inputs import aligned, label_index
from ...errors import InvalidInput
from ..engine.engine import Floats, Settings, fit_batch
from ..engine.estimators import Method, Test
from ..engine.inference import common_mean_columns
from ..groups import grouped_studies
from ..values import check_values, numbers

_STUDIES_PER_CHUNK = 500_000


def pool_many(
    group: ArrayLike | pd.Series,
    yi: ArrayLike | pd.Series,
    vi: ArrayLike | pd.Series,
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    tau2: float | None = None,
    weighted: bool = True,
) -> pd.DataFrame:
    """Pool the studies of each group, for any number of groups of any size.

    Parameters
    ----------
    group : (N,) array-like, to which meta-analysis a study belongs; rows without a group are left out
    yi, vi : (N,) array-like, effect sizes and sampling variances; incomplete rows are left out
    method, test, level, tau2, weighted : as for `pool`

    Returns
    -------
    DataFrame
        One row a group, in sorted order of ``group``, which is the index: k, estimate, se, ci_low, ci_high,
        statistic, df, p_value, tau2, i2, h2, q, q_df, q_p, pi_low, pi_high. A group whose rows are all
        incomplete stays, with k = 0. The numbers are those of `pool` group by group.

    Examples
    --------
    >>> import evidence as ev
    >>> table = ev.pool_many(["a", "a", "b"], [0.2, 0.4, 0.1], [0.04, 0.02, 0.05], test="z")
    >>> table[["k", "estimate"]].round(3).to_dict("list")
    {'k': [2, 1], 'estimate': [0.333, 0.1]}
    """
    settings = Settings(method, test, level, tau2, weighted)
    if method == "GENQ":
        raise InvalidInput("GENQ needs weights of your own, one meta-analysis at a time: use pool")
    index = label_index(yi, vi, group)
    group, yi, vi = aligned(group, "group", index), aligned(yi, "yi", index), aligned(vi, "vi", index)
    codes, labels = pd.factorize(_as_index(group), sort=True)
    table = _pool_codes(codes, len(labels), numbers(yi, "yi"), numbers(vi, "vi"), settings)
    name = group.name if isinstance(group, pd.Series) and group.name is not None else "group"
    table.index = pd.Index(labels, name=name)
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
    keep = (codes >= 0) & ~np.isnan(yi) & ~np.isnan(vi)
    if not keep.all():
        codes, yi, vi = codes[keep], yi[keep], vi[keep]
    if (np.diff(codes) < 0).any():
        order = np.argsort(codes, kind="stable")
        codes, yi, vi = codes[order], yi[order], vi[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=groups))])
    cuts = [0]
    while cuts[-1] < groups:
        full = int(np.searchsorted(starts, starts[cuts[-1]] + _STUDIES_PER_CHUNK, side="right")) - 1
        cuts.append(max(cuts[-1] + 1, full))

    def chunk(low: int, high: int) -> dict[str, Floats]:
        rows = slice(starts[low], starts[high])
        return common_mean_columns(
            settings, fit_batch(settings, yi[rows], vi[rows], starts[low : high + 1] - starts[low])
        )

    with ThreadPoolExecutor() as threads:  # the kernels let go of the interpreter; order and numbers stay the same
        parts = list(threads.map(chunk, cuts[:-1], cuts[1:]))
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _as_index(group: ArrayLike | pd.Series) -> pd.Series | NDArray[np.generic]:
    if isinstance(group, pd.Series):
        return group
    try:
        array = np.asarray(group)
    except ValueError:
        array = np.empty((0, 0))
    if array.ndim != 1:
        raise InvalidInput(f"group has shape {array.shape}; give one value a study")
    return array
