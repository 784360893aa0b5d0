"""Several groups of one trial as one group."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ...errors import InvalidInput
from ..inputs import FINITE, POSITIVE, SAMPLE_SIZE, Floats, read, scalar_if_0d
from .named_numbers import plain


class Group(NamedTuple):
    """Size, mean and standard deviation of a group."""

    n: Floats
    mean: Floats
    sd: Floats

    def __repr__(self) -> str:
        return plain(self)


def combine_arms(n: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Group:
    """Join arms into the group that all their participants together would have made.

    Parameters
    ----------
    n : (..., arms) array
        Sizes; the last axis runs over the arms to join.
    mean : (..., arms) array
        Means, likewise.
    sd : (..., arms) array
        Standard deviations, likewise.

    Returns
    -------
    Group
        ``n``, ``mean``, ``sd`` of shape (...): exactly what the pooled raw data would give.

    See Also
    --------
    pooled_sd : the spread within two groups, without that between them
    effect_size : what to compute from the joint group

    Notes
    -----
    The sum of squares about the joint mean is the sum of those within arms, (n-1) sd^2, and between arms,
    n (mean - joint mean)^2. For two arms this is the formula of the Cochrane Handbook, table 6.5.2.

    Examples
    --------
    >>> import evidence as ev
    >>> [round(float(part), 3) for part in ev.combine_arms([20, 30], [5.0, 6.0], [2.0, 2.5])]
    [50.0, 5.6, 2.344]

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook for Systematic Reviews of Interventions, section 6.5.2.10.
    """
    n, mean, sd = read(n=(n, SAMPLE_SIZE), mean=(mean, FINITE), sd=(sd, POSITIVE))
    if n.ndim == 0:
        raise InvalidInput("n, mean and sd are scalars: must be arrays whose last axis runs over the arms to join")
    if n.shape[-1] == 0:
        raise InvalidInput("n, mean and sd hold no arm; give at least one")
    total = n.sum(axis=-1)
    joint = (n * mean).sum(axis=-1) / total
    squares = ((n - 1) * sd**2 + n * (mean - joint[..., None]) ** 2).sum(axis=-1)
    return Group(total, joint, np.sqrt(squares / (total - 1)))


def pooled_sd(n1: ArrayLike, sd1: ArrayLike, n2: ArrayLike, sd2: ArrayLike) -> Floats:
    """Standard deviation within two groups: sqrt(((n1-1) sd1^2 + (n2-1) sd2^2) / (n1+n2-2)).

    Parameters
    ----------
    n1 : scalar or array
        Size of group 1.
    sd1 : scalar or array
        Standard deviation of group 1.
    n2 : scalar or array
        Size of group 2.
    sd2 : scalar or array
        Standard deviation of group 2.

    Returns
    -------
    array, or scalar for scalars
        In the units of the standard deviations.

    See Also
    --------
    combine_arms : two groups as one
    effect_size : the standardized difference that divides by it

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.pooled_sd(10, 2.0, 20, 3.0)), 4)
    2.719
    """
    n1, sd1, n2, sd2 = read(n1=(n1, SAMPLE_SIZE), sd1=(sd1, POSITIVE), n2=(n2, SAMPLE_SIZE), sd2=(sd2, POSITIVE))
    return scalar_if_0d(np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2)))
