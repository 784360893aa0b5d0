"""The maximum of a mixed model of counts, as the result that it is."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ...errors import NotConverged
from ..design import Design
from ..engine.engine import Floats
from ..engine.inference import Interval, critical, two_sided_p
from ..information import criteria
from ..studies import Studies
from ..wald import coefficient_table, joint_test, tested_coefficients
from .glmm_regression import GlmmRegression
from .glmm_result import Glmm
from .likelihood import Likelihood
from .random_odds_ratios import RandomOddsRatios, maximise
from .result import chi_square


def fitted(
    likelihood: Likelihood,
    own: Studies,
    design: Design,
    start: Floats,
    random: bool,
    told: dict[str, Any],
    *,
    measure: str = "OR",
    origin: float = 0.0,
    formula: str | None = None,
) -> Glmm | GlmmRegression:
    """Pool, or with a formula regress.

    Parameters
    ----------
    likelihood : Likelihood
        Of the trials.
    own : Studies
        Their own effects.
    design : Design
        Their moderators.
    start : (p,) array
        Where the search for the coefficients begins.
    random : bool
        Whether effects differ between trials.
    told : dict
        ``model, method, level, dropped`` as the result says them.
    measure : str
        What is pooled.
    origin : float
        From where the likelihood counts effects.
    formula : str, optional
        Of the moderators.

    Warns
    -----
    NotConverged
        The likelihood was still rising when the search ended.
    """
    x, k = design.x, len(design.x)
    common = maximise(likelihood, x, random=False, start=start)
    random = random and k > x.shape[1]
    found = maximise(likelihood, x, random=True, start=common.beta) if random else common
    if not found.converged:
        where = f"{found.beta.round(4)}, tau {found.tau:g}"
        warnings.warn(f"the likelihood was still rising at {where}", NotConverged, stacklevel=3)
    covariance, tau2_se = _covariance(found)
    free, wald = _saturated(likelihood, x)
    parameters = x.shape[1] + (told["method"] == "ML") + (k if likelihood.nuisance else 0)
    told |= {
        "tau2": found.tau**2,
        "tau2_se": tau2_se,
        "likelihood_ratio": chi_square(max(2 * (free - common.log_likelihood), 0.0), k - x.shape[1]),
        "wald": chi_square(wald, k - x.shape[1]),
        **criteria(found.log_likelihood, parameters, 2 * k if likelihood.nuisance else k)._asdict(),
        "k": k,
        "yi": own.yi,
        "vi": own.vi,
        "slab": own.slab,
        "frame": own.frame,
    }
    if formula is None:
        return _mean(measure, float(found.beta[0]) + origin, covariance, told)
    return _regression(found, covariance, told, design, formula)


def _mean(measure: str, estimate: float, covariance: Floats, told: dict[str, Any]) -> Glmm:
    se, sampling = math.sqrt(covariance[0, 0]), _typical_variance(told["vi"])
    half = float(critical(told["level"], np.array([np.inf]))[0]) * se
    return Glmm(
        measure=measure,
        estimate=estimate,
        se=se,
        ci=Interval(estimate - half, estimate + half),
        statistic=estimate / se,
        p_value=float(two_sided_p(np.array(estimate / se), np.array(np.inf))),
        i2=100 * told["tau2"] / (told["tau2"] + sampling),
        h2=1 + told["tau2"] / sampling,
        **told,
    )


def _regression(
    found: RandomOddsRatios, covariance: Floats, told: dict[str, Any], design: Design, formula: str
) -> GlmmRegression:
    tested = tested_coefficients(design.x)
    joint = joint_test(found.beta[tested], covariance[np.ix_(tested, tested)], np.inf)
    return GlmmRegression(
        coefficients=coefficient_table(found.beta, covariance, np.inf, told["level"], design.names),
        covariance=covariance,
        qm=joint.statistic,
        qm_df=joint.df,
        qm_p=joint.p_value,
        formula=formula,
        **told,
        _design=design,
    )


def _covariance(found: RandomOddsRatios) -> tuple[Floats, float | None]:
    """Of the coefficients, and the standard error of tau2, which has none at zero."""
    if found.tau > 0:
        covariance = np.linalg.inv(found.information)
        return np.asarray(covariance[:-1, :-1], dtype=float), 2 * found.tau * math.sqrt(covariance[-1, -1])
    return np.asarray(np.linalg.inv(found.information[:-1, :-1]), dtype=float), None


def _saturated(likelihood: Likelihood, x: Floats) -> tuple[float, float]:
    # Log-likelihood with an odds ratio for each trial, and the Wald test that x explains them. Where a cell is zero
    # the steps run to infinity: the likelihood settles and the weight vanishes.
    k = len(x)
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
    root = np.sqrt(weight)
    rest = root * (delta - x @ np.linalg.lstsq(root[:, None] * x, root * delta, rcond=None)[0])
    return float(d.value.sum()), float(rest @ rest)


def _typical_variance(vi: Floats) -> float:
    w = 1 / vi
    return float((len(w) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())) if len(w) > 1 else float(1 / w[0])
