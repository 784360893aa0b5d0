"""Robust variance estimation: regression with weights of a simple working model, and errors that do not need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_choice, require_level, require_number
from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..design import Design, design_of
from ..engine.engine import Floats
from ..engine.inference import Interval, critical
from ..rows import complete_rows, read_rows
from ..studies import Column, Effects
from ..values import numbers, with_column
from .blocks import BlockDiagonal, Ints, partition
from .result import KIND_WORDS, Robust
from .robust import robust_of, warn_unreliable
from .sandwich import Kind
from .working_model import WorkingModel

Weights = Literal["CORR", "HIER"]


@dataclass(frozen=True, repr=False, eq=False)
class Rve(Robust):
    """A regression with robust variance estimation.

    Attributes
    ----------
    coefficients : DataFrame
        estimate, se, statistic, df (Satterthwaite), p_value, ci_low, ci_high; one row a coefficient.
    covariance : DataFrame
        Covariance of the coefficients, p x p.
    kind : {"CR0", "CR1", "CR2"}
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
    vi : (k,) array
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
    def estimate(self) -> float:
        """The pooled effect of a fit without moderators."""
        return self._only("estimate")

    @property
    def se(self) -> float:
        """Standard error of ``estimate``."""
        return self._only("se")

    @property
    def ci(self) -> Interval:
        """Confidence interval of ``estimate``."""
        return Interval(self._only("ci_low"), self._only("ci_high"))

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

    def _only(self, column: str) -> float:
        if len(self.coefficients) != 1:
            raise NotEstimable("this fit has several coefficients, see .coefficients (and .predict for a mean)")
        return float(self.coefficients[column].iloc[0])

    def _title(self) -> str:
        words = "correlated effects" if self.working == "CORR" else "hierarchical effects"
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"Robust variance estimation, {words} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        n = wording.number
        within = "" if self.omega2 is None else f", omega² = {n(self.omega2, 4)}"
        return [f"working model: tau² = {n(self.tau2, 4)}{within}", super()._title()]


class _Spread(NamedTuple):
    tau2: float
    omega2: float | None
    weights: Floats


def rve(
    effects: Effects,
    vi: ArrayLike | None = None,
    cluster: Column = "study",
    weights: Weights = "CORR",
    *,
    formula: str | None = None,
    rho: float = 0.8,
    kind: Kind = "CR2",
    level: float = 0.95,
) -> Rve:
    """Regress dependent effect sizes by robust variance estimation.

    Parameters
    ----------
    effects : array-like, DataFrame or fit
        (k,) effect sizes, a frame of k rows with columns ``yi`` and ``vi``, the cluster and moderators, or a fit.
    vi : (k,) array-like
        Sampling variances. A frame or a fit brings its own.
    cluster : column name, or (k,) array-like
        Rows that may depend on each other.
    weights : {"CORR", "HIER"}
        "CORR": effects of a cluster share people, as several outcomes of a trial do, with the correlation ``rho``;
        weights 1 / (k_j (mean of vi + tau2)). "HIER": effects of a cluster are those of different people, as several
        trials of a laboratory; weights 1 / (vi + tau2 + omega2).
    formula : str
        Moderators, as "~ week + C(style)"; a common mean by default.
    rho : float
        Correlation of the sampling errors of a cluster, for tau2 of "CORR"; what it is hardly matters.
    kind : {"CR0", "CR1", "CR2"}
        Cluster-robust standard errors; CR2 with Satterthwaite df is the small-sample correction of Tipton (2015).
    level : float
        Coverage of the intervals.

    Returns
    -------
    Rve
        ``.coefficients``, ``.wald()`` to test several of them, and tau2.

    Raises
    ------
    InvalidInput
        Columns are missing, a row has no cluster, a variance is not positive, a moderator is redundant.
    NotEstimable
        One cluster, no more rows or clusters than the variances need, or a coefficient that rests on one cluster.

    Warns
    -----
    SmallSample
        A coefficient with fewer than 4 degrees of freedom, or one that rests in part on a single cluster.

    See Also
    --------
    robust : The same standard errors for a fit of `pool`, `regress` or `multilevel`.
    multilevel : Weights from a likelihood (CHE).
    wild_bootstrap : Tests for few clusters.

    Notes
    -----
    tau2 and omega2 are moment estimates, not below zero, by Hedges, Tipton & Johnson (2010), as the R package robumeta
    computes them.

    References
    ----------
    Hedges, Tipton & Johnson (2010), Research Synthesis Methods 1:39, 10.1002/jrsm.5.
    Tipton (2015), Psychological Methods 20:375, 10.1037/met0000011.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> yi = [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2, 0.7, 0.3]
    >>> frame = pd.DataFrame({"yi": yi, "vi": 0.04, "study": list("AABBCCDDEEFF")})
    >>> fit = ev.rve(frame, weights="CORR")
    >>> fit.coefficients[["estimate", "se", "df"]].round(3).to_numpy().tolist()
    [[0.342, 0.105, 5.0]]
    """
    require_choice("weights", weights, get_args(Weights))
    require_choice("kind", kind, KIND_WORDS)
    require_number("rho", rho, 0, 1, "is not a correlation from 0 to 1")
    require_level(level)
    frame, name = with_column(read_rows(effects, vi), cluster, "cluster")
    complete = complete_rows(frame)
    if not complete.any():
        raise InvalidInput("no row has yi and vi")
    design = design_of(frame[complete], formula)
    complete[complete] = design.complete
    kept = frame[complete]
    if kept[name].isna().any():
        raise InvalidInput(f"cluster {name!r} is missing in row {kept.index[kept[name].isna()][0]!r}")
    y, v = numbers(kept["yi"], "yi"), numbers(kept["vi"], "vi")
    if (v <= 0).any():
        raise InvalidInput(f"vi is {v[v <= 0][0]:g} in row {kept.index[v <= 0][0]!r}; weights need it above zero")
    codes = np.asarray(pd.factorize(kept[name])[0], dtype=np.int64)
    spread = _correlated(y, v, design.x, codes, rho) if weights == "CORR" else _hierarchical(y, v, design.x, codes)
    beta = _least_squares(y, design.x, spread.weights)[0]
    rows = partition(codes)
    model = WorkingModel(
        design.names,
        beta,
        design.x,
        y - design.x @ beta,
        BlockDiagonal.diagonal(spread.weights, rows),
        BlockDiagonal.diagonal(1 / spread.weights, rows),
        level,
    )
    found = robust_of(model, None, kind)
    warn_unreliable(found, stacklevel=3)
    return Rve(
        **{field: getattr(found, field) for field in Robust.__dataclass_fields__},
        working=weights,
        tau2=spread.tau2,
        omega2=spread.omega2,
        k=len(y),
        dropped=int((~complete).sum()),
        yi=y,
        vi=v,
        slab=tuple(map(str, kept.get("study", kept.index))),
        frame=kept,
        _working=model,
        _design=design,
    )


