"""Bootstrap the coefficients and tau2 of a model."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from ..errors import InvalidInput, NotEstimable
from ..models.engine.engine import Batch, Floats, fit_batch
from ..models.univariate.deletion import Fit, Numbers, design_matrix, fit_rows, without_each
from .chunks import generator, run_chunks, split

_PER_CHUNK = 1 << 14
Kind = Literal["percentile", "basic", "bca"]


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Bootstrap replicates of coefficients and tau2.

    Attributes
    ----------
    observed : Series, the estimates of the fit, tau2 last
    replicates : frame, one row a replicate, same columns
    jackknife : frame, the estimates without each study, for BCa intervals
    parametric : bool; level : float; failed : int, replicates left out because they determine no fit
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
        kind : "percentile"; "basic", the percentile interval reflected at the estimate; or "bca", bias-corrected
            and accelerated
        level : float, default the one of the fit

        Returns
        -------
        DataFrame
            Rows: coefficients and tau2. Columns: estimate, se, bias, ci_low, ci_high.

        Raises
        ------
        NotEstimable
            "bca" when all replicates lie on one side of the estimate.

        References
        ----------
        Efron (1987), Journal of the American Statistical Association 82:171, eq. 2.3 and 6.6 (BCa). Davison &
        Hinkley (1997), Bootstrap Methods and their Application, ch. 5.
        """
        if kind not in ("percentile", "basic", "bca"):
            raise InvalidInput(f'kind {kind!r} is unknown; choose "percentile", "basic" or "bca"')
        chosen = self.level if level is None else level
        if not 0 < chosen < 1:
            raise InvalidInput(f"level {chosen} is not between 0 and 1; 0.95 means 95%")
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
    fit: Fit,
    iterations: int = 1000,
    parametric: bool = True,
    seed: int = 0,
    executor: Executor | None = None,
    progress: bool | None = None,
) -> Bootstrap:
    """Refit the model to simulated or resampled studies.

    Parameters
    ----------
    fit : Pooled or Regression
    iterations : int, replicates
    parametric : True draws yi from the fitted model, normal with variance vi + tau2; False draws studies with
        replacement
    seed : int; the same seed gives the same result
    executor : any `concurrent.futures.Executor`; the result does not depend on it
    progress : bool, show a progress bar; by default on a terminal and in a notebook

    Returns
    -------
    Bootstrap

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
    if iterations < 2:
        raise InvalidInput(f"iterations is {iterations}; a distribution takes at least 2")
    numbers = Numbers.of(fit)
    centre = design_matrix(fit) @ fit.beta
    spread = np.sqrt(fit.vi + fit.tau2)
    task = partial(_replicates, numbers, centre if parametric else None, spread, iterations, seed)
    parts = run_chunks(task, len(split(iterations, _PER_CHUNK)), "Bootstrapping", executor, progress)
    columns = [*fit.names, "tau2"]
    draws = pd.DataFrame(np.concatenate(parts), columns=columns)
    good = draws.notna().all(axis=1)
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
