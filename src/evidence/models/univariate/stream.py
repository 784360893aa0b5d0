"""Pool groups that come part after part: more of them than memory holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ...effects.arguments import require_executor, require_kind, shown
from ...effects.inputs import as_labels
from ...errors import InvalidInput
from ..engine.coefficient_tests import Test
from ..engine.engine import Settings
from ..engine.estimators import Method
from ..values import require_column
from .lacking import with_note
from .many import pool_many

#: Parts that an executor has at a time: enough to keep workers busy, few enough for memory.
_AHEAD = 8


def pool_stream(
    parts: Iterable[pd.DataFrame],
    method: Method = "REML",
    test: Test = "hksj-adhoc",
    level: float = 0.95,
    tau2: float | None = None,
    weighted: bool = True,
    *,
    executor: Executor | None = None,
) -> Iterator[pd.DataFrame]:
    """Pool groups that come in parts, and give results in parts: `pool_many` in the memory of a few of them.

    Parameters
    ----------
    parts : iterable of DataFrame
        Columns ``group``, ``yi`` and ``vi``, rows in ascending order of ``group`` from part to part. A group may go on
        in the next part. Batches of a Parquet file are such parts, and so are chunks of ``pandas.read_csv``.
    method : str
        As for `pool_many`.
    test : str
        As for `pool_many`.
    level : float
        As for `pool_many`.
    tau2 : float, optional
        As for `pool_many`.
    weighted : bool
        As for `pool_many`.
    executor : concurrent.futures.Executor, optional
        Where to run: threads, processes or a Dask cluster, ``Client(...).get_executor()``. Default: this process.

    Returns
    -------
    iterator of DataFrame
        Rows as of `pool_many`, always with ``note``. One after the other they are those of one call with all rows, to
        the last bit, with any parts and any executor.

    Raises
    ------
    InvalidInput
        A part is no such frame, groups do not ascend or are missing, or what `pool_many` refuses.

    Warns
    -----
    Incomplete
        As `pool_many`, for a part in this process.

    See Also
    --------
    pool_many : All groups at once.

    Examples
    --------
    >>> import evidence as ev
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"group": list("aabb"), "yi": [0.2, 0.4, 0.1, 0.3], "vi": [0.04, 0.02, 0.05, 0.05]})
    >>> parts = (rows.iloc[:3], rows.iloc[3:])
    >>> pd.concat(ev.pool_stream(parts, test="z"))["estimate"].round(3).to_dict()
    {'a': 0.333, 'b': 0.2}
    """
    Settings(method, test, level, tau2, weighted)  # refuses now, not with the first part
    require_kind("parts", parts, Iterable, "frames with columns group, yi and vi")
    require_executor(executor)
    task = partial(_pooled, given=(method, test, level, tau2, weighted))
    whole = whole_groups(parts)
    return map(task, whole) if executor is None else _in_order(task, whole, executor)


def whole_groups(parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The same rows in parts that share no group: the last group of a part waits for the next one."""
    waiting: pd.DataFrame | None = None
    for part in parts:
        rows = _read(part) if waiting is None else pd.concat([waiting, _read(part)], ignore_index=True)
        groups = rows["group"].to_numpy()
        if not len(groups):
            continue
        try:
            back = np.flatnonzero(groups[1:] < groups[:-1])
        except TypeError:
            raise InvalidInput("groups are of several kinds, which have no order; give numbers or texts") from None
        if len(back):
            before, after = groups[back[0] : back[0] + 2].tolist()
            raise InvalidInput(f"group {after!r} comes after {before!r}; give rows in ascending order of group")
        last = int(np.flatnonzero(groups != groups[-1])[-1]) + 1 if groups[0] != groups[-1] else 0
        if last:
            yield rows.iloc[:last]
        waiting = rows.iloc[last:].reset_index(drop=True)
    if waiting is not None:
        yield waiting


def _read(part: object) -> pd.DataFrame:
    if not isinstance(part, pd.DataFrame):
        raise InvalidInput(f"a part is {shown(part)}; give frames with columns group, yi and vi")
    columns = {name: require_column(part, name, name).to_numpy() for name in ("group", "yi", "vi")}
    if pd.isna(columns["group"]).any():
        raise InvalidInput("a part has rows without a group; leave them out")
    if columns["group"].dtype.kind not in "biufmM":  # spaces around a text are no part of it
        columns["group"] = as_labels(columns["group"])
    return pd.DataFrame(columns)


def _pooled(rows: pd.DataFrame, given: tuple[Any, ...]) -> pd.DataFrame:
    return with_note(pool_many(rows["group"], rows["yi"], rows["vi"], *given))


def _in_order(
    task: Callable[[pd.DataFrame], pd.DataFrame], parts: Iterator[pd.DataFrame], executor: Executor
) -> Iterator[pd.DataFrame]:
    waiting: deque[Future[pd.DataFrame]] = deque()
    try:
        for part in parts:
            waiting.append(executor.submit(task, part))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
