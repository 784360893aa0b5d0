"""Logistic mixed models of 2x2 tables: random-effects odds ratios without zero-cell corrections."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput, NotConverged, NotEstimable
from .. import wording
from ..engine.inference import Interval, critical, two_sided_p
from ..information import criteria
from .likelihoods import ConditionalBinomial, ConditionalHypergeometric, Likelihood, TwoBinomials
from .random_odds_ratios import RandomOddsRatios, maximise
from .result import ChiSquare, chi_square
from .two_by_two import Tables, read_tables

MODELS = {
    "UM.FS": "unconditional, fixed study effects",
    "CM.EL": "conditional, exact likelihood",
    "CM.AL": "conditional, approximate likelihood",
}


@dataclass(frozen=True, repr=False, eq=False)
class Glmm:
    """Odds ratios pooled by a logistic mixed model.

    Attributes
    ----------
    estimate, se : float, mean log odds ratio of group 1 against group 2
    ci : Interval; statistic, p_value : float, normal test
    tau2 : float, variance of the log odds ratios; tau2_se : float or None (not estimated, or zero)
    i2, h2 : float, against the typical sampling variance of the log odds ratios
    likelihood_ratio, wald : ChiSquare, homogeneity of the trials' odds ratios; a trial with a zero cell adds
        nothing to the Wald test, so that the likelihood ratio is the one to trust
    log_likelihood, aic, bic, aicc : float
    k, dropped : int, trials, and trials without information
    model : str; method : "ML" or "EE"; level : float
    """

    estimate: float
    se: float
    ci: Interval
    statistic: float
    p_value: float
    tau2: float
    tau2_se: float | None
    i2: float
    h2: float
    likelihood_ratio: ChiSquare
    wald: ChiSquare
    log_likelihood: float
    aic: float
    bic: float
    aicc: float
    k: int
    dropped: int
    model: str
    method: str
    level: float

    @property
    def ratio(self) -> tuple[float, Interval]:
        """Odds ratio and its interval."""
        return math.exp(self.estimate), Interval(*map(math.exp, self.ci))

    @property
    def prediction_interval(self) -> Interval | None:
        """Interval for the log odds ratio of a new trial; None for method "EE"."""
        if self.method == "EE":
            return None
        half = float(critical(self.level, np.array([np.inf]))[0]) * math.sqrt(self.se**2 + self.tau2)
        return Interval(self.estimate - half, self.estimate + half)

    def to_frame(self) -> pd.DataFrame:
        """One row with the columns k, estimate, se, ci_low, ci_high, statistic, p_value, tau2, i2, h2."""
        names = ("estimate", "se", "statistic", "p_value", "tau2", "i2", "h2")
        row = {"k": self.k} | {name: getattr(self, name) for name in names}
        row |= {"ci_low": self.ci.low, "ci_high": self.ci.high}
        return pd.DataFrame([row])[["k", "estimate", "se", "ci_low", "ci_high", *names[2:]]]

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        n = wording.number
        level = wording.percent(self.level)
        missing = f"; {self.dropped} without information left out" if self.dropped else ""
        lines = [f"Logistic mixed model, {MODELS[self.model]}, {self.method} (k = {self.k}{missing})"]
        if self.method != "EE":
            se = "" if self.tau2_se is None else f" (SE {n(self.tau2_se, 4)})"
            lines.append(f"tau² = {n(self.tau2, 4)}{se}, I² = {n(self.i2)}%")
        for name, test in (("likelihood ratio", self.likelihood_ratio), ("Wald", self.wald)):
            lines.append(f"homogeneity, {name}: χ²({test.df}) = {n(test.statistic)}, p {wording.p_value(test.p_value)}")
        lines.append(
            f"log OR {n(self.estimate, 4)} (SE {n(self.se, 4)}), z = {n(self.statistic)}, "
            f"p {wording.p_value(self.p_value)}, {level} CI {wording.interval(self.ci, 4)}"
        )
        lines.append(f"OR {n(self.ratio[0])}, {level} CI {wording.interval(self.ratio[1])}")
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        value, bounds = self.ratio
        return (
            f"Across {self.k} trials the {'common' if self.method == 'EE' else 'average'} odds ratio is "
            f"{wording.number(value)} ({wording.percent(self.level)} confidence interval {wording.interval(bounds)})."
        )

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        lines = self.summary().split("\n")
        return wording.html_report(lines[0], lines[1:])


def glmm(
    ai: ArrayLike | pd.DataFrame | None = None,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    model: Literal["UM.FS", "CM.EL", "CM.AL"] = "UM.FS",
    method: Literal["ML", "EE"] = "ML",
    *,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    level: float = 0.95,
) -> Glmm:
    """Pool odds ratios by a logistic mixed model.

    Parameters
    ----------
    ai, bi, ci, di : (k,) array-likes
        Group 1 with and without the event, group 2 with and without; or ``ai`` a frame with these columns. Totals
        ``n1``, ``n2`` may stand for ``bi``, ``di``. Zero cells stay as they are; trials with no event, or nothing
        but events, carry no information and are left out.
    model : str
        "UM.FS": both groups binomial, a baseline for each trial. "CM.EL": noncentral hypergeometric, the number of
        events of a trial fixed; better than UM.FS for many small trials, whose baselines are then not estimated.
        "CM.AL": its binomial approximation for rare events.
    method : "ML", or "EE" for one common odds ratio
    level : float

    Returns
    -------
    Glmm

    Raises
    ------
    NotEstimable
        No trial is informative, or the odds ratio is zero or infinite in all of them.

    Warns
    -----
    NotConverged
        The likelihood was still rising when the search ended.

    Notes
    -----
    The random log odds ratios are integrated out by adaptive Gauss-Hermite quadrature with 31 nodes, which is exact
    for practical purposes; metafor's ``rma.glmm`` takes 7 by default (lme4) and agrees with ours when given 25.

    References
    ----------
    Stijnen, Hamza & Ozdemir (2010), Statistics in Medicine 29:3046, 10.1002/sim.4040.
    Jackson et al. (2018), Statistics in Medicine 37:1059, 10.1002/sim.7588.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.glmm([1, 0, 6, 18], [49, 60, 97, 40], [9, 2, 9, 10], [46, 58, 91, 38], model="CM.EL")
    >>> round(fit.estimate, 4), round(fit.tau2, 4)
    (-0.7499, 0.8489)
    """
    if model not in MODELS:
        raise InvalidInput(f"model {model!r} is unknown; choose one of {', '.join(MODELS)}")
    if method not in ("ML", "EE"):
        raise InvalidInput(f'method {method!r} is unknown; choose "ML" or "EE"')
    if not 0 < level < 1:
        raise InvalidInput(f"level {level} is not between 0 and 1; 0.95 means 95%")
    read = read_tables(ai, bi, ci, di, n1, n2)
    tables = read.only(read.informative)
    _refuse_undetermined(tables)
    likelihood = _likelihood(model, tables)
    common = maximise(likelihood, tables.k, random=False)
    found = maximise(likelihood, tables.k, random=True) if method == "ML" and tables.k > 1 else common
    if not found.converged:
        warnings.warn(
            f"the likelihood was still rising at theta {found.theta:g}, tau {found.tau:g}", NotConverged, stacklevel=2
        )
    return _result(tables, read.k - tables.k, likelihood, common, found, model, method, level)


def _result(
    tables: Tables,
    dropped: int,
    likelihood: Likelihood,
    common: RandomOddsRatios,
    found: RandomOddsRatios,
    model: str,
    method: str,
    level: float,
) -> Glmm:
    k, tau2 = tables.k, found.tau**2
    if found.tau > 0:
        covariance = np.linalg.inv(found.information)
        se, tau2_se = math.sqrt(covariance[0, 0]), 2 * found.tau * math.sqrt(covariance[1, 1])
    else:
        se, tau2_se = 1 / math.sqrt(found.information[0, 0]), None
    free, wald = _saturated(likelihood, k)
    sampling = _typical_variance(tables)
    half = float(critical(level, np.array([np.inf]))[0]) * se
    parameters = 1 + (method == "ML") + (k if likelihood.nuisance else 0)
    return Glmm(
        estimate=found.theta,
        se=se,
        ci=Interval(found.theta - half, found.theta + half),
        statistic=found.theta / se,
        p_value=float(two_sided_p(np.array(found.theta / se), np.array(np.inf))),
        tau2=tau2,
        tau2_se=tau2_se,
        i2=100 * tau2 / (tau2 + sampling),
        h2=1 + tau2 / sampling,
        likelihood_ratio=chi_square(max(2 * (free - common.log_likelihood), 0.0), k - 1),
        wald=chi_square(wald, k - 1),
        **criteria(found.log_likelihood, parameters, 2 * k if likelihood.nuisance else k)._asdict(),
        k=k,
        dropped=dropped,
        model=model,
        method=method,
        level=level,
    )


def _likelihood(model: str, tables: Tables) -> Likelihood:
    if model == "UM.FS":
        return TwoBinomials(tables)
    return ConditionalBinomial(tables) if model == "CM.AL" else ConditionalHypergeometric(tables)


def _refuse_undetermined(t: Tables) -> None:
    if not t.k:
        raise NotEstimable("no trial has both people with and people without the event")
    low, high = np.maximum(0, t.events - t.n2), np.minimum(t.n1, t.events)
    for bound, word in ((low, "zero"), (high, "infinite")):
        if (t.ai == bound).all():
            raise NotEstimable(f"the odds ratio is {word} in every trial, and so is its pooled estimate")


def _saturated(likelihood: Likelihood, k: int) -> tuple[float, float]:
    # Log-likelihood with an odds ratio for each trial, and the Wald test that these are equal. Where a cell is zero
    # the steps run to infinity: the likelihood settles and the weight vanishes.
    alpha, delta = np.zeros(k), np.zeros(k)
    for _ in range(60):
        d = likelihood.derivatives(alpha, delta)
        ratio = d.alpha_delta / d.alpha_alpha if likelihood.nuisance else np.zeros(k)
        weight = np.maximum(ratio * d.alpha_delta - d.delta_delta, 1e-300)
        step = np.clip((d.delta - ratio * d.alpha) / weight, -1.0, 1.0)
        if likelihood.nuisance:
            alpha = alpha - np.clip((d.alpha + d.alpha_delta * step) / np.minimum(d.alpha_alpha, -1e-300), -1.0, 1.0)
        delta = delta + step
    weight = np.where(np.abs(step) < 1e-6, weight, 0.0)
    mean = (weight * delta).sum() / max(weight.sum(), 1e-300)
    return float(d.value.sum()), float((weight * (delta - mean) ** 2).sum())


def _typical_variance(tables: Tables) -> float:
    w = 1 / tables.effects("OR")["vi"].to_numpy()
    return float((len(w) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())) if len(w) > 1 else float(1 / w[0])
