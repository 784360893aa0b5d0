"""Effects of one scale expressed on another: odds ratios, standard deviations, points, numbers needed to treat."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from ..inputs import FINITE, NOT_NEGATIVE, POSITIVE, SHARE, Floats, read, scalar_if_0d
from .named_numbers import plain

_LOGISTIC_SD = np.pi / np.sqrt(3)  # standard deviation of the standard logistic distribution


class Effect(NamedTuple):
    """An effect size and its sampling variance."""

    yi: Floats
    vi: Floats

    def __repr__(self) -> str:
        return plain(self)


def or_to_smd(log_or: ArrayLike, v: ArrayLike) -> Effect:
    """Standardized mean difference that would give an odds ratio if the outcome behind it were logistic.

    Parameters
    ----------
    log_or : scalar or array
        Natural logarithm of the odds ratio.
    v : scalar or array
        Its sampling variance.

    Returns
    -------
    Effect
        ``yi`` = log_or sqrt(3)/pi in standard deviations, ``vi`` = v 3/pi^2.

    See Also
    --------
    smd_to_or : the way back
    effect_size : odds ratios from counts

    Examples
    --------
    >>> import evidence as ev
    >>> yi, vi = ev.or_to_smd(0.9069, 0.0676)
    >>> round(float(yi), 4), round(float(vi), 4)
    (0.5, 0.0205)

    References
    ----------
    Chinn (2000), Statistics in Medicine 19:3127; Hasselblad & Hedges (1995), Psychological Bulletin 117:167,
    doi:10.1037/0033-2909.117.1.167. The example is Borenstein et al. (2009), chapter 7.
    """
    log_or, v = read(log_or=(log_or, FINITE), v=(v, NOT_NEGATIVE))
    return Effect(scalar_if_0d(log_or / _LOGISTIC_SD), scalar_if_0d(v / _LOGISTIC_SD**2))


def smd_to_or(smd: ArrayLike, v: ArrayLike) -> Effect:
    """Log odds ratio that a standardized mean difference of a logistic outcome gives at any cut; undoes `or_to_smd`.

    Parameters
    ----------
    smd : scalar or array
        In standard deviations.
    v : scalar or array
        Its sampling variance.

    Returns
    -------
    Effect
        ``yi`` = smd pi/sqrt(3), a natural logarithm, ``vi`` = v pi^2/3.

    See Also
    --------
    or_to_smd : the way back
    nnt : a standardized difference as people treated

    Examples
    --------
    >>> import evidence as ev
    >>> yi, vi = ev.smd_to_or(0.5, 0.0205)
    >>> round(float(yi), 4), round(float(vi), 4)
    (0.9069, 0.0674)

    References
    ----------
    As `or_to_smd`.
    """
    smd, v = read(smd=(smd, FINITE), v=(v, NOT_NEGATIVE))
    return Effect(scalar_if_0d(smd * _LOGISTIC_SD), scalar_if_0d(v * _LOGISTIC_SD**2))


def smd_to_points(g: ArrayLike, sd: ArrayLike) -> Floats:
    """A standardized mean difference, or an end of its interval, in points of an instrument: g sd.

    Parameters
    ----------
    g : scalar or array
        In standard deviations.
    sd : scalar or array
        Standard deviation of the instrument in a named population.

    Returns
    -------
    array, or scalar for scalars
        In points of the instrument.

    See Also
    --------
    pooled_sd : a standard deviation to multiply by
    proportion_reaching_mid : points as people who improve

    Examples
    --------
    >>> import evidence as ev
    >>> ev.smd_to_points(0.5, 24)
    np.float64(12.0)

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 15.5.3.2.
    """
    g, sd = read(g=(g, FINITE), sd=(sd, POSITIVE))
    return scalar_if_0d(g * sd)


def nnt(smd: ArrayLike, control_rate: ArrayLike) -> Floats:
    """Number needed to treat for one more response, from a standardized mean difference.

    Parameters
    ----------
    smd : scalar or array
        In standard deviations, positive when treatment is better.
    control_rate : scalar or array
        Proportion of responders without treatment, in (0, 1).

    Returns
    -------
    array, or scalar for scalars
        1 / (Phi(smd + Phi^-1(control_rate)) - control_rate): negative where treatment makes fewer respond, infinite
        for an `smd` of 0.

    See Also
    --------
    proportion_reaching_mid : responders where means and standard deviations are known
    smd_to_points : the same effect in points

    Notes
    -----
    Outcomes are taken as normal with equal spread in both groups, response as lying above a fixed cut.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.nnt(0.5, 0.2)), 2)
    6.01

    References
    ----------
    Furukawa & Leucht (2011), PLoS ONE 6:e19070, doi:10.1371/journal.pone.0019070.
    """
    smd, control_rate = read(smd=(smd, FINITE), control_rate=(control_rate, SHARE))
    more = ndtr(smd + ndtri(control_rate)) - control_rate
    with np.errstate(divide="ignore"):
        return scalar_if_0d(np.where(smd == 0, np.inf, 1 / np.where(smd == 0, 1.0, more)))


def proportion_reaching_mid(mean: ArrayLike, sd: ArrayLike, mid: ArrayLike) -> Floats:
    """Proportion of a group whose improvement reaches the minimal important difference.

    Parameters
    ----------
    mean : scalar or array
        Mean improvement of the group, positive for the better.
    sd : scalar or array
        Standard deviation of the improvement.
    mid : scalar or array
        Minimal important difference within a person, above 0, in the same points.

    Returns
    -------
    array, or scalar for scalars
        Phi((mean - mid) / sd), in (0, 1). The difference of two groups' proportions is a risk difference.

    See Also
    --------
    nnt : from a standardized difference and a control rate
    smd_to_points : an effect in points

    Notes
    -----
    Improvements are taken as normal.

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.proportion_reaching_mid([20, 12], 22, 15)[0]), 3)
    0.59

    References
    ----------
    Thorlund, Walter, Johnston, Furukawa & Guyatt (2011), Research Synthesis Methods 2:188, doi:10.1002/jrsm.46.
    """
    mean, sd, mid = read(mean=(mean, FINITE), sd=(sd, POSITIVE), mid=(mid, POSITIVE))
    return scalar_if_0d(np.asarray(ndtr((mean - mid) / sd)))
