"""Selection models: the effect as it was before studies were selected by their p value."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr

from ...effects.arguments import require_choice, shown
from ...errors import InvalidInput, NotConverged, NotEstimable
from ...models import information
from ...models.engine.engine import Floats, single
from ...models.engine.inference import Interval, critical
from ...models.univariate.nested import LikelihoodRatio
from ...models.univariate.pooled import Pooled
from ...models.univariate.regression import Regression
from ...models.values import numbers
from ..significant_p import Alternative
from ..source import Effects, read_fit, read_source
from .fit import Maximum, Problem, maximise
from .functions import FAMILIES, KINDS, Kind
from .likelihood import Selection, SmoothSelection, StepSelection
from .result import SelectionModel

_DELTA_MAX = 100.0
_SMALLEST_STEP_WEIGHT = 1e-8


def selection_model(
    effects: Effects,
    vi: ArrayLike | None = None,
    *,
    kind: Kind = "stepfun",
    steps: float | Sequence[float] = 0.025,
    alternative: Alternative = "greater",
) -> SelectionModel:
    """Fit a selection model.

    Parameters
    ----------
    effects : array-like, DataFrame, Pooled or Regression
        (k,) effect sizes, a frame with columns ``yi`` and ``vi``, or a fit of `pool` or, for moderators, of `regress`.
    vi : array-like, optional
        (k,) sampling variances, beside effect sizes.
    kind : str
        "stepfun" (the default), "beta", "halfnorm", "negexp", "logistic" or "power".
    steps : float or sequence of float
        One or several cut points between 0 and 1, for "stepfun"; the default, 0.025 one-sided, is a two-sided 5% in the
        expected direction, and makes the three-parameter model.
    alternative : str
        Which p values selection looked at: "greater", "less" or "two-sided".

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

    and yi ~ N(mu, vi + tau2) before that. Maximum likelihood of mu, tau2 and delta together; Wald intervals and
    the likelihood-ratio test of no selection, whatever method and test the fit used; tau2 is zero for "EE", or the
    value given to `pool`. For "beta" and "power", p values count as at least 1e-5 away from 0 and 1.

    References
    ----------
    Hedges (1992), Statistical Science 7:246, 10.1214/ss/1177011364.
    Vevea & Hedges (1995), Psychometrika 60:419, 10.1007/BF02294384.
    Citkowicz & Vevea (2017), Psychological Methods 22:28, 10.1037/met0000119.
    Preston, Ashby & Smyth (2004), Journal of Evaluation in Clinical Practice 10:313.

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
    naive = _naive(effects, vi)
    names, x = (naive.names, naive.x) if isinstance(naive, Regression) else (("mean",), np.ones((naive.k, 1)))
    # In units of the typical standard error, and turned so that selection favours high values.
    unit = float(np.median(np.sqrt(naive.vi))) * (-1 if alternative == "less" else 1)
    y, v = naive.yi / unit, naive.vi / unit**2
    cuts = _cuts(steps) if kind == "stepfun" else ()
    selection = _selection(kind, y, v, cuts, alternative == "two-sided")
    problem, starts, unselected = _problem(naive, kind, len(cuts) - 1, y, v, x, selection, unit)
    top = maximise(problem, starts)
    p = x.shape[1]
    _check(top, problem, p)
    ll = top.log_likelihood - naive.k * math.log(abs(unit))
    statistic = max(0.0, 2 * (top.log_likelihood - unselected))
    df = len(top.parameters) - p - 1
    half = float(critical(naive.level, np.array([math.inf]))[0])
    coefficients = _coefficients(names, top.parameters[:p] * unit, top.se[:p] * abs(unit), half)
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
        weights=_weights(cuts, selection, top, p, half),
        log_likelihood=ll,
        lr_test=LikelihoodRatio(statistic, df, float(chdtrc(df, statistic))),
        kind=kind,
        alternative=alternative,
        steps=cuts,
        naive=naive,
    )


def _naive(effects: Effects, vi: ArrayLike | None) -> Pooled | Regression:
    if isinstance(effects, Regression):
        return read_fit(effects, vi, "a selection model").fit
    return read_source(effects, vi, 3, "a selection model").fit


