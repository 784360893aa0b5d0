"""A fitted network and what can be asked of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import pandas as pd

from ...effects.arguments import require_flag
from .. import wording
from ..engine.engine import Floats
from ..engine.inference import Interval
from ..result import Result
from ..univariate.heterogeneity import HeterogeneityIntervals
from .adjusted_funnel import AdjustedFunnel, adjusted_funnel
from .certainty import Judgements, NetworkCertainty, certainty_table
from .contrasts import Trials
from .contributions import Contributions, contributions
from .effect_table import league_table
from .gls import NetworkMethod
from .inconsistency import Inconsistency, decompose, split_nodes
from .net_heat import NetHeat, net_heat
from .ranking import Better, ranking_table
from .tau2_interval import tau2_interval

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
    #: What an estimate is called in the sentence.
    _differs: ClassVar[str] = "difference"

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
        tau2 = None if self.method == "EE" else self.tau2
        return league_table(self.treatments, self.effects, self.covariance, self.comparisons, self.df, self.level, tau2)

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
            Index treatment, best first; p_score, sucra, mean_rank, and rank_1 to rank_T, the probability of each rank.

        Notes
        -----
        The P-score is the mean, over all other treatments, of the one-sided certainty of being better (Rücker &
        Schwarzer 2015, BMC Medical Research Methodology 15:58). SUCRA, the area under the cumulative ranks (Salanti,
        Ades & Ioannidis 2011, Journal of Clinical Epidemiology 64:163), is the same but for the simulation:
        (T - mean_rank) / (T - 1). A rank says nothing about the size of a difference.
        """
        return ranking_table(self.treatments, self.effects, self.covariance, self.df, better, draws, seed)

    def tau2_ci(self, level: float | None = None, kind: str = "QP") -> HeterogeneityIntervals:
        """Confidence intervals for tau2, tau, I2 and H2.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the network.
        kind : {"QP", "PL"}
            "QP" (Q-profile), exact whatever the estimator; "PL" (profile likelihood), for ML and REML.

        Returns
        -------
        HeterogeneityIntervals
            ``.low`` and ``.high`` bound tau2.
        """
        return tau2_interval(self._network, self.method, self.tau2, self.level if level is None else level, kind)

    def contributions(self) -> Contributions:
        """What direct comparisons, and trials, contribute to every comparison.

        Returns
        -------
        Contributions
            Shares that sum to 1 for each pair of treatments, by random walks along the flow of evidence.
        """
        return contributions(self._network, self.tau2)

    def net_heat(self, random: bool = False) -> NetHeat:
        """Where the network contradicts itself, design by design.

        Parameters
        ----------
        random : bool
            Take the variance between trials of one design, by `inconsistency`, for known; else equal effects.

        Returns
        -------
        NetHeat
            What contrasts of designs add to the inconsistency, and how that changes without each other design.
        """
        require_flag("random", random)
        return net_heat(self._network, self.inconsistency().tau2_within if random else 0.0)

    def adjusted_funnel(self, order: Sequence[str]) -> AdjustedFunnel:
        """Effects of trials less the mean of their comparison, for a funnel of the whole network.

        Parameters
        ----------
        order : sequence of str
            Every treatment once, such as from the oldest to the newest: later ones are read against earlier ones.

        Returns
        -------
        AdjustedFunnel
            Each trial's effect less the mean of its comparison.
        """
        return adjusted_funnel(self._network, self.tau2, order)

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
            One row a pair that trials compare: treatment1, treatment2, k, share_direct, direct, indirect and network
            estimate with standard errors, their difference with its test, a note where nothing is indirect.
        """
        return split_nodes(self._network, self.effects, self.covariance, self.tau2, self._scale, self.df, self.level)

    def certainty(
        self, worthwhile: float, bias: Judgements | None = None, indirectness: Judgements | None = None
    ) -> NetworkCertainty:
        """Certainty of every comparison, by written rules after CINeMA.

        Parameters
        ----------
        worthwhile : float
            Smallest effect worth having, in either direction.
        bias : mapping or Series, optional
            Risk of bias of each trial: "low", "some" or "high"; not judged when not given.
        indirectness : mapping or Series, optional
            How far each trial is from the question, likewise.

        Returns
        -------
        NetworkCertainty
            Five domains and what follows for each pair of treatments. Reporting bias takes knowledge of what was not
            published, and is left to the reader.
        """
        found = self.inconsistency()
        shares, splits = self.contributions().trials, self.node_split()
        return certainty_table(self.league(), shares, splits, (found.df, found.p_value), worthwhile, bias, indirectness)

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
            return f"{start}, the {self._differs} from {self.reference} is {words[0]}."
        clear = int(((table["ci_low"] > 0) | (table["ci_high"] < 0)).sum())
        several = self._differs.replace("difference", "differences")
        return (
            f"{start}, the {several} from {self.reference} run from {words[0]} to {words[1]}; "
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
