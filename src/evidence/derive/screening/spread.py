"""What scores usually spread, and how far apart two arms stand in their own SDs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...base.once import once
from ...effects.inputs import Floats
from ...effects.measures.small_sample import bias_correction
from ..align import people, spreads_before
from ..evidence_base import EvidenceBase
from ..points import printed_points
from ..scales import scales

#: What patients report on scales with two ends: in points of 100 their SDs are much the same.
SCORES = ("pain", "leg_pain", "back_pain", "disability")
_SAME = ["study_id", "outcome", "instrument_id", "instrument", "statistic", "week", "when"]
_READ = ["result_id", "arm", *_SAME, "mean", "sd", "n"]


@once
def usual_spread(db: EvidenceBase) -> Floats:
    """SDs of scores of pain and disability in points of 100: one a trial and outcome.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    (k,) array
        The median over what a trial tells of it: the SDs that made its standardised differences (printed, or from
        standard errors, intervals and p values), and those before treatment.
    """
    made = printed_points(db)["sd"].dropna().reset_index()[["study", "outcome", "sd"]]
    rows = pd.concat([made, spreads_before(db)])
    rows = rows[rows["outcome"].isin(SCORES) & (rows["sd"] > 0)]
    found: Floats = rows.groupby(["study", "outcome"])["sd"].median().to_numpy(float)
    return found


def arm_scores(db: EvidenceBase) -> pd.DataFrame:
    """Means of arms, with what is known of their scale and people.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.

    Returns
    -------
    DataFrame
        Of rows of ``results`` of single arms with a mean: ``result_id``, ``low, high`` (the ends of the scale; of
        changes, the least and the greatest), ``length`` (of the scale; NaN where it is not known), ``people`` (of the
        row, else of the arm) and ``effect``, the largest standardised difference from another arm of the same trial,
        outcome and time (NaN where there is none).
    """
    there = ((db.results["kind"] == "arm") & db.results["mean"].notna()).to_numpy()
    rows = db.results.loc[there, _READ]
    least, length = (scales(db)[name][there] for name in ("least", "scale"))
    rows["low"], rows["high"] = least, least + length
    rows["length"] = rows["high"] - rows["low"]
    change = rows["statistic"] == "change"
    rows.loc[change, "low"] = -rows.loc[change, "length"]
    rows.loc[change, "high"] = rows.loc[change, "length"]
    rows["people"] = rows["n"].where(rows["n"].notna(), people(db, rows))
    rows["effect"] = rows["result_id"].map(_largest_difference(rows))
    return rows[["result_id", "low", "high", "length", "people", "effect"]]


def _largest_difference(rows: pd.DataFrame) -> pd.Series:
    """|g| of each arm's row against the other arms, the largest."""
    told = (rows["sd"] > 0) & (rows["people"] >= 2) & (rows["statistic"] != "baseline")
    rows = rows.loc[told, [*_SAME, "arm", "mean", "sd", "people", "result_id"]]
    pairs = rows.merge(rows, on=_SAME, suffixes=("", "_other"))
    pairs = pairs[pairs["arm"] != pairs["arm_other"]]
    n1, n2 = pairs["people"], pairs["people_other"]
    df = n1 + n2 - 2
    pooled = np.sqrt(((n1 - 1) * pairs["sd"] ** 2 + (n2 - 1) * pairs["sd_other"] ** 2) / df)
    apart: Floats = np.abs(np.asarray(pairs["mean"] - pairs["mean_other"], dtype=np.float64)) / np.asarray(pooled)
    g = pd.Series(bias_correction(np.asarray(df, dtype=np.float64)) * apart, pairs["result_id"])
    return g.groupby(level=0).max()
