"""Bayesian random-effects meta-regression, without sampling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...effects.arguments import require_level, shown
from ...errors import InvalidInput, NotEstimable
from ..design import build_design, refuse_collinear
from ..studies import Studies
from .marginals import IntervalName
from .quadrature import Floats, MuPrior, over_tau, span, tail
from .questions import read_priors
from .regression_result import BayesRegression
from .tau_prior import TauPrior

CoefficientPriors = tuple[float, float] | Mapping[str, tuple[float, float]] | None


def bayes_regression(
    studies: Studies,
    formula: str,
    tau_prior: TauPrior,
    mu_prior: CoefficientPriors,
    level: float,
    interval: IntervalName,
) -> BayesRegression:
    """The form of `bayes` with moderators.

    Notes
    -----
    y ~ N(X b, V + tau^2 I). Given tau, the coefficients are normal with precision L = L0 + X'WX and mean
    inv(L) (L0 m0 + X'Wy), W = 1 / (vi + tau^2) and L0 the precision of their priors, zero for flat ones; and minus
    twice the log likelihood with the coefficients integrated out is sum log(vi + tau^2) + log |L| - log |L0| + the
    squares of residuals and of distances from the priors + constants. One integral over tau is left, as for `bayes`.

    References
    ----------
    Roever & Friede (2023), Research Synthesis Methods, 10.1002/jrsm.1639.
    """
    read_priors(tau_prior, None, level)
    require_level(level)
    design = build_design(formula, studies.moderators(None))
    kept = studies.only(design.complete)
    refuse_collinear(design.x, design.names)
    priors = _priors(mu_prior, design.names)
    model = Regression(kept.yi, kept.vi, design.x, priors)
    flat = int(np.isinf(priors[:, 1]).sum())
    k = kept.k
    try:
        moments, slope = tail(k - flat + 1, tau_prior, MuPrior())
    except NotEstimable:
        raise NotEstimable(
            f"k = {k} with {flat} flat coefficients: tau has no posterior under {tau_prior}, because large values are "
            "never ruled out; take a prior with a lighter tail, such as HalfNormal, or priors of the coefficients"
        ) from None
    start = span(kept.yi[None], kept.vi[None], tau_prior, MuPrior(), slope)
    proper = np.isfinite(priors[:, 1])
    if proper.any():  # what the priors say of the effects reaches as far
        reach = float(np.abs(design.x[:, proper] * np.abs(priors[proper]).sum(axis=1)).max())
        start = (start[0], min(max(start[1], math.log(max(reach, 1e-300)) + 37 / min(slope, 1.0)), 170.0))
    nodes, given = over_tau(model, kept.vi[None], tau_prior, start, moments)
    return BayesRegression(
        formula=formula,
        names=design.names,
        yi=kept.yi,
        vi=kept.vi,
        x=design.x,
        slab=kept.slab,
        dropped=studies.dropped + studies.k - kept.k,
        frame=kept.frame,
        tau_prior=tau_prior,
        coefficient_priors={
            name: (float(mean), float(sd))
            for name, (mean, sd) in zip(design.names, priors, strict=True)
            if np.isfinite(sd)
        },
        level=level,
        interval=interval,
        _design=design,
        _nodes=nodes,
        _beta=given.beta[0],
        _covariance=given.covariance[0],
        _moments=moments,
        _log_likelihood=lambda tau: model(tau).log_likelihood,
    )


@dataclass(frozen=True, slots=True)
class GivenTau:
    """Log likelihood (1, n), mean (1, n, p) and covariance (1, n, p, p) of the coefficients at tau (1, n)."""

    log_likelihood: Floats
    beta: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True)
class Regression:
    """Effects, variances, design (k, p) and priors (p, 2) of the coefficients; called with tau (1, n)."""

    y: Floats
    v: Floats
    x: Floats
    priors: Floats

    def __call__(self, tau: Floats) -> GivenTau:
        centre = np.where(np.isfinite(self.priors[:, 1]), self.priors[:, 0], 0.0)
        precision = self.priors[:, 1] ** -2.0
        total = self.v + tau[0][:, None] ** 2
        w = 1 / total
        xwx = np.einsum("ni,ij,il->njl", w, self.x, self.x) + np.diag(precision)
        covariance = np.linalg.inv(xwx)
        beta = np.einsum("njl,nl->nj", covariance, (w * self.y) @ self.x + precision * centre)
        rss = (w * (self.y - beta @ self.x.T) ** 2).sum(axis=1) + ((beta - centre) ** 2 * precision).sum(axis=1)
        proper = precision > 0
        constant = (len(self.y) - int((~proper).sum())) * math.log(2 * math.pi) + 2 * np.log(
            self.priors[proper, 1]
        ).sum()
        value = -0.5 * (np.log(total).sum(axis=1) + np.linalg.slogdet(xwx)[1] + rss + constant)
        return GivenTau(value[None], beta[None], covariance[None])


def _priors(given: CoefficientPriors, names: tuple[str, ...]) -> Floats:
    """Mean and sd of each coefficient's prior, (p, 2); an infinite sd is the flat one."""
    priors = np.column_stack([np.zeros(len(names)), np.full(len(names), np.inf)])
    if given is None:
        return priors
    named = given if isinstance(given, Mapping) else dict.fromkeys(names, given)
    for name, prior in named.items():
        if name not in names:
            raise InvalidInput(f"mu_prior names {shown(name)}, which is no coefficient: {', '.join(names)}")
        try:
            mean, sd = (float(value) for value in prior)
        except (TypeError, ValueError, OverflowError):
            raise InvalidInput(f"mu_prior of {name!r} is {shown(prior)}; give (mean, sd)") from None
        if not (math.isfinite(mean) and 0 < sd < math.inf):
            raise InvalidInput(f"mu_prior of {name!r} is {shown(prior)}; the mean has to be finite and the sd positive")
        priors[names.index(name)] = mean, sd
    return priors
