"""Averaging over models with and without effect, heterogeneity and bias."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from ..effects.arguments import each_of, require_between, require_choice, require_level, shown
from ..errors import InvalidInput
from ..languages import _, pointed
from ..models import wording
from ..models.bayes.inverse_gamma import InverseGamma
from ..models.bayes.questions import read_priors
from ..models.bayes.tau_prior import TauPrior
from ..models.engine.engine import Floats
from ..models.engine.inference import Interval
from ..models.result import Result
from .bias_ensemble import BIASES, Fitted, Priors, fit_model
from .source import Effects, read_source

TAU_PRIOR = InverseGamma(1.0, 0.15)


@dataclass(frozen=True, repr=False, eq=False)
class BiasAverage(Result):
    """What models with and without effect, heterogeneity and bias say together.

    Attributes
    ----------
    estimate : float
        Posterior mean of the effect over all models; those without an effect count as zero.
    ci : Interval
        Its equal-tailed credible interval.
    conditional : float
        Posterior mean over the models with an effect.
    conditional_ci : Interval
        Its interval.
    tau : float
        Posterior mean of the standard deviation between studies, over all models.
    components : DataFrame
        Index "effect", "heterogeneity", "bias"; prior and posterior probability, and bayes_factor, how many times
        likelier the data are with it than without.
    models : DataFrame
        One row a model: effect, heterogeneity, bias, prior, posterior, log_evidence, mu, tau.
    k : int
        Studies.
    level : float
        Coverage of the intervals.
    alternative : {"greater", "less"}
        Which effects selection is thought to favour.

    See Also
    --------
    bias_average : Makes it.
    selection_model : One model of selection, by maximum likelihood.

    Examples
    --------
    >>> import evidence as ev
    >>> yi, sei = [0.25, 0.20, 0.26, 0.23, 0.22, 0.15, 0.09, 0.19], [0.1, 0.08, 0.1, 0.1, 0.1, 0.08, 0.07, 0.1]
    >>> found = ev.bias_average(yi, [s**2 for s in sei])
    >>> found.components["bayes_factor"].round(1).to_dict()
    {'effect': 0.7, 'heterogeneity': 0.2, 'bias': 7.3}
    """

    _figure = "forest"

    estimate: float
    ci: Interval
    conditional: float
    conditional_ci: Interval
    tau: float
    components: pd.DataFrame
    models: pd.DataFrame
    k: int
    level: float
    alternative: str

    def sentence(self) -> str:
        chance = {part: pointed(wording.probability(share)) for part, share in self.components["posterior"].items()}
        low, high = (pointed(wording.number(end)) for end in self.ci)
        return _(
            "Averaged over {n} models, the effect is {estimate} ({level}% credible interval {low} to {high}); the "
            "probability of an effect is {effect}, of heterogeneity {heterogeneity} and of bias {bias}, each even "
            "before the data.",
            n=len(self.models),
            estimate=pointed(wording.number(self.estimate)),
            level=f"{100 * self.level:g}",
            low=low,
            high=high,
            **{str(part): said for part, said in chance.items()},
        )

    def _title(self) -> str:
        return f"Average over {len(self.models)} models of effect, heterogeneity and bias (k = {self.k})"

    def _lines(self) -> list[str]:
        n, level = wording.number, wording.percent(self.level)
        lines = [
            f"effect: {n(self.estimate, 4)}, {level} credible interval {wording.interval(self.ci, 4)}",
            f"if there is one: {n(self.conditional, 4)}, {wording.interval(self.conditional_ci, 4)}",
            f"tau: {n(self.tau, 4)}",
        ]
        for name, row in self.components.iterrows():
            chance = wording.probability(float(row["posterior"]))
            lines.append(f"{name}: probability {chance}, Bayes factor {n(float(row['bayes_factor']))}")
        return lines

    def _rows(self) -> pd.DataFrame:
        return self.models

    def _table(self) -> pd.DataFrame:
        return self.components

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        rows = {
            "all models": (self.estimate, self.ci),
            "models with an effect": (self.conditional, self.conditional_ci),
        }
        table = [
            {"over": name, "estimate": each, "ci_low": ci.low, "ci_high": ci.high, "k": self.k}
            for name, (each, ci) in rows.items()
        ]
        return (pd.DataFrame(table),), {}


def bias_average(
    effects: Effects,
    vi: ArrayLike | None = None,
    *,
    alternative: str = "greater",
    mu_prior: tuple[float, float] = (0.0, 1.0),
    tau_prior: TauPrior = TAU_PRIOR,
    slope_scales: tuple[float, float] = (1.0, 5.0),
    level: float = 0.95,
) -> BiasAverage:
    """Average over models in which there is, or is not, an effect, heterogeneity and bias (as RoBMA does).

    Parameters
    ----------
    effects : array-like, DataFrame or Pooled
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    alternative : {"greater", "less"}
        Which effects selection is thought to favour.
    mu_prior : (float, float)
        Mean and sd of the normal prior of an effect, in the direction of ``alternative``. The defaults of all priors
        suit standardised mean differences.
    tau_prior : TauPrior
        Prior of the standard deviation between studies, where there is one.
    slope_scales : (float, float)
        Scales of the half-Cauchy priors of the slopes of PET and PEESE.
    level : float
        Coverage of the intervals.

    Returns
    -------
    BiasAverage
        Averages, probabilities and inclusion Bayes factors.

    Raises
    ------
    InvalidInput
        Not trials, or a prior that is none.
    NotEstimable
        Fewer than three studies, or an improper prior of tau.

    See Also
    --------
    selection_model : One model of selection, by maximum likelihood.
    pet_peese : Slopes on standard errors, by least squares.
    bias_table : Tests and adjusted estimates side by side.

    Notes
    -----
    Thirty-six models: no effect or mu ~ normal; no heterogeneity or tau ~ ``tau_prior``; and no bias, six step
    functions of the p value (two-sided at 0.05 and 0.05, 0.1; one-sided at 0.05; 0.025, 0.05; 0.05, 0.5; 0.025, 0.05,
    0.5) whose chances fall and are otherwise uniform, or a slope on the standard error (PET) or the variance (PEESE),
    half-Cauchy. Effect, heterogeneity and bias have even prior odds; the step functions share half of that of bias,
    PET and PEESE the rest. Marginal likelihoods are integrals of one to five dimensions: mu in closed form where there
    are no steps, trapezoids over mu, log tau and log slopes, Gauss-Jacobi quadrature over the chances; nothing is
    sampled. RoBMA works on Fisher's z with these priors carried over; here the effects are taken as they are.

    References
    ----------
    Bartos, Maier, Wagenmakers, Doucouliagos & Stanley (2023), Research Synthesis Methods 14:99, 10.1002/jrsm.1594.
    Maier, Bartos & Wagenmakers (2023), Psychological Methods 28:107, 10.1037/met0000405.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.bias_average([0.5, 0.7, 0.4, 0.6, 0.55], [0.01, 0.04, 0.005, 0.03, 0.02])
    >>> found.components.loc["effect", "bayes_factor"] > 10
    np.True_
    """
    require_choice("alternative", alternative, ("greater", "less"))
    require_level(level)
    about = read_priors(tau_prior, mu_prior, level)
    if not tau_prior.proper:
        raise InvalidInput(
            f"tau_prior is {tau_prior}, which is improper: models with and without it cannot be compared"
        )
    if mu_prior is None:
        raise InvalidInput("mu_prior is None, which is flat: models with and without an effect cannot be compared")
    scales = each_of(slope_scales)
    if len(scales) != 2:
        raise InvalidInput(f"slope_scales is {shown(slope_scales)}; give two numbers above 0, for PET and PEESE")
    for scale in scales:
        require_between("slope_scales", scale, 0, 1e100)
    pet, peese = (float(scale) for scale in slope_scales)
    fit = read_source(effects, vi, 3, "bias_average").fit
    sign = -1.0 if alternative == "less" else 1.0
    priors = Priors((about.mean, about.sd), tau_prior, (pet, peese))
    rows, fitted = [], []
    for effect, spread, bias in product((False, True), (False, True), BIASES):
        fitted.append(fit_model(sign * fit.yi, fit.vi, bias, effect, spread, priors))
        rows.append({"effect": effect, "heterogeneity": spread, "bias": bias.name, "prior": bias.prior / 8})
    models = pd.DataFrame(rows)
    evidence = np.array([each.log_evidence for each in fitted])
    posterior = models["prior"].to_numpy() * np.exp(evidence - evidence.max())
    posterior /= posterior.sum()
    mu, tau = (np.array([getattr(each, name) for each in fitted]) for name in ("mu", "tau"))
    with_effect = models["effect"].to_numpy()
    shares = np.where(with_effect, posterior, 0.0)
    reach = float(np.abs(fit.yi).max()) + 8 * float(np.sqrt(fit.vi).max())
    bounds, own = _intervals(fitted, shares, reach, level, sign)
    return BiasAverage(
        estimate=sign * float(posterior @ mu),
        ci=bounds,
        conditional=sign * float(shares @ mu / shares.sum()),
        conditional_ci=own,
        tau=float(posterior @ tau),
        components=_components(models, posterior),
        models=models.assign(posterior=posterior, log_evidence=evidence, mu=sign * mu, tau=tau),
        k=fit.k,
        level=level,
        alternative=alternative,
    )


def _components(models: pd.DataFrame, posterior: Floats) -> pd.DataFrame:
    there = {"effect": models["effect"], "heterogeneity": models["heterogeneity"], "bias": models["bias"] != "none"}
    rows = {}
    for name, has in there.items():
        before, after = float(models.loc[has, "prior"].sum()), float(posterior[has.to_numpy()].sum())
        without = float(posterior[~has.to_numpy()].sum())
        odds = after / without if without > 0 else math.inf
        rows[name] = {"prior": before, "posterior": after, "bayes_factor": odds * (1 - before) / before}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("component")


def _intervals(fitted: list[Fitted], shares: Floats, start: float, level: float, sign: float) -> list[Interval]:
    """Of the effect over all models, whose spike at zero counts, and over those with one."""
    parts = [(share, each.below) for share, each in zip(shares, fitted, strict=True) if each.below]
    there = float(shares.sum())

    def below(x: float) -> float:
        return float(sum(share * chance(x) for share, chance in parts))

    def quantile(mass: float) -> float:
        far = start
        while not below(-far) < mass < below(far):
            far *= 2
        return float(brentq(lambda x: below(x) - mass, -far, far, xtol=1e-12 * far))

    def everything(p: float) -> float:
        at_zero = below(0.0)
        if at_zero <= p <= at_zero + 1 - there:
            return 0.0
        return quantile(p if p < at_zero else p - (1 - there))

    tails = 0.5 - level / 2, 0.5 + level / 2
    whole, own = (sorted(sign * at(p) for p in tails) for at in (everything, lambda p: quantile(p * there)))
    return [Interval(*whole), Interval(*own)]
