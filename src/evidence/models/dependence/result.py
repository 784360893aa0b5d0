"""Cluster-robust coefficients, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from ...effects.arguments import each_of, shown
from ...effects.inputs import as_floats
from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..engine.engine import Floats
from ..result import Result
from ..wald import Coefficients, coefficient_table, read_combinations
from .sandwich import Kind, Sandwich

KIND_WORDS = {
    "CR0": "no small-sample correction",
    "CR1": "times J / (J − 1)",
    "CR2": "bias-reduced",
}


@dataclass(frozen=True, repr=False, eq=False)
class WaldTest(Result):
    """HTZ test that several coefficients are all zero.

    Attributes
    ----------
    statistic : float
        F.
    df1 : int
        How many coefficients.
    df2 : float
        Degrees of freedom of the denominator.
    p_value : float
        Of the F test.
    coefficients : tuple of str
        What was tested: coefficients, or labels of combinations.

    See Also
    --------
    Robust : Makes it by ``.wald()``.
    JointTest : The same question where the model is trusted.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2], [0.04] * 10)
    >>> fit.robust().wald().coefficients
    ('estimate',)
    """

    statistic: float
    df1: int
    df2: float
    p_value: float
    coefficients: tuple[str, ...]

    def sentence(self) -> str:
        return f"That {' and '.join(self.coefficients)} are all zero was tested with {self._lines()[0]}."

    def _title(self) -> str:
        return f"HTZ test of {', '.join(self.coefficients)}"

    def _lines(self) -> list[str]:
        return [f"{wording.omnibus(self.statistic, (self.df1, self.df2))}, p {wording.p_value(self.p_value)}"]

    def _row(self) -> dict[str, object]:
        numbers = {"statistic": self.statistic, "df1": self.df1, "df2": self.df2, "p_value": self.p_value}
        return {"coefficients": ", ".join(self.coefficients), **numbers}


@dataclass(frozen=True, repr=False, eq=False)
class Robust(Coefficients):
    """Coefficients with cluster-robust standard errors.

    Attributes
    ----------
    coefficients : DataFrame
        estimate, se, statistic, df (Satterthwaite), p_value, ci_low, ci_high; one row a coefficient.
    covariance : DataFrame
        Covariance of the coefficients, p x p.
    kind : {"CR0", "CR1", "CR2"}
        Correction for few clusters.
    clusters : int
        How many.
    level : float
        Coverage of the intervals.
    tested : list of int
        Positions of the moderators.
    expected_share : Series
        Expected robust variance of each coefficient as a share of its variance if the working model is true. CR2 has
        1 by design; less means that a coefficient needs a cluster whose residuals it leaves without variance, as a
        category that occurs in one cluster only does, and that its standard error is too small.

    See Also
    --------
    robust : Makes it of any fit.
    multilevel : Uses it by default.
    WaldTest : Test of several of these coefficients.

    Examples
    --------
    >>> import evidence as ev
    >>> fit = ev.pool([0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2], [0.04] * 10)
    >>> ev.robust(fit, cluster=list("AABBCCDDEE")).clusters
    5
    """

    coefficients: pd.DataFrame
    covariance: pd.DataFrame
    kind: Kind
    clusters: int
    level: float
    tested: list[int]
    expected_share: pd.Series
    _sandwich: Sandwich

    def wald(
        self, coefficients: Sequence[str] | Mapping[str, Mapping[str, float]] | ArrayLike | None = None
    ) -> WaldTest:
        """Test that some coefficients, or linear combinations of them, are all zero.

        Parameters
        ----------
        coefficients : sequence of str, mapping of label to {coefficient: factor}, or (q, p) array-like, optional
            By default all but the intercept. Combinations that follow from others are counted once.

        Returns
        -------
        WaldTest
            F with its degrees of freedom.

        Raises
        ------
        InvalidInput
            A name that is no coefficient, or both kinds given.
        NotEstimable
            Too few clusters for so many coefficients.

        Notes
        -----
        Q = b'V^-1 b is compared with Hotelling's T2 of eta degrees of freedom: F = (eta - q + 1) / (eta q) Q with q
        and eta - q + 1 df, eta as in Zhang's moment match ("HTZ" in Tipton & Pustejovsky 2015).
        """
        tested, contrasts = combinations_of(coefficients, list(self.coefficients.index), self.tested)
        q = len(contrasts)
        beta = contrasts @ self.coefficients["estimate"].to_numpy()
        variance = contrasts @ self.covariance.to_numpy() @ contrasts.T
        df2 = self._sandwich.htz(contrasts) - q + 1
        if df2 <= 0 or np.linalg.matrix_rank(variance, hermitian=True) < q:
            raise NotEstimable(f"{self.clusters} clusters are too few to test {q} coefficients together")
        statistic = float(df2 / ((df2 + q - 1) * q) * (beta @ np.linalg.solve(variance, beta)))
        return WaldTest(statistic, q, float(df2), float(fdtrc(q, df2, statistic)), tested)

    def contrast(
        self, contrasts: Mapping[str, Mapping[str, float]] | ArrayLike, names: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Linear combinations of the coefficients.

        Parameters
        ----------
        contrasts : (q, p) or (p,) array-like, or mapping of label to {coefficient: factor}
        names : sequence of q str, optional
            Labels of the combinations.

        Returns
        -------
        DataFrame
            One row a combination, with the columns of ``coefficients``.
        """
        own, c = read_combinations(contrasts, tuple(self.coefficients.index))
        if names is not None and (not isinstance(names, Sequence) or len(names) != len(c)):
            raise InvalidInput(f"names {shown(names)}: give one label for each of the {len(c)} contrasts")
        estimate, covariance = c @ self.coefficients["estimate"].to_numpy(), c @ self.covariance.to_numpy() @ c.T
        labels = own if names is None else names
        return coefficient_table(estimate, covariance, self._sandwich.satterthwaite(c), self.level, labels)

    def errors(self, contrasts: Floats) -> tuple[Floats, Floats]:
        """Standard errors and degrees of freedom of linear combinations.

        Parameters
        ----------
        contrasts : (q, p) array
            Factors of the coefficients.

        Returns
        -------
        tuple of (q,) arrays
            Standard errors, and Satterthwaite degrees of freedom.
        """
        contrasts = as_floats("contrasts", contrasts)
        if contrasts.ndim != 2 or contrasts.shape[1] != len(self.coefficients) or not np.isfinite(contrasts).all():
            raise InvalidInput(f"contrasts must be rows of {len(self.coefficients)} finite numbers, one a coefficient")
        distinct, where = np.unique(contrasts, axis=0, return_inverse=True)
        variance = np.einsum("qp,pr,qr->q", distinct, self.covariance.to_numpy(), distinct)
        return np.sqrt(variance)[where.ravel()], self._sandwich.satterthwaite(distinct)[where.ravel()]

    def sentence(self) -> str:
        first = self.coefficients.iloc[0]
        what = "The average effect" if len(self.coefficients) == 1 else f"The coefficient {first.name}"
        return (
            f"{what} is {wording.number(first['estimate'])} ({wording.percent(self.level)} confidence interval "
            f"{wording.number(first['ci_low'])} to {wording.number(first['ci_high'])}), with standard errors that "
            f"allow for any dependence within {self.clusters} clusters."
        )

    def _title(self) -> str:
        return f"{self.kind} standard errors ({KIND_WORDS[self.kind]}), {self.clusters} clusters, Satterthwaite df"

    def _lines(self) -> list[str]:
        return []


