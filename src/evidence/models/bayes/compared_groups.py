"""Groups of studies compared, and what can be asked of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import shown
from ...errors import InvalidInput
from .. import wording
from ..engine.inference import Interval
from ..groups import position
from ..result import Result
from .best import probability_best
from .given_spreads import Given
from .marginals import SUMMARY, mixture_summary, tau_summary
from .mixture import Mixture
from .quadrature import Floats
from .questions import read_points, require_bounds
from .tau_prior import TauPrior
from .two_spreads import Nested, Nodes, spreads


@dataclass(frozen=True, repr=False, eq=False)
class ComparedGroups(Result):
    """Posterior of every group's mean effect, and of how groups and studies differ.

    Attributes
    ----------
    groups : DataFrame
        One row a group: k (studies), unpooled (the posterior mean that its own studies alone would give), shrinkage
        (share of the way from there to the overall mean: 0 keeps its own, 1 is pooled entirely), mean, sd, median,
        mode, ci_low, ci_high, p_positive, p_worthwhile (NaN when no ``worthwhile`` was given), p_best (probability of
        the largest effect), mean_rank (1 is the largest).
    beats : DataFrame
        Probability that the group of the row has a larger effect than that of the column; NaN on the diagonal.
    tau : Series
        Standard deviation between studies of a group: mean, sd, median, mode, ci_low, ci_high.
    between : Series
        Standard deviation between groups, likewise.
    overall : Series
        Mean of the groups' means, likewise.
    labels : Index
        The groups.
    k : int
        Studies.
    dropped : int
        Studies left out, for a missing yi or vi or because they have no group.
    worthwhile : float or None
        Smallest effect worth having.
    log_evidence : float or None
        Log marginal density of the data; None when a prior is improper.
    yi : (k,) array
        Effect sizes of all studies.
    vi : (k,) array
        Sampling variances.
    slab : tuple of k str
        Labels of the studies.
    frame : DataFrame
        Their rows.
    tau_prior : TauPrior
        Prior of ``tau``.
    between_prior : TauPrior
        Prior of ``between``.
    mu_prior : (float, float) or None
        Mean and sd of the normal prior of ``overall``, or None for the flat one.
    level : float
        Coverage of the intervals.

    See Also
    --------
    bayes_compare : Makes it.
    subgroups : A test of whether groups differ.

    Examples
    --------
    >>> import evidence as ev
    >>> post = ev.bayes_compare([0.9, 0.7, 0.4, 0.3, 0.1, 0.2], vi=[0.04] * 6, by=list("aabbcc"))
    >>> round(post.probability("a", lower=0.3), 3), round(post.probability("c", lower=0.3), 3)
    (0.967, 0.371)
    """

    labels: pd.Index
    dropped: int
    worthwhile: float | None
    tau_prior: TauPrior
    between_prior: TauPrior
    mu_prior: tuple[float, float] | None
    level: float
    log_evidence: float | None
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame | None
    _size: tuple[int, ...]
    _given: Given
    _coarse: Given
    _nested: Nested
    _nodes: Nodes
    _moments: tuple[Floats, Floats]

    @property
    def k(self) -> int:
        return len(self.yi)

    @cached_property
    def groups(self) -> pd.DataFrame:
        table = pd.DataFrame(index=self.labels)
        table["k"] = list(self._size)
        w = self._given.weights
        table["unpooled"] = w @ self._given.m
        table["shrinkage"] = w @ (1 - self._given.b)
        table[list(SUMMARY)] = mixture_summary(self._means, self.level)
        table["mean"], table["sd"] = (values[:-1] for values in self._moments)
        table["p_positive"] = self._above(0.0)
        table["p_worthwhile"] = math.nan if self.worthwhile is None else self._above(self.worthwhile)
        table["p_best"] = probability_best(self._coarse)
        table["mean_rank"] = 1 + self.beats.sum(axis=0)
        return table

    @cached_property
    def beats(self) -> pd.DataFrame:
        zero = np.zeros(len(self.labels))
        rows = [self._given.differences(i).probability(zero, zero + np.inf) for i in range(len(zero))]
        table = np.array(rows)
        np.fill_diagonal(table, np.nan)
        return pd.DataFrame(table, index=self.labels, columns=self.labels)

    @property
    def tau(self) -> pd.Series:
        return pd.Series(self._spreads[0], index=list(SUMMARY), name="tau")

    @property
    def between(self) -> pd.Series:
        return pd.Series(self._spreads[1], index=list(SUMMARY), name="between")

    @cached_property
    def overall(self) -> pd.Series:
        g = self._given
        mixture = Mixture(g.weights[None], g.mean[None], np.sqrt(g.variance[None]))
        row = mixture_summary(mixture, self.level)[0]
        row[:2] = [values[-1] for values in self._moments]
        return pd.Series(row, index=list(SUMMARY), name="overall")

    def probability(self, group: object, lower: float = -math.inf, upper: float = math.inf) -> float:
        """Posterior probability that a group's mean effect lies between two bounds.

        Parameters
        ----------
        group : object
            Its label; a tuple where several columns make the groups.
        lower : float
            Lower bound in the units of ``yi``; none by default.
        upper : float
            Upper bound, likewise.

        Returns
        -------
        float
            Between 0 and 1.
        """
        require_bounds(lower, upper)
        return float(self._row_of(group).probability(np.array([lower]), np.array([upper]))[0])

    def density(self, group: object, x: ArrayLike) -> Floats:
        """Posterior density of a group's mean effect.

        Parameters
        ----------
        group : object
            Its label, as for `probability`.
        x : scalar or array
            Where, in the units of ``yi``.

        Returns
        -------
        array
            Density at ``x``, same shape.
        """
        values = read_points(x)
        return self._row_of(group).density(values.reshape(1, -1)).reshape(values.shape)

    def sentence(self) -> str:
        n, level, table = wording.number, wording.percent(self.level), self.groups
        at = int(table["p_best"].argmax())
        row = table.iloc[at]
        bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]))
        return (
            f"Of {len(table)} groups, {self.labels[at]} has the largest average effect with probability "
            f"{wording.probability(row['p_best'])} (if nothing were known, {wording.probability(1 / len(table))}): "
            f"about {n(row['median'])} ({level} credible interval {bounds}); effects of groups differ with a standard "
            f"deviation of about {n(self.between['median'])}."
        )

    def _title(self) -> str:
        missing = f"; {self.dropped} studies left out" if self.dropped else ""
        return f"Bayesian comparison of groups (k = {self.k} in {len(self.labels)} groups{missing})"

    def _lines(self) -> list[str]:
        level, n = wording.percent(self.level), wording.number
        prior = "flat" if self.mu_prior is None else f"normal({self.mu_prior[0]:g}, {self.mu_prior[1]:g})"
        lines = [f"priors: tau {self.tau_prior}, between groups {self.between_prior}, overall mean {prior}"]
        for name, row in {"overall mean": self.overall, "tau": self.tau, "between groups": self.between}.items():
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(f"{name}: median {n(row['median'], 4)}, {level} credible interval {bounds}")
        for label, row in self.groups.sort_values("p_best", ascending=False, kind="stable").iterrows():
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]))
            best = wording.probability(row["p_best"])
            lines.append(f"{label}: {n(row['median'])} ({bounds}), P(largest) = {best}, k = {row['k']:g}")
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.groups

    def _table(self) -> pd.DataFrame:
        return self.groups

    @cached_property
    def _means(self) -> Mixture:
        return self._given.groups()

    @cached_property
    def _spreads(self) -> list[Floats]:
        return [tau_summary(spread, self.level)[0] for spread in spreads(self._nested, self._nodes)]

    def _above(self, bound: float) -> Floats:
        low = np.full(len(self.labels), bound)
        return self._means.probability(low, low + np.inf)

    def _row_of(self, group: object) -> Mixture:
        at = position(group, self.labels)
        if at is None:
            raise InvalidInput(f"{shown(group)} is not a group; the groups: {list(self.labels)}")
        row = slice(at, at + 1)
        return Mixture(self._means.weights[row], self._means.mean[row], self._means.sd[row])
