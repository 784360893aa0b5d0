"""(Restricted) maximum likelihood of the variances of nested random effects, block by block.

The model is y = X b + sum over levels l of Z_l u_l + e with u_l ~ N(0, sigma2_l I) and e ~ N(0, V), so that the
marginal variance is M = V + sum sigma2_l G_l, where G_l is 1 for rows of the same group of level l. With W = M^-1
and P = W - W X (X'WX)^-1 X'W:

    score_l       = -1/2 tr(P G_l) + 1/2 y'P G_l P y
    expected_lm   =  1/2 tr(P G_l P G_m)
    observed_lm   = -1/2 tr(P G_l P G_m) + y'P G_l P G_m P y

(REML; for ML the traces take W in place of P). Harville (1977), Journal of the American Statistical Association
72:320. Everything is a sum over clusters, and clusters of one size are done in one call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..engine.engine import Floats
from .problem import Problem

_TOLERANCE = 1e-10
_ITERATIONS = 200


@dataclass(frozen=True, eq=False)
class State:
    """The likelihood and what follows from it at one sigma2.

    Attributes
    ----------
    sigma2 : (L,) array
    log_likelihood : float
        With all constants.
    rss : float
        y'Py.
    score : (L,) array
    expected : (L, L) array
        Expected Fisher information.
    observed : (L, L) array
        Observed Fisher information.
    beta : (p,) array
    covariance : (p, p) array
        (X'WX)^-1.
    """

    sigma2: Floats
    log_likelihood: float
    rss: float
    score: Floats
    expected: Floats
    observed: Floats
    beta: Floats
    covariance: Floats


def maximise(problem: Problem, start: Floats, free: NDArray[np.bool_]) -> tuple[State, bool]:
    """Climb to the maximum over the ``free`` variances, none of them negative.

    Projected Newton steps with the observed information where it is positive definite, the expected one elsewhere,
    halved until the likelihood rises (Bertsekas 1982, SIAM Journal on Control and Optimization 20:221).

    Returns
    -------
    state : State
    converged : bool
    """
    state = evaluate(problem, start)
    for _ in range(_ITERATIONS):
        move = free & ~((state.sigma2 <= 0) & (state.score <= 0))
        if not move.any():
            return state, True
        better, change = _ascend(problem, state, move)
        if better is None:
            return state, change <= 1e-6 * problem.scale
        state = better
        if change <= _TOLERANCE * (state.sigma2.sum() + 1e-3 * problem.scale):
            return state, True
    return state, False


def evaluate(problem: Problem, sigma2: Floats) -> State:
    """Log-likelihood with its derivatives.

    Raises
    ------
    numpy.linalg.LinAlgError
        M is not positive definite: V is singular and ``sigma2`` does not make up for it.
    """
    p, levels = problem.p, len(sigma2)
    log_determinant = 0.0
    inner = np.zeros((p + 1, p + 1))  # A'WA
    traces = np.zeros(levels)  # tr(W G_l)
    trace_pairs = np.zeros((levels, levels))  # tr(W G_l W G_m)
    b = np.zeros((levels, p + 1, p + 1))  # A'W G_l W A
    d = np.zeros((levels, levels, p + 1, p + 1))  # A'W G_l W G_m W A
    for stack in problem.stacks:
        m = stack.marginal(sigma2)
        log_determinant += 2 * float(np.log(np.diagonal(np.linalg.cholesky(m), axis1=1, axis2=2)).sum())
        w = np.linalg.inv(m)
        wa = w @ stack.a
        inner += _inner(stack.a, wa)
        wg = [w if same is None else w @ same for same in stack.same]
        gwa = [wa if same is None else same @ wa for same in stack.same]
        for i in range(levels):
            traces[i] += float(np.einsum("nii->", wg[i]))
            b[i] += _inner(wa, gwa[i])
            wgwa = w @ gwa[i]
            for j in range(i + 1):
                trace_pairs[i, j] += float(np.vdot(wg[i], wg[j].transpose(0, 2, 1)))
                d[i, j] += _inner(gwa[j], wgwa)
    covariance = np.linalg.inv(inner[:p, :p])
    beta = covariance @ inner[:p, p]
    contrast = np.append(-beta, 1.0)  # W A contrast = P y
    quadratic = d @ contrast @ contrast
    bx = (b @ contrast)[:, :p]
    quadratic -= np.tril(bx @ covariance @ bx.T)
    if problem.restricted:
        cb = covariance @ b[:, :p, :p]
        traces = traces - np.einsum("lii->l", cb)
        trace_pairs = trace_pairs - 2 * np.einsum("ij,lmji->lm", covariance, d[:, :, :p, :p])
        trace_pairs += np.tril(np.einsum("lij,mji->lm", cb, cb))
    trace_pairs, quadratic = _mirror(trace_pairs), _mirror(quadratic)
    rss = float(contrast @ inner @ contrast)
    log_likelihood = -0.5 * (log_determinant + rss + problem.k * np.log(2 * np.pi))
    if problem.restricted:
        # X = QR: 1/2 log|X'X| - 1/2 log|X'WX| = -1/2 log|Q'WQ|.
        log_likelihood -= 0.5 * (float(np.linalg.slogdet(inner[:p, :p])[1]) - p * np.log(2 * np.pi))
    back = np.linalg.inv(problem.r)
    return State(
        sigma2=sigma2,
        log_likelihood=float(log_likelihood),
        rss=rss,
        score=-0.5 * traces + 0.5 * (b @ contrast @ contrast),
        expected=0.5 * trace_pairs,
        observed=-0.5 * trace_pairs + quadratic,
        beta=back @ (problem.least_squares + beta),
        covariance=back @ covariance @ back.T,
    )


def _ascend(problem: Problem, state: State, move: NDArray[np.bool_]) -> tuple[State | None, float]:
    # One accepted step and its length; None when no step raises the likelihood.
    change = 0.0
    for step in _directions(state, move):
        shrink = 1.0
        for _ in range(30):
            new = np.maximum(state.sigma2 + shrink * step, 0.0)
            change = float(np.abs(new - state.sigma2).max())
            try:
                better = evaluate(problem, new)
            except np.linalg.LinAlgError:
                shrink *= 0.5
                continue
            gain = better.log_likelihood - state.log_likelihood
            rises = gain >= 1e-4 * float(state.score @ (new - state.sigma2))
            at_top = change <= _TOLERANCE * problem.scale and gain >= -1e-8 * (1 + abs(state.log_likelihood))
            if (rises and gain >= 0) or at_top:
                return better, change
            shrink *= 0.5
            if change <= 1e-14 * problem.scale:
                break
    return None, change


def _directions(state: State, move: NDArray[np.bool_]) -> list[Floats]:
    directions = []
    score = state.score[move]
    for information in (state.observed, state.expected):
        part = information[np.ix_(move, move)]
        try:
            np.linalg.cholesky(part)
        except np.linalg.LinAlgError:
            continue
        directions.append(np.linalg.solve(part, score))
    curvature = np.diagonal(state.expected)[move]
    directions.append(np.divide(score, curvature, out=np.zeros(len(score)), where=curvature > 0))
    full = []
    for direction in directions:
        step = np.zeros(len(move))
        step[move] = direction
        full.append(step)
    return full


def _inner(left: Floats, right: Floats) -> Floats:
    return left.reshape(-1, left.shape[2]).T @ right.reshape(-1, right.shape[2])


def _mirror(lower: Floats) -> Floats:
    return lower + np.tril(lower, -1).T
