"""Coefficients and selection parameters of a fitted selection model, as frames."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.special import ndtr

from ...models.engine.engine import Floats
from .fit import Maximum
from .functions import Kind
from .likelihood import Selection, StepSelection


def coefficient_table(names: tuple[str, ...], beta: Floats, se: Floats, half: float) -> pd.DataFrame:
    statistic = beta / se
    return pd.DataFrame(
        {
            "estimate": beta,
            "se": se,
            "statistic": statistic,
            "df": math.inf,
            "p_value": 2 * ndtr(-np.abs(statistic)),
            "ci_low": beta - half * se,
            "ci_high": beta + half * se,
        },
        index=pd.Index(list(names)),
    )


def weight_table(
    kind: Kind, cuts: tuple[float, ...], selection: Selection, top: Maximum, p: int, half: float
) -> pd.DataFrame:
    delta, se = top.parameters[p + 1 :], top.se[p + 1 :]
    names = [f"delta {i + 1}" for i in range(len(delta))]
    table = pd.DataFrame({"estimate": delta, "se": se}, index=pd.Index(names))
    if kind == "trunc":
        table = pd.DataFrame(
            {"estimate": np.append(1.0, delta), "se": np.append(np.nan, se)},
            index=pd.Index([f"beyond {cuts[0]:g}", f"{cuts[0]:g} or less"]),
        )
    elif isinstance(selection, StepSelection):
        low = (0.0, *cuts[:-1])
        names = [f"{a:g} < p <= {b:g}" for a, b in zip(low, cuts, strict=True)]
        counts = np.bincount(selection.interval, minlength=len(cuts))
        table = pd.DataFrame(
            {
                "p_low": low,
                "p_high": cuts,
                "k": counts,
                "estimate": np.append(1.0, delta),
                "se": np.append(np.nan, se),
            },
            index=pd.Index(names),
        )
    # A weight cannot be negative, so neither can its interval.
    return table.assign(
        ci_low=np.maximum(table["estimate"] - half * table["se"], np.where(table["se"].isna(), np.nan, 0.0)),
        ci_high=table["estimate"] + half * table["se"],
    )
