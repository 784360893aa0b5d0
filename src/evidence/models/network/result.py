"""A fitted network and what can be asked of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from .. import wording
from ..engine.engine import Floats
from ..engine.inference import Interval, critical
from ..result import Result
from ..wald import coefficient_table
from .contrasts import Trials
from .gls import NetworkMethod
from .inconsistency import Inconsistency, decompose, split_nodes
from .ranking import Better, ranking_table

NetworkTest = Literal["z", "hksj", "hksj-adhoc"]


@dataclass(frozen=True, repr=False, eq=False)
class Network(Result):
    """Treatments compared through a network of trials.

    Attributes
    ----------
    estimates : DataFrame
        Index the treatments but the reference; estimate (treatment minus reference), se, statistic, df, p_value,
        ci_low, ci_high, and pi_low, pi_high (a new trial's true contrast; NaN under "EE").
    comparisons : DataFrame
        treatment1, treatment2, k: the pairs that trials compare, and how many do.
    trials : Series
        Index treatment: how many trials have it.
    treatments : tuple of T str
        Sorted.
    reference : str
        The treatment the others are compared with.
    tau2 : float
        Variance between trials of a true contrast.
    i2 : float
        Percent of variance that lies between trials.
    q : float
        Cochran's test that all trials agree, within and between designs.
    q_df : int
        Its degrees of freedom.
    q_p : float
        Its p value.
    k : int
        Trials.
    dropped : int
        Contrasts left out for a missing yi or vi.
    method : str
        "REML", "ML", "DL" or "EE".
    test : str
        "z", "hksj" or "hksj-adhoc".
    level : float
        Coverage of the intervals.
    effects : (T,) array
        Every treatment minus the reference.
    covariance : (T, T) array
        That of ``effects``.
    df : float
        Infinite for normal tests.

    See Also
    --------
    network : Makes it.
    evidence.plots.network : Who was compared with whom.
    evidence.plots.league : The table `league` makes.

    Examples
    --------
    >>> import evidence as ev
    >>> one, two = ["needle", "needle", "sham", "needle"], ["sham", "drug", "drug", "sham"]
    >>> net = ev.network([0.4, 0.3, -0.2, 0.3], one, two, ["t1", "t2", "t3", "t4"], vi=[0.02] * 4)
    >>> net.league().query("treatment1 == 'drug'")[["treatment2", "estimate", "k"]].round(3).to_dict("list")
    {'treatment2': ['needle', 'sham'], 'estimate': [-0.24, 0.14], 'k': [1, 1]}
    """

    _figure = "network"

    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    trials: pd.Series
    treatments: tuple[str, ...]
    reference: str
    tau2: float
    i2: float
    q: float
    q_df: int
    q_p: float
    k: int
    dropped: int
    method: NetworkMethod
    test: NetworkTest
    level: float
    effects: Floats
    covariance: Floats
    df: float
    _network: Trials
    _scale: float

    def league(self) -> pd.DataFrame:
        """Every treatment against every other, in both directions.

        Returns
        -------
        DataFrame
            treatment1, treatment2, estimate (treatment1 minus treatment2), se, statistic, df, p_value, ci_low,
            ci_high, pi_low, pi_high, and k, the trials that compare the two (0: all evidence is indirect).
        """
        count = len(self.treatments)
        one, two = (side.ravel() for side in np.indices((count, count)))
        one, two = one[one != two], two[one != two]
        names = np.array(self.treatments, dtype=object)
        own = np.diag(self.covariance)
        variance = own[one] + own[two] - 2 * self.covariance[one, two]
        tau2 = None if self.method == "EE" else self.tau2
        table = effect_table(self.effects[one] - self.effects[two], variance, self.df, self.level, tau2)
        direct = np.zeros((count, count), dtype=int)
        pairs = self._network.pairs()
        np.add.at(direct, (pairs["one"], pairs["two"]), 1)
        table.insert(0, "treatment1", names[one])
        table.insert(1, "treatment2", names[two])
        return table.assign(k=(direct + direct.T)[one, two]).reset_index(drop=True)

    def ranking(self, better: Better = "higher", draws: int = 100_000, seed: int = 0) -> pd.DataFrame:
        """Treatments from best to worst.

        Parameters
        ----------
        better : {"higher", "lower"}
            Which effects are good.
        draws : int
            Simulations of the ranks.
        seed : int
            Of the simulations.

        Returns
        -------
        DataFrame
            Index treatment, best first; p_score, mean_rank, and rank_1 to rank_T, the probability of each rank.

        Notes
        -----
        The P-score is the mean, over all other treatments, of the one-sided certainty of being better (Rücker &
        Schwarzer 2015, BMC Medical Research Methodology 15:58). A rank says nothing about the size of a difference.
        """
        return ranking_table(self.treatments, self.effects, self.covariance, self.df, better, draws, seed)

    def inconsistency(self) -> Inconsistency:
        """Whether trials that compare different treatments contradict each other.

        Returns
        -------
        Inconsistency
            Q split within and between designs, and the design-by-treatment interaction.
        """
        return decompose(self._network, self.treatments.index(self.reference), self.method)

    def node_split(self) -> pd.DataFrame:
        """Direct against indirect evidence.

        Returns
        -------
        DataFrame
            One row for each pair of treatments that trials compare: treatment1, treatment2, k, share_direct, direct,
            indirect and network estimate with standard errors, their difference with its test, and a note where
            there is no indirect evidence.
        """
        return split_nodes(self._network, self.effects, self.covariance, self.tau2, self._scale, self.df, self.level)

    def sentence(self) -> str:
        n = wording.number
        table = self.estimates
        ends = [table["estimate"].idxmin(), table["estimate"].idxmax()]
        words = []
        for name in dict.fromkeys(ends):
            estimate, low, high = table.loc[[name], ["estimate", "ci_low", "ci_high"]].to_numpy(float)[0]
            interval = wording.interval(Interval(low, high))
            words.append(f"{n(estimate)} ({name}, {wording.percent(self.level)} confidence interval {interval})")
        start = f"In a network of {self.k} trials and {len(self.treatments)} treatments"
        if len(words) == 1:
            return f"{start}, the difference from {self.reference} is {words[0]}."
        clear = int(((table["ci_low"] > 0) | (table["ci_high"] < 0)).sum())
        return (
            f"{start}, the differences from {self.reference} run from {words[0]} to {words[1]}; "
            f"{clear} of {len(table)} intervals exclude no difference."
        )

    def _title(self) -> str:
        left = f"; {self.dropped} contrasts left out for missing values" if self.dropped else ""
        return f"Network meta-analysis (k = {self.k} trials, {len(self.treatments)} treatments{left})"

    def _lines(self) -> list[str]:
        n, level = wording.number, wording.percent(self.level)
        lines = []
        if self.method != "EE":
            lines.append(f"tau² = {n(self.tau2, 4)} ({self.method}), tau = {n(math.sqrt(self.tau2), 4)}")
        lines.append(f"I² = {n(self.i2)}%, Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}")
        lines.append(f"test: {wording.TEST_WORDS[self.test]}")
        lines.append(f"each against {self.reference}:")
        for name, row in self.estimates.iterrows():
            interval = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(
                f"  {name}: {n(row['estimate'], 4)} (SE {n(row['se'], 4)}), p {wording.p_value(row['p_value'])}, "
                f"{level} CI {interval}"
            )
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.estimates.rename_axis("treatment")

    def _table(self) -> pd.DataFrame:
        return self.estimates


def effect_table(beta: Floats, covariance: Floats, df: float, level: float, tau2: float | None) -> pd.DataFrame:
    """`coefficient_table` with pi_low and pi_high; ``tau2`` None: equal effects, which have none."""
    table = coefficient_table(beta, covariance, df, level, [str(i) for i in range(len(beta))])
    half = float(critical(level, np.array([df]))[0])
    spread = half * np.sqrt(table["se"] ** 2 + (math.nan if tau2 is None else tau2))
    return table.assign(pi_low=table["estimate"] - spread, pi_high=table["estimate"] + spread)