def _cuts(steps: float | Sequence[float]) -> tuple[float, ...]:
    cuts = sorted({float(step) for step in numbers([steps] if np.isscalar(steps) else steps, "steps")} - {1.0})
    if not cuts or not all(0 < cut < 1 for cut in cuts):
        raise InvalidInput(f"steps {shown(steps)} have to be cut points between 0 and 1, such as 0.025 or (0.025, 0.5)")
    return (*cuts, 1.0)


def _selection(kind: Kind, y: Floats, v: Floats, cuts: tuple[float, ...], two_sided: bool) -> Selection:
    if kind != "stepfun":
        return SmoothSelection(y, v, FAMILIES[kind], two_sided)
    selection = StepSelection(y, v, np.array(cuts), two_sided)
    counts = np.bincount(selection.interval, minlength=len(cuts))
    if (counts == 0).any():
        empty = int(np.flatnonzero(counts == 0)[0])
        low = (0.0, *cuts)[empty]
        raise NotEstimable(
            f"no study has a p value between {low:g} and {cuts[empty]:g} (studies by interval: {counts.tolist()}); "
            "choose other steps"
        )
    return selection


def _problem(
    naive: Pooled | Regression,
    kind: Kind,
    steps: int,
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
    if kind == "stepfun":
        lowest, deltas = _SMALLEST_STEP_WEIGHT, [np.ones(steps), np.full(steps, 0.2)]
    else:
        family = FAMILIES[kind]
        lowest = family.lowest
        deltas = [np.full(family.size, family.null), np.array(family.start)]
    d = len(deltas[0])
    # A between-study variance beyond this has left the data behind: the likelihood has no maximum.
    tau2_bounds = (tau2, tau2) if settings.fixed_tau2 else (0.0, 100 * (float(np.var(y)) + float(v.max())))
    bounds = [(-np.inf, np.inf)] * len(beta) + [tau2_bounds] + [(lowest, _DELTA_MAX)] * d
    lower, upper = np.array(bounds).T
    starts = [np.concatenate([b, [max(tau2, 0.01)], delta]) for b, delta in zip((beta, beta / 2), deltas, strict=True)]
    return Problem(y, v, x, selection, lower, upper), starts, unselected


def _check(top: Maximum, problem: Problem, p: int) -> None:
    at_top = (top.parameters >= problem.upper) & (problem.lower < problem.upper)
    if at_top[p]:
        raise NotEstimable("the likelihood keeps rising with tau2: these studies do not determine the selection model")
    if not top.converged:
        warnings.warn(
            "the search for the highest likelihood did not end; it is nearly flat", NotConverged, stacklevel=3
        )
    if at_top[p + 1 :].any():
        warnings.warn(
            f"a selection parameter stands at its bound of {_DELTA_MAX:g}; the likelihood keeps rising beyond it",
            NotConverged,
            stacklevel=3,
        )


def _coefficients(names: tuple[str, ...], beta: Floats, se: Floats, half: float) -> pd.DataFrame:
    statistic = beta / se
    return pd.DataFrame(
        {
            "estimate": beta,
            "se": se,
            "statistic": statistic,
            "df": math.inf,
            "p_value": 2 * ndtr(-np.abs(statistic)),
            "ci_low": beta - half * se,
            "ci_high": beta + half * se,
        },
        index=pd.Index(list(names)),
    )


def _weights(cuts: tuple[float, ...], selection: Selection, top: Maximum, p: int, half: float) -> pd.DataFrame:
    delta, se = top.parameters[p + 1 :], top.se[p + 1 :]
    names = [f"delta {i + 1}" for i in range(len(delta))]
    table = pd.DataFrame({"estimate": delta, "se": se}, index=pd.Index(names))
    if isinstance(selection, StepSelection):
        low = (0.0, *cuts[:-1])
        names = [f"{a:g} < p <= {b:g}" for a, b in zip(low, cuts, strict=True)]
        counts = np.bincount(selection.interval, minlength=len(cuts))
        table = pd.DataFrame(
            {
                "p_low": low,
                "p_high": cuts,
                "k": counts,
                "estimate": np.append(1.0, delta),
                "se": np.append(np.nan, se),
            },
            index=pd.Index(names),
        )
    # A weight cannot be negative, so neither can its interval.
    return table.assign(
        ci_low=np.maximum(table["estimate"] - half * table["se"], np.where(table["se"].isna(), np.nan, 0.0)),
        ci_high=table["estimate"] + half * table["se"],
    )
