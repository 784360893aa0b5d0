"""What a fit with nested random effects says about each level: share of variance, interval, test, predictions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc, chdtri

from ...errors import NotEstimable
from .. import wording
from ..engine.inference import Interval, critical
from ..result import Result
from .nested_levels import Levels
from .problem import Problem
from .variance_components import State, maximise


@dataclass(frozen=True)
class SamplingError:
    """Cochran's Q and the typical sampling variance (k - p) / tr P, both at sigma2 = 0."""

    q: float
    typical_variance: float


@dataclass(frozen=True, repr=False, eq=False)
class LevelTest(Result):
    """Test of a model against the same one without a level.

    Attributes
    ----------
    level : str
        The level left out.
    statistic : float
        Twice the difference of log-likelihoods.
    df : int
        Degrees of freedom.
    p_value : float
        By chi-square with 1 df, as metafor prints it: conservative, for a variance cannot be negative.
    p_mixture : float
        By the half-and-half mixture of chi-square with 0 and 1 df (Self & Liang 1987).

    See Also
    --------
    multilevel : Its result makes it by ``.likelihood_ratio(level)``.
    likelihood_ratio : Of fits of `pool` and `regress`.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"study": list("AABBCCDD"), "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1], "vi": 0.04})
    >>> ev.multilevel(frame, robust=None).likelihood_ratio("study").df
    1
    """

    level: str
    statistic: float
    df: int
    p_value: float
    p_mixture: float

    def sentence(self) -> str:
        return f"Without the level {self.level!r} the model fits less well by {self._lines()[0]}."

    def _title(self) -> str:
        return f"Likelihood-ratio test of level {self.level!r}"

    def _lines(self) -> list[str]:
        test = wording.omnibus(self.statistic, (self.df, math.inf))
        mixture = wording.p_value(self.p_mixture)
        return [f"{test}, p {wording.p_value(self.p_value)} ({mixture.removeprefix('= ')} by the mixture of chi²)"]

    def _row(self) -> dict[str, object]:
        names = ("level", "statistic", "df", "p_value", "p_mixture")
        return {name: getattr(self, name) for name in names}


def sampling_error(problem: Problem) -> SamplingError:
    """Q and typical sampling variance of the rows.

    Raises
    ------
    NotEstimable
        V is singular.
    """
    p = problem.p
    inner, squared, trace = np.zeros((p + 1, p + 1)), np.zeros((p, p)), 0.0
    try:
        for stack in problem.stacks:
            np.linalg.cholesky(stack.v)
            w = np.linalg.inv(stack.v)
            wa = w @ stack.a
            inner += (stack.a.transpose(0, 2, 1) @ wa).sum(axis=0)
            squared += (wa[..., :p].transpose(0, 2, 1) @ wa[..., :p]).sum(axis=0)
            trace += float(np.einsum("nii->", w))
    except np.linalg.LinAlgError:
        raise NotEstimable("Q and I2 need a V without perfect correlations and zero variances") from None
    covariance = np.linalg.inv(inner[:p, :p])
    q = inner[p, p] - inner[p, :p] @ covariance @ inner[:p, p]
    return SamplingError(float(q), (problem.k - p) / float(trace - np.sum(covariance * squared)))


def profile_interval(problem: Problem, state: State, position: int, level: float) -> Interval:
    """Values of one variance whose profile likelihood is within half a chi-square quantile of the maximum.

    Infinity is the upper bound of a variance that the likelihood does not limit.
    """
    lowest = state.log_likelihood - float(chdtri(1, 1 - level)) / 2
    free = np.arange(len(state.sigma2)) != position
    warm = state.sigma2

    def excess(value: float) -> float:
        nonlocal warm
        start = np.where(free, np.maximum(warm, 1e-4 * problem.scale), value)
        try:
            top = maximise(problem, start, free)[0]
        except np.linalg.LinAlgError:
            return -math.inf
        warm = top.sigma2
        return top.log_likelihood - lowest

    estimate = float(state.sigma2[position])
    low = 0.0
    if estimate > 0 and excess(0.0) < 0:
        low = _crossing(excess, 0.0, estimate)
    warm = state.sigma2
    high = estimate + max(estimate, problem.scale * 0.1)
    while excess(high) > 0:
        high *= 2
        if high > 1e8 * problem.scale:
            return Interval(low, math.inf)
    return Interval(low, _crossing(excess, high, estimate))


