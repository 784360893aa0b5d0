"""Fit random effects of any structure to rows that are read and complete."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...errors import InvalidInput, NotConverged, NotEstimable
from ..dependence.blocks import BlockDiagonal, partition
from ..dependence.robust import robust_of
from ..dependence.sandwich import Kind
from ..design import Design
from ..engine.engine import Floats
from ..information import criteria
from .containment import containment_df, model_coefficients
from .fitted_rows import working_model
from .mixed_likelihood import Placed, place
from .mixed_maximum import Maximum, climb, find_maximum
from .mixed_model import MixedModel, components_of
from .problem import Problem, stacked
from .result import Method, Test
from .terms import Term, components

Asked = tuple[Method, Test, Kind | None, float]
"""Method, test, kind of cluster-robust errors and level."""


def fit_mixed(
    y: Floats,
    design: Design,
    terms: Sequence[Term],
    sampling: BlockDiagonal,
    frame: pd.DataFrame,
    asked: Asked,
    dropped: int = 0,
    start: Sequence[Floats] | None = None,
) -> MixedModel:
    """The fit of rows that are read and complete; from ``start``, where something like it is known.

    Raises
    ------
    NotEstimable
        Too few rows or groups for what is asked, or parameters that the rows do not tell apart.
    """
    method, test, robust, level = asked
    free = sum(int(term.covariance.free.sum()) for term in terms)
    if free > len(y) - design.x.shape[1]:
        raise NotEstimable(
            f"{free} variances and correlations cannot be estimated from {len(y)} rows: take a simpler structure"
        )
    codes = components(terms, sampling)
    if robust is not None and not codes.any():
        raise NotEstimable(
            "the random effects tie all rows together, which leaves no clusters for robust standard errors: take "
            "robust=None"
        )
    sampling = sampling.within(partition(codes))
    problem = stacked(y, design.x, sampling, [() for _ in sampling.rows], method == "REML")
    placed = tuple(place(term, sampling.rows) for term in terms)
    top = _top(problem, placed, start)
    groups = [(term.outer if term.given.R is None else term.inner, len(term.groups)) for term in terms]
    df = containment_df(design.x, groups)
    model = model_coefficients(design, df, top.fitted.beta, top.fitted.covariance, test, level, robust is None)
    seen = working_model(problem, top.fitted.blocks, top.fitted.beta, design, y, level)
    robust_fit = None if robust is None else robust_of(seen, None, robust)
    table, covariances, edge = components_of(placed, top)
    n = problem.k - problem.p if problem.restricted else problem.k
    return MixedModel(
        coefficients=model if robust_fit is None else robust_fit.coefficients,
        components=table,
        covariances=covariances,
        groups={term.given.within or term.given.effect: len(term.groups) for term in terms},
        edge=edge,
        k=len(y),
        dropped=dropped,
        **criteria(top.fitted.log_likelihood, problem.p + free, n)._asdict(),
        robust_fit=robust_fit,
        model_coefficients=model,
        method=method,
        test=test,
        level=level,
        yi=y,
        sampling=sampling,
        frame=frame,
        _design=design,
        _problem=problem,
        _placed=placed,
        _top=top,
    )


def _top(problem: Problem, placed: Sequence[Placed], start: Sequence[Floats] | None) -> Maximum:
    try:
        top = find_maximum(problem, placed) if start is None else climb(problem, placed, start)
    except np.linalg.LinAlgError:
        raise InvalidInput("V is not positive definite even with the random effects added to it") from None
    if not top.converged:
        where = [[round(float(value), 4) for value in theta] for theta in top.theta]
        warnings.warn(
            f"the variances had not settled; they stand at {where}: a simpler structure may do",
            NotConverged,
            stacklevel=5,
        )
    return top
