"""Posteriors of many groups of studies, computed together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InvalidInput, NotEstimable
from ..groups import grouped_studies
from ..studies import Studies, read_studies
from .heterogeneity import tau_posterior
from .marginals import SUMMARY, mean_mixture, mixture_summary, tau_summary
from .quadrature import Floats, MuPrior, quadrature
from .tau_prior import TauPrior

# values in the largest array, studies x groups x nodes, that is worth having at once
_VALUES = 400_000
_NODES = 400


class Grouped(NamedTuple):
    """Complete studies, the group of each as a code, (k,), and a frame of the groups' sorted labels."""

    studies: Studies
    codes: NDArray[np.integer]
    labels: pd.DataFrame


def bayes_groups(frame: pd.DataFrame, by: list[str], tau_prior: TauPrior, mu: MuPrior, level: float) -> pd.DataFrame:
    """The grouped form of `bayes`: one row a group, sorted, the columns of ``by`` in front.

    Groups of the same number of studies share their arrays, so that none is filled up with nothing; the
    numbers are those of `bayes` group by group.
    """
    studies, codes, labels = read_groups(frame, by)
    yi, vi = studies.yi, studies.vi
    size = np.bincount(codes, minlength=len(labels))
    first = np.concatenate([[0], np.cumsum(size)])
    order = np.argsort(codes, kind="stable")
    table = np.full((len(labels), 3 * len(SUMMARY) + 2), np.nan)
    for k in np.unique(size):
        same = np.flatnonzero(size == k)
        step = max(1, _VALUES // (int(k) * _NODES))
        for i in range(0, len(same), step):
            groups = same[i : i + step]
            rows = order[first[groups][:, None] + np.arange(k)]
            table[groups] = _posteriors(yi[rows], vi[rows], tau_prior, mu, level)
    names = [f"{part}_{name}" for part in ("mu", "tau", "predictive") for name in SUMMARY]
    numbers_of_groups = pd.DataFrame(table, columns=[*names, "mu_positive", "log_evidence"])
    return pd.concat([labels, pd.DataFrame({"k": size}), numbers_of_groups], axis=1)


def read_groups(frame: pd.DataFrame, by: list[str]) -> Grouped:
    """Complete studies of a frame that have a group.

    Raises
    ------
    InvalidInput
        A column is missing, a value impossible, a group without a complete study.
    """
    codes, labels, _, _ = grouped_studies(frame, by)
    if labels.empty:
        raise InvalidInput("no row has a group")
    studies = read_studies(frame)
    codes = codes[studies.complete]
    studies, codes = studies.only(codes >= 0), codes[codes >= 0]
    empty = np.bincount(codes, minlength=len(labels)) == 0
    if empty.any():
        name = ", ".join(str(value) for value in labels.iloc[int(empty.argmax())])
        raise InvalidInput(f"group {name} has no study with both yi and vi")
    return Grouped(studies, codes, labels)


def _posteriors(yi: Floats, vi: Floats, tau_prior: TauPrior, mu: MuPrior, level: float) -> Floats:
    try:
        grid = quadrature(yi, vi, tau_prior, mu)
    except NotEstimable as error:
        raise NotEstimable(f"among the groups with k = {yi.shape[1]}: {error}") from None
    centre = mean_mixture(vi, grid)
    zero = np.zeros(len(yi))
    proper = tau_prior.proper and not mu.flat
    return np.column_stack(
        [
            mixture_summary(centre, level, grid.moments if mu.flat else 2),
            tau_summary(tau_posterior(yi, vi, tau_prior, mu, grid), level),
            mixture_summary(mean_mixture(vi, grid, new_study=True), level, grid.moments),
            centre.probability(zero, zero + np.inf),
            grid.log_evidence if proper else np.full(len(yi), np.nan),
        ]
    )
