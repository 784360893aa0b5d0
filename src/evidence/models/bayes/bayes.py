"""Bayesian random-effects meta-analysis: the normal-normal model, without sampling."""

from __future__ import annotations

import warnings
from typing import overload

import pandas as pd
from numpy.typing import ArrayLike

from ...errors import SmallSample
from ..groups import with_groups
from ..studies import Column, Effects, read_studies
from .posterior import Posterior
from .priors import HalfNormal
from .quadrature import quadrature
from .questions import read_priors
from .tau_prior import TauPrior

DEFAULT_TAU_PRIOR = HalfNormal(0.5)


@overload
def bayes(
    yi: Effects,
    vi: ArrayLike | None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | None = None,
    level: float = 0.95,
    slab: Column | None = None,
    *,
    by: None = None,
) -> Posterior: ...
@overload
def bayes(
    yi: Effects,
    vi: ArrayLike | None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | None = None,
    level: float = 0.95,
    slab: None = None,
    *,
    by: Column | list[str],
) -> pd.DataFrame: ...
def bayes(
    yi: Effects,
    vi: ArrayLike | None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | None = None,
    level: float = 0.95,
    slab: Column | None = None,
    *,
    by: Column | list[str] | None = None,
) -> Posterior | pd.DataFrame:
    """Posterior of the normal-normal random-effects model, by deterministic quadrature.

    Parameters
    ----------
    yi : (k,) array-like, DataFrame or fit
        Effect sizes; or a frame with columns ``yi`` and ``vi``; or a fit, whose studies are taken.
    vi : (k,) array-like, optional
        Sampling variances, in squared units of ``yi``. Series are paired with ``yi`` by their labels.
    tau_prior : TauPrior
        Prior of the standard deviation between studies: HalfNormal, HalfCauchy, HalfT, Exponential, Uniform,
        LogNormal, InverseGamma, DuMouchel or Jeffreys. The default, HalfNormal(0.5), suits standardised mean
        differences and logs of ratios; effects in other units need a scale of their own.
    mu_prior : (float, float), optional
        Mean and sd of a normal prior of the mean effect; None for the flat one.
    level : float
        Coverage of the equal-tailed intervals.
    slab : str or (k,) array-like, optional
        Labels of the studies, or the name of a column of the frame.
    by : str, list of str or (k,) array-like, optional
        Columns, or one value a study; one posterior for each group, all computed together.

    Returns
    -------
    Posterior
        Or, with ``by``, a frame of one row a group: the columns of ``by``, k, then mean, sd, median, mode,
        ci_low and ci_high of mu, tau and predictive (mu_mean, ..., predictive_ci_high), mu_positive (the
        probability that mu is above zero) and log_evidence (NaN under an improper prior).

    Raises
    ------
    InvalidInput
        Shapes or labels differ, a variance is negative, a prior has no scale.
    NotEstimable
        The posterior does not integrate to one: too few studies for an improper prior.

    Warns
    -----
    SmallSample
        So few studies and so heavy a prior tail that tau has no finite mean or sd in the posterior; those
        are then infinite for tau, and NaN where mu or a new study have none. Medians and intervals hold.

    See Also
    --------
    bayes_compare : Groups of studies in one model, drawn toward each other.
    pool : The same model by likelihood and moments.
    HalfNormal : The default prior.

    Notes
    -----
    yi ~ N(theta_i, vi), theta_i ~ N(mu, tau^2). Given tau, mu and every theta_i are normal with known mean
    and variance, so their posteriors are mixtures of normals over the posterior of tau: densities, quantiles
    and probabilities are those of the mixture, exact up to the quadrature over tau, whose error is far below
    1e-6. Nothing is sampled.

    References
    ----------
    Roever (2020), Journal of Statistical Software 93(6), 10.18637/jss.v093.i06.
    Gelman (2006), Bayesian Analysis 1:515, 10.1214/06-BA117A.

    Examples
    --------
    >>> import evidence as ev
    >>> post = ev.bayes([0.1, 0.3, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01], tau_prior=ev.HalfNormal(0.5))
    >>> print(post.mu.round(3).to_dict())
    {'mean': 0.378, 'sd': 0.188, 'median': 0.386, 'mode': 0.402, 'ci_low': -0.021, 'ci_high': 0.74}
    >>> round(post.probability(lower=0.2), 3)
    0.861
    """
    mu = read_priors(tau_prior, mu_prior, level)
    if by is not None:
        from .many import bayes_groups

        return bayes_groups(*with_groups(yi, vi, by), tau_prior, mu, level)
    studies = read_studies(yi, vi, slab)
    grid = quadrature(studies.yi[None], studies.vi[None], tau_prior, mu)
    if grid.moments < 2:
        what = "neither mean nor" if grid.moments == 0 else "a mean but no"
        warnings.warn(
            f"with k = {studies.k} and {tau_prior}, tau has {what} standard deviation in the posterior",
            SmallSample,
            stacklevel=2,
        )
    return Posterior(
        yi=studies.yi,
        vi=studies.vi,
        slab=studies.slab,
        dropped=studies.dropped,
        frame=studies.frame,
        tau_prior=tau_prior,
        mu_prior=None if mu.flat else (mu.mean, mu.sd),
        level=level,
        _mu=mu,
        _grid=grid,
    )
