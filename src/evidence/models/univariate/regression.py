"""A fitted meta-regression: coefficients, predictions, contrasts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ...effects.measures.back import AUTO
from ...effects.measures.back_transform import frame_read
from .. import wording
from ..design import Design
from ..engine.engine import Floats, Settings
from ..engine.inference import critical
from ..wald import (
    tested_coefficients,
)
from .combinations import Combinations
from .fitted import FittedModel


@dataclass(frozen=True, repr=False, eq=False)
class Regression(Combinations, FittedModel):
    """A meta-regression.

    Attributes
    ----------
    coefficients : DataFrame
        Index the columns of the design matrix; estimate, se, statistic, df, p_value, ci_low, ci_high.
    cov : (p, p) array
        Covariance of the coefficients.
    qm : float
        Test of all moderators together: chi-square when ``qm_df[1]`` is infinite ("z"), F otherwise.
    qm_df : tuple of (int, float)
        Number of coefficients tested, and denominator df.
    qm_p : float
        Its p value.
    qe : float
        Test of residual heterogeneity.
    qe_df : int
        Its degrees of freedom.
    qe_p : float
        Its p value.
    tau2 : float
        Residual between-study variance.
    tau2_se : float or None
        Its standard error; None when it was not estimated.
    i2 : float
        Of the residual heterogeneity, in percent.
    h2 : float
        Of the residual heterogeneity.
    r2 : float or None
        Percent of heterogeneity the moderators account for; None without an intercept, 0 where the model without
        moderators has none to account for.
    k : int
        Studies used.
    dropped : int
        Studies left out for a missing value.
    df : float
        Degrees of freedom of the tests; infinite for normal ones.
    log_likelihood : float
        Restricted for REML, full for every other method.
    aic : float
        Akaike's information criterion.
    bic : float
        The Bayesian (Schwarz's) one.
    aicc : float
        Akaike's, corrected for few studies.
    weights : (k,) array
        Percent: each study's share of the total weight.
    yi : (k,) array
        Effect sizes.
    vi : (k,) array
        Their sampling variances.
    x : (k, p) array
        Design matrix.
    slab : tuple of k str
        Labels of the studies.
    frame : DataFrame or None
        Rows used; None when the studies did not come in a frame.
    method : str
        Estimator of tau2.
    test : str
        Test of the coefficients, as for `regress`.
    level : float
        Coverage of the intervals.
    formula : str
        The moderators.
    names : tuple of p str
        Names of the coefficients.
    beta : (p,) array
        The coefficients.
    vif : Series
        Variance inflation factor of each moderator.
    measure : str
        What the effects are, "" where their frame does not tell.
    design : Design
        How the columns were built.
    settings : Settings
        All that decided the fit.
    custom_weights : (k,) array or None
        The user's.

    See Also
    --------
    regress : Makes it.
    likelihood_ratio : Compares it with a nested model.
    permutation_test : Tests its coefficients without distributional assumptions.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.02] * 5, "dose": [1, 2, 3, 4, 5]})
    >>> fit = ev.regress(frame, formula="~ dose", test="z")
    >>> fit.predict(pd.DataFrame({"dose": [6]}))["estimate"].round(3).tolist()
    [0.99]
    """

    _figure = "bubble"

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

    @cached_property
    def vif(self) -> pd.Series:
        """Variance inflation factor of each moderator: diagonal of its inverse correlation matrix."""
        tested = tested_coefficients(self.x)
        cov = self.cov[np.ix_(tested, tested)]
        root = np.sqrt(np.diag(cov))
        return pd.Series(
            np.diag(np.linalg.inv(cov / np.outer(root, root))), index=[self.names[j] for j in tested], name="vif"
        )

    def predict(
        self, new: pd.DataFrame | None = None, level: float | None = None, transform: str | None = None
    ) -> pd.DataFrame:
        """Expected effect for rows of moderators.

        Parameters
        ----------
        new : DataFrame, optional
            Moderators of the formula; by default the studies themselves.
        level : float, optional
            Coverage; by default that of the fit.
        transform : str, optional
            Read the effects back: a function or a measure as for `back_transform`, or "auto" for the trials' own
            measure. By default they stay on the scale of the fit.

        Returns
        -------
        DataFrame
            estimate, se (not with ``transform``), ci_low, ci_high, and pi_low, pi_high: an interval for the true
            effect of a new study with these moderators (NaN under "EE"). Indexed like ``new``, or by slab.
        """
        x = self.x if new is None else self.design.rows(new)
        estimate = x @ self.beta
        variance = np.einsum("ij,jl,il->i", x, self.cov, x)
        crit = critical(self._coverage(level), np.array([self.df]))[0]
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
        table = pd.DataFrame(columns, index=pd.Index(self.slab, name="study") if new is None else new.index)
        return frame_read(table, self._back(transform))

    def sentence(self) -> str:
        text = f"In {self.k} studies the moderators of {self.formula!r} were tested together with {self._joint()}"
        text += f" (p {wording.p_value(self.qm_p)})"
        if self.r2 is not None:
            text += f"; they account for {wording.number(self.r2, 0)}% of the heterogeneity"
        return text + "."

    def _title(self) -> str:
        kind = "Mixed-effects" if self.settings.random else "Equal-effects"
        return self._heading(f"{kind} meta-regression {self.formula}")

    def _lines(self) -> list[str]:
        n = wording.number
        lines = ["residual " + self._tau2_line()] if self.settings.random else []
        explained = "" if self.r2 is None else f", R² = {n(self.r2)}%"
        lines.append(f"I² = {n(self.i2)}%, H² = {n(self.h2)}{explained}")
        lines.append(f"residual heterogeneity: QE({self.qe_df}) = {n(self.qe)}, p {wording.p_value(self.qe_p)}")
        lines.append(f"moderators: {self._joint()}, p {wording.p_value(self.qm_p)}")
        lines.append(f"test: {wording.TEST_WORDS[self.test]}")
        back = self._back(AUTO)
        lines += [f'on the {back.scale} scale; predict(transform="auto") reads a {back.what} back'] if back else []
        return lines

    def _joint(self) -> str:
        return wording.omnibus(self.qm, self.qm_df)
