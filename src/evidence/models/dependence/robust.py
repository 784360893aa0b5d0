"""Cluster-robust tests of any fitted model: right standard errors when the assumed dependence is wrong."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from ...errors import InvalidInput, NotEstimable, SmallSample
from .. import wording
from ..engine.engine import Floats
from ..wald import coefficient_lines, coefficient_table, tested_coefficients
from .blocks import is_nested, partition
from .sandwich import Clusters, Kind, Sandwich, sandwich
from .working_model import HasWorkingModel, WorkingModel

KIND_WORDS = {
    "CR0": "no small-sample correction",
    "CR1": "times J / (J − 1)",
    "CR2": "bias-reduced",
}
# Below this many degrees of freedom p values of a Satterthwaite test are too small (Tipton 2015).
_FEW_DF = 4
# Expected CR2 variance this share below the model's is not rounding: a direction of some cluster is lost.
_SHORT = 0.01


@dataclass(frozen=True)
class WaldTest:
    """HTZ test that several coefficients are all zero.

    Attributes
    ----------
    statistic : float, F; df1, df2 : float; p_value : float
    coefficients : tuple of str, what was tested
    """

    statistic: float
    df1: int
    df2: float
    p_value: float
    coefficients: tuple[str, ...]


@dataclass(frozen=True, repr=False, eq=False)
class Robust:
    """Coefficients with cluster-robust standard errors.

    Attributes
    ----------
    coefficients : DataFrame
        estimate, se, statistic, df (Satterthwaite), p_value, ci_low, ci_high; one row a coefficient.
    covariance : DataFrame, p x p
    kind : "CR0", "CR1" or "CR2"; clusters : int, how many; level : float
    tested : list of int, positions of the moderators
    expected_share : Series
        Expected robust variance of each coefficient as a share of its variance if the working model is true. CR2 has
        1 by design; less means that a coefficient needs a cluster whose residuals it leaves without variance, as a
        category that occurs in one cluster only does, and that its standard error is too small.
    """

    coefficients: pd.DataFrame
    covariance: pd.DataFrame
    kind: Kind
    clusters: int
    level: float
    tested: list[int]
    expected_share: pd.Series
    _sandwich: Sandwich

    def wald(self, coefficients: Sequence[str] | None = None) -> WaldTest:
        """Test that some coefficients are all zero, by default all but the intercept.

        Notes
        -----
        Q = b'V^-1 b is compared with Hotelling's T2 of eta degrees of freedom: F = (eta - q + 1) / (eta q) Q with q
        and eta - q + 1 df, eta as in Zhang's moment match ("HTZ" in Tipton & Pustejovsky 2015).

        Raises
        ------
        NotEstimable
            Too few clusters for so many coefficients.
        """
        names = list(self.coefficients.index)
        if coefficients is None:
            coefficients = [names[i] for i in self.tested]
        unknown = [name for name in coefficients if name not in names]
        if unknown:
            raise InvalidInput(f"no coefficient {unknown[0]!r}; the fit has {names}")
        contrasts = np.eye(len(names))[[names.index(name) for name in coefficients]]
        q = len(contrasts)
        beta = contrasts @ self.coefficients["estimate"].to_numpy()
        variance = contrasts @ self.covariance.to_numpy() @ contrasts.T
        df2 = self._sandwich.htz(contrasts) - q + 1
        if df2 <= 0 or np.linalg.matrix_rank(variance, hermitian=True) < q:
            raise NotEstimable(f"{self.clusters} clusters are too few to test {q} coefficients together")
        statistic = float(df2 / ((df2 + q - 1) * q) * (beta @ np.linalg.solve(variance, beta)))
        return WaldTest(statistic, q, float(df2), float(fdtrc(q, df2, statistic)), tuple(coefficients))

    def contrast(self, contrasts: ArrayLike, names: Sequence[str] | None = None) -> pd.DataFrame:
        """Linear combinations of the coefficients, (q, p) or (p,), with the columns of ``coefficients``."""
        c = np.atleast_2d(np.asarray(contrasts, dtype=float))
        if c.shape[1] != len(self.coefficients):
            raise InvalidInput(f"contrasts have {c.shape[1]} columns for {len(self.coefficients)} coefficients")
        labels = [str(i) for i in range(len(c))] if names is None else names
        estimate, covariance = c @ self.coefficients["estimate"].to_numpy(), c @ self.covariance.to_numpy() @ c.T
        return coefficient_table(estimate, covariance, self._sandwich.satterthwaite(c), self.level, labels)

    def errors(self, contrasts: Floats) -> tuple[Floats, Floats]:
        """Standard errors and degrees of freedom of ``contrasts`` (q, p)."""
        distinct, where = np.unique(contrasts, axis=0, return_inverse=True)
        variance = np.einsum("qp,pr,qr->q", distinct, self.covariance.to_numpy(), distinct)
        return np.sqrt(variance)[where.ravel()], self._sandwich.satterthwaite(distinct)[where.ravel()]

    def to_frame(self) -> pd.DataFrame:
        """The coefficients."""
        return self.coefficients.copy()

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        lines = [f"{self.kind} standard errors ({KIND_WORDS[self.kind]}), {self.clusters} clusters, Satterthwaite df"]
        return "\n".join(lines + coefficient_lines(self.coefficients, self.level))

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        first = self.coefficients.iloc[0]
        what = "The average effect" if len(self.coefficients) == 1 else f"The coefficient {first.name}"
        return (
            f"{what} is {wording.number(first['estimate'])} ({wording.percent(self.level)} confidence interval "
            f"{wording.number(first['ci_low'])} to {wording.number(first['ci_high'])}), with standard errors that "
            f"allow for any dependence within {self.clusters} clusters."
        )

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return wording.html_report("Cluster-robust coefficients", self.summary().split("\n")[:1], self.coefficients)


def robust(fit: HasWorkingModel, cluster: ArrayLike | None = None, kind: Kind = "CR2") -> Robust:
    """Test the coefficients of a fit with standard errors that trust no assumption about dependence.

    Parameters
    ----------
    fit : result of `pool`, `regress` or `multilevel`
    cluster : (k,) array-like of labels, one a row of the fit; by default the fit's own independent blocks (the
        outermost level of `multilevel`; each row of `pool`)
    kind : "CR0", "CR1" or "CR2"
        CR2 is the default: with few clusters the others are too small (Tipton 2015).

    Returns
    -------
    Robust

    Raises
    ------
    InvalidInput
        Not one label a row, or rows the model says depend on each other lie in different clusters.
    NotEstimable
        One cluster, or a coefficient that rests on one cluster alone.

    Warns
    -----
    SmallSample
        A coefficient with fewer than 4 degrees of freedom: its p value comes out too small. Or one that rests in part
        on a single cluster: its standard error comes out too small (clubSandwich does not say so).

    References
    ----------
    Tipton (2015), Psychological Methods 20:375, 10.1037/met0000011.
    Pustejovsky & Tipton (2018), Journal of Business & Economic Statistics 36:672, 10.1080/07350015.2016.1247004.
    """
    if kind not in KIND_WORDS:
        raise InvalidInput(f"kind {kind!r} is unknown; choose one of {', '.join(KIND_WORDS)}")
    result = robust_of(fit.working_model(), cluster, kind)
    warn_unreliable(result, stacklevel=3)
    return result


def warn_unreliable(result: Robust, stacklevel: int) -> None:
    """Warn when a coefficient has too few degrees of freedom, or rests on a single cluster."""
    few = result.coefficients["df"] < _FEW_DF
    if few.any():
        name, df = result.coefficients.index[few][0], result.coefficients["df"][few].iloc[0]
        warnings.warn(
            f"coefficient {name!r} has {df:.1f} degrees of freedom: below {_FEW_DF} its p value is too small",
            SmallSample,
            stacklevel=stacklevel,
        )
    short = result.expected_share < 1 - _SHORT
    if result.kind == "CR2" and short.any():
        name, share = result.coefficients.index[short][0], result.expected_share[short].iloc[0]
        warnings.warn(
            f"coefficient {name!r} rests in part on a single cluster: its CR2 variance is {100 * share:.0f}% of what "
            "it should be; join its category with another or trust the model (robust=None)",
            SmallSample,
            stacklevel=stacklevel,
        )


def robust_of(model: WorkingModel, cluster: ArrayLike | None, kind: Kind) -> Robust:
    """`robust` for a working model, without the warning."""
    own = model.weights.codes()
    codes = own if cluster is None else _cluster_codes(cluster, len(own))
    if not is_nested(own, codes):
        raise InvalidInput("the model lets rows of different clusters depend on each other; cluster by its outer level")
    rows = partition(codes)
    if sum(len(stack) for stack in rows) < 2:
        raise NotEstimable("one cluster says nothing about how clusters differ")
    weights, covariance = model.weights.within(rows), model.covariance.within(rows)
    stacks = [
        Clusters(model.x[stack], model.residual[stack], w, phi)
        for stack, w, phi in zip(rows, weights.values, covariance.values, strict=True)
    ]
    found = sandwich(stacks, kind)
    unit = np.eye(len(model.names))
    share = np.diagonal(found.expected(unit)) / np.diagonal(found.model)
    if (share < 1e-10).any():
        name = model.names[int(np.argmin(share))]
        raise NotEstimable(f"coefficient {name!r} rests on a single cluster: nothing is left to judge its error by")
    table = coefficient_table(model.beta, found.covariance, found.satterthwaite(unit), model.level, model.names)
    frame = pd.DataFrame(found.covariance, index=table.index, columns=list(model.names))
    shares = pd.Series(share, index=table.index, name="expected_share")
    return Robust(table, frame, kind, found.clusters, model.level, tested_coefficients(model.x), shares, found)


def _cluster_codes(cluster: ArrayLike, k: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if isinstance(cluster, str):
        raise InvalidInput("cluster= takes one label a row, not the name of a column")
    labels = pd.Series(np.asarray(cluster, dtype=object))
    if len(labels) != k:
        raise InvalidInput(f"cluster has {len(labels)} labels for the {k} rows of the fit")
    if labels.isna().any():
        raise InvalidInput(f"cluster is missing for row {int(labels.isna().argmax())}")
    codes = pd.factorize(labels)[0]
    return np.asarray(codes, dtype=np.int64)
