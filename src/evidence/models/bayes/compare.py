"""Compare groups of studies: effects shrunken toward each other by as much as the data say."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import is_number
from ...errors import InvalidInput, SmallSample
from ..groups import with_groups
from ..studies import Column, Effects
from .bayes import DEFAULT_TAU_PRIOR
from .compared_groups import ComparedGroups
from .given_spreads import gauss_nodes, given
from .many import read_groups
from .quadrature import Floats, MuPrior
from .questions import read_priors
from .tau_prior import TauPrior
from .two_spreads import Nested, integrate, moments


def bayes_compare(
    effects: Effects,
    by: Column | list[str] | None = None,
    worthwhile: float | None = None,
    tau_prior: TauPrior = DEFAULT_TAU_PRIOR,
    between_prior: TauPrior = DEFAULT_TAU_PRIOR,
    mu_prior: tuple[float, float] | None = None,
    level: float = 0.95,
    *,
    vi: ArrayLike | None = None,
) -> ComparedGroups:
    """Compare the mean effects of groups of studies in one hierarchical model.

    Parameters
    ----------
    effects : (k,) array-like, DataFrame or fit
        Effect sizes; or a frame with columns ``yi`` and ``vi``; or a fit, whose studies are taken. Incomplete rows are
        left out.
    by : str, list of str or (k,) array-like
        Columns that make the groups, or one value a study.
    worthwhile : float, optional
        Smallest effect worth having, in the units of ``yi``; larger is better.
    tau_prior : TauPrior
        Prior of the standard deviation between the studies of a group, one for all groups.
    between_prior : TauPrior
        Prior of the standard deviation between the groups' mean effects.
    mu_prior : (float, float), optional
        Mean and sd of a normal prior of the mean of the groups' means; None for the flat one.
    level : float
        Coverage of the equal-tailed intervals.
    vi : (k,) array-like, optional
        Sampling variances, in squared units of the effect sizes.

    Returns
    -------
    ComparedGroups
        Each group's mean effect, and how sure it is to be above zero, worthwhile, or the largest.

    Raises
    ------
    InvalidInput
        A column is missing, there is one group only, a group has no complete study.
    NotEstimable
        Too few studies or groups for an improper prior.

    Warns
    -----
    SmallSample
        Prior tails so heavy, and studies or groups so few, that a standard deviation has no finite mean or sd
        (then infinite; NaN for means of groups that have none). Medians and intervals hold.

    See Also
    --------
    bayes : One group, or each group by itself.
    subgroups : A test of whether groups differ.
    network : Treatments compared through each other.

    Notes
    -----
    yi ~ N(theta_i, vi), theta_i ~ N(mu_g, tau^2) for the studies of group g, mu_g ~ N(mu, between^2). Groups
    are exchangeable: before the data nothing tells them apart. How far a group is drawn toward the others
    follows from between, which the data estimate: few, disagreeing or imprecise studies are drawn farther.
    Given tau and between all means are normal, so every probability is a mixture over the nodes of a
    two-dimensional quadrature; P(best) takes one-dimensional integrals more.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, chapter 5.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"site": list("aabbcc"), "yi": [0.9, 0.7, 0.4, 0.3, 0.1, 0.2], "vi": [0.04] * 6})
    >>> post = ev.bayes_compare(frame, by="site", worthwhile=0.3)
    >>> post.groups[["mean", "shrinkage", "p_worthwhile", "p_best"]].round(3)  # doctest: +NORMALIZE_WHITESPACE
           mean  shrinkage  p_worthwhile  p_best
    site
    a     0.678      0.334         0.967   0.865
    b     0.378      0.334         0.688   0.092
    c     0.245      0.334         0.371   0.043
    """
    mu = read_priors(tau_prior, mu_prior, level)
    read_priors(between_prior, mu_prior, level)
    if worthwhile is not None and not is_number(worthwhile):
        raise InvalidInput(f"worthwhile is {worthwhile!r}; give a number in the units of yi")
    if by is None:
        raise InvalidInput("by is missing: name the columns that make the groups, or give one value a study")
    frame, keys = with_groups(effects, vi, by)
    studies, codes, labels = read_groups(frame, keys)
    if len(labels) < 2:
        raise InvalidInput(f"there is one group in {', '.join(keys)}; to compare takes two (use bayes for one)")
    size = np.bincount(codes)
    y, v = np.zeros((len(size), size.max())), np.full((len(size), size.max()), np.inf)
    order = np.argsort(codes, kind="stable")
    place = np.arange(len(codes)) - np.repeat(np.cumsum(size) - size, size)
    y[codes[order], place], v[codes[order], place] = studies.yi[order], studies.vi[order]
    nested = Nested(y, v, tau_prior, between_prior, mu)
    nodes, joint = integrate(nested)
    if min(nodes.finite_moments) < 2:
        which = " and ".join(name for name, m in zip(("studies", "groups"), nodes.finite_moments, strict=True) if m < 2)
        warnings.warn(
            f"the standard deviation between {which} has no finite mean or sd in the posterior: its prior's tail is "
            f"heavy for {studies.k} studies in {len(size)} groups",
            SmallSample,
            stacklevel=2,
        )
    proper = tau_prior.proper and between_prior.proper and not mu.flat
    return ComparedGroups(
        labels=pd.Index(labels[keys[0]]) if len(keys) == 1 else pd.MultiIndex.from_frame(labels),
        dropped=studies.dropped,
        worthwhile=worthwhile,
        tau_prior=tau_prior,
        between_prior=between_prior,
        mu_prior=None if mu.flat else (mu.mean, mu.sd),
        level=level,
        log_evidence=nodes.log_evidence if proper else None,
        yi=studies.yi,
        vi=studies.vi,
        slab=studies.slab,
        frame=studies.frame,
        _size=tuple(int(n) for n in size),
        _given=given(nested, nodes, joint),
        _coarse=gauss_nodes(nested, nodes, _NODES_BEST),
        _nested=nested,
        _nodes=nodes,
        _moments=_existing(moments(nodes, joint), nodes.finite_moments, mu),
    )


# nodes of each standard deviation for P(best), which has two integrals more and no tails
_NODES_BEST = 14


def _existing(found: tuple[Floats, Floats], finite: tuple[int, int], mu: MuPrior) -> tuple[Floats, Floats]:
    # Under a flat prior of the overall mean, groups need the moments of tau and the overall mean those of both.
    if mu.flat:
        order = np.array([finite[0]] * (len(found[0]) - 1) + [min(finite)])
        return np.where(order >= 1, found[0], np.nan), np.where(order == 2, found[1], np.nan)
    return found
