"""Whether direct and indirect evidence agree: Q by design, design-by-treatment interaction, node splits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc

from .. import wording
from ..engine.engine import Floats
from ..engine.inference import critical, two_sided_p
from ..result import Result
from .contrasts import Trials
from .designs import fit_within, read_designs, tau2_within
from .gls import NetworkMethod, gls, treatment_design

# A pair whose network variance is this share of its direct variance has no indirect evidence but rounding.
_ALL_DIRECT = 1 - 1e-10


@dataclass(frozen=True, repr=False, eq=False)
class Inconsistency(Result):
    """How far the trials of a network contradict each other.

    Attributes
    ----------
    q : DataFrame
        Index "total", "within designs", "between designs"; q, df, p_value, under equal effects.
    designs : DataFrame
        Index design ("A : B : C", the treatments compared); k trials, q, df, p_value within it.
    statistic : float
        Design-by-treatment interaction under random effects, chi-square.
    df : int
        Its degrees of freedom.
    p_value : float
        Of that test.
    tau2_within : float
        tau2 of the model with that interaction.

    See Also
    --------
    network : Its result makes it, and splits nodes.

    Examples
    --------
    >>> import evidence as ev
    >>> one, two = ["needle", "needle", "sham", "needle"], ["sham", "drug", "drug", "sham"]
    >>> net = ev.network([0.4, 0.3, -0.2, 0.3], one, two, ["t1", "t2", "t3", "t4"], vi=[0.02] * 4)
    >>> found = net.inconsistency()
    >>> found.df, round(found.statistic, 3), round(found.p_value, 3)
    (1, 0.45, 0.502)
    """

    q: pd.DataFrame
    designs: pd.DataFrame
    statistic: float
    df: int
    p_value: float
    tau2_within: float

    def sentence(self) -> str:
        if self.df == 0:
            return "No comparison in this network is made in two ways, so nothing can show whether they agree."
        n, p = wording.number, wording.p_value
        return (
            f"Trials that compare different sets of treatments disagree by χ²({self.df}) = {n(self.statistic)}, "
            f"p {p(self.p_value)}, where chance alone gives {self.df} on average; a large p value does not show that "
            "they agree."
        )

    def _title(self) -> str:
        return f"Inconsistency of a network ({len(self.designs)} designs)"

    def _lines(self) -> list[str]:
        n, p = wording.number, wording.p_value
        lines = [f"{name}: Q({row['df']:g}) = {n(row['q'])}, p {p(row['p_value'])}" for name, row in self.q.iterrows()]
        lines.append(
            f"design-by-treatment interaction: χ²({self.df}) = {n(self.statistic)}, p {p(self.p_value)}, "
            f"tau² within designs {n(self.tau2_within, 4)}"
        )
        return lines

    def _rows(self) -> pd.DataFrame:
        last = pd.DataFrame({"q": self.statistic, "df": self.df, "p_value": self.p_value}, index=["interaction"])
        return pd.concat([self.q, last]).rename_axis("part")

    def _table(self) -> pd.DataFrame:
        return self.designs


def decompose(trials: Trials, reference: int, method: NetworkMethod) -> Inconsistency:
    """Split Cochran's Q of a network by design, and test the design-by-treatment interaction.

    Notes
    -----
    A design is the set of treatments that a trial compares. Within designs: Q about the equal-effects estimate of each
    design, df the sum of (trials - 1)(arms - 1). Between designs: what the consistent network adds, df the sum of
    (arms - 1) over designs, less treatments - 1. The interaction is the same difference with tau2 as estimated, by
    the network's method, in the model where each design has its own effects (0 where no design has two trials). A
    design of m arms counts as one: a trial of three arms cannot contradict itself.

    References
    ----------
    Higgins et al. (2012), Research Synthesis Methods 3:98, 10.1002/jrsm.1044.
    Krahn, Binder & König (2013), BMC Medical Research Methodology 13:35, 10.1186/1471-2288-13-35.
    """
    consistent, designs = treatment_design(trials, reference), read_designs(trials)
    whole, within = gls(trials, consistent, 0.0), fit_within(designs, 0.0)
    q_within, df_within = float(within.q.sum()), int(designs.df.sum())
    df = whole.df - df_within
    tau2 = tau2_within(designs, method)
    statistic = 0.0
    if df:
        statistic = max(gls(trials, consistent, tau2).rss - float(fit_within(designs, tau2).q.sum()), 0.0)
    table = pd.DataFrame(
        {"q": [whole.rss, q_within, max(whole.rss - q_within, 0.0)], "df": [whole.df, df_within, df]},
        index=["total", "within designs", "between designs"],
    )
    table["q"] = table["q"].where(table["df"] > 0, 0.0)
    table["p_value"] = _tail(table["df"].to_numpy(), table["q"].to_numpy())
    each = pd.DataFrame({"k": designs.k, "q": within.q, "df": designs.df}, index=pd.Index(designs.names, name="design"))
    p_value = float(_tail(np.array([df]), np.array([statistic]))[0])
    return Inconsistency(table, each.assign(p_value=_tail(designs.df, within.q)), statistic, df, p_value, tau2)


def split_nodes(
    trials: Trials, effects: Floats, covariance: Floats, tau2: float, scale: float, df: float, level: float
) -> pd.DataFrame:
    """Direct and indirect evidence for each pair of treatments that trials compare.

    Returns
    -------
    DataFrame
        treatment1, treatment2, k (trials that compare them), share_direct (of the information), direct, direct_se,
        indirect, indirect_se, network, network_se, difference (direct minus indirect), se, statistic, df, p_value,
        ci_low, ci_high, note. NaN where the note says that there is no indirect evidence.

    Notes
    -----
    Direct: the trials that compare the two, pooled with the network's tau2. The network estimate is the mean of direct
    and indirect evidence weighted by their information, and they are independent; so with
    p = var(network) / var(direct), indirect = (network - p direct) / (1 - p) with variance var(network) / (1 - p)
    (König, Krahn & Binder 2013, Statistics in Medicine 32:5414). tau2 is not estimated again without the pair.
    """
    pairs = trials.pairs()
    weights = 1 / (pairs["vi"] + tau2)
    sums = pd.DataFrame({"one": pairs["one"], "two": pairs["two"], "w": weights, "wy": weights * pairs["yi"]})
    found = sums.assign(k=1).groupby(["one", "two"], as_index=False).sum()
    one, two = found["one"].to_numpy(), found["two"].to_numpy()
    direct, variance = (found["wy"] / found["w"]).to_numpy(), scale / found["w"].to_numpy()
    network = effects[one] - effects[two]
    network_variance = covariance[one, one] + covariance[two, two] - 2 * covariance[one, two]
    share = np.minimum(network_variance / variance, 1.0)
    only = share > _ALL_DIRECT
    rest = np.where(only, np.nan, 1 - share)
    indirect = (network - share * direct) / rest
    indirect_variance = network_variance / rest
    difference, se = direct - indirect, np.sqrt(variance + indirect_variance)
    each = np.full(len(se), df)
    half = critical(level, each) * se
    names = np.array(trials.treatments, dtype=object)
    return pd.DataFrame(
        {
            "treatment1": names[one],
            "treatment2": names[two],
            "k": found["k"],
            "share_direct": share,
            "direct": direct,
            "direct_se": np.sqrt(variance),
            "indirect": indirect,
            "indirect_se": np.sqrt(indirect_variance),
            "network": network,
            "network_se": np.sqrt(network_variance),
            "difference": difference,
            "se": se,
            "statistic": difference / se,
            "df": each,
            "p_value": two_sided_p(difference / se, each),
            "ci_low": difference - half,
            "ci_high": difference + half,
            "note": np.where(only, "no indirect evidence", ""),
        }
    )


def _tail(df: NDArray[np.integer], q: Floats) -> Floats:
    """Chi-square tail; 1 without degrees of freedom."""
    return np.where(df > 0, chdtrc(np.maximum(df, 1), q), 1.0)
