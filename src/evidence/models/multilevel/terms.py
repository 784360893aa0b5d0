"""The random effects of a model as its rows have them: which effect, of which group, with which covariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ...effects.arguments import shown
from ...errors import InvalidInput, NotEstimable
from ..dependence.blocks import BlockDiagonal, Ints
from ..engine.engine import Floats
from ..values import numbers
from .nested_levels import group_codes
from .random_effect import RandomEffect
from .structures import Covariance, count_correlations, count_variances


@dataclass(frozen=True, eq=False)
class Term:
    """A random effect of k rows: rows r and s of the same group share the covariance of their values.

    Attributes
    ----------
    name : str
    given : RandomEffect
    inner : (k,) int array
        Value of each row, a row of the covariance.
    outer : (k,) int array
        Group of each row.
    labels : tuple of m str
        The values.
    groups : tuple of str
        What the groups, or without groups the effects, are called.
    covariance : Covariance
    """

    name: str
    given: RandomEffect
    inner: Ints
    outer: Ints
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    covariance: Covariance

    def parameter_names(self) -> list[tuple[str, str]]:
        """tau2 or rho, and of which values."""
        count, each = self.covariance.variances, self.labels
        names = [("tau2", "" if count == 1 else label) for label in each[:count]]
        if self.covariance.kind == "UN":
            return names + [("rho", f"{each[i]}, {each[j]}") for i, j in zip(*self.covariance.pairs, strict=True)]
        return names + [("rho", "")] * (len(self.covariance.fixed) - count)


def read_terms(frame: pd.DataFrame, random: Sequence[RandomEffect]) -> tuple[Term, ...]:
    """Read the random effects of the rows of a frame.

    Raises
    ------
    InvalidInput
        What is no random effect, the same one twice, a column that is missing or has missing values, an R that does not
        fit.
    NotEstimable
        One group only, or correlations of values that never occur together.
    """
    if not isinstance(random, Sequence) or not random or not all(isinstance(each, RandomEffect) for each in random):
        raise InvalidInput(f"random is {shown(random)}; give a list such as [ev.RandomEffect('study')]")
    names = [each.name for each in random]
    if len(set(names)) < len(names):
        raise InvalidInput(f"random names {max(names, key=names.count)!r} twice; each random effect once")
    return tuple(_read(frame, each) for each in random)


def components(terms: Sequence[Term], sampling: BlockDiagonal) -> Ints:
    """(k,) codes of the rows that depend on each other, through a random effect or a sampling error."""
    k = sampling.k
    links: list[tuple[Ints, Ints]] = [_to_first(sampling.codes())]
    for term in terms:
        if term.given.R is None:
            links.append(_to_first(term.outer))
            continue
        left, right = np.nonzero(term.covariance.base)
        graph = coo_array((np.ones(len(left)), (left, right)))
        related = connected_components(graph, directed=False)[1].astype(np.int64)
        links.append(_to_first(related[term.inner]))
    rows, columns = (np.concatenate(part) for part in zip(*links, strict=True))
    whole = coo_array((np.ones(len(rows)), (rows, columns)), shape=(k, k))
    return np.asarray(connected_components(whole, directed=False)[1], dtype=np.int64)


def _to_first(codes: Ints) -> tuple[Ints, Ints]:
    return np.arange(len(codes)), np.unique(codes, return_index=True)[1][np.unique(codes, return_inverse=True)[1]]


def _read(frame: pd.DataFrame, given: RandomEffect) -> Term:
    everywhere = np.ones(len(frame), dtype=bool)
    inner, labels = group_codes(frame, given.effect, everywhere, sort=True)
    if given.within is None:
        if len(labels) < 2:
            raise NotEstimable(f"random effect {given.name!r} has a single group: its variance cannot be estimated")
        if given.R is None:
            one = Covariance("ID", np.ones((1, 1)), _fixed(given, (given.effect,), 1, 0))
            return Term(given.name, given, np.zeros_like(inner), inner, (given.effect,), labels, one)
        known = Covariance("ID", _known(given, labels), _fixed(given, labels, 1, 0))
        return Term(given.name, given, inner, np.zeros_like(inner), labels, labels, known)
    outer, groups = group_codes(frame, given.within, everywhere)
    if given.structure == "CAR":
        inner, times, labels = _times(frame, given)
        base = np.abs(times[:, None] - times)
    else:
        base = _distances(given.structure, len(labels))
    if len(groups) < 2 and given.structure != "ID":
        raise NotEstimable(f"random effect {given.name!r} has a single group: nothing is repeated")
    m = len(labels)
    fixed = _fixed(given, labels, count_variances(given.structure, m), count_correlations(given.structure, m))
    term = Term(given.name, given, inner, outer, labels, groups, Covariance(given.structure, base, fixed))
    _refuse_apart(term)
    return term


def _distances(structure: str, m: int) -> Floats:
    if structure in ("ID", "DIAG"):
        return np.eye(m)
    place = np.arange(m)
    apart = np.abs(place[:, None] - place)
    return np.asarray(apart if structure in ("AR", "HAR") else np.minimum(apart, 1), dtype=float)


def _times(frame: pd.DataFrame, given: RandomEffect) -> tuple[Ints, Floats, tuple[str, ...]]:
    if given.effect not in frame:
        raise InvalidInput(f'structure "CAR" needs a column of times; {given.effect!r} is none')
    times, codes = np.unique(numbers(frame[given.effect], given.effect), return_inverse=True)
    if not np.isfinite(times).all():
        raise InvalidInput(f'{given.effect!r} is infinite in a row; structure "CAR" needs times')
    return codes.ravel().astype(np.int64), times, tuple(f"{time:g}" for time in times)


def _known(given: RandomEffect, labels: tuple[str, ...]) -> Floats:
    """R of the values that occur, scaled to correlations."""
    table: object = given.R
    if not isinstance(table, pd.DataFrame):
        raise InvalidInput(
            f"R of {given.effect!r} is {shown(table)}; give a frame with the values as index and columns"
        )
    rows, columns = list(map(str, table.index)), list(map(str, table.columns))
    lost = [label for label in labels if label not in rows or label not in columns]
    if lost or len(set(rows)) < len(rows) or len(set(columns)) < len(columns):
        raise InvalidInput(
            f"R of {given.effect!r} needs one row and one column for {lost[0] if lost else 'each value'!r}"
        )
    part = pd.DataFrame(table.to_numpy(), rows, columns).loc[list(labels), list(labels)]
    r = np.array([numbers(part[label], "R") for label in labels])
    if not np.isfinite(r).all() or (np.diag(r) <= 0).any() or not np.allclose(r, r.T, atol=1e-8):
        raise InvalidInput(
            f"R of {given.effect!r} is no correlation matrix: symmetric, finite, with ones on the diagonal"
        )
    root = np.sqrt(np.diag(r))
    scaled = np.asarray(r / np.outer(root, root), dtype=float)
    if np.linalg.eigvalsh(scaled)[0] < -1e-8:
        raise InvalidInput(f"R of {given.effect!r} is no correlation matrix: an eigenvalue is negative")
    return scaled


def _fixed(given: RandomEffect, labels: tuple[str, ...], variances: int, correlations: int) -> Floats:
    fixed = np.full(variances + correlations, np.nan)
    if isinstance(given.tau2, Mapping):
        for label, value in given.tau2.items():
            if variances == 1 or str(label) not in labels:
                raise InvalidInput(
                    f"tau2 of {given.name!r} has no {label!r}; its variances: {list(labels[:variances])}"
                )
            fixed[labels.index(str(label))] = value
    elif given.tau2 is not None:
        fixed[:variances] = given.tau2
    if isinstance(given.rho, Mapping):
        order = [frozenset((labels[i], labels[j])) for i, j in zip(*np.triu_indices(len(labels), 1), strict=True)]
        for pair, value in given.rho.items():
            both = frozenset(map(str, pair)) if isinstance(pair, tuple) else frozenset()
            if given.structure != "UN" or both not in order:
                raise InvalidInput(f'rho of {given.name!r} has no pair {pair!r}; "UN" has one of each two of {labels}')
            fixed[variances + order.index(both)] = value
    elif given.rho is not None:
        fixed[variances:] = given.rho
    return fixed


def _refuse_apart(term: Term) -> None:
    """Correlations that are to be found need groups with both values."""
    covariance = term.covariance
    if not covariance.free[covariance.variances :].any():
        return
    here = coo_array((np.ones(len(term.inner)), (term.outer, term.inner))).tocsr()
    together = np.asarray((here.T @ here).todense()) > 0
    if covariance.kind == "UN":
        for at, (i, j) in enumerate(zip(*covariance.pairs, strict=True)):
            if covariance.free[covariance.variances + at] and not together[i, j]:
                both = (term.labels[i], term.labels[j])
                raise NotEstimable(
                    f"no group of {term.given.within!r} has both {both[0]!r} and {both[1]!r}, so their correlation "
                    f"cannot be estimated; give it: rho={{{both!r}: 0}}, or another structure"
                )
    elif not together[~np.eye(len(together), dtype=bool)].any():
        raise NotEstimable(
            f"every group of {term.given.within!r} has one value of {term.given.effect!r}: no correlation to estimate"
        )
