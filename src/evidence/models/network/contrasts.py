"""Trials that compare two or more treatments, as arms: what each says about its contrasts, and how surely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ...errors import InvalidInput
from ..dependence.blocks import BlockDiagonal, Ints
from ..engine.engine import Floats
from ..multilevel.given_covariance import read_sampling
from ..studies import Column, Effects, Studies, read_studies

# Contrasts of one trial may miss adding up by this share of their standard error: printed numbers are rounded.
_ROUNDING = 0.1


@dataclass(frozen=True, eq=False)
class Arms:
    """All n trials with m arms.

    Attributes
    ----------
    studies : (n,) int array
    arms : (n, m) int array
        Treatment of each arm, ascending.
    effects : (n, m) array, arm effects less their mean in the trial
    covariance : (n, m, m) array, sampling covariance of ``effects``, of rank m - 1
    """

    studies: Ints
    arms: Ints
    effects: Floats
    covariance: Floats

    @property
    def y(self) -> Floats:
        """Every arm against the first, (n, m - 1)."""
        return self.effects[:, 1:] - self.effects[:, :1]

    @property
    def v(self) -> Floats:
        """Sampling covariance of `y`, (n, m - 1, m - 1)."""
        g = self.covariance
        return g[:, 1:, 1:] - g[:, 1:, :1] - g[:, :1, 1:] + g[:, :1, :1]

    @property
    def heterogeneity(self) -> Floats:
        """What tau2 multiplies in the covariance of `y`: 1, and 1/2 off the diagonal, for arms are exchangeable."""
        m = self.arms.shape[1] - 1
        return np.broadcast_to(0.5 + 0.5 * np.eye(m), (len(self.arms), m, m))

    def design(self, columns: int) -> Floats:
        """Treatment contrasts of `y`, (n, m - 1, columns): 1 for the arm, -1 for the first."""
        identity = np.eye(columns)
        return identity[self.arms[:, 1:]] - identity[self.arms[:, :1]]


@dataclass(frozen=True, eq=False)
class Trials:
    """A connected network of trials.

    Attributes
    ----------
    treatments : tuple of str, sorted
    slab : tuple of str, the trials
    stacks : tuple of Arms, by number of arms
    dropped : int, contrasts left out for a missing yi or vi
    """

    treatments: tuple[str, ...]
    slab: tuple[str, ...]
    stacks: tuple[Arms, ...]
    dropped: int

    def rows(self) -> tuple[Ints, ...]:
        """Positions of the contrasts of each stack among all of them, (n, m - 1) each."""
        start, rows = 0, []
        for stack in self.stacks:
            size = stack.y.size
            rows.append(np.arange(start, start + size).reshape(stack.y.shape))
            start += size
        return tuple(rows)

    def y(self) -> Floats:
        return np.concatenate([stack.y.ravel() for stack in self.stacks])

    def v(self) -> BlockDiagonal:
        return BlockDiagonal(self.rows(), tuple(stack.v for stack in self.stacks), len(self.y()))

    def sizes(self) -> Ints:
        """Trials that have each treatment, (T,)."""
        every = np.concatenate([stack.arms.ravel() for stack in self.stacks])
        return np.bincount(every, minlength=len(self.treatments))

    def pairs(self) -> pd.DataFrame:
        """Every pair of arms of every trial: treatments ``one`` < ``two``, study, ``yi`` (one minus two), ``vi``."""
        parts = []
        for stack in self.stacks:
            i, j = np.triu_indices(stack.arms.shape[1], 1)
            g = stack.covariance
            columns = {
                "one": stack.arms[:, i],
                "two": stack.arms[:, j],
                "study": np.repeat(stack.studies[:, None], len(i), axis=1),
                "yi": stack.effects[:, i] - stack.effects[:, j],
                "vi": g[:, i, i] + g[:, j, j] - 2 * g[:, i, j],
            }
            parts.append(pd.DataFrame({name: values.ravel() for name, values in columns.items()}))
        return pd.concat(parts, ignore_index=True)


def read_trials(
    effects: Effects,
    vi: ArrayLike | None,
    treatment1: Column,
    treatment2: Column,
    study: Column,
    V: BlockDiagonal | ArrayLike | None = None,
    *,
    connected: bool = True,
) -> Trials:
    """Read and check contrasts, the effect being treatment1 minus treatment2.

    Parameters
    ----------
    effects : as for `read_studies`, one row a contrast
    vi : as for `read_studies`
    treatment1 : name of a column, or one value a row
    treatment2 : the same
    study : the same
    V : sampling covariance of the rows, as `multilevel` takes it; only trials with more than two arms and m - 1
        contrasts need it
    connected : bool
        Whether the network has to be in one piece.

    Raises
    ------
    InvalidInput
        A column or name is missing, a variance is not positive, a trial lacks a contrast, repeats one or contradicts
        itself, or the network falls apart.
    """
    given = read_studies(effects, vi, study)
    columns = {"treatment1": treatment1, "treatment2": treatment2, "study": study}
    names = {name: given.values(column, name) for name, column in columns.items()}
    lacking = pd.DataFrame(names).isna().any(axis=1).to_numpy()
    for at in np.flatnonzero(lacking)[:1]:
        told = {name: values[at] for name, values in names.items()}
        raise InvalidInput(f"contrast {at + 1} of {given.k} lacks the trial or a treatment: {told}")
    if (given.vi == 0).any():
        raise InvalidInput(f"study {given.slab[int(np.argmin(given.vi))]!r} has a vi of zero: no trial is that sure")
    codes, slab = pd.factorize(np.array([str(name) for name in names["study"]], dtype=object))
    both = np.column_stack([names["treatment1"], names["treatment2"]]).astype(str).astype(object)
    treatments, arms = np.unique(both, return_inverse=True)
    covariance = None if V is None else _covariance(given, codes, V)
    if covariance is not None and covariance[codes[:, None] != codes].any():
        raise InvalidInput("V has a covariance between two studies; their errors must be independent")
    rows = _Rows(codes, arms.reshape(-1, 2), given.yi, given.vi, covariance, tuple(slab), tuple(treatments))
    trials = Trials(rows.treatments, rows.slab, _stack(rows), given.dropped)
    if connected:
        _refuse_pieces(trials)
    return trials


def _covariance(given: Studies, codes: Ints, V: BlockDiagonal | ArrayLike) -> Floats:
    """The sampling covariance of the complete rows, dense."""
    rows = pd.DataFrame(index=given.index if given.index is not None else range(len(given.complete)))
    return read_sampling(rows, given.complete, codes, "study", 0.0, V).toarray()


@dataclass(frozen=True, eq=False)
class _Rows:
    """Contrasts as given: trial, the two arms, effect and variance of each row; their covariance, (k, k), if known."""

    codes: Ints
    arms: Ints
    yi: Floats
    vi: Floats
    covariance: Floats | None
    slab: tuple[str, ...]
    treatments: tuple[str, ...]


def _stack(rows: _Rows) -> tuple[Arms, ...]:
    codes, low, high = rows.codes, rows.arms.min(axis=1), rows.arms.max(axis=1)
    for at in np.flatnonzero(low == high)[:1]:
        raise InvalidInput(f"study {rows.slab[codes[at]]!r} compares {rows.treatments[low[at]]!r} with itself")
    twice = pd.DataFrame({"study": codes, "low": low, "high": high}).duplicated().to_numpy()
    for at in np.flatnonzero(twice)[:1]:
        pair = f"{rows.treatments[low[at]]!r} with {rows.treatments[high[at]]!r}"
        raise InvalidInput(
            f"study {rows.slab[codes[at]]!r} compares {pair} twice; pool the rows first, or name two trials"
        )
    count = len(rows.treatments)
    # one key for each arm of each trial, in order of trial, then treatment
    keys = np.unique(codes[:, None] * count + rows.arms)
    sizes, given = np.bincount(keys // count), np.bincount(codes)
    first = np.cumsum(sizes) - sizes
    place = np.searchsorted(keys, codes[:, None] * count + rows.arms) - first[codes][:, None]
    all_pairs = given == sizes * (sizes - 1) // 2
    basic = (given == sizes - 1) & ~all_pairs
    _refuse_incomplete(rows, all_pairs | (basic & (rows.covariance is not None)), keys)
    stacks = []
    for m in np.unique(sizes):
        studies = np.flatnonzero(sizes == m)
        effects, covariance = np.empty((len(studies), m)), np.empty((len(studies), m, m))
        for kind, solve in ((all_pairs, _from_pairs), (basic, _from_basics)):
            if (which := kind[studies]).any():
                effects[which], covariance[which] = solve(rows, studies[which], place, int(m))
        arms = keys[first[studies][:, None] + np.arange(m)] % count
        stack = Arms(studies.astype(np.int64), arms.astype(np.int64), effects, covariance)
        smallest = np.linalg.eigvalsh(stack.v)[:, 0]
        for at in np.flatnonzero(smallest <= 1e-10 * np.trace(stack.v, axis1=1, axis2=2))[:1]:
            raise InvalidInput(
                f"no {m} arms could have the variances of study {rows.slab[studies[at]]!r}: one contrast is less sure "
                "than the others allow"
            )
        stacks.append(stack)
    return tuple(stacks)


def _from_pairs(rows: _Rows, studies: Ints, place: Ints, m: int) -> tuple[Floats, Floats]:
    """Arm effects less their mean, and their covariance, of trials with all pairs of m arms."""
    here = np.isin(rows.codes, studies)
    at, (i, j) = np.searchsorted(studies, rows.codes[here]), place[here].T
    difference, variance = (np.zeros((len(studies), m, m)) for _ in range(2))
    difference[at, i, j], difference[at, j, i] = rows.yi[here], -rows.yi[here]
    variance[at, i, j] = variance[at, j, i] = rows.vi[here]
    effects = difference.mean(axis=2)
    off = np.abs(difference - (effects[:, :, None] - effects[:, None, :])) > _ROUNDING * np.sqrt(variance)
    for study in studies[off.any(axis=(1, 2))][:1]:
        raise InvalidInput(f"the contrasts of study {rows.slab[study]!r} do not add up: A-B and B-C must give A-C")
    centre = np.eye(m) - 1 / m
    return effects, -0.5 * centre @ variance @ centre


def _from_basics(rows: _Rows, studies: Ints, place: Ints, m: int) -> tuple[Floats, Floats]:
    """The same of trials with m - 1 contrasts that connect the m arms, whose covariance is given."""
    assert rows.covariance is not None
    order = np.argsort(rows.codes, kind="stable")
    at = order[np.isin(rows.codes[order], studies)].reshape(len(studies), m - 1)
    identity = np.eye(m)
    signs = identity[place[at, 0]] - identity[place[at, 1]]
    for study in studies[np.linalg.matrix_rank(signs) < m - 1][:1]:
        raise InvalidInput(f"the contrasts of study {rows.slab[study]!r} do not connect its {m} arms")
    back = np.linalg.pinv(signs)  # of full row rank: the solution whose effects sum to zero
    v = rows.covariance[at[:, :, None], at[:, None, :]]
    off = np.abs(np.diagonal(v, axis1=1, axis2=2) / rows.vi[at] - 1) > 1e-6
    for study in studies[off.any(axis=1)][:1]:
        raise InvalidInput(f"V and vi give study {rows.slab[study]!r} different variances")
    return (back @ rows.yi[at][..., None])[..., 0], back @ v @ back.transpose(0, 2, 1)


def _refuse_incomplete(rows: _Rows, enough: NDArray[np.bool_], keys: Ints) -> None:
    for study in np.flatnonzero(~enough)[:1]:
        count = len(rows.treatments)
        arms = keys[keys // count == study] % count
        here = np.sort(rows.arms[rows.codes == study], axis=1)
        there = set(map(tuple, here.tolist()))
        absent = [(a, b) for i, a in enumerate(arms.tolist()) for b in arms[i + 1 :].tolist() if (a, b) not in there]
        words = ", ".join(f"{rows.treatments[a]} with {rows.treatments[b]}" for a, b in absent)
        raise InvalidInput(
            f"study {rows.slab[study]!r} has {len(arms)} arms but lacks the contrast {words}: give all "
            f"{len(arms) * (len(arms) - 1) // 2}, for their variances say how the contrasts of one trial correlate; "
            f"or {len(arms) - 1} of them and their covariance as V (see sampling_covariance)"
        )


def in_one_piece(trials: Trials) -> bool:
    """Whether trials connect all treatments."""
    return _pieces(trials)[0] == 1


def _pieces(trials: Trials) -> tuple[int, Ints]:
    pairs, count = trials.pairs(), len(trials.treatments)
    graph = coo_array((np.ones(len(pairs)), (pairs["one"], pairs["two"])), shape=(count, count))
    pieces, piece = connected_components(graph, directed=False)
    return int(pieces), piece.astype(np.int64)


def _refuse_pieces(trials: Trials) -> None:
    pieces, piece = _pieces(trials)
    if pieces > 1:
        parts = [", ".join(np.array(trials.treatments, dtype=object)[piece == i]) for i in range(pieces)]
        raise InvalidInput(
            f"the network is in {pieces} pieces that no trial connects: " + "; ".join(f"({part})" for part in parts)
        )
