"""Two outcomes a study from arrays, Series paired by label, or a frame."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.inputs import aligned, as_floats, label_index, require_distinct
from ...errors import InvalidInput, NotEstimable
from ..studies import Column
from ..values import check_values, numbers, require_column
from .likelihood import Floats, Pairs


def read_pairs(
    y1: ArrayLike | pd.DataFrame,
    v1: ArrayLike | None,
    y2: ArrayLike | None,
    v2: ArrayLike | None,
    rho_within: Column | None,
    restricted: bool,
) -> tuple[Pairs, Floats]:
    """Pairs of effects in units of their typical sampling standard deviation, so that one tolerance fits all scales.

    Returns
    -------
    Pairs
        The studies with one outcome or both.
    (2,) array
        The two units.

    Raises
    ------
    InvalidInput, NotEstimable
        As `bivariate`.
    """
    given: dict[str, object] = {"y1": y1, "v1": v1, "y2": y2, "v2": v2}
    if isinstance(y1, pd.DataFrame):
        if any(part is not None for part in (v1, y2, v2)):
            raise InvalidInput("give either a frame with columns y1, v1, y2 and v2, or these four; not both")
        require_distinct(y1)
        given = {name: require_column(y1, name, name) for name in given}
        if isinstance(rho_within, str):
            rho_within = require_column(y1, rho_within, "rho_within")
    for name, part in (given | {"rho_within": rho_within}).items():
        if part is None:
            raise InvalidInput(
                f"{name} is missing: " + ("state an assumption" if name == "rho_within" else "give one value a trial")
            )
    index = label_index(*given.values())
    columns = [numbers(aligned(part, name, index), name) for name, part in given.items()]
    sizes = [len(column) for column in columns]
    if len(set(sizes)) > 1:
        raise InvalidInput(f"y1, v1, y2 and v2 have {sizes} values; each study needs one of all four")
    y, v = np.column_stack(columns[::2]), np.column_stack(columns[1::2])
    rho = as_floats("rho_within", aligned(rho_within, "rho_within", index))
    if rho.ndim == 0:
        rho = np.full(len(y), float(rho))
    if rho.shape != (len(y),):
        raise InvalidInput(f"rho_within has {rho.size} values for {len(y)} studies; give one, or one a study")
    for j in (0, 1):
        check_values(y[:, j], v[:, j], [f"{i + 1} (outcome {j + 1})" for i in range(len(y))])
    seen = ~(np.isnan(y) | np.isnan(v))
    if (v[seen] == 0).any():
        raise InvalidInput("a sampling variance is 0; this model needs each study's, above 0")
    both = seen[:, 0] & seen[:, 1]
    if not (np.abs(rho[both]) < 1).all():
        raise InvalidInput("rho_within has to lie inside -1 to 1 for each study with both outcomes")
    if both.sum() < 3:
        raise NotEstimable(
            f"{int(both.sum())} studies have both outcomes; how their effects go together takes at least three"
        )
    some = seen[:, 0] | seen[:, 1]
    y, v, rho, seen, both = y[some], v[some], rho[some], seen[some], both[some]
    unit = np.array([math.sqrt(float(np.median(v[seen[:, j], j]))) for j in (0, 1)])
    y, v = np.where(seen, y / unit, 0.0), np.where(seen, v / unit**2, 1.0)
    covariance = np.where(both, np.where(both, rho, 0.0) * np.sqrt(v.prod(axis=1)), 0.0)
    return Pairs(y, v, covariance, seen, restricted), unit