def likelihood_ratio(problem: Problem, state: State, levels: Levels, position: int) -> LevelTest:
    """Test the variance of one level against zero."""
    free = np.arange(len(state.sigma2)) != position
    start = np.where(free, np.maximum(state.sigma2, 1e-4 * problem.scale), 0.0)
    try:
        without = maximise(problem, start, free)[0]
    except np.linalg.LinAlgError:
        raise NotEstimable("without this level V is singular: the smaller model has no likelihood") from None
    statistic = max(2 * (state.log_likelihood - without.log_likelihood), 0.0)
    tail = float(chdtrc(1, statistic))
    return LevelTest(levels.names[position], statistic, 1, tail, tail / 2 if state.sigma2[position] > 0 else 1.0)


def predicted_effects(problem: Problem, state: State, levels: Levels, normal: bool, level: float) -> pd.DataFrame:
    """Best linear unbiased predictions of the random effects, one row a group of each level.

    Notes
    -----
    u = sigma2 Z'P y with prediction variance sigma2 - sigma2^2 diag(Z'PZ). Intervals use t with as many degrees of
    freedom as the level has groups, less p; the normal distribution if ``normal``.
    """
    p = problem.p
    wr, wx, row_sums = np.empty(problem.k), np.empty((problem.k, p)), np.empty((len(levels.names), problem.k))
    bread = np.zeros((p, p))
    weights = []
    for stack in problem.stacks:
        w = np.linalg.inv(stack.marginal(state.sigma2))
        weights.append(w)
        bread += (stack.a[..., :p].transpose(0, 2, 1) @ w @ stack.a[..., :p]).sum(axis=0)
    covariance = np.linalg.inv(bread)
    beta = problem.r @ state.beta - problem.least_squares
    for rows, stack, w in zip(problem.rows, problem.stacks, weights, strict=True):
        residual = stack.a[..., p] - stack.a[..., :p] @ beta
        wr[rows] = (w @ residual[..., None])[..., 0]
        wx[rows] = w @ stack.a[..., :p]
        for i, same in enumerate(stack.same):
            row_sums[i, rows] = np.einsum("nii->ni", w) if same is None else (w * same).sum(axis=2)
    parts = []
    for i, (name, codes, labels) in enumerate(zip(levels.names, levels.codes, levels.labels, strict=True)):
        count, variance = len(labels), float(state.sigma2[i])
        if count <= p and not normal:
            raise NotEstimable(f"{count} groups of level {name!r} are too few to predict with {p} coefficients")
        crit = float(critical(level, np.array([np.inf if normal else count - p]))[0])
        total_wx = np.stack([np.bincount(codes, wx[:, j], count) for j in range(p)], axis=1)
        zpz = np.bincount(codes, row_sums[i], count) - np.einsum("gi,ij,gj->g", total_wx, covariance, total_wx)
        estimate = variance * np.bincount(codes, wr, count)
        se = np.sqrt(np.maximum(variance - variance**2 * zpz, 0.0))
        index = pd.MultiIndex.from_arrays([[name] * count, labels], names=["level", "group"])
        columns = {"estimate": estimate, "se": se, "pi_low": estimate - crit * se, "pi_high": estimate + crit * se}
        parts.append(pd.DataFrame(columns, index=index))
    return pd.concat(parts)


def intervals_frame(problem: Problem, state: State, levels: Levels, level: float) -> pd.DataFrame:
    """Each variance and standard deviation with its profile interval, one row a level."""
    rows: list[list[float]] = []
    for i, value in enumerate(state.sigma2):
        bounds = profile_interval(problem, state, i, level)
        rows.append([float(value), *bounds, *map(math.sqrt, (value, *bounds))])
    columns = ["sigma2", "ci_low", "ci_high", "sigma", "sigma_ci_low", "sigma_ci_high"]
    return pd.DataFrame(rows, index=pd.Index(levels.names, name="level"), columns=columns)


def _crossing(excess: Callable[[float], float], outside: float, inside: float) -> float:
    from scipy.optimize import brentq  # slow to import

    return float(brentq(excess, outside, inside, xtol=1e-300, rtol=1e-10, maxiter=2000))  # halved down to 1e-300
