"""How wide scores spread: the standard deviation that turns a standardised difference into points."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd

from ..base.once import once
from .align import arm_sizes, spreads_before
from .evidence_base import EvidenceBase


@once
def typical_sd(db: EvidenceBase, when: Literal["after", "before"] = "after") -> pd.DataFrame:
    """Standard deviation within arms, in points of a 0-100 scale, by outcome.

    Parameters
    ----------
    db : EvidenceBase
        Every arm counts once that prints scores with a spread on a known scale.
    when : {"after", "before"}
        Final scores, or scores before treatment: wider, since trials take in people with much pain and little alike
        and treatment brings many near the floor.

    Returns
    -------
    DataFrame
        Index ``outcome``; columns ``sd`` (points of 100), ``arms`` and ``trials`` behind it.

    Notes
    -----
    sqrt(sum(n sd^2) / sum(n)) over arms, so that large trials count more: the SD within an arm of all arms together.

    See Also
    --------
    evidence.pooled_table : Puts standardised differences into points with it.
    evidence.EvidenceBase.effects : Effects in points of their own (``MD100``).

    Examples
    --------
    >>> import evidence as ev
    >>> typical = ev.typical_sd(ev.load())
    >>> bool(10 < typical.loc["pain", "sd"] < 30)
    True
    """
    found: dict[tuple[str, str, str], tuple[float, float]] = {}
    if when == "before":
        for study, arm, outcome, sd, n in spreads_before(db):
            found.setdefault((study, arm, outcome), (n, n * sd**2))
        return _together(found)
    sizes = arm_sizes(db)
    for study, row in ((study, row) for study, rows in db.reported.items() for row in rows):
        n = sizes[study, row.arm].n if math.isnan(row.n) else row.n
        if row.kind == "arm" and row.statistic == "final" and not math.isnan(row.sd + row.scale + n):
            found.setdefault((study, row.arm, row.outcome), (n, n * (100 * row.sd / row.scale) ** 2))
    return _together(found)


def _together(found: dict[tuple[str, str, str], tuple[float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(*key, *sums) for key, sums in found.items()], columns=["study", "arm", "outcome", "n", "squares"]
    )
    groups = frame.groupby("outcome")
    together = groups.agg(n=("n", "sum"), squares=("squares", "sum"), arms=("arm", "size"), trials=("study", "nunique"))
    together.insert(0, "sd", np.sqrt(together["squares"] / together["n"]))
    return together[["sd", "arms", "trials"]]
