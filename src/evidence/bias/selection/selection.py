"""Selection models: the effect as it was before studies were selected by their p value."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from ...effects.arguments import require_choice
from ...errors import InvalidInput, NotConverged, NotEstimable
from ...models import information
from ...models.engine.engine import Floats, single
from ...models.engine.inference import Interval, critical
from ...models.studies import Column, Studies
from ...models.univariate.nested import LikelihoodRatio
from ...models.univariate.pooled import Pooled
from ...models.univariate.regression import Regression
from ..significant_p import Alternative
from ..source import Effects, read_fit, read_source
from .fit import Maximum, Problem, maximise
from .functions import DELTA_MAX, FAMILIES, KINDS, Kind
from .likelihood import Selection, SmoothSelection, StepSelection
from .options import Deltas, Precision, Steps, read_deltas, read_precision, read_steps
from .result import SelectionModel
from .tables import coefficient_table, weight_table

_SMALLEST_STEP_WEIGHT = 1e-8


def selection_model(
    effects: Effects,
    vi: ArrayLike | None = None,
    *,
    kind: Kind = "stepfun",
    steps: Steps = None,
    alternative: Alternative = "greater",
    delta: Deltas = None,
    prec: Precision | None = None,
    ni: Column | None = None,
) -> SelectionModel:
    """Fit a selection model.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled or Regression
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool` or, for moderators, of `regress`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    kind : str
        "stepfun" (the default), "trunc", "beta", "halfnorm", "negexp", "logistic", "power" or "negexppow".
    steps : float or sequence of float, optional
        One or several cut points between 0 and 1, for "stepfun"; the default, 0.025 one-sided, is a two-sided 5% in the
        expected direction, and makes the three-parameter model. For "trunc" the effect below which studies are seen
        less, 0 by default; for the slopes (all others but "beta", which does not read it) a p value up to which w is 1,
        none by default.
    alternative : str
        Which p values selection looked at: "greater", "less" or "two-sided".
    delta : sequence of float or None, or str, optional
        Parameters of the selection function that are fixed, None where they are estimated. For steps the chances in all
        intervals, of which the first is 1. Or one of the patterns of Vevea & Woods (2005), which come with steps:
        "moderate", "severe", "moderate two-tailed", "severe two-tailed".
    prec : {"sei", "vi", "ninv", "sqrtninv"}, optional
        What multiplies the slope of a study: its standard error, variance, or the inverse of its people or of their
        root, as a share of the largest; for the slopes.
    ni : column name, or (k,) array-like, optional
        People of each study, for "ninv" and "sqrtninv".

    Returns
    -------
    SelectionModel
        The mean before selection, the selection function and the test of no selection.

    Raises
    ------
    InvalidInput
        An unknown kind or alternative, or steps that are no cut points.
    NotEstimable
        An interval of p values without a study, a flat likelihood, or one without a maximum.

    Warns
    -----
    NotConverged
        A selection parameter grew to its upper bound of 100, or the search did not end.

    See Also
    --------
    egger : Whether effects change with the size of studies.
    pet_peese : Adjusts for that instead.
    bias_table : All tests and adjusted estimates at once.

    Notes
    -----
    A study with p value p is seen with a chance proportional to w(p):

    - stepfun: w = delta_j for alpha_(j-1) < p <= alpha_j, delta_1 = 1
    - beta: p^(delta1 - 1) (1 - p)^(delta2 - 1)
    - halfnorm: exp(-delta p^2); negexp: exp(-delta p)
    - logistic: 2 exp(-delta p) / (1 + exp(-delta p)); power: (1 - p)^delta
    - negexppow: exp(-delta1 p^(1 / delta2)), delta2 from 1/2 to 2
    - trunc: 1 for effects above the step, delta for others; it looks at effects, not at p values

    and yi ~ N(mu, vi + tau2) before that. Maximum likelihood of mu, tau2 and delta together; Wald intervals and
    the likelihood-ratio test of no selection, whatever method and test the fit used; tau2 is zero for "EE", or the
    value given to `pool`. For "beta", "power" and "negexppow", p values count as at least 1e-5 away from 0 and 1. With
    every delta fixed there is nothing to test.

    References
    ----------
    Hedges (1992), Statistical Science 7:246, 10.1214/ss/1177011364.
    Vevea & Hedges (1995), Psychometrika 60:419, 10.1007/BF02294384.
    Citkowicz & Vevea (2017), Psychological Methods 22:28, 10.1037/met0000119.
    Preston, Ashby & Smyth (2004), Journal of Evaluation in Clinical Practice 10:313.
    Vevea & Woods (2005), Psychological Methods 10:428, 10.1037/1082-989X.10.4.428.
    Rust, Lehmann & Farley (1990), Journal of Marketing Research 27:220.

    Examples
    --------
    >>> import evidence as ev
    >>> yi = [0.71, 0.35, 1.79, 0.18, 0.42, 0.63, 0.72, 0.53, 0.28, 1.28, 0.10]
    >>> sei = [0.26, 0.20, 0.35, 0.12, 0.14, 0.20, 0.22, 0.21, 0.17, 0.34, 0.19]
    >>> model = ev.selection_model(yi, [s**2 for s in sei])
    >>> model.estimate < model.naive.estimate
    True
    """
    require_choice("kind", kind, KINDS)
    require_choice("alternative", alternative, get_args(Alternative))
    naive, studies = _naive(effects, vi)
    names, x = (naive.names, naive.x) if isinstance(naive, Regression) else (("mean",), np.ones((naive.k, 1)))
    # In units of the typical standard error, and turned so that selection favours high values.
    unit = float(np.median(np.sqrt(naive.vi))) * (-1 if alternative == "less" else 1)
    y, v = naive.yi / unit, naive.vi / unit**2
    cuts = read_steps(kind, steps, delta)
    fixed = read_deltas(kind, delta, cuts)
    precision = read_precision(kind, prec, v, ni, studies)
    selection = _selection(kind, y, v, cuts, alternative == "two-sided", unit, fixed, precision)
    problem, starts, unselected = _problem(naive, kind, fixed, y, v, x, selection, unit)
    p = x.shape[1]
    top = _maximum(kind, problem, starts, p)
    _check(top, problem, p)
    ll = top.log_likelihood - naive.k * math.log(abs(unit))
    statistic = max(0.0, 2 * (top.log_likelihood - unselected))
    df = int(np.isnan(fixed).sum())
    half = float(critical(naive.level, np.array([math.inf]))[0])
    coefficients = coefficient_table(names, top.parameters[:p] * unit, top.se[:p] * abs(unit), half)
    first = coefficients.iloc[0]
    return SelectionModel(
        estimate=float(first["estimate"]),
        se=float(first["se"]),
        ci=Interval(float(first["ci_low"]), float(first["ci_high"])),
        statistic=float(first["statistic"]),
        df=math.inf,
        p_value=float(first["p_value"]),
        tau2=float(top.parameters[p]) * unit**2,
        tau2_se=float(top.se[p]) * unit**2 if top.free[p] else None,
        coefficients=coefficients,
        weights=weight_table(kind, cuts, selection, top, p, half),
        log_likelihood=ll,
        lr_test=LikelihoodRatio(statistic, df, float(chdtrc(df, statistic))) if df else None,
        kind=kind,
        alternative=alternative,
        steps=cuts,
        naive=naive,
    )


def _naive(effects: Effects, vi: ArrayLike | None) -> tuple[Pooled | Regression, Studies]:
    if isinstance(effects, Regression):
        return read_fit(effects, vi, "a selection model")
    return read_source(effects, vi, 3, "a selection model")


def _selection(
    kind: Kind,
    y: Floats,
    v: Floats,
    cuts: tuple[float, ...],
    two_sided: bool,
    unit: float,
    fixed: Floats,
    precision: Floats | None,
) -> Selection:
    if kind == "trunc":
        if two_sided:
            raise InvalidInput('a step in the effect has one side: alternative="greater" or "less"')
        selection = StepSelection.of_effects(y, cuts[0] / unit)
        words = [f"lies above {cuts[0]:g}", f"lies at {cuts[0]:g} or below"][:: 1 if unit > 0 else -1]
    elif kind == "stepfun":
        selection = StepSelection(y, v, np.array(cuts), two_sided)
        words = [f"has a p value between {a:g} and {b:g}" for a, b in zip((0.0, *cuts), cuts, strict=False)]
    else:
        return SmoothSelection(y, v, FAMILIES[kind], two_sided, cuts[0] if cuts else None, precision)
    counts = np.bincount(selection.interval, minlength=len(cuts))
    # the first interval is what the others are measured by
    estimated = np.append(np.isnan(fixed).any(), np.isnan(fixed))
    for empty in np.flatnonzero((counts == 0) & estimated)[:1]:
        raise NotEstimable(f"no study {words[empty]} (studies by interval: {counts.tolist()}); choose other steps")
    return selection


def _problem(
    naive: Pooled | Regression,
    kind: Kind,
    fixed: Floats,
    y: Floats,
    v: Floats,
    x: Floats,
    selection: Selection,
    unit: float,
) -> tuple[Problem, list[Floats], float]:
    """Bounds and starts, and the log-likelihood of the same model without selection."""
    settings = replace(naive.settings, weighted=True)
    known = settings.tau2 is not None and settings.random
    if not settings.fixed_tau2:
        settings = replace(settings, method="ML")
    elif known:
        settings = replace(settings, method="ML", tau2=(settings.tau2 or 0.0) / unit**2)
    batch = single(settings, y, v, x)
    beta, tau2 = batch.beta[0], float(batch.tau2[0])
    unselected = information.log_likelihood(y, v, x, beta, tau2, False)
    if kind == "stepfun" or kind == "trunc":
        ranges = [(_SMALLEST_STEP_WEIGHT, DELTA_MAX)] * len(fixed)
        deltas = [np.ones(len(fixed)), np.full(len(fixed), 0.2)]
    else:
        family = FAMILIES[kind]
        ranges = list(family.bounds)
        deltas = [np.broadcast_to(family.null, family.size).astype(float), np.array(family.start)]
    spans = [own if np.isnan(value) else (value, value) for own, value in zip(ranges, fixed, strict=True)]
    # A between-study variance beyond this has left the data behind: the likelihood has no maximum.
    tau2_bounds = (tau2, tau2) if settings.fixed_tau2 else (0.0, 100 * (float(np.var(y)) + float(v.max())))
    bounds = [(-np.inf, np.inf)] * len(beta) + [tau2_bounds] + spans
    lower, upper = np.array(bounds).T
    starts = [np.concatenate([b, [max(tau2, 0.01)], delta]) for b, delta in zip((beta, beta / 2), deltas, strict=True)]
    return Problem(y, v, x, selection, lower, upper), starts, unselected


def _maximum(kind: Kind, problem: Problem, starts: list[Floats], p: int) -> Maximum:
    """The maximum; without selection, a power of p says nothing and stays at 1."""
    try:
        return maximise(problem, starts)
    except NotEstimable:
        if kind != "negexppow" or problem.lower[p + 1] > 0:
            raise
        held = replace(problem, lower=problem.lower.copy(), upper=problem.upper.copy())
        held.lower[p + 2] = held.upper[p + 2] = 1.0
        top = maximise(held, starts)
        if top.parameters[p + 1] > 0:
            raise
        return top


def _check(top: Maximum, problem: Problem, p: int) -> None:
    at_top = (top.parameters >= problem.upper) & (problem.lower < problem.upper)
    at_top[p + 1 :] &= problem.upper[p + 1 :] == DELTA_MAX
    if at_top[p]:
        raise NotEstimable("the likelihood keeps rising with tau2: these studies do not determine the selection model")
    if not top.converged:
        warnings.warn(
            "the search for the highest likelihood did not end; it is nearly flat", NotConverged, stacklevel=3
        )
    if at_top[p + 1 :].any():
        warnings.warn(
            f"a selection parameter stands at its bound of {DELTA_MAX:g}; the likelihood keeps rising beyond it",
            NotConverged,
            stacklevel=3,
        )
