"""A fit with nested random effects and what can be asked of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..dependence.blocks import BlockDiagonal
from ..dependence.robust import Robust, robust
from ..dependence.sandwich import Kind
from ..dependence.working_model import WorkingModel
from ..design import Design
from ..engine.engine import Floats
from ..engine.inference import Interval, critical
from ..wald import coefficient_lines, joint_test, tested_coefficients
from .level_inference import (
    LevelTest,
    intervals_frame,
    likelihood_ratio,
    predicted_effects,
    sampling_error,
)
from .nested_levels import Levels
from .variance_components import Problem, State

Method = Literal["REML", "ML"]


@dataclass(frozen=True, repr=False, eq=False)
class Multilevel:
    """Effect sizes pooled with random effects at several nested levels.

    Attributes
    ----------
    coefficients : DataFrame
        estimate, se, statistic, df, p_value, ci_low, ci_high; cluster-robust if the fit asked for it.
    sigma2 : dict, variance of the true effects by level, outermost first
    groups : dict, number of groups by level; k, dropped : int, rows used and rows left out for missing values
    log_likelihood, aic, bic, aicc : float, restricted for REML
    robust_fit : Robust or None, what ``coefficients`` come from
    model_coefficients : DataFrame, the same with standard errors that trust the model
    method, test : str; level : float
    """

    coefficients: pd.DataFrame
    sigma2: dict[str, float]
    groups: dict[str, int]
    k: int
    dropped: int
    log_likelihood: float
    aic: float
    bic: float
    aicc: float
    robust_fit: Robust | None
    model_coefficients: pd.DataFrame
    method: Method
    test: Literal["t", "z"]
    level: float
    yi: Floats
    sampling: BlockDiagonal
    _frame: pd.DataFrame
    _design: Design
    _levels: Levels
    _problem: Problem
    _state: State

    @property
    def estimate(self) -> float:
        """The pooled effect of a fit without moderators."""
        return self._only("estimate")

    @property
    def se(self) -> float:
        return self._only("se")

    @property
    def ci(self) -> Interval:
        return Interval(self._only("ci_low"), self._only("ci_high"))

    @property
    def statistic(self) -> float:
        return self._only("statistic")

    @property
    def df(self) -> float:
        return self._only("df")

    @property
    def p_value(self) -> float:
        return self._only("p_value")

    @property
    def tau2(self) -> float:
        """All between-effect variance: the sum of ``sigma2``."""
        return float(sum(self.sigma2.values()))

    @property
    def prediction_interval(self) -> Interval:
        """Interval for the true effect of a new row of a new trial, of a fit without moderators."""
        half = float(critical(self.level, np.array([self.df]))[0]) * math.sqrt(self.se**2 + self.tau2)
        return Interval(self.estimate - half, self.estimate + half)

    @property
    def q(self) -> float:
        """Cochran's Q with the full V."""
        return sampling_error(self._problem).q

    @property
    def q_df(self) -> int:
        return self.k - self._problem.p

    @property
    def q_p(self) -> float:
        return float(chdtrc(self.q_df, self.q))

    @property
    def i2_levels(self) -> dict[str, float]:
        """Percent of the total variance that lies at each level, and "total" for all of them.

        sigma2_l / (sum sigma2 + s2), s2 = (k - p) / tr P the typical sampling variance (P at sigma2 = 0, full V).
        """
        whole = self.tau2 + sampling_error(self._problem).typical_variance
        shares = {name: 100 * value / whole for name, value in self.sigma2.items()}
        return shares | {"total": 100 * self.tau2 / whole}

    @property
    def qm(self) -> float:
        """Joint test of all coefficients but the intercept: F (HTZ when robust), or chi-square for test "z"."""
        return self._omnibus()[0]

    @property
    def qm_df(self) -> tuple[int, float]:
        """Its degrees of freedom, of numerator and denominator (infinite for chi-square)."""
        return self._omnibus()[1:3]

    @property
    def qm_p(self) -> float:
        return self._omnibus()[3]

    def profile(self, level: float | None = None) -> pd.DataFrame:
        """Profile likelihood interval of each variance component.

        Returns
        -------
        DataFrame
            Index level; columns sigma2, ci_low, ci_high, sigma, sigma_ci_low, sigma_ci_high. An upper bound of
            infinity means that the data do not limit the variance.
        """
        return intervals_frame(self._problem, self._state, self._levels, self._coverage(level))

    def likelihood_ratio(self, name: str) -> LevelTest:
        """Likelihood-ratio test against the same model without the level ``name``."""
        if name not in self.sigma2:
            raise InvalidInput(f"no level {name!r}; the fit has {list(self.sigma2)}")
        return likelihood_ratio(self._problem, self._state, self._levels, list(self.sigma2).index(name))

    def blup(self, level: float | None = None) -> pd.DataFrame:
        """Predicted random effects of every group of every level.

        Returns
        -------
        DataFrame
            Index (level, group); columns estimate, se, pi_low, pi_high. A group inside a group goes by its path.
        """
        coverage = self._coverage(level)
        return predicted_effects(self._problem, self._state, self._levels, self.test == "z", coverage)

    def predict(self, new: pd.DataFrame | None = None, level: float | None = None) -> pd.DataFrame:
        """Expected effects of ``new`` rows (of the rows of the fit by default), and of a new trial like them.

        Returns
        -------
        DataFrame
            Columns estimate, se, ci_low, ci_high, pi_low, pi_high.
        """
        x = self._design.x if new is None else self._design.rows(new)
        index = self._frame.index if new is None else new.index
        estimate = x @ self._state.beta
        if self.robust_fit is not None:
            se, df = self.robust_fit.errors(x)
        else:
            se = np.sqrt(np.einsum("kp,pq,kq->k", x, self._state.covariance, x))
            df = np.full(len(x), self.model_coefficients["df"].min())
        crit = critical(self._coverage(level), df)
        spread = crit * np.sqrt(se**2 + self.tau2)
        columns = {"estimate": estimate, "se": se, "ci_low": estimate - crit * se, "ci_high": estimate + crit * se}
        return pd.DataFrame(columns | {"pi_low": estimate - spread, "pi_high": estimate + spread}, index=index)

    def robust(self, cluster: ArrayLike | None = None, kind: Kind = "CR2") -> Robust:
        """Cluster-robust coefficients; see `evidence.robust`. ``cluster`` may name a column."""
        if isinstance(cluster, str):
            if cluster not in self._frame:
                raise InvalidInput(f"cluster {cluster!r} is not a column; there are {list(self._frame.columns)}")
            cluster = self._frame[cluster].to_numpy()
        return robust(self, cluster, kind)

    def working_model(self) -> WorkingModel:
        """What `robust` needs."""
        return working_model(self._problem, self._state, self._design, self.yi, self.level)

    def to_frame(self) -> pd.DataFrame:
        """The coefficients."""
        return self.coefficients.copy()

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        n = wording.number
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        lines = [f"Multilevel model, {self.method} (k = {self.k}{missing})"]
        for name, value in self.sigma2.items():
            lines.append(
                f"{name}: {self.groups[name]} groups, sigma² = {n(value, 4)}, sigma = {n(math.sqrt(value), 4)}"
            )
        try:
            shares = ", ".join(f"{name} {n(share, 1)}%" for name, share in self.i2_levels.items())
            lines.append(f"I²: {shares}")
            lines.append(f"Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}")
        except NotEstimable as reason:
            lines.append(f"I² and Q: {reason}")
        if self.robust_fit is not None:
            lines.append(f"tests: {self.robust_fit.kind} standard errors, Satterthwaite df")
        else:
            lines.append(f"tests: {'t, containment df' if self.test == 't' else 'normal'}")
        lines += coefficient_lines(self.coefficients, self.level)
        if self._problem.p == 1 and (self._design.x == 1).all():
            interval = wording.interval(self.prediction_interval, 4)
            lines.append(f"{wording.percent(self.level)} prediction interval {interval}")
        elif self._problem.p > 1:
            lines.append(self._omnibus_line())
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        outer, count = next(iter(self.groups.items()))
        first = self.coefficients.iloc[0]
        where = f"Across {self.k} effect sizes from {count} groups of {outer!r}"
        what = "the average effect" if len(self.coefficients) == 1 else f"the coefficient {first.name}"
        return (
            f"{where}, {what} is {wording.number(first['estimate'])} ({wording.percent(self.level)} confidence "
            f"interval {wording.number(first['ci_low'])} to {wording.number(first['ci_high'])})."
        )

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        text = self.summary().split("\n")
        return wording.html_report(text[0], text[1:], self.coefficients)

    def _only(self, column: str) -> float:
        if len(self.coefficients) != 1:
            raise NotEstimable("this fit has several coefficients, see .coefficients (and .predict for a mean)")
        return float(self.coefficients[column].iloc[0])

    def _coverage(self, level: float | None) -> float:
        if level is not None and not 0 < level < 1:
            raise InvalidInput(f"level {level} is not between 0 and 1; 0.95 means 95%")
        return self.level if level is None else level

    def _omnibus(self) -> tuple[float, int, float, float]:
        if (self._design.x == 1).all():
            raise NotEstimable("this fit has no moderators to test")
        if self.robust_fit is not None:
            wald = self.robust_fit.wald()
            return wald.statistic, wald.df1, wald.df2, wald.p_value
        tested = tested_coefficients(self._design.x)
        df = float(self.model_coefficients["df"].iloc[tested].min())
        test = joint_test(self._state.beta[tested], self._state.covariance[np.ix_(tested, tested)], df)
        return test.statistic, *test.df, test.p_value

    def _omnibus_line(self) -> str:
        try:
            statistic, df1, df2, p = self._omnibus()
        except NotEstimable as reason:
            return f"all moderators: {reason}"
        letter = f"χ²({df1})" if math.isinf(df2) else f"F({df1}, {df2:.4g})"
        return f"all moderators: {letter} = {wording.number(statistic)}, p {wording.p_value(p)}"


def working_model(problem: Problem, state: State, design: Design, yi: Floats, level: float) -> WorkingModel:
    """A fit as the sandwich sees it: weights are the inverse of the marginal variance."""
    blocks = tuple(stack.marginal(state.sigma2) for stack in problem.stacks)
    weights = BlockDiagonal(
        problem.rows, tuple(np.asarray(np.linalg.inv(block), dtype=float) for block in blocks), problem.k
    )
    covariance = BlockDiagonal(problem.rows, blocks, problem.k)
    residual = yi - design.x @ state.beta
    return WorkingModel(design.names, state.beta, design.x, residual, weights, covariance, level)
