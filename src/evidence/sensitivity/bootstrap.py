"""Bootstrap the coefficients and tau2 of a model."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from ..bias.source import read_fit
from ..effects.arguments import require_choice, require_count, require_flag, require_level
from ..errors import NotEstimable
from ..models import wording
from ..models.engine.engine import Batch, Floats, fit_batch
from ..models.engine.inference import Interval
from ..models.result import Result
from ..models.studies import Effects
from ..models.univariate.deletion import Numbers, design_matrix, fit_rows, without_each
from .chunks import MOST_SAMPLES, generator, run_chunks, split

_PER_CHUNK = 1 << 14
Kind = Literal["percentile", "basic", "bca"]


@dataclass(frozen=True, repr=False, eq=False)
class Bootstrap(Result):
    """Bootstrap replicates of coefficients and tau2.

    Attributes
    ----------
    observed : Series
        The estimates of the fit, tau2 last.
    replicates : DataFrame
        The same of each replicate, one row each.
    jackknife : DataFrame
        The same without each study, for BCa intervals.
    parametric : bool
        Whether effects were drawn from the fitted model, not studies with replacement.
    level : float
        Coverage of intervals, that of the fit.
    failed : int
        Replicates left out because they determine no fit.

    See Also
    --------
    bootstrap : Makes it.
    permutation_test : Tests by rearrangement.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.bootstrap([0.3, 0.5, 0.2, 0.9, 0.4], [0.02] * 5, iterations=500)
    >>> found.replicates.shape, found.replicates.columns.tolist()
    ((500, 2), ['estimate', 'tau2'])
    """

    observed: pd.Series
    replicates: pd.DataFrame
    jackknife: pd.DataFrame
    parametric: bool
    level: float
    failed: int

    def ci(self, kind: Kind = "bca", level: float | None = None) -> pd.DataFrame:
        """Intervals from the replicates.

        Parameters
        ----------
        kind : str
            "percentile"; "basic", the percentile interval reflected at the estimate; or "bca", bias-corrected and
            accelerated.
        level : float, optional
            By default that of the fit.

        Returns
        -------
        DataFrame
            Rows: coefficients and tau2. Columns: estimate, se, bias, ci_low, ci_high.

        Raises
        ------
        InvalidInput
            An unknown kind, or a level that is none.
        NotEstimable
            "bca" when all replicates lie on one side of the estimate.

        References
        ----------
        Efron (1987), Journal of the American Statistical Association 82:171, eq. 2.3 and 6.6 (BCa). Davison &
        Hinkley (1997), Bootstrap Methods and their Application, ch. 5.
        """
        require_choice("kind", kind, get_args(Kind))
        chosen = self.level if level is None else level
        require_level(chosen)
        tails = np.array([0.5 - chosen / 2, 0.5 + chosen / 2])
        rows = {}
        for name in map(str, self.replicates):
            draws, estimate = self.replicates[name].to_numpy(), float(self.observed[name])
            shares = self._bca(name, tails) if kind == "bca" else tails
            low, high = np.quantile(draws, shares)
            if kind == "basic":
                low, high = 2 * estimate - high, 2 * estimate - low
            rows[name] = (estimate, draws.std(ddof=1), draws.mean() - estimate, low, high)
        columns = ["estimate", "se", "bias", "ci_low", "ci_high"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns)

    def sentence(self) -> str:
        n = wording.number
        name = str(self.observed.index[0])
        row = self.ci("percentile").loc[name].to_dict()
        what = "the average effect" if name == "estimate" else f"the coefficient {name!r}"
        return (
            f"Over {len(self.replicates)} {self._kind()} bootstrap samples {what} of {n(row['estimate'])} has a "
            f"standard error of {n(row['se'])} and a {wording.percent(self.level)} percentile interval of "
            f"{wording.interval(Interval(row['ci_low'], row['ci_high']))}."
        )

    def _kind(self) -> str:
        return "parametric" if self.parametric else "nonparametric"

    def _title(self) -> str:
        return f"Bootstrap, {self._kind()} ({len(self.replicates)} samples)"

    def _lines(self) -> list[str]:
        n, level = wording.number, wording.percent(self.level)
        lines = [
            f"{name} {n(row['estimate'], 4)} (SE {n(row['se'], 4)}, bias {n(row['bias'], 4)}), {level} percentile "
            f"interval {wording.interval(Interval(row['ci_low'], row['ci_high']), 4)}"
            for name, row in self.ci("percentile").iterrows()
        ]
        return lines + ([f"{self.failed} samples left out: they determine no fit"] if self.failed else [])

    def _rows(self) -> pd.DataFrame:
        return self.ci("percentile").rename_axis("term")

    def _bca(self, name: str, tails: Floats) -> Floats:
        draws, estimate = self.replicates[name].to_numpy(), float(self.observed[name])
        below = float(np.mean(draws < estimate) + np.mean(draws == estimate) / 2)
        if not 0 < below < 1:
            raise NotEstimable(f'all replicates of {name} lie on one side of its estimate; use kind="percentile"')
        without = self.jackknife[name].to_numpy()
        pull = np.mean(without) - without
        square = float(np.sum(pull**2))
        acceleration = float(np.sum(pull**3)) / (6 * square**1.5) if square > 0 else 0.0
        shift = ndtri(below) + ndtri(tails)
        return np.asarray(ndtr(ndtri(below) + shift / (1 - acceleration * shift)))


def bootstrap(
    effects: Effects,
    vi: ArrayLike | pd.Series | None = None,
    *,
    iterations: int = 1000,
    parametric: bool = True,
    seed: int = 0,
    executor: Executor | None = None,
    progress: bool | None = None,
) -> Bootstrap:
    """Refit the model to simulated or resampled studies.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled or Regression
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool` or `regress`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    iterations : int
        Replicates.
    parametric : bool
        True draws yi from the fitted model, normal with variance vi + tau2; False draws studies with replacement.
    seed : int
        The same seed gives the same result.
    executor : Executor, optional
        Any `concurrent.futures.Executor`; the result does not depend on it.
    progress : bool, optional
        Whether to show a progress bar; by default on a terminal and in a notebook.

    Returns
    -------
    Bootstrap
        The replicates; ``.ci()`` has intervals.

    Raises
    ------
    InvalidInput
        Not trials, a fit of another kind, or a number of iterations or a seed that is none.
    NotEstimable
        No more studies than coefficients, or hardly a sample that determines the fit.

    See Also
    --------
    permutation_test : Tests by rearrangement.
    gosh : Subsets of studies instead of samples.

    References
    ----------
    van den Noortgate & Onghena (2005), Behavior Research Methods 37:11, 10.3758/BF03206394.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.3, 0.5, 0.2, 0.9, 0.4], [0.02] * 5)
    >>> list(ev.bootstrap(fit, iterations=500).ci("percentile").columns)
    ['estimate', 'se', 'bias', 'ci_low', 'ci_high']
    """
    require_count("iterations", iterations, 2, MOST_SAMPLES)
    iterations = int(iterations)  # not one of NumPy's small integers, which overflow
    require_count("seed", seed, 0)
    require_flag("parametric", parametric)
    fit = read_fit(effects, vi, "the bootstrap", spare=1).fit
    numbers = Numbers.of(fit)
    centre = design_matrix(fit) @ fit.beta
    spread = np.sqrt(fit.vi + fit.tau2)
    task = partial(_replicates, numbers, centre if parametric else None, spread, iterations, seed)
    parts = run_chunks(task, len(split(iterations, _PER_CHUNK)), "Bootstrapping", executor, progress)
    columns = [*fit.names, "tau2"]
    draws = pd.DataFrame(np.concatenate(parts), columns=columns)
    good = draws.notna().all(axis=1)
    if good.sum() < 2:
        raise NotEstimable(f"{int(good.sum())} of {iterations} samples of these studies determines a fit")
    return Bootstrap(
        observed=pd.Series([*fit.beta, fit.tau2], index=columns),
        replicates=draws[good].reset_index(drop=True),
        jackknife=pd.DataFrame(_estimates(without_each(fit)), columns=columns).dropna(),
        parametric=parametric,
        level=fit.settings.level,
        failed=int((~good).sum()),
    )


def _replicates(numbers: Numbers, centre: Floats | None, spread: Floats, total: int, seed: int, chunk: int) -> Floats:
    low, high = split(total, _PER_CHUNK)[chunk]
    k, count = len(numbers.yi), high - low
    rng = generator(seed, chunk)
    starts = np.arange(count + 1) * k
    if centre is None:
        return _estimates(fit_rows(numbers, rng.integers(0, k, count * k), starts))
    y = rng.normal(centre, spread, (count, k)).ravel()
    x = None if numbers.x is None else np.tile(numbers.x, (count, 1))
    weights = None if numbers.custom_weights is None else np.tile(numbers.custom_weights, count)
    return _estimates(fit_batch(numbers.settings, y, np.tile(numbers.vi, count), starts, x, weights))


def _estimates(batch: Batch) -> Floats:
    return np.column_stack([batch.beta, batch.tau2])
