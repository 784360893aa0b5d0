"""The smallest effect worth having, in the units of a measure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from ...derive.evidence_base import EvidenceBase
from ...derive.points import typical_sd

#: Where no smallest worthwhile effect is written down: a small standardised difference (Cohen 1988, Statistical Power
#: Analysis, section 2.2), 10 of 100 points, and a quarter more or less of an event (Guyatt et al. 2011, Journal of
#: Clinical Epidemiology 64:1283). They serve imprecision only; no effect is called worthwhile by them.
_ELSEWHERE = {"SMD": 0.2, "MD100": 10.0, "RR": math.log(1.25), "OR": math.log(1.25)}


class Worthwhile:
    """Smallest worthwhile effects of a base, from ``thresholds.csv``.

    Parameters
    ----------
    db : EvidenceBase
        Its thresholds in points of 100, and the SD that turns them into standardised differences.

    Attributes
    ----------
    typical : DataFrame
        `typical_sd` of the base.
    points : dict
        Thresholds in points of 100, by outcome.
    sd : dict
        Points in one standard deviation, by outcome.
    """

    def __init__(self, db: EvidenceBase) -> None:
        rows = db.thresholds
        self.typical = typical_sd(db)
        self.points: dict[str, float] = dict(zip(rows["outcome"], rows["points"], strict=True))
        self.sd: dict[str, float] = {str(name): float(sd) for name, sd in self.typical["sd"].items()}
        before = {str(name): float(sd) for name, sd in typical_sd(db, "before")["sd"].items()}
        self._widest = {name: max(sd, before.get(name, sd)) for name, sd in self.sd.items()}

    def of(self, outcomes: Iterable[str], measure: str) -> float:
        """Smallest worthwhile effect of a pool in the units of its measure; NaN where none is written down.

        A pool of several outcomes takes the smallest of theirs, and has none where one of them has none.
        """
        return _smallest(self._one(outcome, measure, self.sd) for outcome in outcomes)

    def at_least(self, outcomes: Iterable[str], measure: str) -> float:
        """What an interval has to stay below to rule out a worthwhile effect.

        As `of`, but a standardised difference is turned into points with the wider of the SDs before and after
        treatment, so that nothing is ruled out by the choice of the SD.
        """
        return _smallest(self._one(outcome, measure, self._widest) for outcome in outcomes)

    def for_precision(self, outcomes: Iterable[str], measure: str) -> float:
        """`at_least` for judging precision; where none is written down, what is usual for the measure."""
        value = self.at_least(outcomes, measure)
        return _ELSEWHERE.get(measure, math.nan) if math.isnan(value) else value

    def _one(self, outcome: str, measure: str, sd: Mapping[str, float]) -> float:
        points = self.points.get(outcome, math.nan)
        if measure == "MD100":
            return points
        return points / sd.get(outcome, math.nan) if measure == "SMD" else math.nan


def _smallest(values: Iterable[float]) -> float:
    known = list(values)
    return math.nan if any(math.isnan(value) for value in known) else min(known, default=math.nan)
