"""The certainty of every pooled result."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...base.once import once
from ...derive.evidence_base import EvidenceBase
from ..context import Context
from ..headline_pools import GROUPS, headline_pools
from .certainty import grade

#: What a table without any pool has as well.
_FIRST = ("k", "n", "grade", "computed", "doubts")


@once
def certainty_table(db: EvidenceBase, measure: str = "SMD") -> pd.DataFrame:
    """Grade every pool of a measure: each condition, comparator, outcome and window.

    Parameters
    ----------
    db : EvidenceBase
        The trials, or a selection of them.
    measure : str
        Measure of the effects, see `EvidenceBase.effects`.

    Returns
    -------
    DataFrame
        One row a pool, in the order of `pooled_table`: ``measure, condition, comparator, outcome, time, k, n, grade,
        computed``, the levels of each reason by its name, ``doubts`` (what took levels, in words), then
        ``<reason>_number`` and ``<reason>_why`` of each, ``overridden``, and what is missing, with the columns of
        `missing_results` (``trials_compared`` to ``missing``).

    See Also
    --------
    certainty : the grade of one pool.
    pooled_table : the pools themselves.

    Examples
    --------
    >>> import evidence as ev
    >>> graded = ev.certainty_table(ev.load().select(condition="spinal_stenosis"))
    >>> graded[["comparator", "outcome", "grade"]].shape[1]
    3
    """
    context, rows = Context.of(db), []
    for key, pool in headline_pools(db, measure).items():
        graded = grade(context, pool.frame, pool=pool)
        row: dict[str, Any] = dict(zip(GROUPS, key, strict=True))
        numbers = graded.synthesis.k, graded.synthesis.n, graded.grade, graded.computed
        row |= dict(zip(_FIRST, numbers, strict=False))
        row |= {step.domain: step.levels for step in graded.steps} | {"doubts": graded.doubts}
        for step in graded.steps:
            row |= {f"{step.domain}_number": step.number, f"{step.domain}_why": step.reason}
        row["overridden"] = "|".join(graded.overridden)
        row |= graded.account.numbers()
        rows.append(row)
    if not rows:
        return pd.DataFrame(columns=[*GROUPS, *_FIRST])
    return pd.DataFrame(rows).sort_values(GROUPS, ignore_index=True)
