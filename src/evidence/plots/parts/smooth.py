"""The trend of points, without a model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...errors import NotEstimable

_FEWEST = 5


def smoothed(
    figure: str, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Locally weighted regression of ``y`` on ``x`` (LOWESS, two thirds of the points at a time), sorted by ``x``.

    Raises
    ------
    NotEstimable
        There are fewer than five places on ``x``.

    References
    ----------
    Cleveland (1979), Journal of the American Statistical Association 74:829, 10.1080/01621459.1979.10481038.
    """
    from statsmodels.nonparametric.smoothers_lowess import lowess

    usable = np.isfinite(x) & np.isfinite(y)
    places = len(np.unique(x[usable]))
    if places < _FEWEST:
        raise NotEstimable(f"{figure}: a smooth line takes {_FEWEST} different places; there are {places}")
    line = lowess(y[usable], x[usable], frac=2 / 3)
    return line[:, 0], line[:, 1]
