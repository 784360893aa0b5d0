"""Bayesian random-effects meta-analysis: the normal-normal model, without sampling."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput, NotEstimable, SmallSample
from .. import wording
from ..engine.inference import Interval
from ..studies import Column, Effects, read_studies
from .heterogeneity import Spread, tau_posterior
from .marginals import SUMMARY, mean_mixture, mixture_summary, study_mixture, tau_summary
from .mixture import Mixture
from .priors import HalfNormal, TauPrior
from .quadrature import Floats, Grid, MuPrior, conditional, quadrature

DEFAULT_TAU_PRIOR = HalfNormal(0.5)


@dataclass(frozen=True, repr=False, eq=False)
class Posterior:
    """What the data and the priors say about the mean effect, its spread, each study and a new one.

    Attributes
    ----------
    mu, tau, predictive : Series of mean, sd, median, mode, ci_low, ci_high: the mean effect, the standard
        deviation between studies, the true effect of a new study. Intervals are equal-tailed.
    theta : frame with the same columns and one row a study: its true effect, shrunken towards the mean
    k : int, studies; dropped : int, studies left out for a missing yi or vi
    log_evidence : float, log marginal density of the data; None when a prior is improper
    yi, vi : (k,) arrays; slab : tuple of str
    tau_prior : TauPrior; mu_prior : (mean, sd), or None for the flat prior; level : float
    """

    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    dropped: int
    tau_prior: TauPrior
    mu_prior: tuple[float, float] | None
    level: float
    _mu: MuPrior
    _grid: Grid

    @property
    def k(self) -> int:
        return len(self.yi)

    @cached_property
    def mu(self) -> pd.Series:
        return self._one("mu")

    @cached_property
    def predictive(self) -> pd.Series:
        return self._one("predictive")

    @cached_property
    def tau(self) -> pd.Series:
        return pd.Series(tau_summary(self._spread, self.level)[0], index=list(SUMMARY), name="tau")

    @cached_property
    def theta(self) -> pd.DataFrame:
        table = mixture_summary(self._studies, self.level)
        return pd.DataFrame(table, columns=list(SUMMARY), index=pd.Index(self.slab, name="study"))

    @property
    def log_evidence(self) -> float | None:
        if self.mu_prior is None or not self.tau_prior.proper:
            return None
        return float(self._grid.log_evidence[0])

    def probability(self, lower: float = -math.inf, upper: float = math.inf, of: str = "mu") -> float:
        """Posterior probability that a quantity lies between two bounds.

        Parameters
        ----------
        lower, upper : float, in the units of ``yi``
        of : "mu", "tau", "predictive" (the true effect of a new study), or the label of a study
        """
        if math.isnan(lower) or math.isnan(upper) or lower > upper:
            raise InvalidInput(f"an interval needs lower <= upper; got {lower} and {upper}")
        if of == "tau":
            below = self._spread.cdf(np.array([[lower, upper]]))[0]
            return float(below[1] - below[0])
        return float(self._mixture(of).probability(np.array([lower]), np.array([upper]))[0])

    def density(self, x: ArrayLike, of: str = "mu") -> Floats:
        """Posterior density at x, same shape as ``x``; ``of`` as for `probability`."""
        values = np.asarray(x, dtype=float)
        source = self._spread if of == "tau" else self._mixture(of)
        return source.density(values.reshape(1, -1)).reshape(values.shape)

    def quantile(self, p: ArrayLike, of: str = "mu") -> Floats:
        """Posterior quantiles, same shape as ``p``; ``of`` as for `probability`."""
        values = np.asarray(p, dtype=float)
        if not ((values > 0) & (values < 1)).all():
            raise InvalidInput(f"quantiles are for probabilities between 0 and 1; got {values}")
        source = self._spread if of == "tau" else self._mixture(of)
        return source.quantile(values.ravel()).reshape(values.shape)

    def bayes_factor(self, of: Literal["mu", "tau"] = "mu", null: float = 0.0) -> float:
        """How many times likelier the data are under this model than with one parameter fixed.

        Parameters
        ----------
        of : "mu" for a fixed mean effect, "tau" for a fixed standard deviation between studies
        null : float, the fixed value

        Raises
        ------
        NotEstimable
            The parameter has an improper prior, under which a Bayes factor is arbitrary.

        Notes
        -----
        "mu": p(y | mu = null) integrates tau out under the same prior, so an improper prior of tau cancels;
        "tau": p(y | tau = null) integrates mu out. Values above 1 speak against the null.
        """
        prior, mu = self.tau_prior, self._mu
        y, v = self.yi[None], self.vi[None]
        if of == "mu":
            if self.mu_prior is None:
                raise NotEstimable("a Bayes factor for mu needs a proper prior of it: mu_prior=(mean, sd)")
            fixed = float(quadrature(y, v, prior, MuPrior(null, 0.0)).log_evidence[0])
        elif of == "tau":
            if not prior.proper:
                raise NotEstimable(f"a Bayes factor for tau needs a proper prior of it, and {prior} is not")
            if null < 0 or (null == 0 and (self.vi == 0).any()):
                raise InvalidInput(f"tau cannot be fixed at {null}" + (" beside a vi of 0" if null == 0 else ""))
            fixed = float(conditional(y, v, np.array([[null]]), mu).log_likelihood[0, 0])
        else:
            raise InvalidInput(f"a Bayes factor is for 'mu' or 'tau', not {of!r}")
        log_factor = float(self._grid.log_evidence[0]) - fixed
        return math.exp(log_factor) if log_factor < 709 else math.inf

    def to_frame(self) -> pd.DataFrame:
        """Rows mu, tau and predictive; columns mean, sd, median, mode, ci_low, ci_high."""
        return pd.DataFrame([self.mu, self.tau, self.predictive])

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        level = wording.percent(self.level)
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        prior = "flat" if self.mu_prior is None else f"normal({self.mu_prior[0]:g}, {self.mu_prior[1]:g})"
        lines = [f"{_TITLE} (k = {self.k}{missing})", f"priors: tau {self.tau_prior}, mu {prior}"]
        names = {"mean effect": self.mu, "tau": self.tau, "new study": self.predictive}
        for name, row in names.items():
            lines.append(
                f"{name}: median {wording.number(row['median'], 4)}, "
                f"{level} credible interval {wording.interval(Interval(row['ci_low'], row['ci_high']), 4)}"
            )
        lines.append(f"P(mean effect > 0) = {wording.probability(self.probability(lower=0.0))}")
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        n, level = wording.number, wording.percent(self.level)
        studies = "Given one study" if self.k == 1 else f"Given {self.k} studies"
        bounds = wording.interval(Interval(self.mu["ci_low"], self.mu["ci_high"]))
        new = wording.interval(Interval(self.predictive["ci_low"], self.predictive["ci_high"]))
        return (
            f"{studies} and the priors, the average effect is about {n(self.mu['median'])} ({level} credible interval "
            f"{bounds}) and lies above zero with probability {wording.probability(self.probability(lower=0.0))}; "
            f"the effect in a new study lies between {new.replace(' to ', ' and ')} with probability {level}."
        )

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return wording.html_report(_TITLE, self.summary().split("\n")[1:], pd.concat([self.to_frame(), self.theta]))

    @cached_property
    def _studies(self) -> Mixture:
        return study_mixture(self.yi[None], self.vi[None], self._grid)

    @property
    def _spread(self) -> Spread:
        return tau_posterior(self.yi[None], self.vi[None], self.tau_prior, self._mu, self._grid)

    def _mixture(self, of: str) -> Mixture:
        if of in ("mu", "predictive"):
            return mean_mixture(self.vi[None], self._grid, new_study=of == "predictive")
        if of not in self.slab:
            raise InvalidInput(f"{of!r} is neither 'mu', 'tau', 'predictive' nor a study; the studies: {self.slab}")
        row = slice(self.slab.index(of), self.slab.index(of) + 1)
        return Mixture(self._studies.weights[row], self._studies.mean[row], self._studies.sd[row])

    def _one(self, of: str) -> pd.Series:
        order = 2 if self.mu_prior is not None and of == "mu" else self._grid.moments
        return pd.Series(mixture_summary(self._mixture(of), self.level, order)[0], index=list(SUMMARY), name=of)


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
    yi: pd.DataFrame,
    vi: None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | None = None,
    level: float = 0.95,
    slab: None = None,
    *,
    by: str | list[str],
) -> pd.DataFrame: ...
def bayes(
    yi: Effects,
    vi: ArrayLike | None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | None = None,
    level: float = 0.95,
    slab: Column | None = None,
    *,
    by: str | list[str] | None = None,
) -> Posterior | pd.DataFrame:
    """Posterior of the normal-normal random-effects model, by deterministic quadrature.

    Parameters
    ----------
    yi : (k,) array-like of effect sizes, or a frame with columns ``yi`` and ``vi``
    vi : (k,) array-like of sampling variances, in squared units of ``yi``
    tau_prior : TauPrior
        Prior of the standard deviation between studies: HalfNormal, HalfCauchy, HalfT, Exponential, Uniform,
        LogNormal, InverseGamma, DuMouchel or Jeffreys. The default, HalfNormal(0.5), suits standardised mean
        differences and logs of ratios; effects in other units need a scale of their own.
    mu_prior : (mean, sd) of a normal prior of the mean effect; None for the flat one
    level : float, coverage of the equal-tailed intervals
    slab : study labels, or the name of a column of the frame
    by : str or list of str, columns; one posterior for each group, all computed together

    Returns
    -------
    Posterior
        Or, with ``by``, a frame of one row a group: the columns of ``by``, k, then mean, sd, median, mode,
        ci_low and ci_high of mu, tau and predictive (mu_mean, ..., predictive_ci_high), mu_positive (the
        probability that mu is above zero) and log_evidence (NaN under an improper prior).

    Raises
    ------
    InvalidInput
        Shapes differ, a variance is negative, a prior has no scale.
    NotEstimable
        The posterior does not integrate to one: too few studies for an improper prior.

    Warns
    -----
    SmallSample
        So few studies and so heavy a prior tail that tau has no finite mean or sd in the posterior; those
        are then infinite for tau, and NaN where mu or a new study have none. Medians and intervals hold.

    Notes
    -----
    yi ~ N(theta_i, vi), theta_i ~ N(mu, tau^2). Given tau, mu and every theta_i are normal with known mean
    and variance, so their posteriors are mixtures of normals over the posterior of tau: densities, quantiles
    and probabilities are those of the mixture, exact up to the quadrature of `bayes_quadrature`, whose
    error is far below 1e-6. Nothing is sampled.

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

        if not isinstance(yi, pd.DataFrame):
            raise InvalidInput("by= names columns, so the studies have to come in a frame")
        return bayes_groups(yi, list(by) if isinstance(by, list) else [by], tau_prior, mu, level)
    studies = read_studies(yi, vi, slab)
    y, v = studies.yi[None], studies.vi[None]
    grid = quadrature(y, v, tau_prior, mu)
    if grid.moments < 2:
        what = "neither mean nor" if grid.moments == 0 else "a mean but no"
        warnings.warn(
            f"with k = {len(studies.yi)} and {tau_prior}, tau has {what} standard deviation in the posterior",
            SmallSample,
            stacklevel=2,
        )
    prior = None if mu_prior is None else (mu.mean, mu.sd)
    return Posterior(studies.yi, studies.vi, studies.slab, studies.dropped, tau_prior, prior, level, mu, grid)


def read_priors(tau_prior: object, mu_prior: tuple[float, float] | None, level: float) -> MuPrior:
    """Check the priors and the level that a call was given."""
    if not 0 < level < 1:
        raise InvalidInput(f"level is {level}; it has to lie between 0 and 1, such as 0.95")
    if not isinstance(tau_prior, TauPrior):
        raise InvalidInput(f"{tau_prior!r} is not a prior of tau; give one such as HalfNormal(0.5)")
    if mu_prior is None:
        return MuPrior()
    try:
        mean, sd = (float(value) for value in mu_prior)
    except (TypeError, ValueError):
        raise InvalidInput(f"mu_prior is {mu_prior!r}; give (mean, sd), or None for a flat prior") from None
    if not (math.isfinite(mean) and 0 < sd < math.inf):
        raise InvalidInput(f"mu_prior is {mu_prior!r}; the mean has to be finite and the sd positive")
    return MuPrior(mean, sd)


_TITLE = "Bayesian random-effects model"