def _least_squares(y: Floats, x: Floats, w: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients, (X'WX)^-1 and residuals."""
    bread = np.asarray(np.linalg.inv(x.T @ (w[:, None] * x)), dtype=float)
    beta = bread @ (x.T @ (w * y))
    return beta, bread, y - x @ beta


def _correlated(y: Floats, v: Floats, x: Floats, codes: Ints, rho: float) -> _Spread:
    """tau2 = (Q - J + tr A + rho tr B) / (sum w - tr(C X'WJWX)) with A = C X'(W/k)X and B = C X'(w/k)(J - I)X."""
    size = np.bincount(codes)
    mean = np.bincount(codes, v) / size
    w = 1 / (size * mean)[codes]
    _, bread, e = _least_squares(y, x, w)
    sums = _sums(x, codes)  # J x of each cluster
    own = x.T @ ((w / size[codes])[:, None] * x)
    shared = sums.T @ ((1 / (size * mean) / size)[:, None] * sums) - own
    below = w.sum() - np.trace(bread @ (sums.T @ ((1 / (size * mean) ** 2)[:, None] * sums)))
    if below <= 1e-10 * w.sum():
        raise NotEstimable("the moderators explain every cluster, which leaves nothing to estimate tau2 from")
    tau2 = (w @ e**2 - len(size) + np.trace(bread @ own) + rho * np.trace(bread @ shared)) / below
    tau2 = max(float(tau2), 0.0)
    return _Spread(tau2, None, 1 / (size * (mean + tau2))[codes])


def _hierarchical(y: Floats, v: Floats, x: Floats, codes: Ints) -> _Spread:
    """tau2 and omega2 from two sums of squares: of weighted residuals, and of their totals by cluster."""
    w, size = 1 / v, np.bincount(codes)
    _, c, e = _least_squares(y, x, w)
    plain, weighted = _sums(x, codes), _sums(w[:, None] * x, codes)
    jx, wjwx = plain.T @ plain, weighted.T @ weighted
    twice = weighted.T @ (size[:, None] * plain)  # X'WJJX
    cross = weighted.T @ plain  # X'WJX
    square = x.T @ (w[:, None] ** 2 * x)
    a1 = np.sum(size**2) - 2 * np.trace(c @ twice) + np.trace(c @ jx @ c @ wjwx)
    b1 = len(y) - 2 * np.trace(c @ cross) + np.trace(c @ jx @ c @ square)
    c1 = v.sum() - np.trace(c @ jx)
    a2, b2, c2 = w.sum() - np.trace(c @ wjwx), w.sum() - np.trace(c @ square), len(y) - x.shape[1]
    qa, qe = float(np.sum(np.bincount(codes, e) ** 2)), float(w @ e**2)
    below = b1 * a2 - b2 * a1
    if abs(below) <= 1e-10 * abs(b1 * a2) or a2 <= 0:
        raise NotEstimable("each cluster has one row: tau2 and omega2 cannot be told apart; take pool or regress")
    omega2 = max(((qa - c1) * a2 - (qe - c2) * a1) / below, 0.0)
    tau2 = max((qe - c2) / a2 - omega2 * b2 / a2, 0.0)
    return _Spread(tau2, omega2, 1 / (v + tau2 + omega2))


def _sums(x: Floats, codes: Ints) -> Floats:
    """Columns added up by cluster, (J, p)."""
    return np.stack([np.bincount(codes, column) for column in x.T], axis=1)
