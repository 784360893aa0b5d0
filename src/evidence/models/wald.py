"""Tests and intervals of coefficients and of linear combinations of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc, fdtrc

from ..effects.arguments import shown
from ..errors import InvalidInput, NotEstimable
from . import wording
from .engine.engine import Floats
from .engine.inference import Interval, critical, two_sided_p
from .result import Covered, Result

# Beyond this size squares leave floating point.
_LARGEST = 1e100


@dataclass(frozen=True, repr=False, eq=False)
class JointTest(Result):
    """Test that several combinations of coefficients are all zero.

    Attributes
    ----------
    statistic : float
        Chi-square when ``df[1]`` is infinite, F otherwise.
    df : tuple of (int, float)
        Number of combinations, and degrees of freedom of the denominator.
    p_value : float
        Of the joint test.

    See Also
    --------
    regress : Fits the coefficients; ``.contrast(...)`` tests combinations of them.
    subgroups : Tests a difference between groups.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.1] * 5, "arm": list("aabbc")})
    >>> ev.regress(frame, formula="~ 0 + arm", test="z").contrast([[1, -1, 0], [0, 1, -1]]).joint
    Joint test
    2 combinations of coefficients: chi²(2) = 1.63, p = 0.443
    """

    statistic: float
    df: tuple[int, float]
    p_value: float

    def sentence(self) -> str:
        return f"That all combinations are zero was tested with {self._test()}."

    def _title(self) -> str:
        return "Joint test"

    def _lines(self) -> list[str]:
        return [f"{self.df[0]} combination{'s' * (self.df[0] > 1)} of coefficients: {self._test()}"]

    def _row(self) -> dict[str, object]:
        return {"statistic": self.statistic, "df1": self.df[0], "df2": self.df[1], "p_value": self.p_value}

    def _test(self) -> str:
        return f"{wording.omnibus(self.statistic, self.df)}, p {wording.p_value(self.p_value)}"


class Coefficients(Covered):
    """A result whose rows are ``coefficients``, with the coverage ``level`` of their intervals."""

    coefficients: pd.DataFrame

    def summary(self) -> str:
        return "\n".join([super().summary(), *coefficient_lines(self.coefficients, self.level)])

    def _rows(self) -> pd.DataFrame:
        return self.coefficients.rename_axis("coefficient")

    def _table(self) -> pd.DataFrame:
        return self.coefficients


@dataclass(frozen=True, repr=False, eq=False)
class Contrast(Coefficients):
    """Linear combinations of coefficients: each with its interval, and all tested together.

    Attributes
    ----------
    coefficients : DataFrame
        Columns estimate, se, statistic, df, p_value, ci_low, ci_high; one row a combination. ``p_adjusted``, too,
        where an adjustment was asked for.
    joint : JointTest
        Test that all are zero; its first degree of freedom counts the combinations that do not follow from others.
    level : float
        Coverage of the intervals.

    See Also
    --------
    regress : Fits the coefficients.
    JointTest : The test of all combinations.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.1] * 5, "arm": list("aabbc")})
    >>> fit = ev.regress(frame, formula="~ 0 + arm", test="z")
    >>> print(fit.contrast({"b - a": {"arm[b]": 1, "arm[a]": -1}}).sentence())
    b - a is 0.35 (95% confidence interval −0.31 to 1.01).
    """

    coefficients: pd.DataFrame
    joint: JointTest
    level: float

    def sentence(self) -> str:
        first = self.coefficients.iloc[0]
        bounds = wording.interval(Interval(first["ci_low"], first["ci_high"]))
        text = f"{first.name} is {wording.number(first['estimate'])} "
        text += f"({wording.percent(self.level)} confidence interval {bounds})"
        if len(self.coefficients) > 1:
            test = wording.omnibus(self.joint.statistic, self.joint.df)
            text += f"; all {len(self.coefficients)} together: {test}, p {wording.p_value(self.joint.p_value)}"
        return text + "."

    def _title(self) -> str:
        return f"Contrasts ({len(self.coefficients)})"

    def _lines(self) -> list[str]:
        if len(self.coefficients) == 1:
            return []
        test = wording.omnibus(self.joint.statistic, self.joint.df)
        lines = [f"all together: {test}, p {wording.p_value(self.joint.p_value)}"]
        if self.joint.df[0] < len(self.coefficients):
            lines.append(f"only {self.joint.df[0]} of them are independent: the others add nothing to the test")
        return lines


def coefficient_table(
    beta: Floats, cov: Floats, df: float | Floats, level: float, names: Sequence[str]
) -> pd.DataFrame:
    """Frame of estimate, se, statistic, df, p_value, ci_low, ci_high, one row a coefficient.

    Parameters
    ----------
    beta : (m,) array
    cov : (m, m) array, or (m,) of its diagonal
    df : float or (m,) array
        Infinite for normal tests.
    level : float
        Coverage of the intervals.
    names : sequence of m str
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


