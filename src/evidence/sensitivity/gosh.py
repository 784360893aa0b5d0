"""Graphical display of heterogeneity: fit the model to all subsets of the studies."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from numbers import Integral

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom

from ..bias.source import read_fit
from ..effects.arguments import require_count, shown
from ..errors import InvalidInput, NotEstimable
from ..models import wording
from ..models.engine.engine import Floats
from ..models.engine.inference import heterogeneity
from ..models.result import Result
from ..models.studies import Column, Effects
from ..models.univariate.deletion import Numbers, fit_subsets
from ..models.univariate.pooled import Pooled
from ..models.univariate.regression import Regression
from .chunks import MOST_SAMPLES, generator, run_chunks, split
from .clusters import refuse_dependent

_SUBSETS_PER_CHUNK = 1 << 15
_ALL_UP_TO = 1 << 20


@dataclass(frozen=True, repr=False, eq=False)
class Gosh(Result):
    """The model fitted to many subsets of its studies.

    Attributes
    ----------
    estimates : (N, p) array
        The coefficients.
    tau2 : (N,) array
        Variance between studies.
    i2 : (N,) array
        I2 in percent.
    q : (N,) array
        Cochran's Q.
    k : (N,) int array
        Studies in the subset.
    names : tuple of p str
        Names of the coefficients.
    slab : tuple of str
        All studies.
    exhaustive : bool
        Whether these are all subsets.
    failed : int
        Subsets left out because they do not determine the coefficients.
    members : (N, ceil(k / 8)) uint8 array
        Who is in which subset, as `numpy.packbits` packs rows.
    fit : Pooled or Regression
        Of all studies.

    See Also
    --------
    gosh : Makes it.
    plots.gosh : Draws it.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.gosh([0.1, 0.3, 0.9], [0.02, 0.02, 0.02], slab=["Li", "Wu", "Xu"])
    >>> found.to_frame().columns.tolist()
    ['estimate', 'tau2', 'i2', 'q', 'k']
    >>> found.k[found.includes("Xu")].tolist()
    [1, 2, 2, 3]
    """

    _figure = "gosh"

    estimates: Floats
    tau2: Floats
    i2: Floats
    q: Floats
    k: NDArray[np.int16]
    names: tuple[str, ...]
    slab: tuple[str, ...]
    exhaustive: bool
    failed: int
    members: NDArray[np.uint8]
    fit: Pooled | Regression

    def includes(self, study: str | int) -> NDArray[np.bool_]:
        """Whether a subset holds a study.

        Parameters
        ----------
        study : str or int
            Its label or position.

        Returns
        -------
        (N,) bool array
            One value a subset.

        Raises
        ------
        InvalidInput
            There is no such study.
        """
        k = len(self.slab)
        named = isinstance(study, str) and study in self.slab
        position = self.slab.index(study) if named else study
        if not isinstance(position, Integral) or not 0 <= position < k:
            raise InvalidInput(f"{shown(study)} is no study; give a position below {k} or a label: {list(self.slab)}")
        return (self.members[:, position // 8] >> (7 - position % 8) & 1).astype(bool)

    def sentence(self) -> str:
        n = wording.number
        values = self.estimates[:, 0]
        what = "the average effect" if isinstance(self.fit, Pooled) else f"the coefficient {self.names[0]!r}"
        low, high = np.quantile(values, [0.025, 0.975])
        return (
            f"Over {self._subsets()} {what} lies between {n(values.min())} and {n(values.max())}, in 95% of them "
            f"between {n(low)} and {n(high)}; with all studies it is {n(self.fit.beta[0])}."
        )

    def _subsets(self) -> str:
        return f"{'all' if self.exhaustive else 'random'} subsets of {len(self.slab)} studies ({len(self.k)})"

    def _title(self) -> str:
        return f"GOSH: {self._subsets()}"

    def _lines(self) -> list[str]:
        n = wording.number
        columns = dict(zip(self.names, self.estimates.T, strict=True)) | {"tau²": self.tau2, "I² (%)": self.i2}
        lines = []
        for name, values in columns.items():
            low, middle, high = np.quantile(values, [0.025, 0.5, 0.975])
            lines.append(f"{name}: median {n(middle)}, 95% of subsets {n(low)} to {n(high)}")
        if self.failed:
            lines.append(f"{self.failed} subsets left out: they do not determine the coefficients")
        return lines

    def _rows(self) -> pd.DataFrame:
        columns = dict(zip(self.names, self.estimates.T, strict=True))
        return pd.DataFrame(columns | {"tau2": self.tau2, "i2": self.i2, "q": self.q, "k": self.k})


def gosh(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    *,
    subsets: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: bool | None = None,
    slab: Column | None = None,
) -> Gosh:
    """Fit the model to all subsets of its studies, or to random ones when there are too many.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled or Regression
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool` or `regress`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    subsets : int, optional
        The most subsets to fit; by default all up to 2^20, else 2^20 random ones.
    seed : int
        Decides which random ones.
    executor : Executor, optional
        Any `concurrent.futures.Executor`; the result does not depend on it.
    progress : bool, optional
        Whether to show a progress bar; by default on a terminal and in a notebook.
    slab : str or array-like, optional
        Study labels, or the name of a column that holds them.

    Returns
    -------
    Gosh
        Coefficients and heterogeneity of each subset, and who is in it.

    Raises
    ------
    InvalidInput
        Not trials, a fit of another kind, or a number of subsets or a seed that is none.
    NotEstimable
        No subset determines the coefficients; a fit of `multilevel`.

    See Also
    --------
    influence : What single studies do.
    leave_one_out : The pooled result without each study.
    plots.gosh : Draws it.

    Notes
    -----
    Subsets have at least as many studies as the model has coefficients. Random ones take each study with
    probability 1/2 (and are drawn again when too small), so that every subset is as likely as any other.

    References
    ----------
    Olkin, Dahabreh & Trikalinos (2012), Research Synthesis Methods 3:214, 10.1002/jrsm.1053.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.9], [0.02, 0.02, 0.02], slab=["Li", "Wu", "Xu"])
    >>> result = ev.gosh(fit)
    >>> len(result.to_frame()), float(result.estimates[result.includes("Xu")].min().round(2))
    (7, 0.43)
    """
    if subsets is not None:
        require_count("subsets", subsets, 1, MOST_SAMPLES)
    limit = _ALL_UP_TO if subsets is None else int(subsets)  # not one of NumPy's small integers, which overflow
    require_count("seed", seed, 0)
    refuse_dependent(effects, "gosh", "leave_one_out(fit) leaves its clusters out")
    fit, studies = read_fit(effects, vi, "gosh", slab)
    exhaustive = fit.k < 62 and (1 << fit.k) - 1 <= limit
    numbers = Numbers.of(fit)
    task = partial(_all_subsets, numbers) if exhaustive else partial(_random_subsets, numbers, limit, seed)
    count = len(split(1 << fit.k if exhaustive else limit, _SUBSETS_PER_CHUNK))
    parts = run_chunks(task, count, "Fitting subsets", executor, progress)
    estimates, tau2, i2, q, k, members = (np.concatenate(column) for column in zip(*parts, strict=True))
    good = ~np.isnan(estimates[:, 0])
    if not good.any():
        raise NotEstimable(f"none of {len(good)} subsets of these studies determines the coefficients")
    if not good.all():
        estimates, tau2, i2, q, k, members = (a[good] for a in (estimates, tau2, i2, q, k, members))
    failed = int((~good).sum())
    return Gosh(estimates, tau2, i2, q, k, fit.names, studies.slab, exhaustive, failed, members, fit)


_Part = tuple[Floats, Floats, Floats, Floats, NDArray[np.int16], NDArray[np.uint8]]


def _all_subsets(numbers: Numbers, chunk: int) -> _Part:
    k = len(numbers.yi)
    low, high = split(1 << k, _SUBSETS_PER_CHUNK)[chunk]
    codes = np.arange(low, high, dtype=np.int64)
    include = (codes[:, None] >> np.arange(k)) & 1 == 1
    return _fit(numbers, include[include.sum(axis=1) >= _least(numbers)])


def _random_subsets(numbers: Numbers, total: int, seed: int, chunk: int) -> _Part:
    k = len(numbers.yi)
    low, high = split(total, _SUBSETS_PER_CHUNK)[chunk]
    rng = generator(seed, chunk)
    include = rng.random((high - low, k)) < 0.5
    small = include.sum(axis=1) < _least(numbers)
    if small.any():  # as if drawn again until they are not: first how many studies, then which
        sizes = np.arange(_least(numbers), k + 1)
        chance = binom.pmf(sizes, k, 0.5)
        drawn = rng.choice(sizes, size=int(small.sum()), p=chance / chance.sum())
        include[small] = rng.random((len(drawn), k)).argsort(axis=1).argsort(axis=1) < drawn[:, None]
    return _fit(numbers, include)


def _least(numbers: Numbers) -> int:
    return 1 if numbers.x is None else numbers.x.shape[1]


def _fit(numbers: Numbers, include: NDArray[np.bool_]) -> _Part:
    batch = fit_subsets(numbers, include)
    het = heterogeneity(numbers.settings, batch)
    return batch.beta, batch.tau2, het.i2, het.q, batch.k.astype(np.int16), np.packbits(include, axis=1)
