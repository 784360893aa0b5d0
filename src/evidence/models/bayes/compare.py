"""Compare groups of studies: effects shrunken toward each other by as much as the data say."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ...errors import InvalidInput, SmallSample
from .. import wording
from ..engine.inference import Interval
from .bayes import DEFAULT_TAU_PRIOR, read_priors
from .best import probability_best
from .heterogeneity import Spread
from .many import read_groups
from .marginals import SUMMARY, mixture_summary, tau_summary
from .mixture import Mixture
from .priors import TauPrior
from .quadrature import Floats, MuPrior
from .two_spreads import Given, Nested, gauss_nodes, given, integrate, moments, spreads


@dataclass(frozen=True, repr=False, eq=False)
class ComparedGroups:
    """Posterior of every group's mean effect, and of how groups and studies differ.

    Attributes
    ----------
    groups : frame, one row a group: k (studies), unpooled (the posterior mean that its own studies alone would
        give), shrinkage (share of the way from there to the overall mean: 0 keeps its own, 1 is pooled
        entirely), mean, sd, median, mode, ci_low, ci_high, p_positive, p_worthwhile (NaN when no
        ``worthwhile`` was given), p_best (probability of the largest effect), mean_rank (1 is the largest)
    beats : frame, probability that the group of the row has a larger effect than that of the column; NaN on
        the diagonal
    tau, between, overall : Series of mean, sd, median, mode, ci_low, ci_high: the standard deviation between
        studies of a group, that between groups, and the mean of the groups' means
    k : int, studies; worthwhile : float or None; log_evidence : float, None when a prior is improper
    tau_prior, between_prior : TauPrior; mu_prior : (mean, sd) or None; level : float
    """

    labels: pd.Index
    k: int
    worthwhile: float | None
    tau_prior: TauPrior
    between_prior: TauPrior
    mu_prior: tuple[float, float] | None
    level: float
    log_evidence: float | None
    _size: tuple[int, ...]
    _given: Given
    _coarse: Given
    _spreads: tuple[Floats, Floats]
    _moments: tuple[Floats, Floats]

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
        """Posterior probability that a group's mean effect lies between two bounds."""
        if math.isnan(lower) or math.isnan(upper) or lower > upper:
            raise InvalidInput(f"an interval needs lower <= upper; got {lower} and {upper}")
        row = self._row(group)
        return float(row.probability(np.array([lower]), np.array([upper]))[0])

    def density(self, group: object, x: object) -> Floats:
        """Posterior density of a group's mean effect at x, same shape as ``x``."""
        values = np.asarray(x, dtype=float)
        return self._row(group).density(values.reshape(1, -1)).reshape(values.shape)

    def to_frame(self) -> pd.DataFrame:
        """The table `groups`."""
        return self.groups

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        level, n = wording.percent(self.level), wording.number
        prior = "flat" if self.mu_prior is None else f"normal({self.mu_prior[0]:g}, {self.mu_prior[1]:g})"
        lines = [
            f"{_TITLE} (k = {self.k} in {len(self.labels)} groups)",
            f"priors: tau {self.tau_prior}, between groups {self.between_prior}, overall mean {prior}",
        ]
        for name, row in {"overall mean": self.overall, "tau": self.tau, "between groups": self.between}.items():
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]), 4)
            lines.append(f"{name}: median {n(row['median'], 4)}, {level} credible interval {bounds}")
        for label, row in self.groups.sort_values("p_best", ascending=False).iterrows():
            bounds = wording.interval(Interval(row["ci_low"], row["ci_high"]))
            best = wording.probability(row["p_best"])
            lines.append(f"{label}: {n(row['median'])} ({bounds}), P(largest) = {best}, k = {row['k']:g}")
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
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

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return wording.html_report(_TITLE, self.summary().split("\n")[1:5], self.groups)

    @cached_property
    def _means(self) -> Mixture:
        return self._given.groups()

    def _above(self, bound: float) -> Floats:
        low = np.full(len(self.labels), bound)
        return self._means.probability(low, low + np.inf)

    def _row(self, group: object) -> Mixture:
        if group not in self.labels:
            raise InvalidInput(f"{group!r} is not a group; the groups: {list(self.labels)}")
        at = list(self.labels).index(group)
        row = slice(at, at + 1)
        return Mixture(self._means.weights[row], self._means.mean[row], self._means.sd[row])


