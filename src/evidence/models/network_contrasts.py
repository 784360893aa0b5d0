"""Trials that compare two or more treatments, as arms: what each says about its contrasts, and how surely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..errors import InvalidInput
from .blocks import BlockDiagonal, Ints
from .engine import Floats
from .studies import check_values, numbers

# Contrasts of one trial may miss adding up by this share of their standard error: printed numbers are rounded.
_ROUNDING = 0.1


@dataclass(frozen=True, eq=False)
class Arms:
    """All n trials with m arms.

    Attributes
    ----------
    studies : (n,) int array; arms : (n, m) int array, treatment of each arm, ascending
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
    treatments : tuple of str, sorted; slab : tuple of str, the trials
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


def read_trials(frame: pd.DataFrame, treatment1: str, treatment2: str, study: str) -> Trials:
    """Read and check contrasts, ``yi`` being treatment1 minus treatment2.

    Parameters
    ----------
    frame : DataFrame with ``yi``, ``vi`` and the three named columns; a trial with m arms has all m (m - 1) / 2 rows

    Raises
    ------
    InvalidInput
        A column or name is missing, a variance is not positive, a trial lacks a contrast, repeats one or contradicts
        itself, or the network falls apart.
    """
    missing = [name for name in ("yi", "vi", treatment1, treatment2, study) if name not in frame]
    if missing:
        raise InvalidInput(f"the frame has no column {missing[0]!r}; its columns: {list(frame.columns)}")
    names = frame[[study, treatment1, treatment2]]
    if names.isna().to_numpy().any():
        at = int(np.flatnonzero(names.isna().to_numpy().any(axis=1))[0])
        raise InvalidInput(f"row {frame.index[at]!r} lacks the trial or a treatment: {names.iloc[at].tolist()}")
    yi, vi = numbers(frame["yi"], "yi"), numbers(frame["vi"], "vi")
    trial = [str(name) for name in frame[study]]
    check_values(yi, vi, trial)
    if (vi == 0).any():
        raise InvalidInput(f"study {trial[int(np.argmin(vi))]!r} has a vi of zero: no trial is that sure")
    complete = ~(np.isnan(yi) | np.isnan(vi))
    if not complete.any():
        raise InvalidInput("no contrast has both yi and vi")
    codes, slab = pd.factorize(np.array(trial, dtype=object)[complete])
    both = frame.loc[complete, [treatment1, treatment2]].astype(str).to_numpy(dtype=object)
    treatments, arms = np.unique(both, return_inverse=True)
    stacks = _stack(
        codes, arms.reshape(-1, 2), yi[complete], vi[complete], [str(s) for s in slab], [str(t) for t in treatments]
    )
    trials = Trials(tuple(map(str, treatments)), tuple(map(str, slab)), stacks, int((~complete).sum()))
    _refuse_pieces(trials)
    return trials


def _stack(
    codes: NDArray[np.integer], arms: NDArray[np.integer], yi: Floats, vi: Floats, slab: list[str], names: list[str]
) -> tuple[Arms, ...]:
    for at in np.flatnonzero(arms[:, 0] == arms[:, 1])[:1]:
        raise InvalidInput(f"study {slab[codes[at]]!r} compares {names[arms[at, 0]]!r} with itself")
    low, high = arms.min(axis=1), arms.max(axis=1)
    twice = pd.DataFrame({"study": codes, "low": low, "high": high}).duplicated().to_numpy()
    for at in np.flatnonzero(twice)[:1]:
        pair = f"{names[low[at]]!r} with {names[high[at]]!r}"
        raise InvalidInput(f"study {slab[codes[at]]!r} compares {pair} twice; pool the rows first, or name two trials")
    count = len(names)
    # one key for each arm of each trial, in order of trial, then treatment
    keys = np.unique(np.concatenate([codes * count + arms[:, 0], codes * count + arms[:, 1]]))
    owner = keys // count
    sizes = np.bincount(owner)
    _refuse_incomplete(codes, low, high, sizes, keys, slab, names)
    first = np.cumsum(sizes) - sizes
    place = [np.searchsorted(keys, codes * count + arms[:, side]) - first[codes] for side in (0, 1)]
    stacks = []
    for m in np.unique(sizes):
        studies = np.flatnonzero(sizes == m)
        rows = sizes[codes] == m
        at = np.searchsorted(studies, codes[rows])
        difference, variance = (np.zeros((len(studies), m, m)) for _ in range(2))
        i, j = place[0][rows], place[1][rows]
        difference[at, i, j], difference[at, j, i] = yi[rows], -yi[rows]
        variance[at, i, j] = variance[at, j, i] = vi[rows]
        effects = difference.mean(axis=2)
        centre = np.eye(m) - 1 / m
        stack = Arms(
            studies.astype(np.int64),
            (keys[first[studies][:, None] + np.arange(m)] % count).astype(np.int64),
            effects,
            -0.5 * centre @ variance @ centre,
        )
        _refuse_contradictions(stack, difference, variance, slab)
        stacks.append(stack)
    return tuple(stacks)


def _refuse_incomplete(
    codes: NDArray[np.integer],
    low: NDArray[np.integer],
    high: NDArray[np.integer],
    sizes: NDArray[np.integer],
    keys: NDArray[np.integer],
    slab: list[str],
    names: list[str],
) -> None:
    short = np.bincount(codes) < sizes * (sizes - 1) // 2
    for study in np.flatnonzero(short)[:1]:
        arms = keys[keys // len(names) == study] % len(names)
        there = set(zip(low[codes == study], high[codes == study], strict=True))
        absent = [(a, b) for i, a in enumerate(arms) for b in arms[i + 1 :] if (a, b) not in there]
        words = ", ".join(f"{names[a]} with {names[b]}" for a, b in absent)
        raise InvalidInput(
            f"study {slab[study]!r} has {len(arms)} arms but lacks the contrast {words}: give all "
            f"{len(arms) * (len(arms) - 1) // 2}, for their variances say how the contrasts of one trial correlate"
        )


def _refuse_contradictions(stack: Arms, difference: Floats, variance: Floats, slab: list[str]) -> None:
    fitted = stack.effects[:, :, None] - stack.effects[:, None, :]
    apart = (np.abs(difference - fitted) > _ROUNDING * np.sqrt(variance)).any(axis=(1, 2))
    for at in np.flatnonzero(apart)[:1]:
        raise InvalidInput(
            f"the contrasts of study {slab[stack.studies[at]]!r} do not add up: A-B and B-C must give A-C"
        )
    smallest = np.linalg.eigvalsh(stack.v)[:, 0]
    impossible = smallest <= 1e-10 * np.trace(stack.v, axis1=1, axis2=2)
    for at in np.flatnonzero(impossible)[:1]:
        raise InvalidInput(
            f"no {stack.arms.shape[1]} arms could have the variances of study {slab[stack.studies[at]]!r}: "
            "one contrast is less sure than the others allow"
        )


def _refuse_pieces(trials: Trials) -> None:
    pairs = trials.pairs()
    count = len(trials.treatments)
    graph = coo_array((np.ones(len(pairs)), (pairs["one"], pairs["two"])), shape=(count, count))
    pieces, piece = connected_components(graph, directed=False)
    if pieces > 1:
        parts = [", ".join(np.array(trials.treatments, dtype=object)[piece == i]) for i in range(pieces)]
        raise InvalidInput(
            f"the network is in {pieces} pieces that no trial connects: " + "; ".join(f"({part})" for part in parts)
        )
