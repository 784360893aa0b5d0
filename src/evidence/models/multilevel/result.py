"""A fit with nested random effects and what can be asked of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ...effects.arguments import shown
from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..dependence.blocks import BlockDiagonal
from ..dependence.result import Robust
from ..design import Design
from ..engine.engine import Floats
from ..engine.inference import Interval
from .fitted_rows import Blocks, FittedRows
from .level_inference import (
    LevelTest,
    intervals_frame,
    likelihood_ratio,
    predicted_effects,
)
from .mean import Spread
from .nested_levels import Levels
from .problem import Problem
from .variance_components import State

Method = Literal["REML", "ML"]
Test = Literal["t", "z"]


@dataclass(frozen=True, repr=False, eq=False)
class Multilevel(FittedRows, Spread):
    """Effect sizes pooled with random effects at several nested levels.

    Attributes
    ----------
    coefficients : DataFrame
        estimate, se, statistic, df, p_value, ci_low, ci_high; cluster-robust if the fit asked for it.
    sigma2 : dict
        Variance of the true effects by level, outermost first.
    groups : dict
        Number of groups by level.
    k : int
        Rows used.
    dropped : int
        Rows left out for missing values.
    log_likelihood : float
        Restricted for REML.
    aic : float
        Akaike's information criterion.
    bic : float
        The Bayesian (Schwarz's) one.
    aicc : float
        Akaike's, corrected for few studies.
    robust_fit : Robust or None
        What ``coefficients`` come from.
    model_coefficients : DataFrame
        The same with standard errors that trust the model.
    method : {"REML", "ML"}
        Likelihood that was maximised.
    test : {"t", "z"}
        Of ``model_coefficients``.
    level : float
        Coverage of the intervals.
    yi : (k,) array
        Effect sizes.
    vi : (k,) array
        Diagonal of ``sampling``.
    sampling : BlockDiagonal
        Covariance of the sampling errors.
    slab : tuple of k str
        Labels of the rows: column ``study``, else the index.
    frame : DataFrame
        Rows used.
    estimate : float
        The pooled effect of a fit without moderators, with ``se``, ``ci``, ``statistic``, ``df`` and ``p_value``.
    weights : (k,) array
        Percent: share of each row in that effect.
    prediction_interval : Interval
        For the true effect of a new row of a new trial.
    tau2 : float
        All between-effect variance: the sum of ``sigma2``.
    i2 : float
        Percent of the total variance that is not sampling error.
    q : float
        Cochran's Q with the full V, with ``q_df`` and ``q_p``.
    qm : float
        Joint test of all coefficients but the intercept, with ``qm_df`` and ``qm_p``.

    See Also
    --------
    multilevel : Makes it.
    robust : Other cluster-robust tests of it.
    LevelTest : What ``.likelihood_ratio(level)`` gives.

    Notes
    -----
    Its rows depend on each other: `pool`, the bias methods and others that take a fit as independent trials refuse it.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"study": list("AABBCCDD"), "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1], "vi": 0.04})
    >>> fit = ev.multilevel(frame, robust=None)
    >>> {name: round(share, 1) for name, share in fit.i2_levels.items()}
    {'study': 43.2, 'row': 35.8, 'total': 79.0}
    """

    _figure = "forest"

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
    test: Test
    level: float
    yi: Floats
    sampling: BlockDiagonal
    frame: pd.DataFrame
    _design: Design
    _levels: Levels
    _problem: Problem
    _state: State

    @property
    def prediction_interval(self) -> Interval:
        """Interval for the true effect of a new row of a new trial, of a fit without moderators."""
        return self._prediction(self.tau2)

    def profile(self, level: float | None = None) -> pd.DataFrame:
        """Profile likelihood interval of each variance component.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            Index level; columns sigma2, ci_low, ci_high, sigma, sigma_ci_low, sigma_ci_high. An upper bound of
            infinity means that the data do not limit the variance.
        """
        return intervals_frame(self._problem, self._state, self._levels, self._coverage(level))

    def likelihood_ratio(self, name: str) -> LevelTest:
        """Likelihood-ratio test against the same model without a level.

        Parameters
        ----------
        name : str
            The level.

        Returns
        -------
        LevelTest
            Statistic and p values.
        """
        if not isinstance(name, str) or name not in self.sigma2:
            raise InvalidInput(f"no level {shown(name)}; the fit has {list(self.sigma2)}")
        return likelihood_ratio(self._problem, self._state, self._levels, list(self.sigma2).index(name))

    def blup(self, level: float | None = None) -> pd.DataFrame:
        """Predicted random effects of every group of every level.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            Index (level, group); columns estimate, se, pi_low, pi_high. A group inside a group goes by its path.
        """
        coverage = self._coverage(level)
        return predicted_effects(self._problem, self._state, self._levels, self.test == "z", coverage)

    def _blocks(self) -> Blocks:
        return tuple(stack.marginal(self._state.sigma2) for stack in self._problem.stacks)

    def _beta(self) -> Floats:
        return self._state.beta

    def _covariance(self) -> Floats:
        return self._state.covariance

    def _between(self, new: pd.DataFrame | None) -> Floats:
        return np.full(self.k if new is None else len(new), self.tau2)

    def sentence(self) -> str:
        outer, count = next(iter(self.groups.items()))
        first = self.coefficients.iloc[0]
        where = f"Across {self.k} effect sizes from {count} groups of {outer!r}"
        what = "the average effect" if len(self.coefficients) == 1 else f"the coefficient {first.name}"
        return (
            f"{where}, {what} is {wording.number(first['estimate'])} ({wording.percent(self.level)} confidence "
            f"interval {wording.number(first['ci_low'])} to {wording.number(first['ci_high'])})."
        )

    def _title(self) -> str:
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"Multilevel model, {self.method} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        n = wording.number
        lines = [
            f"{name}: {self.groups[name]} groups, sigma² = {n(value, 4)}, sigma = {n(math.sqrt(value), 4)}"
            for name, value in self.sigma2.items()
        ]
        try:
            lines.append("I²: " + ", ".join(f"{name} {n(share, 1)}%" for name, share in self.i2_levels.items()))
            lines.append(f"Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}")
        except NotEstimable as reason:
            lines.append(f"I² and Q: {reason}")
        if self._problem.p == 1 and (self._design.x == 1).all():
            interval = wording.interval(self.prediction_interval, 4)
            lines.append(f"{wording.percent(self.level)} prediction interval {interval}")
        elif self._problem.p > 1:
            lines.append(self._omnibus_line())
        lines.append(self._test_line())
        return lines