def bayes_compare(
    frame: pd.DataFrame,
    by: str | list[str],
    worthwhile: float | None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    between_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | None = None,
    level: float = 0.95,
) -> ComparedGroups:
    """Compare the mean effects of groups of studies in one hierarchical model.

    Parameters
    ----------
    frame : DataFrame with columns ``yi``, ``vi`` and those of ``by``; incomplete rows are left out
    by : str or list of str, the columns that make the groups
    worthwhile : float, smallest effect worth having, in the units of ``yi``; larger is better
    tau_prior : prior of the standard deviation between the studies of a group, one for all groups
    between_prior : prior of the standard deviation between the groups' mean effects
    mu_prior : (mean, sd) of a normal prior of the mean of the groups' means; None for the flat one
    level : float, coverage of the equal-tailed intervals

    Returns
    -------
    ComparedGroups

    Raises
    ------
    InvalidInput
        A column is missing, there is one group only, a group has no complete study.
    NotEstimable
        Too few studies or groups for an improper prior.

    Warns
    -----
    SmallSample
        Prior tails so heavy, and studies or groups so few, that a standard deviation has no finite mean or sd
        (then infinite; NaN for means of groups that have none). Medians and intervals hold.

    Notes
    -----
    yi ~ N(theta_i, vi), theta_i ~ N(mu_g, tau^2) for the studies of group g, mu_g ~ N(mu, between^2). Groups
    are exchangeable: before the data nothing tells them apart. How far a group is drawn toward the others
    follows from between, which the data estimate: few, disagreeing or imprecise studies are drawn farther.
    Given tau and between all means are normal, so every probability is a mixture over the nodes of a
    two-dimensional quadrature; P(best) takes one-dimensional integrals more (see `bayes_best`).

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, chapter 5.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"site": list("aabbcc"), "yi": [0.9, 0.7, 0.4, 0.3, 0.1, 0.2], "vi": [0.04] * 6})
    >>> post = ev.bayes_compare(frame, by="site", worthwhile=0.3)
    >>> post.groups[["mean", "shrinkage", "p_worthwhile", "p_best"]].round(3)  # doctest: +NORMALIZE_WHITESPACE
           mean  shrinkage  p_worthwhile  p_best
    site
    a     0.678      0.334         0.967   0.865
    b     0.378      0.334         0.688   0.092
    c     0.245      0.334         0.371   0.043
    """
    mu = read_priors(tau_prior, mu_prior, level)
    read_priors(between_prior, mu_prior, level)
    keys = list(by) if isinstance(by, list) else [by]
    yi, vi, codes, labels = read_groups(frame, keys)
    if len(labels) < 2:
        raise InvalidInput(f"there is one group in {by!r}; to compare takes two (use bayes for one)")
    size = np.bincount(codes)
    y, v = np.zeros((len(size), size.max())), np.full((len(size), size.max()), np.inf)
    order = np.argsort(codes, kind="stable")
    place = np.arange(len(codes)) - np.repeat(np.cumsum(size) - size, size)
    y[codes[order], place], v[codes[order], place] = yi[order], vi[order]
    nested = Nested(y, v, tau_prior, between_prior, mu)
    nodes = integrate(nested)
    if min(nodes.finite_moments) < 2:
        which = " and ".join(name for name, m in zip(("studies", "groups"), nodes.finite_moments, strict=True) if m < 2)
        warnings.warn(
            f"the standard deviation between {which} has no finite mean or sd in the posterior: its prior's tail is "
            f"heavy for {len(yi)} studies in {len(size)} groups",
            SmallSample,
            stacklevel=2,
        )
    proper = tau_prior.proper and between_prior.proper and not mu.flat
    tau, between = (_row(spread, level) for spread in spreads(nested, nodes))
    return ComparedGroups(
        labels=pd.Index(labels[keys[0]]) if len(keys) == 1 else pd.MultiIndex.from_frame(labels),
        k=len(yi),
        worthwhile=worthwhile,
        tau_prior=tau_prior,
        between_prior=between_prior,
        mu_prior=None if mu.flat else (mu.mean, mu.sd),
        level=level,
        log_evidence=nodes.log_evidence if proper else None,
        _size=tuple(int(n) for n in size),
        _given=given(nested, nodes),
        _coarse=gauss_nodes(nested, nodes, _NODES_BEST),
        _spreads=(tau, between),
        _moments=_existing(moments(nested, nodes), nodes.finite_moments, mu),
    )


# nodes of each standard deviation for P(best), which has two integrals more and no tails
_NODES_BEST = 14
_TITLE = "Bayesian comparison of groups"


def _existing(found: tuple[Floats, Floats], finite: tuple[int, int], mu: MuPrior) -> tuple[Floats, Floats]:
    # Under a flat prior of the overall mean, groups need the moments of tau and the overall mean those of both.
    if mu.flat:
        order = np.array([finite[0]] * (len(found[0]) - 1) + [min(finite)])
        return np.where(order >= 1, found[0], np.nan), np.where(order == 2, found[1], np.nan)
    return found


def _row(spread: Spread, level: float) -> Floats:
    row: Floats = tau_summary(spread, level)[0]
    return row
