"""Small trials against large ones across a network: effects less the mean of their own comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...effects.arguments import each_of
from ...errors import InvalidInput
from .. import wording
from ..result import Result
from .contrasts import Trials


@dataclass(frozen=True, repr=False, eq=False)
class AdjustedFunnel(Result):
    """Effects of trials less the mean of their comparison.

    Attributes
    ----------
    effects : DataFrame
        One row a pair of arms: study, treatment1, treatment2 (treatment1 stands later in the order), ``yi`` (the effect
        less the mean of its comparison), ``vi``, effect, centre. It is what `egger` and other tests of small-study
        effects take.
    order : tuple of str
        The order that says which way each pair is read.

    See Also
    --------
    network : Its result gives this by ``.adjusted_funnel(order)``.
    evidence.plots.funnel : What draws it.
    egger : Tests its asymmetry: ``ev.egger(adjusted.effects)``.

    Examples
    --------
    >>> import evidence as ev
    >>> one, two = ["needle", "needle", "drug", "drug"], ["sham"] * 4
    >>> net = ev.network([0.4, 0.2, 0.1, 0.5], one, two, list("wxyz"), "sham", "EE", vi=[0.02, 0.02, 0.04, 0.04])
    >>> net.adjusted_funnel(["sham", "drug", "needle"]).effects["yi"].round(3).tolist()
    [0.1, -0.1, -0.2, 0.2]
    """

    _figure = "funnel"

    effects: pd.DataFrame
    order: tuple[str, ...]

    def sentence(self) -> str:
        se = np.sqrt(self.effects["vi"])
        small = self.effects.loc[se > se.median(), "yi"]
        if small.empty:
            return "All trials are equally precise, so small ones cannot be told from large ones."
        off = float(small.mean())
        way = "above" if off > 0 else "below"
        return (
            f"The less precise half of the {len(self.effects)} comparisons lies {wording.number(abs(off))} {way} the "
            "mean of its comparison, with later treatments of the order read against earlier ones."
        )

    def _title(self) -> str:
        return (
            f"Comparison-adjusted funnel ({len(self.effects)} comparisons of {self.effects['study'].nunique()} trials)"
        )

    def _lines(self) -> list[str]:
        return [f"order: {', '.join(self.order)}"]

    def _rows(self) -> pd.DataFrame:
        return self.effects


def adjusted_funnel(trials: Trials, tau2: float, order: Sequence[str]) -> AdjustedFunnel:
    """Centre every effect at the mean of its comparison, read in one direction.

    Notes
    -----
    The centre of a comparison is the inverse-variance mean, at tau2, of the trials that make it. An asymmetry shows
    only when pairs are read in a direction that small trials would favour, such as newer against older treatments:
    hence the order. A comparison made by one trial has it at zero.

    References
    ----------
    Chaimani & Salanti (2012), Research Synthesis Methods 3:161, 10.1002/jrsm.57.
    """
    given = [str(name) for name in each_of(order)]
    if sorted(given) != list(trials.treatments):
        raise InvalidInput(f"order {given} should name each of {', '.join(trials.treatments)} once")
    place = np.array([given.index(name) for name in trials.treatments])
    pairs = trials.pairs()
    turn = place[pairs["one"]] < place[pairs["two"]]
    one, two = np.where(turn, pairs["two"], pairs["one"]), np.where(turn, pairs["one"], pairs["two"])
    effect = np.where(turn, -pairs["yi"], pairs["yi"])
    weight = 1 / (pairs["vi"].to_numpy() + tau2)
    sums = pd.DataFrame({"one": one, "two": two, "w": weight, "wy": weight * effect})
    total = sums.groupby(["one", "two"])[["w", "wy"]].transform("sum")
    centre = (total["wy"] / total["w"]).to_numpy()
    names = np.array(trials.treatments, dtype=object)
    table = pd.DataFrame(
        {
            "study": np.array(trials.slab, dtype=object)[pairs["study"]],
            "treatment1": names[one],
            "treatment2": names[two],
            "yi": effect - centre,
            "vi": pairs["vi"],
            "effect": effect,
            "centre": centre,
        }
    )
    return AdjustedFunnel(table, tuple(given))
