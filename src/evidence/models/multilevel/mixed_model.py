"""A fit with random effects of any structure and what can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ...errors import NotEstimable
from .. import wording
from ..dependence.blocks import BlockDiagonal
from ..dependence.result import Robust
from ..design import Design
from ..engine.engine import Floats
from ..engine.inference import Interval
from .fitted_rows import Blocks, FittedRows
from .mean import Cochran
from .mixed_effects import predicted_effects
from .mixed_inference import between_new, component_table, heterogeneity_shares, profile_table
from .mixed_likelihood import Placed
from .mixed_maximum import Maximum, at_edge
from .problem import Problem
from .random_effect import STRUCTURES
from .result import Method, Test

_TOLD = 12  # parameters of a random effect that a summary prints


@dataclass(frozen=True, repr=False, eq=False)
class MixedModel(FittedRows, Cochran):
    """Effect sizes pooled with random effects of any structure.

    Attributes
    ----------
    coefficients : DataFrame
        estimate, se, statistic, df, p_value, ci_low, ci_high; cluster-robust if the fit asked for it.
    components : DataFrame
        The variances tau2 and correlations rho: columns effect, parameter, of (the value or the pair of values it
        belongs to), estimate, fixed. A correlation is NaN where a variance is zero.
    covariances : dict
        Name of each random effect within groups, or with known correlations: covariance of its values, a DataFrame.
    groups : dict
        Number of groups by column.
    edge : tuple of str
        What of the fit lies at the edge of what is possible: variances of zero, correlations of one.
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
    prediction_interval : Interval or None
        For the true effect of a new row of a new trial; None where random effects have several variances.
    i2_shares : DataFrame
        Percent of the total variance that each random effect makes: columns effect, of, share.
    q : float
        Cochran's Q with the full V, with ``q_df`` and ``q_p``.
    qm : float
        Joint test of all coefficients but the intercept, with ``qm_df`` and ``qm_p``.

    See Also
    --------
    multilevel : Makes it.
    RandomEffect : What its random effects are.
    robust : Other cluster-robust tests of it.
    influence : Its residuals and coefficients without each cluster.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> rows = pd.DataFrame({"trial": list("AABBCCDDEE"), "outcome": ["pain", "function"] * 5, "vi": 0.02,
    ...                      "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.3]})
    >>> both = [ev.RandomEffect("outcome", within="trial", structure="CS")]
    >>> fit = ev.multilevel(rows, random=both, formula="~ 0 + outcome", V=rows["vi"], robust=None)
    >>> fit.components[["parameter", "estimate"]].round(2).to_numpy().tolist()
    [['tau2', 0.07], ['rho', 0.98]]
    """

    _figure = "forest"

    coefficients: pd.DataFrame
    components: pd.DataFrame
    covariances: dict[str, pd.DataFrame]
    groups: dict[str, int]
    edge: tuple[str, ...]
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
    _problem: Problem
    _placed: tuple[Placed, ...]
    _top: Maximum

    @cached_property
    def i2_shares(self) -> pd.DataFrame:
        """Percent of the total variance that each random effect makes.

        A variance over the sum of the variances of rows like it and their typical sampling variance
        (k - p) / tr P, P at no random effects; where variances differ by value, of the rows of that value.
        """
        return heterogeneity_shares(self._problem, self._placed, self._top, self._design.x)

    @property
    def prediction_interval(self) -> Interval | None:
        """Interval for the true effect of a new row of a new trial, of a fit without moderators.

        None where random effects have several variances: ``.predict()`` has the interval of each row.
        """
        between = self._between(None)
        return self._prediction(float(between[0])) if np.allclose(between, between[0], rtol=1e-12) else None

    def profile(self, level: float | None = None) -> pd.DataFrame:
        """Profile likelihood interval of each variance and correlation that was estimated.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            Columns effect, parameter, of, estimate, ci_low, ci_high. An upper bound of infinity means that the data do
            not limit the variance; a bound at the edge of the correlations, that they do not limit the correlation.
        """
        return profile_table(self._problem, self._placed, self._top, self._coverage(level))

    def blup(self, level: float | None = None) -> pd.DataFrame:
        """Predicted random effects of every group.

        Parameters
        ----------
        level : float, optional
            Coverage; by default that of the fit.

        Returns
        -------
        DataFrame
            Index (effect, group, of); columns estimate, se, pi_low, pi_high.
        """
        left = self.yi - self._design.x @ self._beta()
        normal, coverage = self.test == "z", self._coverage(level)
        return predicted_effects(self._problem, self._placed, self._top, left, self._design.x, normal, coverage)

    def _blocks(self) -> Blocks:
        return self._top.fitted.blocks

    def _beta(self) -> Floats:
        return self._top.fitted.beta

    def _covariance(self) -> Floats:
        return self._top.fitted.covariance

    def _between(self, new: pd.DataFrame | None) -> Floats:
        if new is not None:
            return between_new(self._placed, self._top, new)
        each = zip(self._placed, self._top.theta, strict=True)
        found = [np.diag(one.term.covariance.matrix(theta))[one.term.inner] for one, theta in each]
        return np.asarray(np.sum(found, axis=0))

    def sentence(self) -> str:
        name, count = next(iter(self.groups.items()))
        n, table = wording.number, self.coefficients
        parts = [
            f"{'the average effect' if len(table) == 1 else label} is {n(row['estimate'])} "
            f"({wording.percent(self.level)} confidence interval {n(row['ci_low'])} to {n(row['ci_high'])})"
            for label, row in table.iterrows()
        ]
        return f"Across {self.k} effect sizes from {count} groups of {name!r}, {'; '.join(parts)}."

    def _title(self) -> str:
        missing = f"; {self.dropped} left out for missing values" if self.dropped else ""
        return f"Mixed model, {self.method} (k = {self.k}{missing})"

    def _lines(self) -> list[str]:
        n, lines = wording.number, []
        for each, theta in zip(self._placed, self._top.theta, strict=True):
            term = each.term
            kind = "known correlations" if term.given.R is not None else STRUCTURES[term.covariance.kind]
            said = [
                f"{'tau²' if name == 'tau2' else name}{f' {of}' if of else ''} "
                + ("open" if np.isnan(value) else f"= {n(value, 4)}")
                + ("" if free else " (fixed)")
                for (name, of), value, free in zip(term.parameter_names(), theta, term.covariance.free, strict=True)
            ]
            lines.append(
                f"{term.name}, {len(term.groups)} groups, {kind}: {', '.join(said[:12])}{', …' * (len(said) > 12)}"
            )
        lines.extend(f"at the edge: {words}" for words in self.edge)
        try:
            lines.append(f"Q({self.q_df}) = {n(self.q)}, p {wording.p_value(self.q_p)}")
        except NotEstimable as reason:
            lines.append(f"Q: {reason}")
        prediction = self.prediction_interval if (self._design.x == 1).all() else None
        if prediction is not None:
            lines.append(f"{wording.percent(self.level)} prediction interval {wording.interval(prediction, 4)}")
        elif self._problem.p > 1:
            lines.append(self._omnibus_line())
        return [*lines, self._test_line()]


def components_of(
    placed: tuple[Placed, ...], top: Maximum
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], tuple[str, ...]]:
    """Components, covariances and what lies at the edge."""
    matrices = {
        each.term.name: pd.DataFrame(each.term.covariance.matrix(theta), each.term.labels, each.term.labels)
        for each, theta in zip(placed, top.theta, strict=True)
        if len(each.term.labels) > 1
    }
    return component_table(placed, top), matrices, tuple(at_edge(placed, top.theta))
