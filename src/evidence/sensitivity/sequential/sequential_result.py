"""What a trial sequential analysis found, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ...models import wording
from ...models.engine.engine import Floats
from ...models.engine.inference import Interval
from ...models.result import Result

#: No z of a meta-analysis is expected beyond this boundary.
_EARLY = 8.0

Conclusion = Literal["benefit", "harm", "futility", "undecided"]


@dataclass(frozen=True, repr=False, eq=False)
class TrialSequential(Result):
    """Cumulative evidence beside boundaries that allow for looking again and again.

    Attributes
    ----------
    looks : DataFrame
        One row a look, its index the trial added last. Columns k, estimate, se, information (share of what is
        required), z, benefit and harm (what z has to pass), futility (z between this and its negative speaks against an
        effect of delta; NaN where no z would).
    z : (looks,) array
        The test of each look, on the normal scale.
    boundaries : (looks,) array
        What the size of z has to reach.
    futility : (looks,) array
        What it has to exceed for the effect sought to stay in question; NaN while no z is too small.
    information : (looks,) array
        Share of the required information at each look; above 1 when more is there.
    conclusion : str
        "benefit", "harm", "futility" (an effect of delta is unlikely), or "undecided", at the last look.
    crossed : str or None
        The trial with which the boundary for benefit or harm was first reached.
    estimate : float
        Pooled effect at the last look.
    adjusted_ci : Interval
        Its interval at the level 1 - alpha, widened for all looks.
    diversity : float
        D2, share of the variance of the pooled effect that is due to differences between trials.
    required : float
        Required information, in 1 / variance of the effect.
    people : int or None
        Required people, at the precision of these trials; None where their people were not given.
    people_so_far : int or None
        People in the trials.
    inflation : float
        How many times as much information the looks cost, at the same power.
    delta : float
        Effect sought.
    alpha : float
        Chance of a false finding over all looks.
    power : float
        Chance of finding ``delta`` where it is real.
    spending : str
        How ``alpha`` is spent over the looks.
    single : float
        What z would have to reach for one look.

    See Also
    --------
    trial_sequential : Makes it.
    next_trial : What one more trial would tell.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.trial_sequential([0.1, 0.3, 0.2], [0.04, 0.05, 0.03], order=[2001, 2010, 2016], delta=0.3)
    >>> found.conclusion, found.boundaries.round(2).tolist(), found.information.round(2).tolist()
    ('undecided', [4.7, 3.43, 2.51], [0.21, 0.39, 0.67])
    """

    _figure = "trial_sequential"

    looks: pd.DataFrame
    estimate: float
    adjusted_ci: Interval
    diversity: float
    required: float
    people: int | None
    people_so_far: int | None
    inflation: float
    delta: float
    alpha: float
    power: float
    spending: str
    _last_boundary: float

    def path(self) -> pd.DataFrame:
        """The boundaries up to the required information, for a figure.

        Returns
        -------
        DataFrame
            Columns information, boundary and futility: a row a look and, where it is still to come, one at 1.
        """
        rows = pd.DataFrame({"information": self.information, "boundary": self.boundaries, "futility": self.futility})
        if self.information[-1] >= 1:
            return rows
        rows.loc[len(rows)] = [1.0, self._last_boundary, self._last_boundary]
        return rows

    @property
    def single(self) -> float:
        """What a test that looks once has to reach."""
        return float(ndtri(1 - self.alpha / 2))

    @property
    def z(self) -> Floats:
        return self.looks["z"].to_numpy(copy=True)

    @property
    def boundaries(self) -> Floats:
        return np.asarray(np.abs(self.looks["benefit"].to_numpy()))

    @property
    def futility(self) -> Floats:
        return self.looks["futility"].to_numpy(copy=True)

    @property
    def information(self) -> Floats:
        return self.looks["information"].to_numpy(copy=True)

    @property
    def conclusion(self) -> Conclusion:
        z, boundary, futility = self.z[-1], self.boundaries[-1], self.futility[-1]
        if abs(z) >= boundary:
            return "benefit" if (z > 0) == (self.delta > 0) else "harm"
        return "futility" if abs(z) <= futility else "undecided"

    @property
    def crossed(self) -> str | None:
        beyond = np.abs(self.z) >= self.boundaries
        return str(self.looks.index[int(np.argmax(beyond))]) if beyond.any() else None

    def sentence(self) -> str:
        n = wording.number
        k = int(self.looks["k"].iloc[-1])
        trials = "The one trial holds" if k == 1 else f"The {k} trials hold"
        share = (
            f"{100 * self.information[-1]:.0f}% of the information that it takes to show an effect of {self.delta:g}"
        )
        if self.people is not None:
            share += f" ({self.people_so_far:,} of {self.people:,} people)"
        average = f"{'it found' if k == 1 else 'they average'} {n(self.estimate)}"
        interval = f"with an interval adjusted for the looks of {wording.interval(self.adjusted_ci)}"
        if self.boundaries[-1] > _EARLY:
            interval = "and hardly any result would be clear so early"
        return f"{trials} {share}, {_WORDS[self.conclusion]}: {average}, {interval}."

    def _title(self) -> str:
        return f"Trial sequential analysis (k = {self.looks['k'].iloc[-1]}, {len(self.looks)} looks)"

    def _lines(self) -> list[str]:
        n = wording.number
        share = f"information {n(100 * self.information[-1], 1)}% of the required {n(self.required)}"
        if self.people is not None:
            share += f" ({self.people_so_far:,} of {self.people:,} people)"
        futility = self.futility[-1]
        bounds = f"z = {n(self.z[-1])}, boundary ±{n(self.boundaries[-1])}, "
        bounds += "no futility boundary yet" if np.isnan(futility) else f"futility ±{n(futility)}"
        interval = "too wide to be told" if self.boundaries[-1] > _EARLY else wording.interval(self.adjusted_ci, 4)
        lines = [
            f"to show {n(self.delta)} with power {wording.percent(self.power)} at {wording.percent(self.alpha)}, "
            f"spending {self.spending}; diversity D² = {n(100 * self.diversity, 1)}%",
            share,
            bounds,
            f"estimate {n(self.estimate, 4)}, adjusted {wording.percent(1 - self.alpha)} interval {interval}",
            f"conclusion: {self.conclusion}",
        ]
        return lines + ([f"boundary first reached with {self.crossed}"] if self.crossed else [])

    def _rows(self) -> pd.DataFrame:
        return self.looks

    def _table(self) -> pd.DataFrame:
        return self.looks


_WORDS = {
    "benefit": "and show benefit",
    "harm": "and show harm",
    "futility": "and fall short of what an effect of this size would be expected to show by now",
    "undecided": "which is not enough to tell",
}
