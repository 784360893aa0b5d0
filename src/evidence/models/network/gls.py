"""Least squares over the trials of a network, and how much the trials differ."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...errors import NotConverged
from ..engine.engine import Floats
from ..multilevel.problem import stacked
from ..multilevel.variance_components import maximise
from .contrasts import Trials

NetworkMethod = Literal["REML", "ML", "DL", "EE"]


@dataclass(frozen=True, eq=False)
class Gls:
    """Generalised least squares at one tau2.

    Attributes
    ----------
    beta : (p,) array
    covariance : (p, p) array
    rss : float
        y'Py.
    trace : float
        tr(PH), H being what tau2 multiplies.
    df : int
        Contrasts less coefficients.
    """

    beta: Floats
    covariance: Floats
    rss: float
    trace: float
    df: int


def treatment_design(trials: Trials, reference: int) -> list[Floats]:
    """One column a treatment but the reference, (n, m - 1, T - 1) for each stack: consistency."""
    count = len(trials.treatments)
    others = np.delete(np.arange(count), reference)
    return [stack.design(count)[..., others] for stack in trials.stacks]


def gls(trials: Trials, x: Sequence[Floats], tau2: float) -> Gls:
    """Fit y = X b + e, e ~ N(0, V + tau2 H), trial by trial.

    Parameters
    ----------
    x : for each stack an (n, m - 1, p) array
    """
    p = x[0].shape[2]
    xwx, xwy, ywy = np.zeros((p, p)), np.zeros(p), 0.0
    xwhwx, trace, k = np.zeros((p, p)), 0.0, 0
    for stack, design in zip(trials.stacks, x, strict=True):
        h, y = stack.heterogeneity, stack.y
        w = np.linalg.inv(stack.v + tau2 * h)
        wx = w @ design
        xwx += np.einsum("nij,nik->jk", design, wx)
        xwy += np.einsum("nij,ni->j", wx, y)
        ywy += float(np.einsum("ni,nij,nj->", y, w, y))
        xwhwx += np.einsum("nij,nik,nkl->jl", wx, h, wx)
        trace += float(np.einsum("nij,nji->", w, h))
        k += y.size
    covariance = np.asarray(np.linalg.inv(xwx), dtype=float)
    beta: Floats = covariance @ xwy
    return Gls(beta, covariance, max(ywy - float(xwy @ beta), 0.0), trace - float(np.sum(covariance * xwhwx)), k - p)


def estimate_tau2(trials: Trials, x: Sequence[Floats], method: NetworkMethod) -> float:
    """Variance of the true contrasts of two treatments between trials; 0 where no trial repeats another.

    Notes
    -----
    DL: (Q - df) / tr(PH) at tau2 = 0, not below zero (Jackson, White & Riley 2012, Statistics in Medicine 31:3805).
    ML, REML: the maximum of the (restricted) likelihood.
    """
    fixed = gls(trials, x, 0.0)
    if method == "EE" or fixed.df <= 0:
        return 0.0
    if method == "DL":
        return max((fixed.rss - fixed.df) / fixed.trace, 0.0)
    design = np.concatenate([each.reshape(-1, each.shape[2]) for each in x])
    same: list[tuple[Floats | None, ...]] = [(np.array(stack.heterogeneity),) for stack in trials.stacks]
    problem = stacked(trials.y(), design, trials.v(), same, method == "REML")
    state, converged = maximise(problem, np.array([problem.scale / 2]), np.array([True]))
    if not converged:
        warnings.warn(f"tau2 had not settled; it stands at {state.sigma2[0]:.4g}", NotConverged, stacklevel=3)
    return float(state.sigma2[0])
