"""Graphical display of heterogeneity: fit the model to all subsets of the studies."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import InvalidInput
from ..models.engine.engine import Floats
from ..models.engine.inference import heterogeneity
from ..models.univariate.deletion import Fit, Numbers, fit_subsets
from .chunks import generator, run_chunks, split

_SUBSETS_PER_CHUNK = 1 << 15
_ALL_UP_TO = 1 << 20


@dataclass(frozen=True, eq=False)
class Gosh:
    """The model fitted to many subsets of its studies.

    Attributes
    ----------
    estimates : (N, p) array, the coefficients; names : tuple of p str
    tau2, i2, q : (N,) arrays; k : (N,) int array, studies in the subset
    slab : tuple of str, all studies
    exhaustive : bool, whether these are all subsets
    failed : int, subsets left out because they do not determine the coefficients
    members : (N, ceil(k / 8)) uint8 array, who is in which subset, as `numpy.packbits` packs rows
    """

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

    def includes(self, study: str | int) -> NDArray[np.bool_]:
        """(N,) array: whether a subset holds the study, given by label or position."""
        position = study if isinstance(study, int) else self.slab.index(study)
        return (self.members[:, position // 8] >> (7 - position % 8) & 1).astype(bool)

    def to_frame(self) -> pd.DataFrame:
        """One row a subset: the coefficients (``estimate`` for a common mean), tau2, i2, q, k."""
        columns = dict(zip(self.names, self.estimates.T, strict=True))
        return pd.DataFrame(columns | {"tau2": self.tau2, "i2": self.i2, "q": self.q, "k": self.k})


def gosh(
    fit: Fit,
    subsets: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: bool | None = None,
) -> Gosh:
    """Fit the model to all subsets of its studies, or to random ones when there are too many.

    Parameters
    ----------
    fit : Pooled or Regression
    subsets : int, the most subsets to fit; by default all up to 2^20, else 2^20 random ones
    seed : int, decides which random ones
    executor : any `concurrent.futures.Executor`; the result does not depend on it
    progress : bool, show a progress bar; by default on a terminal and in a notebook

    Returns
    -------
    Gosh

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
    if subsets is not None and subsets < 1:
        raise InvalidInput(f"subsets is {subsets}; give a number above zero")
    limit = _ALL_UP_TO if subsets is None else subsets
    exhaustive = fit.k < 62 and (1 << fit.k) - 1 <= limit
    numbers = Numbers.of(fit)
    task = partial(_all_subsets, numbers) if exhaustive else partial(_random_subsets, numbers, limit, seed)
    count = len(split(1 << fit.k if exhaustive else limit, _SUBSETS_PER_CHUNK))
    parts = run_chunks(task, count, "Fitting subsets", executor, progress)
    estimates, tau2, i2, q, k, members = (np.concatenate(column) for column in zip(*parts, strict=True))
    good = ~np.isnan(estimates[:, 0])
    if not good.all():
        estimates, tau2, i2, q, k, members = (a[good] for a in (estimates, tau2, i2, q, k, members))
    failed = int((~good).sum())
    return Gosh(estimates, tau2, i2, q, k, fit.names, fit.slab, exhaustive, failed, members)


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
    while small.any():
        include[small] = rng.random((int(small.sum()), k)) < 0.5
        small = include.sum(axis=1) < _least(numbers)
    return _fit(numbers, include)


def _least(numbers: Numbers) -> int:
    return 1 if numbers.x is None else numbers.x.shape[1]


def _fit(numbers: Numbers, include: NDArray[np.bool_]) -> _Part:
    batch = fit_subsets(numbers, include)
    het = heterogeneity(numbers.settings, batch)
    return batch.beta, batch.tau2, het.i2, het.q, batch.k.astype(np.int16), np.packbits(include, axis=1)
