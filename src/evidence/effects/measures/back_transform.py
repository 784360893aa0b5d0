"""Any table or number read back from the scale on which it was pooled."""

from __future__ import annotations

from typing import overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput
from ..arguments import shown
from ..inputs import FINITE, POSITIVE, Floats, read, scalar_if_0d
from .back import AUTO, Back, chosen_back

#: Columns of results that hold effects.
_EFFECTS = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")


@overload
def back_transform(
    values: pd.DataFrame, transform: str, *, vi: ArrayLike | None = None, n: ArrayLike | None = None
) -> pd.DataFrame: ...
@overload
def back_transform(
    values: ArrayLike, transform: str, *, vi: ArrayLike | None = None, n: ArrayLike | None = None
) -> Floats: ...
def back_transform(
    values: pd.DataFrame | ArrayLike, transform: str, *, vi: ArrayLike | None = None, n: ArrayLike | None = None
) -> pd.DataFrame | Floats:
    """Read effects back from the scale on which they were pooled.

    Parameters
    ----------
    values : array-like or DataFrame
        Effects; or a table of results, whose columns estimate, ci_low, ci_high, pi_low and pi_high are read back.
    transform : str
        A function, "exp", "expit", "tanh" or "square"; or a measure, such as "RR" (exp), "PLO" (expit), "ZCOR" (tanh)
        or "PFT" (Miller's inverse at the harmonic mean of the sizes).
    vi : (k,) array-like, optional
        Sampling variances of the trials, from which their sizes are known: for "PFT" and "IRFT".
    n : (k,) array-like, optional
        Or the sizes themselves: people for "PFT", person-time for "IRFT".

    Returns
    -------
    array or DataFrame
        As given; of a table without ``se``, which there is none of on the other scale. Tests and tau2 stay those of the
        scale on which effects were pooled.

    Raises
    ------
    InvalidInput
        No such transform, or one that needs sizes which were not given.

    See Also
    --------
    pool : Its fits know how to read themselves back, by ``transform=``.
    effect_size : Makes the effects.

    References
    ----------
    Miller (1978), The American Statistician 32:138, 10.1080/00031305.1978.10479283.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.back_transform([-0.69, 0.0], "exp").round(2).tolist()
    [0.5, 1.0]
    >>> round(float(ev.back_transform(0.5, "PFT", n=[20, 60])), 3)
    0.221
    """
    if transform is None or (isinstance(transform, str) and transform == AUTO):
        raise InvalidInput(
            f"transform {shown(transform)} is for a fit, which has a scale; name a function or a measure"
        )
    name = transform.strip().upper() if isinstance(transform, str) else ""
    if n is not None:
        (sizes,) = read(n=(n, POSITIVE))
        vi = 1 / (4 * sizes) if name == "IRFT" else 1 / (4 * sizes + 2)
    back = chosen_back(transform, vi=vi)
    assert back is not None  # only None, or "auto", means that there is none
    if isinstance(values, pd.DataFrame):
        return frame_read(values, back)
    (given,) = read(values=(values, FINITE))
    return scalar_if_0d(np.asarray(back.back(given)))


def frame_read(table: pd.DataFrame, back: Back | None) -> pd.DataFrame:
    """A table of results with its effects read back, without the standard error that they have none of."""
    if back is None:
        return table
    named = [column for column in _EFFECTS if column in table]
    if not named:
        raise InvalidInput(f"the table has none of {', '.join(_EFFECTS)}; its columns: {list(table.columns)}")
    read = {column: back.back(table[column].to_numpy(float)) for column in named}
    return table.assign(**read).drop(columns="se", errors="ignore")
