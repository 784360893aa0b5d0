"""Bayesian random-effects meta-analysis: the normal-normal model, without sampling."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args, overload

import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_choice
from ...errors import InvalidInput, SmallSample
from ..groups import with_groups
from ..studies import Column, Effects, read_studies
from .marginals import IntervalName
from .posterior import Posterior
from .priors import HalfNormal
from .quadrature import quadrature
from .questions import read_priors
from .tau_prior import TauPrior

if TYPE_CHECKING:
    from .regression_result import BayesRegression

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
    interval: IntervalName = "central",
    moderators: None = None,
) -> Posterior: ...
@overload
def bayes(
    yi: Effects,
    vi: ArrayLike | None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | Mapping[str, tuple[float, float]] | None = None,
    level: float = 0.95,
    slab: Column | None = None,
    *,
    by: None = None,
    interval: IntervalName = "central",
    moderators: str,
) -> BayesRegression: ...
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
    interval: IntervalName = "central",
    moderators: None = None,
) -> pd.DataFrame: ...
def bayes(
    yi: Effects,
    vi: ArrayLike | None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | Mapping[str, tuple[float, float]] | None = None,
    level: float = 0.95,
    slab: Column | None = None,
    *,
    by: Column | list[str] | None = None,
    interval: IntervalName = "central",
    moderators: str | None = None,
) -> Posterior | BayesRegression | pd.DataFrame:
    """Posterior of the normal-normal random-effects model, by deterministic quadrature.

    Parameters
    ----------
    yi : (k,) array-like, DataFrame or fit
        Effect sizes; or a frame with columns ``yi`` and ``vi``; or a fit, whose studies are taken.
    vi : (k,) array-like, optional
        Sampling variances, in squared units of ``yi``. Series are paired with ``yi`` by their labels.
    tau_prior : TauPrior
        Prior of the standard deviation between studies: HalfNormal, HalfCauchy, HalfT, Exponential, Uniform,
        LogNormal, LogT, InverseGamma, DuMouchel or Jeffreys; published ones from `turner_prior` (log odds ratios) and
        `rhodes_prior` (standardised mean differences). The default, HalfNormal(0.5), suits standardised mean
        differences and logs of ratios; effects in other units need a scale of their own.
    mu_prior : (float, float), optional
        Mean and sd of a normal prior of the mean effect; None for the flat one. With moderators: of every coefficient,
        or a mapping from coefficients to these, which leaves the others flat.
    level : float
        Coverage of the intervals.
    slab : str or (k,) array-like, optional
        Labels of the studies, or the name of a column of the frame.
    by : str, list of str or (k,) array-like, optional
        Columns, or one value a study; one posterior for each group, all computed together.
    interval : {"central", "shortest"}
        Equal-tailed intervals, or the shortest ones, of highest density.
    moderators : str, optional
        A formula of columns of the frame, such as "~ dose": a meta-regression.

    Returns
    -------
    Posterior
        With ``moderators`` a `BayesRegression`. Or, with ``by``, a frame of one row a group: the columns of ``by``, k,
        then mean, sd, median, mode, ci_low and ci_high of mu, tau and predictive (mu_mean, ...,
        predictive_ci_high), mu_positive (the probability that mu is above zero) and log_evidence (NaN under an
        improper prior).

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
    require_choice("interval", interval, get_args(IntervalName))
    if moderators is not None:
        from .regression import bayes_regression

        if by is not None:
            raise InvalidInput("by and moderators do not go together: name the groups among the moderators")
        return bayes_regression(read_studies(yi, vi, slab), moderators, tau_prior, mu_prior, level, interval)
    if isinstance(mu_prior, Mapping):
        raise InvalidInput("mu_prior is a mapping, which names the coefficients of moderators; there are none")
    mu = read_priors(tau_prior, mu_prior, level)
    if by is not None:
        from .many import bayes_groups

        if interval == "shortest":
            raise InvalidInput("the intervals of groups are equal-tailed; take one group at a time for shortest ones")
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
        interval=interval,
        _mu=mu,
        _grid=grid,
    )
