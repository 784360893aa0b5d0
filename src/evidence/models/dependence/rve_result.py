"""A regression with robust variance estimation: what it found, and what can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from .. import wording
from ..design import Design
from ..engine.engine import Floats
from ..engine.inference import critical
from ..one_mean import OneMean
from .blocks import BlockDiagonal
from .result import Robust
from .working_model import WorkingModel

Weights = Literal["CORR", "HIER"]


@dataclass(frozen=True, repr=False, eq=False)
class Rve(OneMean, Robust):
    """A regression with robust variance estimation.

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
        As in `Robust`.
    working : {"CORR", "HIER"}
        Working model of the weights.
    tau2 : float
        Variance between clusters, in the working model.
    omega2 : float or None
        Variance within clusters, of "HIER".
    k : int
        Rows used.
    dropped : int
        Rows left out for missing values.
    yi : (k,) array
        Effect sizes.
    vi : (k,) array
        Their sampling variances.
    slab : tuple of k str
        Labels of the rows: column ``study``, else the index.
    frame : DataFrame
        Rows used.
    sampling : BlockDiagonal
        Covariance of the rows in the working model.
    weights : (k,) array
        Percent: share of each row.
    estimate : float
        The pooled effect of a fit without moderators, with ``se`` and ``ci``.
    qm : float
        HTZ test of all coefficients but the intercept, with ``qm_df`` and ``qm_p``.

    See Also
    --------
    rve : Makes it.
    multilevel : The same with weights from a likelihood.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> yi = [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2, 0.7, 0.3]
    >>> frame = pd.DataFrame({"yi": yi, "vi": 0.04, "study": list("AABBCCDDEEFF")})
    >>> ev.rve(frame).clusters
    6
    """

    _figure = "forest"

    working: Weights
    tau2: float
    omega2: float | None
    k: int
    dropped: int
    yi: Floats
    vi: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame
    _working: WorkingModel
    _design: Design

    def working_model(self) -> WorkingModel:
        """What `evidence.robust` starts from.

        Returns
        -------
        WorkingModel
            Design, residuals, weights and covariance of the rows.
        """
        return self._working

    @property
    def sampling(self) -> BlockDiagonal:
        """Covariance of the rows in the working model: they are no independent trials."""
        return self._working.covariance

    @property
    def weights(self) -> Floats:
        """Percent: share of each row."""
        diagonal = self._working.weights.diagonals()
        return np.asarray(100 * diagonal / diagonal.sum())

    @property
    def qm(self) -> float:
        """HTZ test of all coefficients but the intercept: F."""
        return self.wald().statistic

    @property
    def qm_df(self) -> tuple[int, float]:
        """Its degrees of freedom."""
        test = self.wald()
        return test.df1, test.df2

    @property
    def qm_p(self) -> float:
        """Its p value."""
        return self.wald().p_value

    def predict(self, new: pd.DataFrame | None = None, level: float | None = None) -> pd.DataFrame:
        """Expected effects of rows.

        Parameters
        ----------
        new : DataFrame, optional
            Moderators of the formula; by default the rows of the fit.
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            Columns estimate, se, ci_low, ci_high.
        """
        x = self._design.x if new is None else self._design.rows(new)
        estimate = x @ self._working.beta
        se, df = self.errors(x)
        half = critical(self._coverage(level), df) * se
        columns = {"estimate": estimate, "se": se, "ci_low": estimate - half, "ci_high": estimate + half}
        return pd.DataFrame(columns, index=self.frame.index if new is None else new.index)

    def _title(self) -> str:
        words = "correlated effects" if self.working == "CORR" else "hierarchical effects"
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"Robust variance estimation, {words} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        n = wording.number
        within = "" if self.omega2 is None else f", omega² = {n(self.omega2, 4)}"
        return [f"working model: tau² = {n(self.tau2, 4)}{within}", super()._title()]
