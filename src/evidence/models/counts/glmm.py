"""Mixed models of counts: random-effects odds ratios, proportions and rates without zero-cell corrections."""

from __future__ import annotations

from typing import Any, Literal, get_args, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...effects.arguments import require_choice, require_level
from ...effects.measures.names import measure_name
from ...errors import InvalidInput, NotEstimable
from ..design import Design, build_design, refuse_collinear
from ..studies import Column
from .glm_start import glm_start
from .glmm_fit import fitted
from .glmm_regression import GlmmRegression
from .glmm_result import Glmm
from .likelihoods import MODELS, GlmmModel
from .one_group import read_groups
from .two_by_two import Tables, read_tables

GlmmMethod = Literal["ML", "EE"]
#: Measures of one group, and what their model is called.
ONE_GROUP = {"PLO": "logistic", "IRLN": "Poisson"}
_MEASURES = ("OR", *ONE_GROUP)
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
    measure: str = "OR",
    xi: ArrayLike | None = None,
    mi: ArrayLike | None = None,
    ni: ArrayLike | None = None,
    ti: ArrayLike | None = None,
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
    measure: str = "OR",
    xi: ArrayLike | None = None,
    mi: ArrayLike | None = None,
    ni: ArrayLike | None = None,
    ti: ArrayLike | None = None,
    formula: str | None = None,
    level: float = 0.95,
    slab: Column | None = None,
) -> Glmm | GlmmRegression:
    """Pool odds ratios, or the proportions or rates of single groups, by a mixed model of the counts.

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
    measure : {"OR", "PLO", "IRLN"}
        "OR": log odds ratio of two groups. "PLO": logit of the proportion of one group, from ``xi`` and ``ni``
        (binomial). "IRLN": log of the rate of one group, from ``xi`` and ``ti`` (Poisson).
    xi : (k,) array-like, optional
        People of the one group with the event, or its events.
    mi : (k,) array-like, optional
        People without it.
    ni : (k,) array-like, optional
        People in all, in place of ``mi``.
    ti : (k,) array-like, optional
        Person-time.
    formula : str, optional
        Moderators of the log odds ratio, columns of the frame: "~ year + C(style)".
    level : float
        Coverage of the intervals.
    slab : str or (k,) array-like, optional
        Labels of the trials, or the name of a column of the frame; by default as for `pool`.

    Returns
    -------
    Glmm or GlmmRegression
        Mean log odds ratio, logit or log rate, its variance between trials, and tests; with ``formula`` the
        coefficients.

    Raises
    ------
    InvalidInput
        Counts are missing, negative or do not fit together; a formula without a frame, of what is not a column, or of
        single groups.
    NotEstimable
        No trial is informative, or the odds ratio (proportion, rate) is zero or infinite in all of them.

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
    >>> print(ev.glmm(measure="PLO", xi=[0, 3, 11, 4], ni=[18, 41, 60, 22]).sentence())
    Across 4 trials the average proportion is 0.12 (95% confidence interval 0.06 to 0.22).
    """
    measure = measure_name(measure, _MEASURES)
    require_choice("model", model, MODELS)
    require_choice("method", method, get_args(GlmmMethod))
    require_level(level)
    told: dict[str, Any] = {"model": model, "method": method, "level": level, "dropped": 0}
    if measure == "OR":
        if any(value is not None for value in (xi, mi, ni, ti)):
            raise InvalidInput("OR takes ai, bi, ci, di; xi, mi, ni and ti are for PLO and IRLN")
        read = read_tables(ai, bi, ci, di, n1, n2)
        keep, design = _moderated(read, formula)
        tables = read.only(keep)
        _refuse_undetermined(tables)
        own = read.studies("OR", slab).only(keep[read.informative])
        told["dropped"] = read.k - tables.k
        likelihood, start = MODELS[model].likelihood(tables), glm_start(tables, design.x)
        return fitted(likelihood, own, design, start, method == "ML", told, formula=formula)
    if any(value is not None for value in (bi, ci, di, n1, n2)):
        raise InvalidInput(f"{measure} is of one group: it takes xi with ni, mi or ti, and no counts of a second group")
    if formula is not None:
        raise InvalidInput(f"formula={formula!r}: moderators are of odds ratios, not of {measure}")
    groups = read_groups(measure, ai, {"xi": xi, "mi": mi, "ni": ni, "ti": ti})
    own, told["model"] = groups.studies(measure, slab), ONE_GROUP[measure]
    return fitted(
        groups, own, _mean_only(own.k), np.zeros(1), method == "ML", told, measure=measure, origin=groups.origin
    )


def _mean_only(k: int) -> Design:
    return Design(np.ones((k, 1)), ("Intercept",), np.ones(k, dtype=bool), None)


def _moderated(read: Tables, formula: str | None) -> tuple[NDArray[np.bool_], Design]:
    """Trials with information and all moderators, and the design of these."""
    keep = read.informative.copy()
    if formula is None:
        return keep, _mean_only(int(keep.sum()))
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


def _refuse_undetermined(t: Tables) -> None:
    if not t.k:
        raise NotEstimable(_NO_INFORMATION)
    low, high = np.maximum(0, t.events - t.n2), np.minimum(t.n1, t.events)
    for bound, word in ((low, "zero"), (high, "infinite")):
        if (t.ai == bound).all():
            raise NotEstimable(f"the odds ratio is {word} in every trial, and so is its pooled estimate")