def combinations_of(given: Any, names: list[str], default: list[int]) -> tuple[tuple[str, ...], Floats]:
    """What is tested and, as rows (q, p) of full rank, the combinations of coefficients that have to be zero.

    Raises
    ------
    InvalidInput
        A name that is no coefficient, or combinations that are none.
    """
    if isinstance(given, Mapping) or _is_matrix(given):
        labels, matrix = read_combinations(given, names)
        values, rows = np.linalg.svd(matrix, full_matrices=False)[1:]
        if not values[0]:
            raise InvalidInput(f"combinations {shown(given)} are all zero: nothing is tested")
        return tuple(labels), np.asarray(rows[values > 1e-10 * values[0]])
    wanted = [names[i] for i in default] if given is None else each_of(given)
    unknown = [name for name in wanted if not isinstance(name, str) or name not in names]
    if unknown or not wanted:
        raise InvalidInput(f"no coefficient {shown(unknown[0] if unknown else wanted)}; the fit has {names}")
    chosen = tuple(map(str, wanted))
    return chosen, np.eye(len(names))[[names.index(name) for name in chosen]]


def _is_matrix(given: Any) -> bool:
    if isinstance(given, pd.DataFrame):  # its columns would be read as names
        return False
    try:
        return np.ndim(given) == 2
    except ValueError:  # rows of several lengths
        return False