def read_combinations(
    combinations: Mapping[str, Mapping[str, float]] | ArrayLike, names: Sequence[str]
) -> tuple[list[str], Floats]:
    """Labels and (m, p) factors of linear combinations of the coefficients ``names``.

    Parameters
    ----------
    combinations : (m, p) or (p,) array-like, or mapping of label to {coefficient: factor}
    names : sequence of p str

    Raises
    ------
    InvalidInput
        A name that is no coefficient, a factor that is no number, or not one factor a coefficient.
    """
    if isinstance(combinations, Mapping):
        rows: object = [_factors(parts, names) for parts in combinations.values()]
        labels = [str(label) for label in combinations]
    else:
        rows, labels = combinations, []
    try:
        given = np.asarray(rows)
        matrix = np.atleast_2d(np.asarray(rows, dtype=float)) if given.dtype.kind in "iufO" else np.empty((0, 0, 0))
    except (TypeError, ValueError, OverflowError):
        matrix = np.empty((0, 0, 0))
    if matrix.ndim != 2 or not len(matrix) or not _can_be_squared(matrix):
        room = f"give (m, {len(names)}) factors, 0 or from {1 / _LARGEST:g} to {_LARGEST:g}"
        raise InvalidInput(f"combinations {shown(combinations)}: {room}")
    if matrix.shape[1] != len(names):
        raise InvalidInput(f"a combination has {matrix.shape[1]} factors for {len(names)} coefficients {list(names)}")
    if not matrix.any(axis=1).all():
        raise InvalidInput("a combination has only factors of 0: there is nothing to estimate")
    return labels or [str(i) for i in range(len(matrix))], matrix


def _can_be_squared(matrix: Floats) -> bool:
    size = np.abs(matrix)
    return bool(((size <= _LARGEST) & ((size >= 1 / _LARGEST) | (size == 0))).all())


def _factors(parts: object, names: Sequence[str]) -> list[object]:
    if not isinstance(parts, Mapping):
        raise InvalidInput(f"a combination is a mapping of coefficient to factor, not {shown(parts)}")
    unknown = [name for name in parts if name not in names]
    if unknown:
        raise InvalidInput(f"{unknown[0]!r} is not a coefficient; they are {list(names)}")
    return [parts.get(name, 0.0) for name in names]


def joint_test(beta: Floats, cov: Floats, df: float) -> JointTest:
    """Wald test that all of ``beta`` is zero: chi-square, or F with ``df`` in the denominator.

    Combinations that follow from the others add nothing: the numerator has as many degrees of freedom as there are
    independent ones.

    Raises
    ------
    NotEstimable
        No combination has a variance.
    """
    rows = independent_rows(cov)
    m = len(rows)
    if not m:
        raise NotEstimable("none of the combinations of coefficients has a variance")
    statistic = float(beta[rows] @ np.linalg.solve(cov[np.ix_(rows, rows)], beta[rows]))
    if np.isinf(df):
        return JointTest(statistic, (m, df), float(chdtrc(m, statistic)))
    return JointTest(statistic / m, (m, df), float(fdtrc(m, df, statistic / m)))


def independent_rows(cov: Floats) -> list[int]:
    """The first combinations of which none follows from those before it, told by their covariance."""
    usable = np.flatnonzero(np.diag(cov) > 0).tolist()
    root = np.sqrt(np.maximum(np.diag(cov), 0.0))
    kept: list[int] = []
    for i in usable:
        tried = [*kept, i]
        correlation = cov[np.ix_(tried, tried)] / np.outer(root[tried], root[tried])
        if np.linalg.matrix_rank(correlation, tol=1e-9) == len(tried):
            kept = tried
    return kept


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
