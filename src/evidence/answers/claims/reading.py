"""What the verdict rules read of the trials against one comparator."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...languages import _
from ..sides import Side
from ..wording.vocabulary import Vocabulary

#: A direction is clear from this probability on: where a 95% interval excludes no effect.
CLEAR = 0.975
#: Where results are known in words only: so many trials, and this share of all that tell, agree.
AGREEING, SHARE = 4, 0.75


@dataclass(frozen=True)
class Reading:
    """What the verdict rules read of the trials against one comparator; "better" is the way that is claimed.

    Attributes
    ----------
    comparator : str
        What acupuncture is compared with.
    k : int
        Trials.
    side : {"better", "worse", "little", "open"}
        Where the interval lies (`evidence.answers.sides.side_of`).
    certainty : str
        A grade.
    sized : bool
        False where only directions are known, no sizes.
    small : bool
        The whole interval lies below the smallest worthwhile effect.
    p_better : float
        Probability of an effect the claimed way; NaN where only directions are known.
    agree : int
        Of directions: trials that went the claimed way.
    turn : {1, -1}
        -1 where the claim is that acupuncture does worse.
    slope : bool
        The result compares trials with each other.
    """

    comparator: str
    k: int
    side: Side
    certainty: str
    sized: bool = True
    small: bool = False
    p_better: float = math.nan
    agree: int = 0
    turn: int = 1
    slope: bool = False

    @property
    def firm(self) -> bool:
        """Two trials or more, and a certainty above very low."""
        return self.k >= 2 and self.certainty != "very low"

    @property
    def clear(self) -> bool:
        """Is the direction clear, and the claimed one?"""
        agreed = not self.sized and self.agree >= max(AGREEING, SHARE * self.k)
        return self.side == "better" or self.p_better >= CLEAR or agreed

    @property
    def denies(self) -> bool:
        """Does it speak against the claim, however unsurely: trials lean the other way, or leave nothing worthwhile?"""
        return self.side == "worse" or self.small or (self.k >= 2 and self.p_better < 0.5)

    def shows(self, words: Vocabulary) -> str:
        """What trials show when the claim is right."""
        other = {"comparator": words.comparators[self.comparator]}
        if self.slope:
            return _("a line between trials the claimed way, against {comparator}", **other)
        return _("better than {comparator}", **other) if self.turn > 0 else _("worse than {comparator}", **other)
