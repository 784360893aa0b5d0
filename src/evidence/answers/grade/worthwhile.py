"""The smallest effect worth having, in the units of a measure."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ...derive.evidence_base import EvidenceBase
from ...derive.points import reference_sd

#: Where no smallest worthwhile effect is written down: a small standardised difference (Cohen 1988, Statistical Power
#: Analysis, section 2.2), 10 of 100 points, and a quarter more or less of an event (Guyatt et al. 2011, Journal of
#: Clinical Epidemiology 64:1283). They serve imprecision only; no effect is called worthwhile by them.
_ELSEWHERE = {"SMD": 0.2, "MD100": 10.0, "RR": math.log(1.25), "OR": math.log(1.25)}


class Worthwhile:
    """Smallest worthwhile effects of a base, from ``thresholds.csv``: one value for every pool of an outcome.

    Parameters
    ----------
    db : EvidenceBase
        Its thresholds in points of 100, and the SD that turns them into standardised differences.

    Attributes
    ----------
    reference : DataFrame
        `reference_sd` of the base.
    points : dict
        Thresholds in points of 100, by outcome.
    sd : dict
        Points in one standard deviation, by outcome.
    """

    def __init__(self, db: EvidenceBase) -> None:
        rows = db.thresholds
        self.reference = reference_sd(db)
        self.points: dict[str, float] = dict(zip(rows["outcome"], rows["points"], strict=True))
        self.sd: dict[str, float] = {str(name): float(sd) for name, sd in self.reference["sd"].items()}

    def of(self, outcomes: Iterable[str], measure: str) -> float:
        """Smallest worthwhile effect of a pool in the units of its measure; NaN where none is written down.

        A pool of several outcomes takes the smallest of theirs, and has none where one of them has none.
        """
        values = [self._one(outcome, measure) for outcome in outcomes]
        return math.nan if any(math.isnan(value) for value in values) else min(values, default=math.nan)

    def for_precision(self, outcomes: Iterable[str], measure: str) -> float:
        """`of` for judging precision; where none is written down, what is usual for the measure."""
        value = self.of(outcomes, measure)
        return _ELSEWHERE.get(measure, math.nan) if math.isnan(value) else value

    def _one(self, outcome: str, measure: str) -> float:
        points = self.points.get(outcome, math.nan)
        if measure == "MD100":
            return points
        return points / self.sd.get(outcome, math.nan) if measure == "SMD" else math.nan
