"""A fitted network and what can be asked of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from .. import wording
from ..engine.engine import Floats
from ..engine.estimators import Test
from ..engine.inference import Interval, critical
from ..wald import coefficient_table
from .contrasts import Trials
from .gls import NetworkMethod
from .inconsistency import Inconsistency, decompose, split_nodes
from .ranking import ranking_table


@dataclass(frozen=True, repr=False, eq=False)
class Network:
    """Treatments compared through a network of trials.

    Attributes
    ----------
    estimates : DataFrame
        Index the treatments but the reference; estimate (treatment minus reference), se, statistic, df, p_value,
        ci_low, ci_high, and pi_low, pi_high (a new trial's true contrast; NaN under "EE").
    comparisons : DataFrame, treatment1, treatment2, k: the pairs that trials compare, and how many do
    trials : Series, index treatment: how many trials have it
    treatments : tuple of str, sorted; reference : str
    tau2 : float, variance between trials of a true contrast; i2 : float, percent
    q, q_df, q_p : float, Cochran's test that all trials agree, within and between designs
    k : int, trials; dropped : int, contrasts left out for a missing yi or vi
    method, test : str; level : float
    effects : (T,) array, every treatment minus the reference; covariance : (T, T) array, that of ``effects``
    df : float, infinite for normal tests
    """

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
    test: Test
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

    def ranking(
        self, better: Literal["higher", "lower"] = "higher", draws: int = 100_000, seed: int = 0
    ) -> pd.DataFrame:
        """Treatments from best to worst by P-score, with the probability of each rank; see `ranking_table`."""
        return ranking_table(self.treatments, self.effects, self.covariance, self.df, better, draws, seed)

    def inconsistency(self) -> Inconsistency:
        """Q split within and between designs, and the design-by-treatment interaction; see `decompose`."""
        return decompose(self._network, self.treatments.index(self.reference), self.method)

    def node_split(self) -> pd.DataFrame:
        """Direct against indirect evidence for each pair of treatments that trials compare; see `split_nodes`."""
        return split_nodes(self._network, self.effects, self.covariance, self.tau2, self._scale, self.df, self.level)

    def to_frame(self) -> pd.DataFrame:
        """`estimates` with the treatment as its first column."""
        return self.estimates.rename_axis("treatment").reset_index()

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        n = wording.number
        lines = [*self._lines(), f"each against {self.reference}:"]
        for name, row in self.estimates.iterrows():
            interval = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(
                f"  {name}: {n(row['estimate'], 4)} (SE {n(row['se'], 4)}), p {wording.p_value(row['p_value'])}, "
                f"{wording.percent(self.level)} CI {interval}"
            )
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
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

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        text = self._lines()
        return wording.html_report(text[0], [*text[1:], f"each against {self.reference}:"], self.estimates)

    def _lines(self) -> list[str]:
        n = wording.number
        left = f"; {self.dropped} contrasts left out for missing values" if self.dropped else ""
        lines = [f"Network meta-analysis (k = {self.k} trials, {len(self.treatments)} treatments{left})"]
        if self.method != "EE":
            lines.append(f"tau² = {n(self.tau2, 4)} ({self.method}), tau = {n(math.sqrt(self.tau2), 4)}")
        lines.append(f"I² = {n(self.i2)}%, Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}")
        lines.append(f"test: {wording.TEST_WORDS[self.test]}")
        return lines


def effect_table(beta: Floats, covariance: Floats, df: float, level: float, tau2: float | None) -> pd.DataFrame:
    """`coefficient_table` with pi_low and pi_high; ``tau2`` None: equal effects, which have none."""
    table = coefficient_table(beta, covariance, df, level, [str(i) for i in range(len(beta))])
    half = float(critical(level, np.array([df]))[0])
    spread = half * np.sqrt(table["se"] ** 2 + (math.nan if tau2 is None else tau2))
    return table.assign(pi_low=table["estimate"] - spread, pi_high=table["estimate"] + spread)
