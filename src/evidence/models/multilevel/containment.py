"""Coefficients tested as if the model were true, with the degrees of freedom that its groups leave."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ...errors import NotEstimable
from ..dependence.blocks import Ints
from ..design import Design
from ..engine.engine import Floats
from ..wald import coefficient_table


def containment_df(x: Floats, groups: Iterable[tuple[Ints, int]]) -> Floats:
    """Degrees of freedom of each coefficient, (p,).

    The smallest number of groups, less p, over the groupings within whose groups the moderator is constant; k - p for
    a moderator that varies within the groups of every one. ``groups`` are codes (k,) and how many there are, each.
    """
    k, p = x.shape
    df = np.full(p, float(k - p))
    for codes, count in groups:
        order = np.argsort(codes, kind="stable")
        first = order[np.searchsorted(codes[order], np.arange(count))]
        constant = (x == x[first][codes]).all(axis=0)
        df[constant] = np.minimum(df[constant], count - p)
    return df


def model_coefficients(
    design: Design, df: Floats, beta: Floats, covariance: Floats, test: str, level: float, needed: bool
) -> pd.DataFrame:
    """The table of coefficients; NaN where no df is left, unless the table is ``needed``.

    Raises
    ------
    NotEstimable
        A coefficient that leaves no degrees of freedom.
    """
    if test == "z":
        return coefficient_table(beta, covariance, np.full(len(beta), np.inf), level, design.names)
    if needed and (df < 1).any():
        name = design.names[int(np.argmin(df))]
        raise NotEstimable(f'coefficient {name!r} leaves no degrees of freedom; use robust="CR2" or test="z"')
    return coefficient_table(beta, covariance, np.where(df < 1, np.nan, df), level, design.names)
