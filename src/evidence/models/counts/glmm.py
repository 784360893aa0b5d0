"""Logistic mixed models of 2x2 tables: random-effects odds ratios without zero-cell corrections."""

from __future__ import annotations

import math
import warnings
from typing import Any, Literal, get_args, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...effects.arguments import require_choice, require_level
from ...errors import InvalidInput, NotConverged, NotEstimable
from ..design import Design, build_design, refuse_collinear
from ..engine.engine import Floats
from ..engine.inference import Interval, critical, two_sided_p
from ..information import criteria
from ..studies import Column
from ..wald import coefficient_table, joint_test, tested_coefficients
from .glm_start import glm_start
from .glmm_regression import GlmmRegression
from .glmm_result import Glmm
from .likelihood import Likelihood
from .likelihoods import MODELS, GlmmModel
from .random_odds_ratios import RandomOddsRatios, maximise
from .result import chi_square
from .two_by_two import Tables, read_tables

GlmmMethod = Literal["ML", "EE"]
_NO_INFORMATION = "no trial has both people with and people without the event"


@overload
def glmm(
    ai: ArrayLike | pd.DataFrame | None = None,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    model: GlmmModel = "UM.FS",
    method: GlmmMethod = "ML",
    *,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    formula: None = None,
    level: float = 0.95,
    slab: Column | None = None,
) -> Glmm: ...
@overload
def glmm(
    ai: pd.DataFrame,
    *,
    model: GlmmModel = "UM.FS",
    method: GlmmMethod = "ML",
    formula: str,
    level: float = 0.95,
    slab: Column | None = None,
) -> GlmmRegression: ...
def glmm(
    ai: ArrayLike | pd.DataFrame | None = None,
    bi: ArrayLike | None = None,
    ci: ArrayLike | None = None,
    di: ArrayLike | None = None,
    model: GlmmModel = "UM.FS",
    method: GlmmMethod = "ML",
    *,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    formula: str | None = None,
    level: float = 0.95,
    slab: Column | None = None,
) -> Glmm | GlmmRegression:
    """Pool odds ratios by a logistic mixed model.

    Parameters
    ----------
    ai : (k,) array-like, or DataFrame
        People of group 1 with the event; or a frame with all counts in columns of these names. Zero cells stay as
        they are; trials with no event, or nothing but events, carry no information and are left out. Series are
        paired by their labels.
    bi : (k,) array-like, optional
        People of group 1 without the event.
    ci : (k,) array-like, optional
        People of group 2 with it.
    di : (k,) array-like, optional
        People of group 2 without it.
    model : {"UM.FS", "CM.EL", "CM.AL"}
        "UM.FS": both groups binomial, a baseline for each trial. "CM.EL": noncentral hypergeometric, the number of
        events of a trial fixed; better than UM.FS for many small trials, whose baselines are then not estimated.
        "CM.AL": its binomial approximation for rare events.
    method : {"ML", "EE"}
        Maximum likelihood of odds ratios that differ, or one common odds ratio.
    n1 : (k,) array-like, optional
        People in group 1, in place of ``bi``.
    n2 : (k,) array-like, optional
        People in group 2, in place of ``di``.
    formula : str, optional
        Moderators of the log odds ratio, columns of the frame: "~ year + C(style)".
    level : float
        Coverage of the intervals.
    slab : str or (k,) array-like, optional
        Labels of the trials, or the name of a column of the frame; by default as for `pool`.

    Returns
    -------
    Glmm or GlmmRegression
        Mean log odds ratio, its variance between trials, and tests; with ``formula`` the coefficients.

    Raises
    ------
    InvalidInput
        Counts are missing, negative or do not fit together; a formula without a frame, or of what is not a column.
    NotEstimable
        No trial is informative, or the odds ratio is zero or infinite in all of them.

    Warns
    -----
    NotConverged
        The likelihood was still rising when the search ended.

    See Also
    --------
    mantel_haenszel : One odds, risk or rate ratio for all trials.
    peto : For rare events and groups of like size.
    effect_size : Each trial's own odds ratio, for `pool`.

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
    require_choice("model", model, MODELS)
    require_choice("method", method, get_args(GlmmMethod))
    require_level(level)
    read = read_tables(ai, bi, ci, di, n1, n2)
    keep, design = _moderated(read, formula)
    tables = read.only(keep)
    _refuse_undetermined(tables)
    x, k = design.x, tables.k
    likelihood = MODELS[model].likelihood(tables)
    common = maximise(likelihood, x, random=False, start=glm_start(tables, x))
    random = method == "ML" and k > x.shape[1]
    found = maximise(likelihood, x, random=True, start=common.beta) if random else common
    if not found.converged:
        warnings.warn(
            f"the likelihood was still rising at {found.beta.round(4)}, tau {found.tau:g}", NotConverged, stacklevel=2
        )
    own = read.studies("OR", slab).only(keep[read.informative])
    covariance, tau2_se = _covariance(found)
    free, wald = _saturated(likelihood, x)
    parameters = x.shape[1] + (method == "ML") + (k if likelihood.nuisance else 0)
    told = {
        "tau2": found.tau**2,
        "tau2_se": tau2_se,
        "likelihood_ratio": chi_square(max(2 * (free - common.log_likelihood), 0.0), k - x.shape[1]),
        "wald": chi_square(wald, k - x.shape[1]),
        **criteria(found.log_likelihood, parameters, 2 * k if likelihood.nuisance else k)._asdict(),
        "k": k,
        "dropped": read.k - k,
        "model": model,
        "method": method,
        "level": level,
        "yi": own.yi,
        "vi": own.vi,
        "slab": own.slab,
        "frame": own.frame,
    }
    return _mean(found, covariance, told) if formula is None else _regression(found, covariance, told, design, formula)


def _moderated(read: Tables, formula: str | None) -> tuple[NDArray[np.bool_], Design]:
    """Trials with information and all moderators, and the design of these."""
    keep = read.informative.copy()
    if formula is None:
        k = int(keep.sum())
        return keep, Design(np.ones((k, 1)), ("Intercept",), np.ones(k, dtype=bool), None)
    if read.rows.frame is None:
        raise InvalidInput(f"formula {formula!r} names columns: give a frame with the counts and the moderators")
    if not keep.any():
        raise NotEstimable(_NO_INFORMATION)
    design = build_design(formula, read.rows.frame[keep])
    keep[keep] = design.complete
    if not keep.any():
        raise InvalidInput("no trial with information has all the moderators of the formula")
    refuse_collinear(design.x, design.names)
    return keep, design


def _mean(found: RandomOddsRatios, covariance: Floats, told: dict[str, Any]) -> Glmm:
    estimate, se, sampling = float(found.beta[0]), math.sqrt(covariance[0, 0]), _typical_variance(told["vi"])
    half = float(critical(told["level"], np.array([np.inf]))[0]) * se
    return Glmm(
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


def _refuse_undetermined(t: Tables) -> None:
    if not t.k:
        raise NotEstimable(_NO_INFORMATION)
    low, high = np.maximum(0, t.events - t.n2), np.minimum(t.n1, t.events)
    for bound, word in ((low, "zero"), (high, "infinite")):
        if (t.ai == bound).all():
            raise NotEstimable(f"the odds ratio is {word} in every trial, and so is its pooled estimate")


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
