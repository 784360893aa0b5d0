"""Effects and variances on another scale, by the delta method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtr, ndtri

from ...errors import InvalidInput, NotEstimable
from ..arguments import shown
from ..inputs import FINITE, NOT_NEGATIVE, Floats, label_index, read, require_rows

#: Functions by name.
_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "expit": expit,
    "logit": logit,
    "tanh": np.tanh,
    "arctanh": np.arctanh,
    "square": np.square,
    "sqrt": np.sqrt,
    "arcsin": np.arcsin,
    "ndtr": ndtr,
    "ndtri": ndtri,
}
_STEP = 1e-3


def delta_method(yi: ArrayLike, vi: ArrayLike, function: str | Callable[[Floats], ArrayLike]) -> pd.DataFrame:
    """Effect sizes and sampling variances after a transformation.

    Parameters
    ----------
    yi : scalar or (k,) array
        Effect sizes.
    vi : scalar or (k,) array
        Their sampling variances.
    function : str or function
        "exp", "log", "expit", "logit", "tanh", "arctanh", "square", "sqrt", "arcsin", "ndtr" or "ndtri" (the normal
        distribution function and its inverse); or a smooth function of an array.

    Returns
    -------
    DataFrame
        ``yi`` and ``vi`` on the new scale, k rows.

    Raises
    ------
    InvalidInput
        No such function, or one that does not give a number for each effect.
    NotEstimable
        An effect where the function or its slope is no finite number.

    See Also
    --------
    back_transform : Reads a pooled effect and its interval back; the trials stay on their scale.
    effect_size : From the statistics themselves, where they are known.

    Notes
    -----
    vi times the square of the slope at yi, which is found by central differences of four points, to about 1e-9.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.delta_method([0.2, 0.5], [0.0016, 0.0025], "logit").round(4).to_dict("list")
    {'yi': [-1.3863, 0.0], 'vi': [0.0625, 0.04]}
    """
    named = _FUNCTIONS.get(function) if isinstance(function, str) else function
    if not callable(named):
        raise InvalidInput(f"function {shown(function)} is none; give one of {', '.join(_FUNCTIONS)}, or a function")
    given = read(yi=(yi, FINITE), vi=(vi, NOT_NEGATIVE))
    require_rows(given[0])
    y, v = (np.atleast_1d(part).astype(float) for part in given)
    step = _STEP * np.maximum(np.sqrt(v), 1e-3 * np.maximum(np.abs(y), 1e-3))
    with np.errstate(all="ignore"):
        value = _values(named, y, function)
        near = _values(named, y + step, function) - _values(named, y - step, function)
        far = _values(named, y + 2 * step, function) - _values(named, y - 2 * step, function)
        slope = (8 * near - far) / (12 * step)
    failed = np.flatnonzero(~(np.isfinite(value) & np.isfinite(slope)))
    if failed.size:
        at = int(failed[0])
        raise NotEstimable(f"{_name(function)} has no finite value and slope at yi[{at}] = {float(y[at])!r}")
    index = label_index(yi, vi)
    return pd.DataFrame(
        {"yi": value, "vi": v * slope**2}, index if index is not None and len(index) == len(y) else None
    )


def _values(function: Callable[[Floats], ArrayLike], at: Floats, given: object) -> Floats:
    try:
        values = np.asarray(function(at), dtype=float)
    except Exception as error:
        raise InvalidInput(f"function {shown(given)} fails for an array of effects: {error}") from error
    if values.shape != at.shape:
        raise InvalidInput(f"function {shown(given)} gives shape {values.shape} for {len(at)} effects")
    return values


def _name(function: object) -> str:
    return function if isinstance(function, str) else "the function"
