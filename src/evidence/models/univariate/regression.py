"""A fitted meta-regression: coefficients, predictions, contrasts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InvalidInput
from .. import wording
from ..design import Design
from ..engine.engine import Floats, Settings
from ..engine.inference import critical
from ..wald import Contrast, coefficient_table, joint_test, tested_coefficients
from .blup import blup_table
from .fitted import FittedModel
from .heterogeneity import HeterogeneityIntervals, heterogeneity_intervals
from .residuals import hat_matrix, residual_table


@dataclass(frozen=True, repr=False, eq=False)
class Regression(FittedModel):
    """A meta-regression.

    Attributes
    ----------
    coefficients : frame, index the columns of the design matrix; estimate, se, statistic, df, p_value,
        ci_low, ci_high
    cov : (p, p) array, covariance of the coefficients
    qm, qm_df, qm_p : test of all moderators together. ``qm_df`` is (number of coefficients tested, denominator
        df); ``qm`` is chi-square when the latter is infinite ("z"), F otherwise
    qe, qe_df, qe_p : test of residual heterogeneity
    tau2, tau2_se : float, residual between-study variance; ``tau2_se`` is None when it was not estimated
    i2, h2 : float, of the residual heterogeneity, I2 in percent
    r2 : float, percent of heterogeneity the moderators account for; None without an intercept, or where the
        model without moderators has none to account for is 0
    k, dropped : int, studies used and studies left out for a missing value
    log_likelihood, aic, bic, aicc : float, restricted for REML, full for every other method
    weights : (k,) array, percent: each study's share of the total weight
    yi, vi, x, slab, frame, design, settings, custom_weights : what went in
    """

    coefficients: pd.DataFrame
    cov: Floats
    qm: float
    qm_df: tuple[int, float]
    qm_p: float
    qe: float
    qe_df: int
    qe_p: float
    tau2: float
    tau2_se: float | None
    i2: float
    h2: float
    r2: float | None
    k: int
    dropped: int
    df: float
    log_likelihood: float
    aic: float
    bic: float
    aicc: float
    weights: Floats
    yi: Floats
    vi: Floats
    x: Floats
    slab: tuple[str, ...]
    frame: pd.DataFrame | None
    design: Design
    formula: str
    settings: Settings
    custom_weights: Floats | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return self.design.names

    @property
    def beta(self) -> Floats:
        return self.coefficients["estimate"].to_numpy()

    @cached_property
    def vif(self) -> pd.Series:
        """Variance inflation factor of each moderator: diagonal of its inverse correlation matrix."""
        tested = tested_coefficients(self.x)
        cov = self.cov[np.ix_(tested, tested)]
        root = np.sqrt(np.diag(cov))
        return pd.Series(
            np.diag(np.linalg.inv(cov / np.outer(root, root))), index=[self.names[j] for j in tested], name="vif"
        )

    def predict(self, new: pd.DataFrame | None = None, level: float | None = None) -> pd.DataFrame:
        """Expected effect for rows of moderators.

        Parameters
        ----------
        new : frame with the moderators of the formula; by default the studies themselves
        level : float, default the one of the fit

        Returns
        -------
        DataFrame
            estimate, se, ci_low, ci_high, and pi_low, pi_high: an interval for the true effect of a new study
            with these moderators (NaN under "EE"). Indexed like ``new``, or by slab.
        """
        x = self.x if new is None else self.design.rows(new)
        estimate = x @ self.beta
        variance = np.einsum("ij,jl,il->i", x, self.cov, x)
        crit = critical(self.level if level is None else level, np.array([self.df]))[0]
        half = crit * np.sqrt(variance)
        spread = crit * np.sqrt(variance + self.tau2) if self.settings.random else np.full(len(x), np.nan)
        columns = {
            "estimate": estimate,
            "se": np.sqrt(variance),
            "ci_low": estimate - half,
            "ci_high": estimate + half,
            "pi_low": estimate - spread,
            "pi_high": estimate + spread,
        }
        return pd.DataFrame(columns, index=pd.Index(self.slab, name="study") if new is None else new.index)

    def contrast(self, combinations: Mapping[str, Mapping[str, float]] | ArrayLike) -> Contrast:
        """Estimate and test linear combinations of the coefficients.

        Parameters
        ----------
        combinations : (m, p) array-like, or {label: {coefficient: factor}}

        Returns
        -------
        Contrast
            ``coefficients``, one row a combination, and ``joint``, the test that all are zero.

        Examples
        --------
        >>> import evidence as ev, pandas as pd
        >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.1] * 5, "arm": list("aabbc")})
        >>> fit = ev.regress(frame, formula="~ 0 + arm", test="z")
        >>> difference = fit.contrast({"b - a": {"arm[b]": 1, "arm[a]": -1}})
        >>> round(float(difference.coefficients.loc["b - a", "estimate"]), 3)
        0.35
        """
        if isinstance(combinations, Mapping):
            labels = list(combinations)
            matrix = np.zeros((len(labels), len(self.names)))
            for row, parts in zip(matrix, combinations.values(), strict=True):
                for name, factor in parts.items():
                    if name not in self.names:
                        raise InvalidInput(f"{name!r} is not a coefficient; they are {list(self.names)}")
                    row[self.names.index(name)] = factor
        else:
            matrix = np.atleast_2d(np.asarray(combinations, dtype=float))
            labels = [str(i) for i in range(len(matrix))]
        if matrix.shape[1] != len(self.names):
            raise InvalidInput(f"a combination has {matrix.shape[1]} factors for {len(self.names)} coefficients")
        beta, cov = matrix @ self.beta, matrix @ self.cov @ matrix.T
        return Contrast(coefficient_table(beta, cov, self.df, self.level, labels), joint_test(beta, cov, self.df))

    def tau2_ci(self, level: float | None = None, kind: Literal["QP", "PL"] = "QP") -> HeterogeneityIntervals:
        """Confidence intervals for residual tau2, tau, I2 and H2; see `heterogeneity_intervals`."""
        chosen = self.level if level is None else level
        return heterogeneity_intervals(self.settings, self.yi, self.vi, self.tau2, chosen, kind, self.x)

    def blup(self, level: float | None = None) -> pd.DataFrame:
        """Each study's own true effect, shrunken towards its fitted value; see `blup_table`."""
        fitted = self.predict()
        mean, variance = fitted["estimate"].to_numpy(), fitted["se"].to_numpy() ** 2
        return blup_table(self.settings, self.yi, self.vi, self.slab, self.tau2, mean, variance, self.df, level)

    def residuals(self) -> pd.DataFrame:
        """Raw, standardised and studentised residuals; see `residual_table`."""
        return residual_table(self)

    def hat(self) -> pd.Series:
        """Leverage of each study."""
        return pd.Series(np.diag(hat_matrix(self)), index=pd.Index(self.slab, name="study"), name="hat")

    def to_frame(self) -> pd.DataFrame:
        """The coefficient table."""
        return self.coefficients.copy()

    def summary(self) -> str:
        """What a paper reports, as text of a few lines."""
        n = wording.number
        lines = [self._heading(self._title())]
        if self.settings.random:
            lines.append("residual " + self._tau2_line())
        explained = "" if self.r2 is None else f", R² = {n(self.r2)}%"
        lines.append(f"I² = {n(self.i2)}%, H² = {n(self.h2)}{explained}")
        lines.append(f"residual heterogeneity: QE({self.qe_df}) = {n(self.qe)}, p {wording.p_value(self.qe_p)}")
        lines.append(f"moderators: {self._joint()}, p {wording.p_value(self.qm_p)}")
        lines.append(f"test: {wording.TEST_WORDS[self.test]}")
        lines.append(self.coefficients.to_string(float_format=lambda value: n(value, 4)))
        return "\n".join(lines)

    def sentence(self) -> str:
        """One plain sentence from the numbers, without judging them."""
        text = f"In {self.k} studies the moderators of {self.formula!r} were tested together with {self._joint()}"
        text += f" (p {wording.p_value(self.qm_p)})"
        if self.r2 is not None:
            text += f"; they account for {wording.number(self.r2, 0)}% of the heterogeneity"
        return text + "."

    def _repr_html_(self) -> str:
        lines = self.summary().split("\n")[1 : -1 - len(self.names)]
        return wording.html_report(self._title(), lines, self.coefficients)

    def _title(self) -> str:
        kind = "Mixed-effects" if self.settings.random else "Equal-effects"
        return f"{kind} meta-regression {self.formula}" + (f", {self.method}" if self.settings.random else "")

    def _joint(self) -> str:
        m, denominator = self.qm_df
        if math.isinf(denominator):
            return f"chi²({m}) = {wording.number(self.qm)}"
        return f"F({m}, {denominator:g}) = {wording.number(self.qm)}"
