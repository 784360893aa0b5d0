"""Which way trials point, counted: the sign test, for results without numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import bdtr

from ...effects.arguments import require_level
from ...effects.inputs import DIRECTION, read
from ...effects.recover.exact_counts import exact_proportion
from ...errors import InvalidInput, NotEstimable
from ..result import Result


@dataclass(frozen=True, repr=False, eq=False)
class VoteCount(Result):
    """Trials counted by the direction of their effect.

    Attributes
    ----------
    favouring : int
        Trials that favour the treatment.
    against : int
        Trials that favour the comparator.
    neither : int
        Trials that point neither way; they count in nothing below.
    proportion : float
        favouring / (favouring + against).
    ci_low : float
        Lower bound of the Clopper-Pearson interval of the proportion, which agrees with the sign test.
    ci_high : float
        Its upper bound.
    level : float
        Its confidence level.
    p_value : float
        Two-sided sign test of a proportion of one half.

    See Also
    --------
    vote_count : Makes it.
    combine_pvalues : Where p values are printed, too.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.vote_count([1, 1, 1, -1])
    Vote count by direction: 3 for, 1 against, 0 neither
    proportion for 0.750 (95% CI 0.194 to 0.994), sign test p = 0.625
    """

    favouring: int
    against: int
    neither: int
    proportion: float
    ci_low: float
    ci_high: float
    level: float
    p_value: float

    def sentence(self) -> str:
        directed = self.favouring + self.against
        apart = f" ({self.neither} more pointed neither way)" if self.neither else ""
        return (
            f"{self.favouring} of {directed} trials that pointed either way pointed in favour{apart}: "
            f"{self.proportion:.0%}, {self.level:.0%} interval {self.ci_low:.0%} to {self.ci_high:.0%}; "
            "this counts trials, not how large effects are."
        )

    def _title(self) -> str:
        return f"Vote count by direction: {self.favouring} for, {self.against} against, {self.neither} neither"

    def _lines(self) -> list[str]:
        found = f"{self.proportion:.3f} ({self.level:.0%} CI {self.ci_low:.3f} to {self.ci_high:.3f})"
        return [f"proportion for {found}, sign test p = {self.p_value:.4g}"]

    def _row(self) -> dict[str, object]:
        return asdict(self)

    def _table(self) -> pd.DataFrame:
        return self.to_frame()


def vote_count(direction: ArrayLike, level: float = 0.95) -> VoteCount:
    """Count trials by the direction of their effect, whatever its size or significance.

    Parameters
    ----------
    direction : (k,) array-like
        1 where a trial favours the treatment, -1 where it favours the comparator, 0 where it points neither way.
    level : float
        Confidence level of the interval.

    Returns
    -------
    VoteCount
        The counts, the proportion in favour and its sign test.

    Raises
    ------
    InvalidInput
        A direction that is none of 1, -1 and 0, or a level that is no coverage.
    NotEstimable
        No trial points either way.

    See Also
    --------
    combine_pvalues : One p value from many, where they are printed.
    pool : Where effects are known.

    Notes
    -----
    The sign test asks whether the effect is as likely to favour either side; it does not say how large the effect is,
    and gives a trial of 20 the vote of a trial of 2000. Votes by significance ("3 of 5 trials were significant") are
    not offered: they go wrong the more often the more trials there are.

    References
    ----------
    McKenzie & Brennan (2019), Cochrane Handbook, section 12.2.1.3. Clopper & Pearson (1934), Biometrika 26:404.

    Examples
    --------
    >>> import evidence as ev
    >>> votes = ev.vote_count([1] * 11 + [-1])
    >>> round(votes.p_value, 4), round(votes.ci_low, 3), round(votes.ci_high, 3)
    (0.0063, 0.615, 0.998)
    """
    require_level(level)
    (direction,) = read(direction=(direction, DIRECTION))
    if direction.ndim > 1:
        raise InvalidInput(f"direction has shape {direction.shape}; give one direction a trial")
    favouring, against, neither = (int(np.sum(direction == sign)) for sign in (1, -1, 0))
    if favouring + against == 0:
        raise NotEstimable("no trial points either way: a vote count needs at least one direction of 1 or -1")
    share, low, high = map(float, exact_proportion(favouring, favouring + against, level))
    p_value = min(1.0, 2 * float(bdtr(min(favouring, against), favouring + against, 0.5)))
    return VoteCount(favouring, against, neither, share, low, high, level, p_value)
