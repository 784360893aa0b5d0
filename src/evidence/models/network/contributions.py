"""What the trials of a network contribute to each of its comparisons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import NotEstimable
from .. import wording
from ..engine.engine import Floats
from ..result import Result
from .contrasts import Trials


@dataclass(frozen=True, repr=False, eq=False)
class Contributions(Result):
    """Shares of direct comparisons, and of trials, in every comparison of a network.

    Attributes
    ----------
    matrix : DataFrame
        Rows "A : B", every pair of treatments; columns "A : B", the pairs that trials compare. Rows sum to 1.
    trials : DataFrame
        The same rows; columns the trials. Rows sum to 1.
    tau2 : float
        Variance between trials that the weights of trials count with.

    See Also
    --------
    network : Its result gives these by ``.contributions()``.
    Network.certainty : Weighs the risk of bias of trials by them.

    Examples
    --------
    >>> import evidence as ev
    >>> one, two = ["needle", "needle", "sham"], ["sham", "drug", "drug"]
    >>> net = ev.network([0.4, 0.3, -0.2], one, two, ["t1", "t2", "t3"], vi=[0.02] * 3, method="EE")
    >>> net.contributions().matrix.loc["needle : sham"].round(3).to_dict()
    {'drug : needle': 0.167, 'drug : sham': 0.167, 'needle : sham': 0.667}
    """

    _figure = "contributions"

    matrix: pd.DataFrame
    trials: pd.DataFrame
    tau2: float

    def sentence(self) -> str:
        own = self.matrix.to_numpy()[self.matrix.index.get_indexer(self.matrix.columns), range(self.matrix.shape[1])]
        least, most = (self.matrix.columns[int(at)] for at in (own.argmin(), own.argmax()))
        share = [f"{100 * value:.0f}%" for value in (own.min(), own.max(), own.mean())]
        text = (
            f"Trials that compare two treatments directly contribute {share[2]} to what the network says of the two on "
            "average"
        )
        if least == most:
            return f"{text}."
        return f"{text}, from {share[0]} ({least}) to {share[1]} ({most})."

    def _title(self) -> str:
        rows, columns = self.matrix.shape
        return f"Contributions to {rows} comparisons ({columns} direct, {self.trials.shape[1]} trials)"

    def _lines(self) -> list[str]:
        lines = [f"trials weighed with tau² = {wording.number(self.tau2, 4)}"]
        for name, row in self.matrix.iterrows():
            top = row.sort_values(ascending=False, kind="stable").head(3)
            lines.append(f"{name}: " + ", ".join(f"{100 * value:.0f}% {part}" for part, value in top.items() if value))
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.matrix.rename_axis("comparison")

    def _table(self) -> pd.DataFrame:
        return self.matrix


def contributions(trials: Trials, tau2: float) -> Contributions:
    """Contributions by random walks along the flow of evidence.

    Notes
    -----
    The estimate of A against B is a flow of evidence from A to B: row A-B of the hat matrix, in which pairs of
    treatments conduct by their weights (summed over trials; those of a trial of several arms are the entries of its
    Laplacian). Walkers start at A, leave each treatment along a pair with a chance proportional to its flow, and arrive
    at B. A pair contributes the sum, over the paths that hold it, of the path's chance over its length (Davies et al.
    2022). Instead of listing the paths, chances are summed by the steps walked so far and still to go, which is exact
    for any number of them. A pair's share is split between its trials by their weights (Papakonstantinou et al. 2018).

    References
    ----------
    Davies, Papakonstantinou, Nikolakopoulou, Rücker & Galla (2022), Statistics in Medicine 41:2091, 10.1002/sim.9346.
    Papakonstantinou et al. (2018), F1000Research 7:610, 10.12688/f1000research.14770.3.
    """
    count = len(trials.treatments)
    weights, parts = _weights(trials, tau2)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    potential = np.linalg.pinv(laplacian, hermitian=True)
    one, two = np.triu_indices(count, 1)
    difference = potential[one] - potential[two]
    flow = np.maximum(weights * (difference[:, :, None] - difference[:, None, :]), 0.0)
    # What rounding leaves of a flow of nothing would be walked as if it were evidence.
    flow[flow < 1e-12] = 0.0
    shares = _walks(flow, one, two)
    both = shares + shares.transpose(0, 2, 1)
    direct = np.flatnonzero(
        trials.pairs()
        .groupby(["one", "two"])
        .size()
        .unstack(fill_value=0)
        .reindex(index=range(count), columns=range(count), fill_value=0)
        .to_numpy()[one, two]
    )
    names = [f"{trials.treatments[i]} : {trials.treatments[j]}" for i, j in zip(one, two, strict=True)]
    index = pd.Index(names, name="comparison")
    matrix = pd.DataFrame(both[:, one[direct], two[direct]], index=index, columns=[names[i] for i in direct])
    by_trial = np.zeros((len(names), len(trials.slab)))
    at = [parts[name].to_numpy(int) for name in ("study", "one", "two")]
    for study, i, j, weight in zip(*at, parts["weight"].to_numpy(float), strict=True):
        by_trial[:, study] += both[:, i, j] * weight / weights[i, j]
    return Contributions(matrix, pd.DataFrame(by_trial, index=index, columns=list(trials.slab)), tau2)


def _weights(trials: Trials, tau2: float) -> tuple[Floats, pd.DataFrame]:
    """Conductance of each pair, (T, T), and what each trial brings to it."""
    count = len(trials.treatments)
    total: Floats = np.zeros((count, count))
    parts = []
    for stack in trials.stacks:
        m = stack.arms.shape[1]
        contrast = np.column_stack([-np.ones(m - 1), np.eye(m - 1)])
        laplacian = contrast.T @ np.linalg.inv(stack.v + tau2 * stack.heterogeneity) @ contrast
        i, j = np.triu_indices(m, 1)
        columns = {"one": stack.arms[:, i], "two": stack.arms[:, j], "weight": -laplacian[:, i, j]}
        columns["study"] = np.repeat(stack.studies[:, None], len(i), axis=1)
        parts.append(pd.DataFrame({name: values.ravel() for name, values in columns.items()}))
    table = pd.concat(parts, ignore_index=True)
    np.add.at(total, (table["one"], table["two"]), table["weight"])
    return total + total.T, table


def _walks(flow: Floats, start: NDArray[np.integer], end: NDArray[np.integer]) -> Floats:
    """Shares of the directed pairs in the walks from start to end, (P, T, T), for P flows."""
    rows, count = np.arange(len(flow)), flow.shape[1]
    flow = flow.copy()
    flow[rows, end] = 0.0
    leaving = flow.sum(axis=2, keepdims=True)
    chance = np.divide(flow, leaving, out=np.zeros_like(flow), where=leaving > 0)
    reached, left = [np.zeros((len(flow), count))], [np.zeros((len(flow), count))]
    reached[0][rows, start], left[0][rows, end] = 1.0, 1.0
    for _ in range(count - 2):
        reached.append(np.einsum("pu,puv->pv", reached[-1], chance))
        left.append(np.einsum("puv,pv->pu", chance, left[-1]))
    walked, to_go = np.stack(reached), np.stack(left)
    steps = np.arange(count - 1)
    length = 1.0 / (steps[:, None] + steps[None, :] + 1)
    shares: Floats = chance * np.einsum("apu,ab,bpv->puv", walked, length, to_go, optimize=True)
    if np.abs(shares.sum(axis=(1, 2)) - 1).max() > 1e-6:
        raise NotEstimable(
            "the flow of evidence runs in circles, since the covariances of a trial of several arms give a pair a "
            "negative weight; contributions need weights above zero"
        )
    return shares
