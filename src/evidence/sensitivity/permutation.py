"""Permutation tests of coefficients: exact where it fits, otherwise at random."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..bias.source import read_fit
from ..effects.arguments import require_count, require_flag
from ..errors import NotEstimable
from ..models import wording
from ..models.engine.engine import Batch, Floats, fit_batch
from ..models.engine.inference import scale
from ..models.result import Result
from ..models.studies import Effects
from ..models.univariate.deletion import Numbers
from ..models.wald import tested_coefficients
from .chunks import MOST_SAMPLES, generator, run_chunks, split
from .clusters import refuse_dependent

_PER_CHUNK = 1 << 14
_MOST_EXACT = 10_000_000
# Statistics this close count as equal: rearrangements of the same numbers differ by rounding.
_TIE = math.sqrt(np.finfo(float).eps)


@dataclass(frozen=True, repr=False, eq=False)
class PermutationTest(Result):
    """What the test statistics of a model look like when nothing is going on.

    Attributes
    ----------
    p_value : float or Series
        For a common mean; by coefficient for a regression.
    qm_p : float
        p value of all moderators together; for a common mean that of the mean.
    distribution : (N,) or (N, p) array
        Statistics of the rearrangements, one column a coefficient of a regression.
    exact : bool
        Whether these are all rearrangements.
    iterations : int
        N.
    failed : int
        Rearrangements that do not determine the coefficients, left out.

    See Also
    --------
    permutation_test : Makes it.
    bootstrap : Intervals from simulated or resampled studies.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.permutation_test([0.3, 0.5, 0.2, 0.6, 0.4, 0.7], [0.02] * 6)
    Permutation test (all 64 rearrangements)
    p = 0.031
    """

    p_value: float | pd.Series
    qm_p: float
    distribution: Floats
    exact: bool
    iterations: int
    failed: int

    def sentence(self) -> str:
        kind = "all" if self.exact else "random"
        return f"The permutation p value is {wording.p_value(self.qm_p)[2:]} ({self.iterations} {kind} rearrangements)."

    def _title(self) -> str:
        kind = f"all {self.iterations}" if self.exact else f"{self.iterations} random"
        return f"Permutation test ({kind} rearrangements)"

    def _lines(self) -> list[str]:
        if isinstance(self.p_value, float):
            lines = [f"p {wording.p_value(self.p_value)}"]
        else:
            lines = [f"{name}: p {wording.p_value(p)}" for name, p in self.p_value.items()]
            lines.append(f"all moderators: p {wording.p_value(self.qm_p)}")
        return lines + ([f"{self.failed} left out: they do not determine the coefficients"] if self.failed else [])

    def _rows(self) -> pd.DataFrame:
        by_term = pd.Series({"estimate": self.p_value}) if isinstance(self.p_value, float) else self.p_value
        return by_term.rename("p_value").rename_axis("term").to_frame()


def permutation_test(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    *,
    iterations: int = 1000,
    exact: bool | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: bool | None = None,
) -> PermutationTest:
    """Test coefficients against rearrangements of the data, refitting the model, tau2 included, each time.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled or Regression
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool` (the signs of the effects are
        flipped) or of `regress` (the rows of moderators are permuted).
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    iterations : int
        Random rearrangements; all are taken when there are no more than this.
    exact : bool, optional
        True for all rearrangements however many, False for random ones; by default as fits ``iterations``.
    seed : int
        Decides the random ones, of which the first is the data as they are.
    executor : Executor, optional
        Any `concurrent.futures.Executor`; the result does not depend on it.
    progress : bool, optional
        Whether to show a progress bar; by default on a terminal and in a notebook.

    Returns
    -------
    PermutationTest
        Two-sided p values: the share of rearrangements with a statistic at least as far from zero.

    Raises
    ------
    InvalidInput
        Not trials, a fit of another kind, or a number of iterations or a seed that is none.
    NotEstimable
        ``exact=True`` with more than ten million rearrangements; a fit of `multilevel`.

    See Also
    --------
    pool : Tests by t or normal distributions.
    bootstrap : Intervals from simulated or resampled studies.

    References
    ----------
    Higgins & Thompson (2004), Statistics in Medicine 23:1663, 10.1002/sim.1752. Follmann & Proschan (1999),
    Biometrics 55:732, 10.1111/j.0006-341X.1999.00732.x.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.2, 0.6, 0.4], [0.02] * 5)
    >>> ev.permutation_test(fit).p_value
    0.0625
    """
    require_count("iterations", iterations, 1, MOST_SAMPLES)
    iterations = int(iterations)  # not one of NumPy's small integers, which overflow
    require_count("seed", seed, 0)
    if exact is not None:
        require_flag("exact", exact)
    refuse_dependent(effects, "a permutation test", "its robust tests hold with few clusters")
    fit = read_fit(effects, vi, "a permutation test").fit
    numbers = Numbers.of(fit)
    counts = None if fit.x is None else np.unique(fit.x, axis=0, return_counts=True)[1]
    possible = 2**fit.k if counts is None else _arrangements(counts)
    everything = possible <= iterations if exact is None else exact
    if everything and possible > _MOST_EXACT:
        size = math.floor(possible.bit_length() * math.log10(2))
        raise NotEstimable(f"an exact test would take some 10^{size} rearrangements; leave out exact=True")
    total = possible if everything else iterations
    task = partial(_chunk, numbers, total, None if everything else seed)
    parts = run_chunks(task, len(split(total, _PER_CHUNK)), "Permuting", executor, progress)
    statistics, joint = (np.concatenate(column) for column in zip(*parts, strict=True))
    good = ~np.isnan(joint)
    statistics, joint = statistics[good], joint[good]
    observed, observed_joint = _statistics(numbers, fit_batch(numbers.settings, *_one(numbers)))
    p_values = np.mean(np.abs(statistics) >= np.abs(observed) - _TIE, axis=0)
    qm_p = float(np.mean(joint >= observed_joint - _TIE))
    mean = fit.x is None
    return PermutationTest(
        p_value=float(p_values[0]) if mean else pd.Series(p_values, index=list(fit.names), name="p_value"),
        qm_p=qm_p,
        distribution=statistics[:, 0] if mean else statistics,
        exact=everything,
        iterations=len(joint),
        failed=int((~good).sum()),
    )


def _one(numbers: Numbers) -> tuple[Floats, Floats, NDArray[np.int64], Floats | None, Floats | None]:
    return numbers.yi, numbers.vi, np.array([0, len(numbers.yi)]), numbers.x, numbers.custom_weights


def _chunk(numbers: Numbers, total: int, seed: int | None, chunk: int) -> tuple[Floats, Floats]:
    low, high = split(total, _PER_CHUNK)[chunk]
    k, count = len(numbers.yi), high - low
    y, x = np.tile(numbers.yi, count), None
    if numbers.x is None:
        y *= _signs(k, low, high, seed, chunk).ravel()
    else:
        x = numbers.x.take(_orders(numbers.x, low, high, seed, chunk).ravel(), axis=0)
    weights = None if numbers.custom_weights is None else np.tile(numbers.custom_weights, count)
    batch = fit_batch(numbers.settings, y, np.tile(numbers.vi, count), np.arange(count + 1) * k, x, weights)
    return _statistics(numbers, batch)


def _signs(k: int, low: int, high: int, seed: int | None, chunk: int) -> Floats:
    if seed is None:
        flipped = (np.arange(low, high)[:, None] >> np.arange(k)) & 1
    else:
        flipped = generator(seed, chunk).integers(0, 2, (high - low, k))
        flipped[0] *= chunk != 0
    return np.where(flipped == 1, -1.0, 1.0)


def _orders(x: Floats, low: int, high: int, seed: int | None, chunk: int) -> NDArray[np.intp]:
    k = len(x)
    if seed is None:
        _, first, counts = np.unique(x, axis=0, return_index=True, return_counts=True)
        return first[_arrangement(counts, np.arange(low, high))]
    orders = generator(seed, chunk).permuted(np.tile(np.arange(k), (high - low, 1)), axis=1)
    if chunk == 0:
        orders[0] = np.arange(k)
    return orders


def _arrangements(counts: NDArray[np.int64]) -> int:
    return math.factorial(int(counts.sum())) // math.prod(math.factorial(int(c)) for c in counts)


def _arrangement(counts: NDArray[np.int64], rank: NDArray[np.int64]) -> NDArray[np.intp]:
    # The rank-th distinct order of a multiset, for many ranks at once: when c of the n items left are of
    # one kind, a share c / n of the arrangements left starts with it.
    n = int(counts.sum())
    left = np.tile(counts, (len(rank), 1))
    ahead = np.full(len(rank), _arrangements(counts), dtype=np.int64)
    rank = rank.copy()
    order = np.empty((len(rank), n), dtype=np.intp)
    rows = np.arange(len(rank))
    for position in range(n):
        starting = ahead[:, None] * left // (n - position)
        ends = np.cumsum(starting, axis=1)
        kind = np.argmax(rank[:, None] < ends, axis=1)
        rank -= ends[rows, kind] - starting[rows, kind]
        ahead = starting[rows, kind]
        left[rows, kind] -= 1
        order[:, position] = kind
    return order


def _statistics(numbers: Numbers, batch: Batch) -> tuple[Floats, Floats]:
    # (B, p) z or t statistics, and the (B,) joint statistic of the moderators up to a constant factor.
    cov = batch.scaled(scale(numbers.settings, batch)).cov
    se = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.where(batch.beta == 0, 0.0, batch.beta / se)
    if numbers.x is None:
        return statistics, statistics[:, 0] ** 2
    tested = tested_coefficients(numbers.x)
    beta = batch.beta[:, tested]
    part = np.where(np.isnan(cov), 0.0, cov)[:, tested][:, :, tested] + np.isnan(beta)[:, :, None] * np.eye(len(tested))
    return statistics, np.einsum("bi,bi->b", beta, np.linalg.solve(part, np.nan_to_num(beta)[:, :, None])[:, :, 0])
