"""Whether what stands as a standard deviation would be ordinary as a standard error."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .printed import COUNT, SPREAD, read_rows
from .reference import LIMIT, read_reference
from .verdict import verdicts

RULE = f"the SD is not far below the reference SDs (modified z under -{LIMIT}) while sd sqrt(n) is among them"


def se_as_sd(*, sd: ArrayLike, n: ArrayLike, reference: ArrayLike, decimals: ArrayLike | None = None) -> pd.DataFrame:
    """Is a printed SD perhaps a standard error?

    Parameters
    ----------
    sd : scalar or (k,) array-like
        Standard deviations as printed, as numbers or as text.
    n : scalar or (k,) array-like
        People behind each.
    reference : array-like
        SDs that other studies found with the same instrument, in the same units; at least five.
    decimals : scalar or (k,) array-like, optional
        Decimals as printed; by default those that each number shows.

    Returns
    -------
    DataFrame
        passes, False where the number is extraordinarily low as an SD and ordinary as a standard error; number, the SD
        if it were one, sd sqrt(n); rule; z and z_as_se, the place of sd and of sd sqrt(n) among the reference.

    Raises
    ------
    InvalidInput
        What is no number, a negative SD, or an n that is no whole number.

    See Also
    --------
    sd_plausible : Whether an SD is possible at all, or out of the ordinary.
    sd_from_se : The SD from a standard error.

    Notes
    -----
    z = 0.6745 (log sd - median) / MAD of the logarithms of the reference; below -3.5 a value is an outlier. The SD is
    taken at the upper end of its rounding interval. A standard error in the place of an SD is among the commonest
    errors of transcription in meta-analyses, and makes an effect sqrt(n) times too large.

    References
    ----------
    Iglewicz & Hoaglin (1993), How to detect and handle outliers, ASQC Quality Press.
    Gøtzsche et al. (2007), JAMA 298:430, 10.1001/jama.298.4.430 (how often, and with what result).

    Examples
    --------
    SDs of pain on a scale of 100 are about 20; 2.5 among 60 people is one as a standard error.

    >>> import evidence as ev
    >>> found = ev.se_as_sd(sd=[2.5, 18.0], n=60, reference=[17, 19, 20, 22, 24, 25])
    >>> found[["passes", "number", "z", "z_as_se"]].round(1)
       passes  number     z  z_as_se
    0   False    19.4 -12.2     -0.5
    1    True   139.4  -0.7     10.9
    """
    rows = read_rows({"sd": (sd, decimals, SPREAD)}, {"n": (n, COUNT)})
    spread, root = rows.printed["sd"], np.sqrt(rows.plain["n"])
    among = read_reference(reference)
    missing = rows.missing("sd", "n")
    z = among.z(spread.high)
    z_as_se = among.z(np.where(spread.value > 0, spread.value * root, np.nan))
    return verdicts(
        rows.index,
        ~((z < -LIMIT) & (np.abs(z_as_se) <= LIMIT)),
        spread.value * root,
        RULE,
        [(missing, "sd or n is missing"), (np.full(len(root), bool(among.reason)), among.reason)],
        z=z,
        z_as_se=z_as_se,
    )
