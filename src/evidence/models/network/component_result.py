"""A fitted network of components."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .. import wording
from ..engine.engine import Floats
from ..engine.inference import Interval
from ..result import Result
from .gls import NetworkMethod


@dataclass(frozen=True, repr=False, eq=False)
class ComponentNetwork(Result):
    """Components of combined treatments.

    Attributes
    ----------
    components : DataFrame
        Index component (and interaction); estimate, what it adds, se, statistic, df, p_value, ci_low, ci_high.
    treatments : DataFrame
        Index treatment, as given; the same columns for the sum of its components, with pi_low and pi_high.
    inactive : str or None
        The treatment that counts as nothing.
    tau2 : float
        Variance between trials of a true contrast.
    q : float
        Cochran's test of all trials against the additive model.
    q_df : int
        Its degrees of freedom.
    q_p : float
        Its p value.
    q_additivity : float
        What additivity adds to it, beyond a network in which every combination is a treatment of its own.
    q_additivity_df : int
        Its degrees of freedom.
    q_additivity_p : float
        Its p value.
    connected : bool
        Whether trials alone connect all treatments.
    k : int
        Trials.
    dropped : int
        Contrasts left out for a missing yi or vi.
    method : str
        "DL", "REML", "ML" or "EE".
    level : float
        Coverage of the intervals.
    covariance : (C, C) array
        That of the components' estimates.
    trials : Series
        Index component: how many trials have an arm with it.

    See Also
    --------
    component_network : Makes it.
    network : Every combination a treatment of its own.

    Examples
    --------
    >>> import evidence as ev
    >>> one, two = ["needle", "needle + drug", "needle + drug"], ["none", "none", "drug"]
    >>> net = ev.component_network([0.4, 0.7, 0.3], one, two, list("xyz"), "none", "EE", vi=[0.02] * 3)
    >>> net.treatments["estimate"].round(3).to_dict(), net.q_additivity_df
    ({'drug': 0.35, 'needle': 0.35, 'needle + drug': 0.7}, 1)
    """

    _figure = "forest"

    components: pd.DataFrame
    treatments: pd.DataFrame
    inactive: str | None
    tau2: float
    q: float
    q_df: int
    q_p: float
    q_additivity: float
    q_additivity_df: int
    q_additivity_p: float
    connected: bool
    k: int
    dropped: int
    method: NetworkMethod
    level: float
    covariance: Floats
    trials: pd.Series

    def sentence(self) -> str:
        n, level = wording.number, wording.percent(self.level)
        table = self.components
        best = table["estimate"].idxmax()
        estimate, low, high = table.loc[[best], ["estimate", "ci_low", "ci_high"]].to_numpy(float)[0]
        clear = int(((table["ci_low"] > 0) | (table["ci_high"] < 0)).sum())
        text = (
            f"If components add up, {best} adds the most, {n(estimate)} ({level} confidence interval "
            f"{wording.interval(Interval(low, high))}); {clear} of {len(table)} intervals exclude no effect"
        )
        if self.q_additivity_df == 0:
            return f"{text}. No trial can show whether they do."
        speak = "speak" if self.q_additivity_p < 1 - self.level else "do not speak"
        return f"{text}. The trials {speak} against that (p {wording.p_value(self.q_additivity_p)})."

    def _title(self) -> str:
        left = f"; {self.dropped} contrasts left out for missing values" if self.dropped else ""
        pieces = "" if self.connected else ", network in pieces"
        return f"Component network meta-analysis (k = {self.k} trials, {len(self.components)} components{pieces}{left})"

    def _lines(self) -> list[str]:
        n, level = wording.number, wording.percent(self.level)
        lines = []
        if self.method != "EE":
            lines.append(f"tau² = {n(self.tau2, 4)} ({self.method}), tau = {n(math.sqrt(self.tau2), 4)}")
        lines.append(f"Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}")
        lines.append(
            f"additivity: Q({self.q_additivity_df}) = {n(self.q_additivity)}, p {wording.p_value(self.q_additivity_p)}"
        )
        for name, row in self.components.iterrows():
            interval = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(
                f"  {name}: {n(row['estimate'], 4)} (SE {n(row['se'], 4)}), p {wording.p_value(row['p_value'])}, "
                f"{level} CI {interval}"
            )
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.components

    def _table(self) -> pd.DataFrame:
        return self.components

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.components.assign(k=self.trials).reset_index(),), {}
