"""Spread of change scores from the spread at two occasions, and the correlation between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..inputs import CORRELATION, POSITIVE, Floats, read, require, scalar_if_0d


def change_sd(sd_pre: ArrayLike, sd_post: ArrayLike, r: ArrayLike) -> Floats:
    """Standard deviation of the change: sqrt(sd_pre^2 + sd_post^2 - 2 r sd_pre sd_post).

    Parameters
    ----------
    sd_pre : scalar or array
        Standard deviation at the first occasion.
    sd_post : scalar or array
        Standard deviation at the second occasion.
    r : scalar or array
        Correlation between the occasions, in (-1, 1).

    Returns
    -------
    array, or scalar for scalars
        In the units of the standard deviations.

    See Also
    --------
    correlation_from_change : the correlation it needs, from a trial that prints all three
    effect_size : measures of change: MC, SMCC, SMCR

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.change_sd(20, 22, 0.5)), 3)
    21.071

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.5.2.8; Abrams, Gillies & Lambert (2005), Statistics in Medicine
    24:3823.
    """
    sd_pre, sd_post, r = read(sd_pre=(sd_pre, POSITIVE), sd_post=(sd_post, POSITIVE), r=(r, CORRELATION))
    return scalar_if_0d(np.sqrt(sd_pre**2 + sd_post**2 - 2 * r * sd_pre * sd_post))


def correlation_from_change(sd_pre: ArrayLike, sd_post: ArrayLike, sd_change: ArrayLike) -> Floats:
    """Correlation between occasions where a paper gives all three standard deviations.

    Parameters
    ----------
    sd_pre : scalar or array
        Standard deviation at the first occasion.
    sd_post : scalar or array
        Standard deviation at the second occasion, of the same people.
    sd_change : scalar or array
        Standard deviation of the change between the two.

    Returns
    -------
    array, or scalar for scalars
        r = (sd_pre^2 + sd_post^2 - sd_change^2) / (2 sd_pre sd_post).

    Raises
    ------
    InvalidInput
        Also where `sd_change` is impossible for any r in (-1, 1): the three do not belong together, or one of them is
        a standard error.

    See Also
    --------
    change_sd : the way back

    Examples
    --------
    >>> import evidence as ev
    >>> round(float(ev.correlation_from_change(20, 22, 21.0713)), 3)
    0.5

    References
    ----------
    Higgins et al. (2019), Cochrane Handbook, section 6.5.2.8.
    """
    sd_pre, sd_post, sd_change = read(
        sd_pre=(sd_pre, POSITIVE), sd_post=(sd_post, POSITIVE), sd_change=(sd_change, POSITIVE)
    )
    r = (sd_pre**2 + sd_post**2 - sd_change**2) / (2 * sd_pre * sd_post)
    possible = "lie between |sd_pre - sd_post| and sd_pre + sd_post, both excluded (is one of the three an SE?)"
    require(CORRELATION.holds(r), "sd_change", sd_change, possible)
    return scalar_if_0d(r)
