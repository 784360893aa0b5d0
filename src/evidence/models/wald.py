"""Tests and intervals of coefficients and of linear combinations of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc, fdtrc

from ..errors import NotEstimable
from . import wording
from .engine.engine import Floats
from .engine.inference import critical, two_sided_p


@dataclass(frozen=True, slots=True)
class JointTest:
    """Test that several combinations of coefficients are all zero.

    Attributes
    ----------
    statistic : float, chi-square when ``df[1]`` is infinite, F otherwise
    df : (number of combinations, denominator degrees of freedom)
    p_value : float
    """

    statistic: float
    df: tuple[int, float]
    p_value: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """Linear combinations of coefficients: each with its interval, and all tested together.

    Attributes
    ----------
    coefficients : frame, columns estimate se statistic df p_value ci_low ci_high
    joint : JointTest
    """

    coefficients: pd.DataFrame
    joint: JointTest


def coefficient_table(
    beta: Floats, cov: Floats, df: float | Floats, level: float, names: Sequence[str]
) -> pd.DataFrame:
    """Frame of estimate, se, statistic, df, p_value, ci_low, ci_high, one row a coefficient.

    Parameters
    ----------
    beta : (m,) array; cov : (m, m) array, or (m,) of its diagonal; df : float or (m,) array, infinite for normal tests
    """
    se = np.sqrt(cov if cov.ndim == 1 else np.diag(cov))
    each = np.broadcast_to(np.asarray(df, dtype=float), beta.shape)
    half = critical(level, each) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(beta == 0, 0.0, beta / se)
    columns = {
        "estimate": beta,
        "se": se,
        "statistic": statistic,
        "df": each,
        "p_value": two_sided_p(statistic, each),
        "ci_low": beta - half,
        "ci_high": beta + half,
    }
    return pd.DataFrame(columns, index=pd.Index(list(names)))


def joint_test(beta: Floats, cov: Floats, df: float) -> JointTest:
    """Wald test that all of ``beta`` is zero: chi-square, or F with ``df`` in the denominator.

    Raises
    ------
    NotEstimable
        The combinations depend on each other.
    """
    m = len(beta)
    if np.linalg.matrix_rank(cov) < m:
        raise NotEstimable("the combinations of coefficients depend on each other; drop the redundant ones")
    statistic = float(beta @ np.linalg.solve(cov, beta))
    if np.isinf(df):
        return JointTest(statistic, (m, df), float(chdtrc(m, statistic)))
    return JointTest(statistic / m, (m, df), float(fdtrc(m, df, statistic / m)))


def tested_coefficients(x: Floats) -> list[int]:
    """Positions of the coefficients an omnibus test covers: all but the intercept, or it when it is alone."""
    moderators = [j for j in range(x.shape[1]) if not (x[:, j] == 1).all()]
    return moderators or [0]


def coefficient_lines(table: pd.DataFrame, level: float) -> list[str]:
    """Each coefficient as a line of text."""
    n = wording.number
    lines = []
    for name, row in table.iterrows():
        letter = "z" if math.isinf(row["df"]) else f"t({row['df']:.4g})"
        lines.append(
            f"{name}: {n(row['estimate'], 4)} (SE {n(row['se'], 4)}), {letter} = {n(row['statistic'])}, "
            f"p {wording.p_value(row['p_value'])}, {wording.percent(level)} CI {n(row['ci_low'], 4)} to "
            f"{n(row['ci_high'], 4)}"
        )
    return lines
