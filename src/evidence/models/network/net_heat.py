"""Where a network contradicts itself: the change of each design's inconsistency when another is set apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import block_diag

from ...errors import NotEstimable
from .. import wording
from ..engine.engine import Floats
from ..result import Result
from .contrasts import Trials

_NOTHING = 1e-8  # a design's inconsistency below this is rounding: nothing else measures what it measures


@dataclass(frozen=True, repr=False, eq=False)
class NetHeat(Result):
    """Hot spots of inconsistency in a network.

    Attributes
    ----------
    change : DataFrame
        Rows and columns are the contrasts of designs ("A : B", or "A : B in A : B : C" for trials of several arms). On
        the diagonal what a contrast adds to Q between designs; elsewhere by how much that of the row shrinks (above
        zero) or grows when the column's design has effects of its own. NaN where the network falls apart without it.
    hat : DataFrame
        The same shape: how far the direct estimate of the column counts in the network estimate of the row, 0 to 1.
    q : float
        Q between designs.
    df : int
        Its degrees of freedom.
    tau2 : float
        Variance between trials taken for it.

    See Also
    --------
    network : Its result gives this by ``.net_heat()``.
    Network.inconsistency : The overall test.
    Network.node_split : Direct against indirect, pair by pair.

    Examples
    --------
    >>> import evidence as ev
    >>> one, two = ["a", "b", "a", "c", "b"], ["b", "c", "c", "d", "d"]
    >>> net = ev.network([0.5, 0.1, 1.0, 0.2, 0.4], one, two, list("vwxyz"), "a", "EE", vi=[0.02] * 5)
    >>> net.net_heat().change.loc["a : b", ["a : b", "a : c"]].round(3).to_dict()
    {'a : b': 0.945, 'a : c': 0.945}
    """

    _figure = "net_heat"

    change: pd.DataFrame
    hat: pd.DataFrame
    q: float
    df: int
    tau2: float

    def sentence(self) -> str:
        n = wording.number
        if self.change.empty:
            return "No design of this network contradicts the others."
        own = pd.Series(np.diag(self.change), index=self.change.index).dropna()
        if own.empty:
            return (
                "No design can be set apart without breaking the network, so nothing shows where it contradicts itself."
            )
        top = str(own.idxmax())
        return (
            f"Of the inconsistency between designs (Q = {n(self.q)} on {self.df} degrees of freedom), the most comes "
            f"from {top} ({n(float(own.max()))})."
        )

    def _title(self) -> str:
        return f"Net heat ({len(self.change)} contrasts of designs in loops)"

    def _lines(self) -> list[str]:
        lines = [f"Q between designs = {wording.number(self.q)}, df = {self.df}, tau² = {wording.number(self.tau2, 4)}"]
        own = np.diag(self.change)
        lines += [f"{name}: {wording.number(float(value))}" for name, value in zip(self.change.index, own, strict=True)]
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.change.rename_axis("contrast")

    def _table(self) -> pd.DataFrame:
        return self.change


def net_heat(trials: Trials, tau2: float) -> NetHeat:
    """Net heat of a network.

    Notes
    -----
    Trials of one design are pooled, at tau2, into m - 1 contrasts with covariance V; the consistent network fits these
    by least squares, leaves residuals r, and Q between designs is r' inv(V) r. Contrast i adds r_i (inv(V) r)_i. When
    design d has effects of its own, the others are fitted without it and its residuals are zero; the change is the
    difference. Contrasts that add nothing, since nothing else measures them, are left out.

    References
    ----------
    Krahn, Binder & König (2013), BMC Medical Research Methodology 13:35, 10.1186/1471-2288-13-35.
    """
    y, v, x, design, names = _direct(trials, tau2)
    w: Floats = np.asarray(np.linalg.inv(v), dtype=float)
    hat = x @ np.linalg.solve(x.T @ w @ x, x.T @ w)
    own = _parts(y - hat @ y, w)
    df = len(y) - x.shape[1]
    if df == 0:
        raise NotEstimable("the network has no loop of designs, so no evidence can contradict other evidence")
    change = np.full((len(y), len(y)), np.nan)
    for each in np.unique(design):
        here = design == each
        rest, wr = x[~here], np.linalg.inv(v[np.ix_(~here, ~here)])
        if np.linalg.matrix_rank(rest) == x.shape[1]:
            residual = np.zeros(len(y))
            residual[~here] = y[~here] - rest @ np.linalg.solve(rest.T @ wr @ rest, rest.T @ wr @ y[~here])
            change[:, here] = (own - _parts(residual, w))[:, None]
    kept = np.abs(own) > _NOTHING
    labels = pd.Index([name for name, keep in zip(names, kept, strict=True) if keep], name="contrast")
    both = np.ix_(kept, kept)
    return NetHeat(
        change=pd.DataFrame(change[both], index=labels, columns=labels.rename(None)),
        hat=pd.DataFrame(np.abs(hat[both]), index=labels, columns=labels.rename(None)),
        q=float(own.sum()),
        df=df,
        tau2=tau2,
    )


def _parts(residual: Floats, w: Floats) -> Floats:
    return residual * (w @ residual)


def _direct(trials: Trials, tau2: float) -> tuple[Floats, Floats, Floats, Floats, list[str]]:
    """Contrasts of designs: estimates, covariance, design matrix, number of the design, names."""
    count = len(trials.treatments)
    y, v, x, names = [], [], [], []
    design: list[Floats] = []
    for stack in trials.stacks:
        w = np.linalg.inv(stack.v + tau2 * stack.heterogeneity)
        sets, of = np.unique(stack.arms, axis=0, return_inverse=True)
        for d, arms in enumerate(sets):
            here = of.reshape(-1) == d
            covariance = np.linalg.inv(w[here].sum(axis=0))
            y.append(covariance @ np.einsum("nij,nj->i", w[here], stack.y[here]))
            v.append(covariance)
            rows = np.eye(count)[arms[1:]] - np.eye(count)[arms[:1]]
            x.append(rows[:, 1:])
            design.append(np.full(len(rows), len(design)))
            whole = " : ".join(trials.treatments[arm] for arm in arms)
            ends = f" in {whole}" if len(arms) > 2 else ""
            names += [f"{trials.treatments[arms[0]]} : {trials.treatments[arm]}{ends}" for arm in arms[1:]]
    return np.concatenate(y), block_diag(*v), np.concatenate(x), np.concatenate(design), names
