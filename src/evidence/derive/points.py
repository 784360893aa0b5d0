"""Points of 100: the standard deviation that made each standardised difference, and what is usual for an outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..base.once import once
from ..effects.measures.small_sample import bias_correction
from .evidence_base import EvidenceBase

#: Sound trials from which an SD is taken; with fewer, all are.
_FEWEST = 3
#: What a row of an effects frame is about; one row each in a measure.
KEY = ["study", "comparator", "outcome", "time"]


@once
def printed_points(db: EvidenceBase) -> pd.DataFrame:
    """Standardised differences whose trial prints the same in points.

    Parameters
    ----------
    db : EvidenceBase
        The trials.

    Returns
    -------
    DataFrame
        Index ``study, comparator, outcome, time``; ``yi, vi`` (points of 100) and ``sd``, the standard deviation in
        points of 100 that made the SMD of the same rows: their ratio, freed of the correction for small samples; NaN
        where the SMD comes from other rows.

    Notes
    -----
    A difference of 0 has no ratio: there the SD is that of the difference's own variance, sqrt(vi / (1/n1 + 1/n2)).
    """
    points, smd = db.derived("MD100"), db.derived("SMD")
    keys = zip(*(smd[name] for name in KEY), strict=True)
    known = dict(zip(keys, zip(smd["yi"], smd["result_ids"], strict=True), strict=True))
    there = [known.get(key, (np.nan, "")) for key in zip(*(points[name] for name in KEY), strict=True)]
    smd_yi, same = np.array([yi for yi, _ in there]), points["result_ids"] == [ids for _, ids in there]
    yi, vi, n1, n2 = (points[name].to_numpy(float) for name in ("yi", "vi", "n_acupuncture", "n_comparator"))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = yi / smd_yi * bias_correction(n1 + n2 - 2)
        own = np.sqrt(vi / (1 / n1 + 1 / n2))
    sd = np.where(np.abs(smd_yi) > 1e-9, ratio, own)
    index = pd.MultiIndex.from_frame(points[KEY])
    return pd.DataFrame({"yi": yi, "vi": vi, "sd": np.where(same & (sd > 0), sd, np.nan)}, index)


@once
def reference_sd(db: EvidenceBase) -> pd.DataFrame:
    """Standard deviation of scores in points of 100, by outcome: the median over trials.

    Parameters
    ----------
    db : EvidenceBase
        Trials that print a difference in points and its standardised form.

    Returns
    -------
    DataFrame
        Index ``outcome``; ``sd`` (median over trials, points of 100), ``low`` and ``high`` (its quartiles over trials),
        ``k`` (trials) and ``trials`` (their keys, joined by "|").

    See Also
    --------
    evidence.pooled_table : Puts standardised differences into points.
    evidence.EvidenceBase.effects : Effects in points of their own (``MD100``).

    Notes
    -----
    A trial's SD is the one that made its standardised difference (see `printed_points`), the median of its rows where
    there are several. Trials whose numbers cannot be right as printed (`screen`) are left out, unless fewer than three
    others are there. The median over trials does not follow the few that print SDs of 2 to 6 points.

    Examples
    --------
    >>> import evidence as ev
    >>> usual = ev.reference_sd(ev.load()).loc["pain"]
    >>> bool(15 < usual["sd"] < 25), bool(usual["low"] < usual["sd"] < usual["high"])
    (True, True)
    """
    rows = printed_points(db)["sd"].dropna()
    own = rows.groupby(["outcome", "study"]).median()
    studies, outcomes = own.index.get_level_values("study"), own.index.get_level_values("outcome")
    sound = pd.Series([study not in db.serious for study in studies], own.index, dtype=bool)
    enough = sound.groupby("outcome").sum().reindex(outcomes) >= _FEWEST
    own = own[sound | ~enough.to_numpy()]
    groups = own.groupby("outcome")
    trials = own.reset_index().groupby("outcome")["study"].agg("|".join)
    table = pd.DataFrame({"sd": groups.median(), "low": groups.quantile(0.25), "high": groups.quantile(0.75)})
    return table.assign(k=groups.size(), trials=trials)
