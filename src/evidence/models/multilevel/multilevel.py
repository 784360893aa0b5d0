"""Several effect sizes a trial: nested random effects, dependent sampling errors, robust tests."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import get_args, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_choice, require_level, require_number
from ...errors import InvalidInput, NotConverged, NotEstimable
from ..dependence.blocks import BlockDiagonal
from ..dependence.result import KIND_WORDS
from ..dependence.robust import robust_of, warn_unreliable
from ..dependence.sandwich import Kind
from ..design import Design, design_of
from ..engine.engine import Floats
from ..information import Information, criteria
from ..rows import complete_rows, read_rows
from ..studies import Effects, brings_variances
from ..values import numbers
from .containment import containment_df, model_coefficients
from .fitted_rows import working_model
from .given_covariance import read_sampling
from .mixed_fit import Asked, fit_mixed
from .mixed_model import MixedModel
from .nested_levels import Levels, LevelsGiven, group_codes, read_levels, with_levels
from .problem import Problem, make_problem
from .random_effect import RandomEffect
from .result import Method, Multilevel, Test
from .terms import read_terms
from .variance_components import State, maximise

_LEVELS = ("study", "row")
# variances of all levels together, in those between rows, that are none
_VANISHED = 1e-6


@overload
def multilevel(
    yi: Effects,
    vi: ArrayLike | None = None,
    levels: LevelsGiven = _LEVELS,
    *,
    random: None = None,
    rho: float = 0.6,
    V: BlockDiagonal | ArrayLike | None = None,
    formula: str | None = None,
    method: Method = "REML",
    test: Test = "t",
    robust: Kind | None = "CR2",
    level: float = 0.95,
) -> Multilevel: ...
@overload
def multilevel(
    yi: Effects,
    vi: ArrayLike | None = None,
    *,
    random: Sequence[RandomEffect],
    rho: float = 0.6,
    V: BlockDiagonal | ArrayLike | None = None,
    formula: str | None = None,
    method: Method = "REML",
    test: Test = "t",
    robust: Kind | None = "CR2",
    level: float = 0.95,
) -> MixedModel: ...
def multilevel(
    yi: Effects,
    vi: ArrayLike | None = None,
    levels: LevelsGiven = _LEVELS,
    *,
    random: Sequence[RandomEffect] | None = None,
    rho: float = 0.6,
    V: BlockDiagonal | ArrayLike | None = None,
    formula: str | None = None,
    method: Method = "REML",
    test: Test = "t",
    robust: Kind | None = "CR2",
    level: float = 0.95,
) -> Multilevel | MixedModel:
    """Pool effect sizes of which some come from the same trial.

    Parameters
    ----------
    yi : array-like, DataFrame or fit
        (k,) effect sizes, a frame of k rows with columns ``yi`` and ``vi``, the levels, and moderators, or a fit.
    vi : (k,) array-like
        Sampling variances. A frame or a fit brings its own; ``levels`` may then stand second.
    levels : column names, or mapping of name to one value a row
        Outermost first, of any depth; ("study", "row") by default. Each has a random effect, nested in the one before;
        "row" is each row by itself.
    random : list of RandomEffect
        In place of ``levels``: several outcomes with correlated effects, effects that change over weeks, groups that
        cross, known correlations.
    rho : float
        Correlation of sampling errors within the outermost level, or the groups of the first random effect, from which
        V is built when it is not given. The default, 0.6, is in the middle of what trials with raw data show; with
        ``robust`` it hardly matters.
    V : BlockDiagonal, (k, k) array or sparse matrix, or (k,) variances
        Covariance of the sampling errors, as `sampling_covariance` makes it.
    formula : str
        Moderators, as "~ week + C(style)"; a common mean by default.
    method : {"REML", "ML"}
    test : {"t", "z"}
        t with containment df, or normal; for the tests that trust the model.
    robust : {"CR0", "CR1", "CR2"} or None
        Cluster-robust standard errors by the outermost level, or by what ``random`` leaves independent. CR2 with REML,
        levels ("study", "row") and rho is the correlated-and-hierarchical-effects model of Pustejovsky & Tipton (2022),
        the default.
    level : float
        Coverage of the intervals.

    Returns
    -------
    Multilevel or MixedModel
        ``.estimate``, ``.sigma2`` by level, ``.profile()`` and more; a MixedModel, with ``.components`` in place of
        ``.sigma2``, where ``random`` is given.

    Raises
    ------
    InvalidInput
        Columns are missing, shapes differ, V is not symmetric, a moderator is redundant.
    NotEstimable
        A level has one group, or two levels make the same groups; too few groups to test; variances that the rows do
        not tell apart.

    Warns
    -----
    NotConverged
        The likelihood was still rising when the iterations ended.
    SmallSample
        Fewer than 4 Satterthwaite degrees of freedom, or a coefficient that rests in part on a single cluster.

    See Also
    --------
    pool : For one row a trial.
    RandomEffect : What ``random`` lists.
    robust : The same standard errors for any fit.
    sampling_covariance : V from correlations and shared arms.

    Notes
    -----
    yi = Xi b + sum of the effects of its groups + ei, effects ~ N(0, sigma2 of their level), e ~ N(0, V). All
    algebra is by cluster, never k x k.

    References
    ----------
    Konstantopoulos (2011), Research Synthesis Methods 2:61, 10.1002/jrsm.35.
    Van den Noortgate et al. (2013), Behavior Research Methods 45:576, 10.3758/s13428-012-0261-6.
    Berkey et al. (1998), Statistics in Medicine 17:2537. Nakagawa & Santos (2012), Evolutionary Ecology 26:1253.
    Pustejovsky & Tipton (2022), Prevention Science 23:425, 10.1007/s11121-021-01246-3.

    Examples
    --------
    >>> import pandas as pd, evidence as ev
    >>> frame = pd.DataFrame({"study": list("AABBCCDD"), "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1], "vi": 0.04})
    >>> fit = ev.multilevel(frame, robust=None)
    >>> round(fit.estimate, 4), {name: round(s, 2) for name, s in fit.sigma2.items()}
    (0.3125, {'study': 0.05, 'row': 0.04})
    """
    if brings_variances(yi) and vi is not None and levels is _LEVELS:
        vi, levels = None, vi  # type: ignore[assignment]  # read below, where wrong kinds are refused
    require_choice("method", method, get_args(Method))
    require_choice("test", test, get_args(Test))
    if robust is not None:
        require_choice("robust", robust, KIND_WORDS)
    require_level(level)
    require_number("rho", rho, -1, 1, "is not a correlation")
    if random is not None and levels is not _LEVELS:
        raise InvalidInput("random takes the place of levels; give one of the two")
    frame, names = with_levels(read_rows(yi, vi, variances=V is None), levels)
    complete = complete_rows(frame, V is None)
    if not complete.any():
        raise InvalidInput("no row has yi and vi")
    design = design_of(frame[complete], formula)
    complete[complete] = design.complete
    kept, asked, dropped = frame[complete], (method, test, robust, level), int((~complete).sum())
    y = numbers(kept["yi"], "yi")
    fit: Multilevel | MixedModel
    if random is None:
        nested = read_levels(frame, names, complete)
        sampling = read_sampling(frame, complete, nested.codes[0], nested.names[0], rho, V)
        fit = fit_nested(y, design, nested, sampling, kept, asked, dropped)
    else:
        terms = read_terms(kept, random)
        first = terms[0].given.within or terms[0].given.effect
        sampling = read_sampling(frame, complete, group_codes(frame, first, complete)[0], first, rho, V)
        fit = fit_mixed(y, design, terms, sampling, kept, asked, dropped)
    if fit.robust_fit is not None:
        warn_unreliable(fit.robust_fit, stacklevel=3)
    return fit


def fit_nested(
    y: Floats,
    design: Design,
    nested: Levels,
    sampling: BlockDiagonal,
    frame: pd.DataFrame,
    asked: Asked,
    dropped: int = 0,
) -> Multilevel:
    """The fit of rows that are read and complete.

    Raises
    ------
    NotEstimable
        Too few rows or groups for what is asked.
    """
    method, test, robust, level = asked
    problem = make_problem(y, design.x, sampling, nested.codes, method == "REML")
    state = _fit(problem, len(nested.names))
    _refuse_outweighed(problem, state, sampling.diagonals(), method)
    groups = [(codes, len(labels)) for codes, labels in zip(nested.codes, nested.labels, strict=True)]
    df = containment_df(design.x, groups)
    model = model_coefficients(design, df, state.beta, state.covariance, test, level, robust is None)
    blocks = tuple(stack.marginal(state.sigma2) for stack in problem.stacks)
    seen = working_model(problem, blocks, state.beta, design, y, level)
    robust_fit = None if robust is None else robust_of(seen, None, robust)
    return Multilevel(
        coefficients=model if robust_fit is None else robust_fit.coefficients,
        sigma2=dict(zip(nested.names, map(float, state.sigma2), strict=True)),
        groups=nested.groups,
        k=len(y),
        dropped=dropped,
        **_information(problem, state)._asdict(),
        robust_fit=robust_fit,
        model_coefficients=model,
        method=method,
        test=test,
        level=level,
        yi=y,
        sampling=sampling,
        frame=frame,
        _design=design,
        _levels=nested,
        _problem=problem,
        _state=state,
    )


def _fit(problem: Problem, count: int) -> State:
    try:
        state, converged = maximise(problem, np.full(count, problem.scale / (2 * count)), np.ones(count, dtype=bool))
    except np.linalg.LinAlgError:
        raise InvalidInput("V is not positive definite even with the random effects added to it") from None
    if not converged:
        warnings.warn(f"the variances had not settled; they stand at {state.sigma2}", NotConverged, stacklevel=4)
    return state


def _refuse_outweighed(problem: Problem, state: State, vi: Floats, method: str) -> None:
    if (vi == 0).any() and state.sigma2.sum() <= _VANISHED * problem.scale:
        raise NotEstimable(
            f"row {int(np.argmin(vi)) + 1} has vi = 0 and the variances of all levels are 0 ({method}), so it would "
            "outweigh all others without limit; give it its sampling variance, or leave it out"
        )


def _information(problem: Problem, state: State) -> Information:
    n = problem.k - problem.p if problem.restricted else problem.k
    return criteria(state.log_likelihood, problem.p + len(state.sigma2), n)
