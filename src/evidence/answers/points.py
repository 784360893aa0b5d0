"""Pooled effects in points of 100: as trials print them where they do, else by the spread of their scores."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..derive.evidence_base import EvidenceBase
from ..derive.points import KEY, printed_points, reference_sd
from .grade.synthesis import Synthesis, synthesise
from .pooling import Pooling
from .sides import side_of

#: From so many trials on, the SD of a pool is that of its own trials.
ENOUGH_SDS = 3
#: A pool is told as its trials print it where they hold this much of its weight.
_PRINTED_SHARE = 50.0
_ENDS = 100.0
NAMES = ("points", "points_low", "points_high", "points_sd", "points_sd_low", "points_sd_high")


class Points:
    """What standardised differences of a base come to in points of 100.

    Parameters
    ----------
    db : EvidenceBase
        The trials.
    pooling : Pooling
        How their effects are pooled.
    """

    def __init__(self, db: EvidenceBase, pooling: Pooling) -> None:
        self._pooling = pooling
        table = printed_points(db)
        numbers = table[["yi", "vi", "sd"]].itertuples(index=False, name=None)
        self._printed = dict(zip(table.index.tolist(), numbers, strict=True))
        usual = reference_sd(db)[["sd", "low", "high"]]
        self._usual = dict(zip(usual.index, usual.itertuples(index=False, name=None), strict=True))

    def of(self, pool: Synthesis) -> dict[str, Any]:
        """A pool of standardised differences in points.

        Parameters
        ----------
        pool : Synthesis
            Of one outcome.

        Returns
        -------
        dict
            ``points, points_low, points_high`` (of 100, never beyond the ends of the scale), ``points_cut`` (an end
            was reached), ``points_basis``: "as printed" (see Notes), "SD of the trial", "SD of its trials" or "SD of
            other trials" (the SMD times the median of these), "" where there is none; and ``points_sd, points_sd_low,
            points_sd_high``, that SD with the quartiles over the trials, NaN where points are as printed. All NaN
            where the pool is of several outcomes, or where no trial prints scores of the outcome.

        Notes
        -----
        A single trial is told as it prints. A pool is told in printed points, pooled, where half of its trials, two or
        more, with half of its weight, print them (the interval of one trial, or of a few, is not the pool's) and their
        interval says of no difference what the pool's does: the pool is what is graded and judged, and points that
        weigh the same trials in another way must not contradict it. Else it is the SMD, with its interval, times one
        SD.
        """
        rows = pool.columns
        found: dict[str, Any] = dict.fromkeys(NAMES, math.nan) | {"points_basis": "", "points_cut": False}
        if pool.measure != "SMD" or len(set(rows["outcome"])) > 1:
            return found
        own = [self._printed.get(key) for key in zip(*(rows[name] for name in KEY), strict=True)]
        printed = [found is not None for found in own]
        told = sum(printed) >= max(min(pool.k, 2), pool.k / 2) and pool.weight(printed) >= _PRINTED_SHARE
        ends = self._as_printed(pool, own) if told else None
        if ends and (pool.k == 1 or side_of(*ends) == side_of(pool.estimate, pool.ci_low, pool.ci_high)):
            found["points_basis"] = "as printed"
        else:
            sds = {study: found[2] for study, found in zip(rows["study"], own, strict=True) if found}
            known = [sd for sd in sds.values() if not math.isnan(sd)]
            basis, sd = self._spread(rows["outcome"][0], known, pool.k)
            found |= {"points_basis": basis, **dict(zip(NAMES[3:], sd, strict=True))}
            ends = (pool.estimate * sd[0], pool.ci_low * sd[0], pool.ci_high * sd[0])
        cut = tuple(min(max(end, -_ENDS), _ENDS) for end in ends)
        return found | dict(zip(NAMES[:3], cut, strict=True)) | {"points_cut": cut != ends and not math.isnan(ends[0])}

    def _as_printed(self, pool: Synthesis, own: list[tuple[float, float, float] | None]) -> tuple[float, float, float]:
        """The printed differences of a pool's trials, pooled: the mean and the ends of its interval."""
        there = pool.frame[[found is not None for found in own]].assign(measure="MD100")
        there["yi"], there["vi"] = zip(*(found[:2] for found in own if found), strict=True)
        in_points = synthesise(self._pooling, there)
        return in_points.estimate, in_points.ci_low, in_points.ci_high

    def _spread(self, outcome: str, trials: list[float], k: int) -> tuple[str, tuple[float, float, float]]:
        """The SD that stands for a pool with its quartiles, and whose it is."""
        if k == 1 and trials:
            return "SD of the trial", (trials[0], math.nan, math.nan)
        if len(trials) >= ENOUGH_SDS:
            middle, low, high = (float(sd) for sd in np.quantile(trials, (0.5, 0.25, 0.75)))
            return "SD of its trials", (middle, low, high)
        if outcome in self._usual:
            return "SD of other trials", self._usual[outcome]
        return "", (math.nan, math.nan, math.nan)
