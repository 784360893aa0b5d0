"""How sure each comparison of a network is: five domains by written rules, after CINeMA."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...effects.arguments import is_number, require_kind, shown
from ...errors import InvalidInput
from ..result import Result

#: What each domain is judged by, in the order of the columns.
RULES: Mapping[str, str] = {
    "bias": "mean risk of bias of the trials (low 0, some 1, high 2), weighted by what they contribute to the "
    "comparison: some concerns from 0.5, major from 1.5",
    "indirectness": "the same for the directness of the trials",
    "imprecision": "some concerns when the confidence interval holds both directions and an effect worth having; major "
    "when it holds one that is worth having in the direction opposite to the estimate",
    "heterogeneity": "the same question of the prediction interval: some concerns when it is answered one step worse "
    "than by the confidence interval, major when two",
    "incoherence": "direct against indirect evidence: some concerns from p <= 0.10, major from p <= 0.01; without "
    "either of them, the design-by-treatment interaction: some from p <= 0.10, major from p <= 0.05, and some for an "
    "indirect comparison that nothing in the network can contradict",
}
#: How the domains make one certainty.
RULE_OF_SUM = (
    "from high, one step down for each 'some' and two for each 'major'; of imprecision and heterogeneity, and of "
    "indirectness and incoherence, only the worse counts, for they are signs of one thing"
)
_WORDS = ("none", "some", "major")
_NOT = "not judged"
_GRADES = ("high", "moderate", "low", "very low")
_LEVELS = {"low": 0, "none": 0, "some": 1, "some concerns": 1, "moderate": 1, "unclear": 1, "high": 2, "major": 2}
_LIGHTS = {"none": "low", "some": "some", "major": "high"}

Judgements = Mapping[str, str] | pd.Series


@dataclass(frozen=True, repr=False, eq=False)
class NetworkCertainty(Result):
    """Certainty of every comparison of a network.

    Attributes
    ----------
    table : DataFrame
        Index "A : B"; estimate (A minus B), ci_low, ci_high, pi_low, pi_high, k (trials that compare the two), bias,
        indirectness, imprecision, heterogeneity, incoherence ("none", "some", "major", or "not judged") and
        certainty ("high", "moderate", "low", "very low").
    worthwhile : float
        Smallest effect worth having, either way.

    See Also
    --------
    network : Its result gives this by ``.certainty(...)``.
    Network.contributions : What the weights are.

    Examples
    --------
    >>> import evidence as ev
    >>> one, two = ["needle", "needle", "sham"], ["sham", "drug", "drug"]
    >>> net = ev.network([0.4, 0.3, -0.2], one, two, ["t1", "t2", "t3"], vi=[0.02] * 3, method="EE", test="z")
    >>> sure = net.certainty(worthwhile=0.3, bias={"t1": "low", "t2": "high", "t3": "some"})
    >>> sure.table.loc["needle : sham", ["bias", "imprecision", "certainty"]].tolist()
    ['some', 'none', 'moderate']
    """

    _figure = "rob"

    table: pd.DataFrame
    worthwhile: float

    def sentence(self) -> str:
        counts = self.table["certainty"].value_counts()
        parts = [f"{grade} in {counts[grade]}" for grade in _GRADES if grade in counts]
        return f"Of {len(self.table)} comparisons, the certainty is {', '.join(parts)}."

    def _title(self) -> str:
        return f"Certainty of the comparisons of a network ({len(self.table)})"

    def _lines(self) -> list[str]:
        lines = []
        for name, row in self.table.iterrows():
            doubts = [f"{domain} {row[domain]}" for domain in RULES if row[domain] in _WORDS[1:]]
            lines.append(f"{name}: {row['certainty']}" + (f" ({', '.join(doubts)})" if doubts else ""))
        lines += [f"{domain}: {rule}" for domain, rule in RULES.items()]
        return [*lines, f"certainty: {RULE_OF_SUM}"]

    def _rows(self) -> pd.DataFrame:
        return self.table.rename_axis("comparison")

    def _table(self) -> pd.DataFrame:
        return self.table

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        long = self._rows().reset_index().melt("comparison", list(RULES), "domain", "judgement")
        lights = long.assign(judgement=long["judgement"].map(_LIGHTS))
        key = ("no concerns", "some concerns", "major concerns", "not judged")
        return (lights,), {"study": "comparison", "key": key, "unit": "comparison"}


def certainty_table(
    league: pd.DataFrame,
    shares: pd.DataFrame,
    splits: pd.DataFrame,
    interaction: tuple[int, float],
    worthwhile: float,
    bias: Judgements | None,
    indirectness: Judgements | None,
) -> NetworkCertainty:
    """Judge every comparison.

    Parameters
    ----------
    league : DataFrame, of `Network.league`
    shares : DataFrame
        Contributions of the trials, rows "A : B".
    splits : DataFrame, of `Network.node_split`
    interaction : (int, float)
        Degrees of freedom and p value of the design-by-treatment interaction.
    worthwhile : float
    bias : mapping of trial to "low", "some" or "high", or None
    indirectness : the same

    References
    ----------
    Nikolakopoulou et al. (2020), PLoS Medicine 17:e1003082, 10.1371/journal.pmed.1003082.
    """
    if not is_number(worthwhile) or worthwhile <= 0:
        raise InvalidInput(f"worthwhile is {shown(worthwhile)}; give the smallest effect worth having, above 0")
    league = league.set_index(league["treatment1"] + " : " + league["treatment2"]).loc[shares.index]
    table = league[["estimate", "ci_low", "ci_high", "pi_low", "pi_high", "k"]].copy()
    for name, judged in (("bias", bias), ("indirectness", indirectness)):
        table[name] = _NOT if judged is None else _weighted(judged, shares, name)
    precise = [
        _doubt(e, low, high, worthwhile) for e, low, high in table[["estimate", "ci_low", "ci_high"]].to_numpy(float)
    ]
    spread = [
        _doubt(e, low, high, worthwhile) for e, low, high in table[["estimate", "pi_low", "pi_high"]].to_numpy(float)
    ]
    table["imprecision"] = [_WORDS[step] for step in precise]  # type: ignore[index]
    steps = zip(precise, spread, strict=True)
    table["heterogeneity"] = [_NOT if new is None or own is None else _WORDS[max(new - own, 0)] for own, new in steps]
    tests = splits.set_index(splits["treatment1"] + " : " + splits["treatment2"])["p_value"]
    table["incoherence"] = [_incoherence(tests.get(name), interaction) for name in table.index]
    down = table[list(RULES)].apply(lambda column: column.map(lambda word: 0 if word == _NOT else _WORDS.index(word)))
    steps_down = (
        down["bias"]
        + down[["imprecision", "heterogeneity"]].max(axis=1)
        + down[["indirectness", "incoherence"]].max(axis=1)
    )
    table["certainty"] = [_GRADES[min(step, 3)] for step in steps_down]
    return NetworkCertainty(table, float(worthwhile))


def _weighted(judged: Judgements, shares: pd.DataFrame, name: str) -> list[str]:
    """Mean level of the trials, weighted by their contributions, in words."""
    require_kind(name, judged, Mapping | pd.Series, "a mapping of each trial to 'low', 'some' or 'high'")
    given = judged if isinstance(judged, Mapping) else dict(zip(map(str, judged.index), judged, strict=True))
    levels = []
    for trial in shares.columns:
        word = given.get(trial)
        level = _LEVELS.get(str(word).strip().lower()) if word is not None else None
        if level is None:
            said = "nothing" if word is None else repr(word)
            raise InvalidInput(f"{name} says {said} of trial {trial!r}; give 'low', 'some' or 'high' for each trial")
        levels.append(level)
    mean = shares.to_numpy() @ np.array(levels, dtype=float)
    return [_WORDS[int(value >= 0.5 - 1e-9) + int(value >= 1.5 - 1e-9)] for value in mean]


def _doubt(estimate: float, low: float, high: float, worthwhile: float) -> int | None:
    """0: the interval leaves no doubt of direction, or none that matters; 1: of direction; 2: of a worthwhile one."""
    if math.isnan(low) or math.isnan(high):
        return None
    opposite = -low if estimate >= 0 else high
    if opposite > worthwhile:
        return 2
    same = high if estimate >= 0 else -low
    return int(opposite > 0 and same > worthwhile)


def _incoherence(p: float | None, interaction: tuple[int, float]) -> str:
    df, overall = interaction
    if p is not None and not math.isnan(p):
        return _WORDS[int(p <= 0.10) + int(p <= 0.01)]
    if df == 0:
        return "some" if p is None else "none"
    return _WORDS[int(overall <= 0.10) + int(overall <= 0.05)]
