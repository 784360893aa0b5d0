"""What every fit of dependent rows can be asked: predictions, residuals, robust tests, the weight of each row."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import pandas as pd

from ..dependence.blocks import BlockDiagonal, Ints
from ..dependence.result import Robust
from ..dependence.robust import robust
from ..dependence.sandwich import Kind
from ..dependence.working_model import WorkingModel
from ..design import Design
from ..engine.engine import Floats
from ..engine.inference import critical
from ..studies import Column
from .mean import Mean
from .moderators import Moderators
from .problem import Problem

Blocks = tuple[Floats, ...]
"""The marginal covariance, stack by stack."""


class FittedRows(Mean, Moderators):
    """A fit of rows that depend on each other, whose marginal covariance is known."""

    robust_fit: Robust | None
    model_coefficients: pd.DataFrame
    test: str
    yi: Floats
    sampling: BlockDiagonal
    frame: pd.DataFrame
    k: int
    _design: Design
    _problem: Problem

    @abstractmethod
    def _blocks(self) -> Blocks:
        """The marginal covariance."""

    @property
    def vi(self) -> Floats:
        """Sampling variances of the rows."""
        return self.sampling.diagonals()

    @property
    def slab(self) -> tuple[str, ...]:
        """Labels of the rows: column ``study``, else the index."""
        return tuple(map(str, self.frame.get("study", self.frame.index)))

    @property
    def weights(self) -> Floats:
        """Percent: each row's share in the mean of a fit without moderators."""
        return row_weights(self.working_model())

    def predict(self, new: pd.DataFrame | None = None, level: float | None = None) -> pd.DataFrame:
        """Expected effects of rows, and of a new trial like them.

        Parameters
        ----------
        new : DataFrame, optional
            Moderators of the formula, and columns of random effects whose variances differ; by default the rows of
            the fit.
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            Columns estimate, se, ci_low, ci_high, pi_low, pi_high.
        """
        x = self._design.x if new is None else self._design.rows(new)
        index = self.frame.index if new is None else new.index
        estimate = x @ self._beta()
        if self.robust_fit is not None:
            se, df = self.robust_fit.errors(x)
        else:
            se = np.sqrt(np.einsum("kp,pq,kq->k", x, self._covariance(), x))
            df = np.full(len(x), self.model_coefficients["df"].min())
        crit = critical(self._coverage(level), df)
        spread = crit * np.sqrt(se**2 + self._between(new))
        columns = {"estimate": estimate, "se": se, "ci_low": estimate - crit * se, "ci_high": estimate + crit * se}
        return pd.DataFrame(columns | {"pi_low": estimate - spread, "pi_high": estimate + spread}, index=index)

    def hat(self) -> pd.Series:
        """Leverage of each row.

        Returns
        -------
        Series
            Diagonal of X (X'WX)^-1 X'W, W the inverse of the marginal covariance; sums to the number of coefficients.
        """
        return pd.Series(
            hat_values(self._design.x, self.working_model(), self._covariance()), self.frame.index, name="hat"
        )

    def residuals(self) -> pd.DataFrame:
        """Raw and standardised residuals; `influence` has the deleted ones.

        Returns
        -------
        DataFrame
            One row a row of the fit: residual, what is left of yi; se, its standard error by the model, from
            M - X (X'WX)^-1 X'; standardised, residual / se, NaN for a row that is fitted exactly.
        """
        residual = self.yi - self._design.x @ self._beta()
        x, total = self._design.x, self.working_model().covariance.diagonals()
        left = np.maximum(total - np.einsum("kp,pq,kq->k", x, self._covariance(), x), 0.0)
        se = np.where(left < 1e-12 * total, 0.0, np.sqrt(left))
        standardised = np.divide(residual, se, out=np.full(self.k, np.nan), where=se > 0)
        columns = {"residual": residual, "se": se, "standardised": standardised}
        return pd.DataFrame(columns, index=self.frame.index)

    def robust(self, cluster: Column | None = None, kind: Kind = "CR2") -> Robust:
        """Cluster-robust coefficients, as `evidence.robust` gives them.

        Parameters
        ----------
        cluster : column name, or (k,) array-like of labels
            By default the outermost level.
        kind : {"CR0", "CR1", "CR2"}

        Returns
        -------
        Robust
            ``.coefficients`` and their tests.
        """
        return robust(self, cluster, kind)

    def working_model(self) -> WorkingModel:
        """What `evidence.robust` starts from.

        Returns
        -------
        WorkingModel
            Design, residuals, weights and covariance of the rows.
        """
        return working_model(self._problem, self._blocks(), self._beta(), self._design, self.yi, self.level)

    def _test_line(self) -> str:
        if self.robust_fit is not None:
            return f"tests: {self.robust_fit.kind} standard errors, Satterthwaite df"
        return f"tests: {'t, containment df' if self.test == 't' else 'normal'}"


def working_model(
    problem: Problem, blocks: Blocks, beta: Floats, design: Design, yi: Floats, level: float
) -> WorkingModel:
    """A fit as the sandwich sees it: weights are the inverse of the marginal variance."""
    inverse = tuple(np.asarray(np.linalg.inv(block), dtype=float) for block in blocks)
    weights = BlockDiagonal(problem.rows, inverse, problem.k)
    covariance = BlockDiagonal(problem.rows, blocks, problem.k)
    return WorkingModel(design.names, beta, design.x, yi - design.x @ beta, weights, covariance, level)


def row_weights(model: WorkingModel) -> Floats:
    """Share of each row in a common mean, (k,), in percent: row sums of the weights."""
    sums = np.empty(model.weights.k)
    for rows, values in zip(model.weights.rows, model.weights.values, strict=True):
        sums[rows] = values.sum(axis=2)
    return np.asarray(100 * sums / sums.sum())


def hat_values(x: Floats, model: WorkingModel, covariance: Floats) -> Floats:
    """(k,) diagonal of X (X'WX)^-1 X'W, from the weights W and (X'WX)^-1."""
    hat = np.empty(len(x))
    for rows, weights in zip(model.weights.rows, model.weights.values, strict=True):
        hat[rows] = np.einsum("nmp,pq,nmq->nm", x[rows], covariance, weights @ x[rows])
    return hat


def coefficients_at(x: Floats, rows: tuple[Ints, ...], blocks: Blocks) -> Floats:
    """(p, p) covariance of the coefficients at a marginal covariance."""
    information = np.zeros((x.shape[1], x.shape[1]))
    for stack, block in zip(rows, blocks, strict=True):
        information += np.einsum("nmp,nmq->pq", x[stack], np.linalg.solve(block, x[stack]))
    return np.asarray(np.linalg.inv(information), dtype=float)
