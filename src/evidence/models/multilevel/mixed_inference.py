"""What a fit with random effects of any structure says of its variances and correlations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import chdtri

from ...errors import InvalidInput, NotEstimable
from ..engine.engine import Floats
from ..engine.inference import Interval
from .mixed_likelihood import Placed
from .mixed_maximum import Maximum, climb, inside
from .problem import Problem

_NEAR = 1e-6  # a correlation this near to the edge lies at it


def component_table(placed: Sequence[Placed], top: Maximum) -> pd.DataFrame:
    """Every variance and correlation, one row each."""
    rows = [
        {"effect": each.term.name, "parameter": name, "of": of, "estimate": float(value), "fixed": not free}
        for each, theta in zip(placed, top.theta, strict=True)
        for (name, of), value, free in zip(each.term.parameter_names(), theta, each.term.covariance.free, strict=True)
    ]
    return pd.DataFrame(rows)


def between_new(placed: Sequence[Placed], top: Maximum, new: pd.DataFrame) -> Floats:
    """Variance of the true effects of new rows: by their values where variances differ by value."""
    total = np.zeros(len(new))
    for each, theta in zip(placed, top.theta, strict=True):
        term = each.term
        spread = np.diag(term.covariance.matrix(theta))
        if term.covariance.variances == 1:
            total += spread[0]
            continue
        if term.given.effect not in new:
            raise InvalidInput(
                f"the variances of {term.name!r} differ by {term.given.effect!r}: new needs this column, too"
            )
        values = list(map(str, new[term.given.effect]))
        unknown = [value for value in values if value not in term.labels]
        if unknown:
            raise InvalidInput(f"{term.given.effect!r} is {unknown[0]!r} in new; the fit knows {list(term.labels)}")
        total += spread[[term.labels.index(value) for value in values]]
    return total


def heterogeneity_shares(problem: Problem, placed: Sequence[Placed], top: Maximum, x: Floats) -> pd.DataFrame:
    """Percent of the total variance by random effect, and by value where its variances differ."""
    spreads = [np.diag(each.term.covariance.matrix(theta)) for each, theta in zip(placed, top.theta, strict=True)]
    each_row = np.array([spread[one.term.inner] for one, spread in zip(placed, spreads, strict=True)])
    precision = _precision(problem)
    rows = []
    for at, one in enumerate(placed):
        several = one.term.covariance.variances > 1
        for code, label in enumerate(one.term.labels if several else ("",)):
            here = one.term.inner == code if several else np.ones(problem.k, dtype=bool)
            spare = here.sum() - np.linalg.matrix_rank(x[here])
            if not spare:
                raise NotEstimable(f"I2 of {one.term.name!r}: the rows of {label!r} are fitted exactly")
            typical = spare / precision[here].sum()
            mean = each_row[:, here].mean(axis=1)
            rows.append({"effect": one.term.name, "of": label, "share": 100 * mean[at] / (mean.sum() + typical)})
    return pd.DataFrame(rows)


def _precision(problem: Problem) -> Floats:
    """(k,) diagonal of P without random effects."""
    p, found, bread, kept = problem.p, np.empty(problem.k), np.zeros((problem.p, problem.p)), []
    for stack in problem.stacks:
        try:
            np.linalg.cholesky(stack.v)
        except np.linalg.LinAlgError:
            raise NotEstimable("I2 needs a V without perfect correlations and zero variances") from None
        w = np.linalg.inv(stack.v)
        wx = w @ stack.a[..., :p]
        bread += np.tensordot(stack.a[..., :p], wx, ([0, 1], [0, 1]))
        kept.append((np.diagonal(w, axis1=1, axis2=2), wx))
    c = np.linalg.inv(bread)
    for rows, (diagonal, wx) in zip(problem.rows, kept, strict=True):
        found[rows] = diagonal - np.einsum("nmp,pq,nmq->nm", wx, c, wx)
    return found


def profile_table(problem: Problem, placed: Sequence[Placed], top: Maximum, level: float) -> pd.DataFrame:
    """Each estimated parameter with its profile likelihood interval."""
    table = component_table(placed, top)
    bounds = []
    for at, each in enumerate(placed):
        for position, free in enumerate(each.term.covariance.free):
            bounds.append(_interval(problem, placed, top, at, position, level) if free else Interval(np.nan, np.nan))
    table[["ci_low", "ci_high"]] = np.array(bounds, dtype=float).reshape(len(table), 2)
    return table[~table["fixed"]].drop(columns="fixed").reset_index(drop=True)


def _interval(
    problem: Problem, placed: Sequence[Placed], top: Maximum, at: int, position: int, level: float
) -> Interval:
    covariance = placed[at].term.covariance
    low, high = (0.0, math.inf) if position < covariance.variances else covariance.bounds
    estimate = float(top.theta[at][position])
    if math.isnan(estimate):
        return Interval(low, high)
    lowest = top.fitted.log_likelihood - float(chdtri(1, 1 - level)) / 2

    def excess(value: float) -> float:
        fixed = covariance.fixed.copy()
        fixed[position] = value
        term = replace(placed[at].term, covariance=replace(covariance, fixed=fixed))
        held = [replace(each, term=term) if i == at else each for i, each in enumerate(placed)]
        starts = [
            inside(problem, each, own, fixed if i == at else None)
            for i, (each, own) in enumerate(zip(held, top.theta, strict=True))
        ]
        try:
            return climb(problem, held, starts).fitted.log_likelihood - lowest
        except np.linalg.LinAlgError:
            return -1e3

    if position >= covariance.variances:
        ends = [end * (1 - _NEAR) if end else 0.0 for end in (low, high)]
        return Interval(*(_edge(excess, end, estimate, whole) for end, whole in zip(ends, (low, high), strict=True)))
    lower = _edge(excess, 0.0, estimate, 0.0)
    far = estimate + max(estimate, 0.1 * problem.scale)
    while excess(far) > 0:
        far *= 2
        if far > 1e8 * problem.scale:
            return Interval(lower, math.inf)
    return Interval(lower, _crossing(excess, far, estimate))


def _edge(excess: Callable[[float], float], outside: float, estimate: float, edge: float) -> float:
    if abs(estimate - outside) <= _NEAR or excess(outside) >= 0:
        return edge
    return _crossing(excess, outside, estimate)


def _crossing(excess: Callable[[float], float], outside: float, inside: float) -> float:
    from scipy.optimize import brentq  # slow to import

    return float(brentq(excess, outside, inside, xtol=1e-12, rtol=1e-8, maxiter=100))
