"""The model in which each design of a network (the set of treatments a trial compares) has effects of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from ..dependence.blocks import Ints
from ..engine.engine import Floats
from .contrasts import Arms, Trials
from .gls import NetworkMethod

_GRID = np.append(0.0, np.geomspace(1e-6, 1e3, 46))  # where maxima are looked for, in typical variances


@dataclass(frozen=True, eq=False)
class Designs:
    """Which trials are of which design.

    Attributes
    ----------
    stacks : tuple of Arms
    which : tuple of (n,) int arrays
        For each stack the design of each trial, from 0.
    names : tuple of str
        "A : B : C", stack by stack.
    k : (D,) int array
        Trials.
    df : (D,) int array
        Degrees of freedom.
    """

    stacks: tuple[Arms, ...]
    which: tuple[Ints, ...]
    names: tuple[str, ...]
    k: Ints
    df: Ints


@dataclass(frozen=True, eq=False)
class Within:
    """The model at one tau2: Q by design, (D,), tr(PH), and score and log-likelihood (REML, or ML) of tau2."""

    q: Floats
    trace: float
    score: float
    log_likelihood: float


def read_designs(trials: Trials) -> Designs:
    """Sort the trials of a network by design."""
    which, names, k, df = [], [], [], []
    for stack in trials.stacks:
        sets, of, counts = np.unique(stack.arms, axis=0, return_inverse=True, return_counts=True)
        which.append(of.reshape(-1).astype(np.int64))
        names += [" : ".join(trials.treatments[arm] for arm in arms) for arms in sets]
        k.append(counts)
        df.append((counts - 1) * (sets.shape[1] - 1))
    return Designs(trials.stacks, tuple(which), tuple(names), np.concatenate(k), np.concatenate(df))


def fit_within(designs: Designs, tau2: float, restricted: bool = True) -> Within:
    """Fit the effects of all designs by generalised least squares, every design at once."""
    q, trace, score, log_likelihood = [], 0.0, 0.0, 0.0
    for stack, which in zip(designs.stacks, designs.which, strict=True):
        count, (y, h) = int(which.max()) + 1, (stack.y, stack.heterogeneity)
        m = stack.v + tau2 * h
        w = np.asarray(np.linalg.inv(m), dtype=float)
        wh = w @ h
        information = _by_design(which, w, count)
        covariance = np.linalg.inv(information)
        mean = np.einsum("dij,dj->di", covariance, _by_design(which, np.einsum("nij,nj->ni", w, y), count))
        residual = y - mean[which]
        wr = np.einsum("nij,nj->ni", w, residual)
        q.append(np.bincount(which, (residual * wr).sum(axis=1), count))
        traces = float(np.einsum("nii->", wh))
        restricted_trace = traces - float(np.sum(covariance * _by_design(which, wh @ w, count)))
        trace += restricted_trace
        score += 0.5 * float(np.einsum("ni,nij,nj->", wr, h, wr)) - 0.5 * (restricted_trace if restricted else traces)
        log_likelihood -= 0.5 * float(np.linalg.slogdet(m)[1].sum() + q[-1].sum())
        log_likelihood -= 0.5 * float(np.linalg.slogdet(information)[1].sum()) if restricted else 0.0
    each = np.where(designs.df > 0, np.concatenate(q), 0.0)  # one trial fits itself
    return Within(each, trace, score, log_likelihood)


def tau2_within(designs: Designs, method: NetworkMethod) -> float:
    """tau2 of the trials about their own design; 0 where no design has two trials. See `estimate_tau2`."""
    fixed, df = fit_within(designs, 0.0), int(designs.df.sum())
    if method == "EE" or df == 0:
        return 0.0
    if method == "DL":
        return max((float(fixed.q.sum()) - df) / fixed.trace, 0.0)
    restricted = method == "REML"

    def score(tau2: float) -> float:
        return fit_within(designs, tau2, restricted).score

    spread = [np.diagonal(stack.v, axis1=1, axis2=2).ravel() for stack in designs.stacks]
    typical = float(np.mean(np.concatenate(spread))) * max(float(fixed.q.sum()) / df, 1.0)
    grid = typical * _GRID
    slopes = [score(value) for value in grid]
    tops = [
        float(brentq(score, low, high, xtol=1e-300, rtol=1e-12))
        for low, high, up, down in zip(grid, grid[1:], slopes, slopes[1:], strict=False)
        if up > 0 >= down
    ]
    if slopes[0] <= 0:
        tops.append(0.0)
    return max(tops, key=lambda value: fit_within(designs, value, restricted).log_likelihood)


def _by_design(which: Ints, values: Floats, count: int) -> Floats:
    """Sums of ``values`` (n, ...) over the trials of each design, (count, ...)."""
    total: Floats = np.zeros((count, *values.shape[1:]))
    np.add.at(total, which, values)
    return total
